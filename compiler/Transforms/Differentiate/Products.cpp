//===- Products.cpp - Products with Jacobians -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reverse sweep makes, of directions u, the gradients J'u: ops that are
// linear in u. The sweep of those, with directions v, makes Jv. It runs through
// them from the last to the first, and thus in the order of the function
// itself, and u is gone: forward mode.
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace dither;

static SmallVector<Value> getFloats(ValueRange values) {
  return llvm::filter_to_vector(values, [](Value value) {
    return isa<FloatType>(getElementTypeOrSelf(value.getType()));
  });
}

/// Copies a function and inserts it behind it.
static func::FuncOp copyBehind(func::FuncOp function) {
  func::FuncOp copy = function.clone();
  copy.removeResAttrsAttr();
  function->getBlock()->getOperations().insertAfter(function->getIterator(),
                                                    copy);
  return copy;
}

static void setResults(func::FuncOp function, ValueRange values) {
  function.getBody().front().getTerminator()->setOperands(values);
  function.setFunctionType(FunctionType::get(
      function.getContext(), function.getArgumentTypes(), values.getTypes()));
}

/// Adds an argument for the direction of each value and builds the gradients
/// with respect to `wrt`. Failure after an error.
static FailureOr<SmallVector<Value>> addDirections(func::FuncOp function,
                                                   ArrayRef<Value> values,
                                                   ArrayRef<Value> wrt) {
  SmallVector<Seed> seeds;
  for (Value value : values) {
    unsigned position = function.getNumArguments();
    (void)function.insertArgument(position, value.getType(), {},
                                  value.getLoc());
    seeds.push_back({value, function.getArgument(position)});
  }
  return buildReverse(function, seeds, wrt);
}

func::FuncOp dither::buildVjpFunction(func::FuncOp function) {
  func::FuncOp product = copyBehind(function);
  auto fail = [&]() {
    product.erase();
    return func::FuncOp();
  };
  if (failed(prepareForGradients(product)))
    return fail();
  SmallVector<Value> wrt = getFloats(product.getArguments());
  SmallVector<Value> results(
      product.getBody().front().getTerminator()->getOperands());
  auto gradients = addDirections(product, getFloats(results), wrt);
  if (failed(gradients))
    return fail();
  llvm::append_range(results, *gradients);
  setResults(product, results);
  return product;
}

/// Erases arguments, the directions of values, of which nothing depends but
/// shapes.
static void eraseDirections(func::FuncOp function, unsigned first,
                            ArrayRef<Value> values) {
  BitVector erased(function.getNumArguments());
  for (auto [i, value] : llvm::enumerate(values)) {
    ImplicitLocOpBuilder b(value.getLoc(), function.getContext());
    b.setInsertionPointAfterValue(value);
    function.getArgument(first + i).replaceAllUsesWith(
        buildZerosLike(b, value));
    erased.set(first + i);
  }
  (void)function.eraseArguments(erased);
}

func::FuncOp dither::buildJvpFunction(func::FuncOp function) {
  func::FuncOp product = buildVjpFunction(function);
  if (!product)
    return product;
  auto fail = [&]() {
    product.erase();
    return func::FuncOp();
  };
  unsigned numInputs = function.getNumArguments(),
           numResults = function.getNumResults();
  if (failed(prepareForGradients(product)))
    return fail();
  SmallVector<Value> results(
      product.getBody().front().getTerminator()->getOperands());
  SmallVector<Value> gradients(ArrayRef(results).drop_front(numResults));
  results.truncate(numResults);
  SmallVector<Value> directions(product.getArguments().drop_front(numInputs));
  auto tangents = addDirections(product, gradients, directions);
  if (failed(tangents))
    return fail();
  SmallVector<Value> all(results);
  llvm::append_range(all, *tangents);
  setResults(product, all);
  eraseDirections(product, numInputs, getFloats(results));
  IRRewriter rewriter(product.getContext());
  (void)runRegionDCE(rewriter, product->getRegions());
  return product;
}
