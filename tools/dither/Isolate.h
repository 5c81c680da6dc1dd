//===- Isolate.h - Work in a process of its own --------------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_ISOLATE_H
#define DITHER_TOOLS_DITHER_ISOLATE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstdint>
#include <string>

namespace dither {

/// The text that work gives, or how its process died.
struct Isolated {
  std::string text;
  /// "signal 11"; empty if the work came to its end.
  std::string death;
};

/// Runs work in a copy of this process, which has `seconds`. No other thread
/// may run.
Isolated isolate(int64_t seconds, llvm::function_ref<std::string()> work);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_ISOLATE_H
