//===- Specialize.h - A value for the dynamic extent ------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_COMPILER_TRANSFORMS_SPECIALIZE_H
#define DITHER_COMPILER_TRANSFORMS_SPECIALIZE_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Replaces every dynamic extent of a function, which are all one number, by
/// `batch` and verifies the ops. `numTypes`, where given, is increased by the
/// number of values whose type changed.
llvm::LogicalResult specialize(mlir::func::FuncOp function, int64_t batch,
                               unsigned *numTypes = nullptr);

/// `type` with `batch` for every dynamic extent.
mlir::Type specializeType(mlir::Type type, int64_t batch);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_SPECIALIZE_H
