//===- Decompose.h - Composite ops to core ops ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_COMPILER_TRANSFORMS_DECOMPOSE_H
#define DITHER_COMPILER_TRANSFORMS_DECOMPOSE_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Decomposes every composite op of a function but those that `keep` accepts.
/// `numDecomposed`, where given, is increased by the number of ops replaced.
llvm::LogicalResult
decomposeAll(mlir::func::FuncOp function,
             llvm::function_ref<bool(mlir::Operation *)> keep = {},
             unsigned *numDecomposed = nullptr);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_DECOMPOSE_H
