//===- Search.h - What to compute again -------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TRANSFORMS_REMATERIALIZE_SEARCH_H
#define DITHER_TRANSFORMS_REMATERIALIZE_SEARCH_H

#include "compiler/Transforms/Rematerialize/Timeline.h"

namespace dither {

/// Changes a timeline until no more bytes live at once than `budget`, or no
/// step brings it closer. The rule is that of the pass.
void reducePeak(Timeline &timeline, int64_t budget);

} // namespace dither

#endif // DITHER_TRANSFORMS_REMATERIALIZE_SEARCH_H
