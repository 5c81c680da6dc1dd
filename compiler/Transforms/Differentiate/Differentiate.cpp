//===- Differentiate.cpp - Functions of gradients -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Decompose/Decompose.h"
#include "compiler/Transforms/Support/InlineCalls.h"

namespace dither {
#define GEN_PASS_DEF_DIFFERENTIATE
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

static constexpr StringLiteral differentiateAttr = "dither.differentiate";

/// Replaces the results of a function by `values`.
static void setResults(func::FuncOp function, ArrayRef<Value> values) {
  function.getBody().front().getTerminator()->setOperands(values);
  function.setFunctionType(FunctionType::get(function.getContext(),
                                             function.getArgumentTypes(),
                                             TypeRange(ValueRange(values))));
  function.removeResAttrsAttr();
}

LogicalResult dither::prepareForGradients(func::FuncOp function) {
  // An estimator is a derivative of its own.
  auto hasOwnDerivative = [](Operation *op) {
    return !op->hasTrait<DifferentiatedByParts>() || op->hasAttr("estimator");
  };
  if (failed(inlineCalls(function, /*keepCustom=*/true)) ||
      failed(decomposeAll(function, hasOwnDerivative)))
    return failure();
  SmallVector<StructuredOpInterface> structured;
  function.walk([&](StructuredOpInterface op) { structured.push_back(op); });
  for (StructuredOpInterface op : structured)
    if (failed(op.saveForGradients()))
      return failure();
  return success();
}

func::FuncOp dither::buildGradientFunction(func::FuncOp function) {
  func::FuncOp gradient = function.clone();
  gradient.setName((function.getName() + ".gradient").str());
  gradient->removeAttr(differentiateAttr);
  // In its place already, so that calls are resolved.
  function->getBlock()->getOperations().insertAfter(function->getIterator(),
                                                    gradient);
  auto fail = [&]() {
    gradient.erase();
    return func::FuncOp();
  };
  if (failed(prepareForGradients(gradient)))
    return fail();
  if (gradient.getNumResults() == 0) {
    function.emitError("has no result to differentiate");
    return fail();
  }
  SmallVector<Value> wrt;
  for (BlockArgument argument : gradient.getArguments())
    if (isa<FloatType>(getElementTypeOrSelf(argument.getType())))
      wrt.push_back(argument);
  Value result = gradient.getBody().front().getTerminator()->getOperand(0);
  FailureOr<SmallVector<Value>> gradients = buildReverse(gradient, result, wrt);
  if (failed(gradients))
    return fail();
  SmallVector<Value> results = {result};
  llvm::append_range(results, *gradients);
  setResults(gradient, results);
  return gradient;
}

namespace {
struct DifferentiatePass : dither::impl::DifferentiateBase<DifferentiatePass> {
  using DifferentiateBase::DifferentiateBase;

  void runOnOperation() override {
    SmallVector<func::FuncOp> chosen;
    getOperation()->walk([&](func::FuncOp function) {
      bool isNamed = llvm::is_contained(functions, function.getName());
      if (functions.empty() ? function->hasAttr(differentiateAttr) : isNamed)
        chosen.push_back(function);
    });
    if (failed(checkNames(chosen)))
      return signalPassFailure();
    for (func::FuncOp function : chosen)
      if (!buildGradientFunction(function))
        return signalPassFailure();
  }

  LogicalResult checkNames(ArrayRef<func::FuncOp> chosen) {
    for (const std::string &name : functions)
      if (llvm::none_of(chosen, [&](func::FuncOp function) {
            return function.getName() == name;
          }))
        return getOperation()->emitError("has no function @")
               << name << " to differentiate";
    return success();
  }
};
} // namespace
