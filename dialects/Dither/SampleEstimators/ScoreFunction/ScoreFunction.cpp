//===- ScoreFunction.cpp - The gradient of the log density ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult ScoreFunctionAttr::verifyOn(Operation *) const {
  return success();
}

bool ScoreFunctionAttr::isUnbiased() const { return true; }

FailureOr<Value> ScoreFunctionAttr::buildCost(ImplicitLocOpBuilder &b,
                                              Operation *op, BuildCost rest,
                                              Expectation &expectation) const {
  auto node = cast<DrawOp>(op);
  Value sample = StopGradientOp::create(b, node.getResult());
  FailureOr<Value> cost = rest(b, sample);
  if (failed(cost))
    return failure();
  ScoreTerm term;
  term.score = buildRowSums(b, node.buildLogDensity(b, sample), expectation,
                            node.getShared(), *cost);
  term.signal = *cost;
  if (node.getBaseline())
    term.signal = SubOp::create(b, term.signal, node.getBaseline());
  term.leaveOneOut = getLeaveOneOut();
  expectation.terms.push_back(term);
  return cost;
}
