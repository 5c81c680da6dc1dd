//===- Derivative.cpp - Derivatives of functions --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

static void appendFloats(TypeRange types, SmallVectorImpl<Type> &floats) {
  for (Type type : types)
    if (isa<FloatType>(getElementTypeOrSelf(type)))
      floats.push_back(type);
}

static LogicalResult checkTypes(Operation *op, StringRef constraint,
                                StringRef what, TypeRange actual,
                                TypeRange expected) {
  if (actual == expected)
    return success();
  auto diagnostic = op->emitOpError()
                    << "(" << constraint << ") has " << what << " of ";
  llvm::interleaveComma(actual, diagnostic);
  diagnostic << " where they should be ";
  llvm::interleaveComma(expected, diagnostic);
  return diagnostic;
}

static func::FuncOp findFunction(Operation *op, FlatSymbolRefAttr name,
                                 SymbolTableCollection &symbols,
                                 StringRef constraint) {
  auto function = symbols.lookupNearestSymbolFrom<func::FuncOp>(op, name);
  if (!function)
    op->emitOpError() << "(" << constraint << ") finds no function " << name;
  return function;
}

/// Checks a product with the Jacobian of a function: the directions are of the
/// types of one side, the additional results of those of the other.
template <typename Op>
static LogicalResult verifyProduct(Op op, SymbolTableCollection &symbols,
                                   bool isForward) {
  func::FuncOp function = findFunction(op, op.getCalleeAttr(), symbols, "C1");
  if (!function)
    return failure();
  SmallVector<Type> directions, results(function.getResultTypes());
  appendFloats(isForward ? TypeRange(function.getArgumentTypes())
                         : TypeRange(function.getResultTypes()),
               directions);
  appendFloats(isForward ? TypeRange(function.getResultTypes())
                         : TypeRange(function.getArgumentTypes()),
               results);
  return failure(
      failed(checkTypes(op, "C1", "inputs", op.getInputs().getTypes(),
                        function.getArgumentTypes())) ||
      failed(checkTypes(op, "C2", "directions", op.getDirections().getTypes(),
                        directions)) ||
      failed(checkTypes(op, "C3", "results", op.getResultTypes(), results)));
}

LogicalResult VjpOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyProduct(*this, symbols, /*isForward=*/false);
}

LogicalResult JvpOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyProduct(*this, symbols, /*isForward=*/true);
}

/// Fails where a function has inputs that a call does not show.
static LogicalResult checkReadsNothing(Operation *op, func::FuncOp function,
                                       StringRef constraint) {
  WalkResult result = function.walk([&](Operation *inner) {
    return isa<ReadOp, RngOp>(inner) ? WalkResult::interrupt()
                                     : WalkResult::advance();
  });
  if (!result.wasInterrupted())
    return success();
  return op->emitOpError() << "(" << constraint << ") calls @"
                           << function.getName()
                           << ", which reads parameters or draws numbers; "
                              "make them arguments";
}

LogicalResult CustomVjpOp::verifySymbolUses(SymbolTableCollection &symbols) {
  func::FuncOp function = findFunction(*this, getCalleeAttr(), symbols, "C1");
  if (!function)
    return failure();
  func::FuncOp backward = findFunction(*this, getBackwardAttr(), symbols, "C2");
  if (!backward)
    return failure();
  if (failed(checkReadsNothing(*this, function, "C1")) ||
      failed(checkReadsNothing(*this, backward, "C2")))
    return failure();
  SmallVector<Type> arguments(function.getArgumentTypes()), results;
  appendFloats(function.getResultTypes(), arguments);
  appendFloats(function.getArgumentTypes(), results);
  return failure(
      failed(checkTypes(*this, "C1", "inputs", getInputs().getTypes(),
                        function.getArgumentTypes())) ||
      failed(checkTypes(*this, "C1", "results", getResultTypes(),
                        function.getResultTypes())) ||
      failed(checkTypes(*this, "C2", "a gradient that takes arguments",
                        backward.getArgumentTypes(), arguments)) ||
      failed(checkTypes(*this, "C2", "a gradient that gives results",
                        backward.getResultTypes(), results)));
}
