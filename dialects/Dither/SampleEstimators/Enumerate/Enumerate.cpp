//===- Enumerate.cpp - All values of a node -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

static int64_t countValues(DrawOp node) {
  auto parameters =
      llvm::map_to_vector(node.getParameters().getTypes(), [](Type type) {
        return cast<RankedTensorType>(type);
      });
  return node.getDistributionInterface().getSupportSize(parameters);
}

LogicalResult EnumerateAttr::verifyOn(Operation *op) const {
  auto node = cast<DrawOp>(op);
  if (countValues(node) == 0)
    return op->emitOpError("(C4) has ")
           << *this << " (C1) for " << node.getDistribution()
           << ", which has more values than can be named";
  return success();
}

bool EnumerateAttr::isUnbiased() const { return true; }

FailureOr<Value> EnumerateAttr::buildCost(ImplicitLocOpBuilder &b,
                                          Operation *op, BuildCost rest,
                                          Expectation &expectation) const {
  auto node = cast<DrawOp>(op);
  auto type = cast<RankedTensorType>(node.getType());
  if (type.getRank() > (node.getShared() ? 0 : expectation.cost.getRank()))
    return op->emitOpError("has ")
           << *this << " (C2), which names the values of one draw for each row "
           << "of the cost, " << expectation.cost << ", not those of " << type
           << "; split the node, or use #dither.score_function";
  if (expectation.isBound)
    return op->emitOpError("has ")
           << *this << " (C3), whose costs cannot be combined by log_mean_exp";

  Value numbers = IotaOp::create(
      b, RankedTensorType::get({countValues(node)}, b.getI64Type()),
      b.getI64IntegerAttr(0));
  // No draw of the node is read, only its shape.
  Value drawn = StopGradientOp::create(b, node.getResult());
  FailureOr<Value> costs =
      buildRuns(b, numbers, expectation, [&](Value number) -> FailureOr<Value> {
        Value value = node.getDistributionInterface().buildSupport(
            b, number, type.getElementType());
        Value sample = BroadcastOp::create(b, value, drawn);
        FailureOr<Value> cost = rest(b, sample);
        if (failed(cost))
          return failure();
        Value probability = BroadcastOp::create(
            b, ExpOp::create(b, node.buildLogDensity(b, sample)), *cost);
        // What the nodes behind this one have added counts no more than this
        // value does.
        for (ScoreTerm &term : expectation.terms)
          term.weight =
              term.weight
                  ? MulOp::create(b, term.weight, probability).getResult()
                  : BroadcastOp::create(b, probability, term.signal);
        return MulOp::create(b, *cost, probability).getResult();
      });
  if (failed(costs))
    return failure();
  return ReduceOp::create(b, ReduceKind::sum, *costs,
                          b.getDenseI64ArrayAttr({0}))
      .getResult();
}
