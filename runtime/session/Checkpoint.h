//===- Checkpoint.h - What a checkpoint promises ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_SESSION_CHECKPOINT_H
#define DITHER_RUNTIME_SESSION_CHECKPOINT_H

#include "runtime/io/Safetensors.h"

namespace dither::runtime {

/// Compares the content of a checkpoint with the checksum that it carries.
/// Files of other programs carry none, and pass.
Error checkCheckpoint(const Safetensors &file);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_SESSION_CHECKPOINT_H
