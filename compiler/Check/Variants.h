//===- Variants.h - Functions with other extents -------------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_VARIANTS_H
#define DITHER_COMPILER_CHECK_VARIANTS_H

#include "Dither/IR/Dither.h"
#include "mlir/IR/OwningOpRef.h"

namespace dither {

/// Gives the results of an op the types that follow from those of its
/// operands; where the op does not infer them, those that `otherwise` gives.
llvm::LogicalResult
inferResults(mlir::Operation *op,
             llvm::function_ref<mlir::Type(mlir::Value)> otherwise);

/// Gives a function the argument types and results that its body has.
void updateType(mlir::func::FuncOp function);

/// A type with other static extents.
mlir::Type replaceExtents(mlir::Type type,
                          llvm::function_ref<int64_t(int64_t)> replace);

/// The distinct static extents of the arguments, in ascending order.
std::vector<int64_t> getExtents(mlir::func::FuncOp function);

/// The function with other static extents, or null where it is not valid with
/// them. What is wrong is not said.
mlir::OwningOpRef<mlir::func::FuncOp>
resize(mlir::func::FuncOp function,
       llvm::function_ref<int64_t(int64_t)> replace);

/// A function as it is, and then with extents of 0, 1 and a prime number in
/// place of one of its own or of all.
std::vector<mlir::OwningOpRef<mlir::func::FuncOp>>
makeVariants(mlir::func::FuncOp function);

} // namespace dither

#endif // DITHER_COMPILER_CHECK_VARIANTS_H
