//===- InlineCalls.h - Calls within straight-line code ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_COMPILER_TRANSFORMS_SUPPORT_INLINECALLS_H
#define DITHER_COMPILER_TRANSFORMS_SUPPORT_INLINECALLS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Replaces every call in a function by the body of its callee, to any depth,
/// derivatives of functions by what they are. For passes that must see the
/// whole of a computation; recursion is an error. Calls with a gradient of
/// their own may be kept.
llvm::LogicalResult inlineCalls(mlir::func::FuncOp function,
                                bool keepCustom = false);

/// Functions in such an order that each stands before those that it calls;
/// those that call themselves come last.
llvm::SmallVector<mlir::func::FuncOp>
orderByCalls(llvm::ArrayRef<mlir::func::FuncOp> functions);

/// Copies the body of a function to where `b` stands and gives its results. A
/// dynamic extent becomes that of the arguments. Failure after an error.
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
inlineBody(mlir::OpBuilder &b, mlir::Location loc, mlir::func::FuncOp function,
           mlir::ValueRange arguments);

/// Whether a function, which is not recursive, or one that it calls, asks for
/// derivatives of functions.
bool hasDerivatives(mlir::func::FuncOp function);

/// Fails, with a diagnostic, where calls below a function cannot be resolved or
/// come back to it.
llvm::LogicalResult checkNotRecursive(mlir::func::FuncOp function);

/// Fails, with a diagnostic, unless the function has a body of one block.
llvm::LogicalResult checkStraightLine(mlir::func::FuncOp function);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_SUPPORT_INLINECALLS_H
