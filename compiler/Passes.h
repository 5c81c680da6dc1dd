//===- Passes.h - All passes of the compiler --------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declared in the .td of each pass's folder; gathered by CMake.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_PASSES_H
#define DITHER_COMPILER_PASSES_H

#include "Dither/IR/Dither.h"
#include "mlir/Pass/Pass.h"

namespace dither {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/Passes.h.inc"
} // namespace dither

#endif // DITHER_COMPILER_PASSES_H
