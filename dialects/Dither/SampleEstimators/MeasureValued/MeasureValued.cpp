//===- MeasureValued.cpp - A difference of two distributions --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

/// The extents of a row of the node.
static ArrayRef<int64_t> getRowShape(DrawOp node,
                                     const Expectation &expectation) {
  auto shape = cast<RankedTensorType>(node.getType()).getShape();
  return shape.drop_front(node.getShared() ? 0 : expectation.cost.getRank());
}

/// Whether the derivative is known of each parameter.
LogicalResult MeasureValuedAttr::verifyOn(Operation *op) const {
  auto node = cast<DrawOp>(op);
  DistributionAttrInterface distribution = node.getDistributionInterface();
  if (distribution.hasMeasures())
    return success();
  return op->emitOpError("(C4) has ")
         << *this << " (C1), but the derivative of " << distribution
         << " is not known as a difference of two distributions; "
            "#dither.score_function serves every distribution";
}

bool MeasureValuedAttr::isUnbiased() const { return true; }

namespace {
/// The two costs, for each element of a row, of the derivative with respect to
/// one parameter.
class MeasuredParameter {
public:
  MeasuredParameter(ImplicitLocOpBuilder &b, DrawOp node, BuildCost rest,
                    Expectation &expectation, Value sample, unsigned number)
      : b(b), node(node), rest(rest), expectation(expectation), sample(sample),
        parameter(BroadcastOp::create(b, node.getParameters()[number], sample)),
        derivative(node.getDistributionInterface().buildMeasures(
            b, sample, node.getParameters(), number, node.getRng(),
            node.getStream())),
        shape(getRowShape(node, expectation)) {}

  /// Adds a term for each element.
  LogicalResult build() {
    auto type = RankedTensorType::get({ShapedType::getNumElements(shape)},
                                      b.getI64Type());
    Value numbers = IotaOp::create(b, type, b.getI64IntegerAttr(0));
    Value places = buildReshape(b, numbers, shape);
    return buildRuns(b, numbers, expectation, [&](Value number) {
      return buildElement(CompareOp::create(b, Predicate::eq, places, number));
    });
  }

private:
  FailureOr<Value> buildElement(Value isElement) {
    FailureOr<Value> more = buildCost(isElement, derivative.positive);
    FailureOr<Value> less = buildCost(isElement, derivative.negative);
    if (failed(more) || failed(less))
      return failure();
    // The gradients of the nodes behind this one come by way of its sample.
    expectation.terms.clear();
    ScoreTerm term;
    term.score = buildRow(isElement, parameter, *more);
    term.signal = MulOp::create(b, SubOp::create(b, *more, *less),
                                buildRow(isElement, derivative.scale, *more));
    expectation.terms.push_back(term);
    return more;
  }

  FailureOr<Value> buildCost(Value isElement, Value drawn) {
    return rest(b, SelectOp::create(b, isElement, drawn, sample));
  }

  Value buildRow(Value isElement, Value x, Value cost) {
    Value element = SelectOp::create(b, isElement, x, buildScalarLike(b, 0, x));
    return buildRowSums(b, element, expectation, node.getShared(), cost);
  }

  ImplicitLocOpBuilder &b;
  DrawOp node;
  BuildCost rest;
  Expectation &expectation;
  Value sample, parameter;
  MeasuredDerivative derivative;
  ArrayRef<int64_t> shape;
};
} // namespace

FailureOr<Value> MeasureValuedAttr::buildCost(ImplicitLocOpBuilder &b,
                                              Operation *op, BuildCost rest,
                                              Expectation &expectation) const {
  auto node = cast<DrawOp>(op);
  if (ShapedType::isDynamicShape(getRowShape(node, expectation)))
    return op->emitOpError("has ")
           << *this << " (C2) for a node of " << node.getType()
           << ", of which it cannot count the elements of a row";
  if (expectation.isBound)
    return op->emitOpError("has ")
           << *this << " (C3), whose costs cannot be combined by log_mean_exp";
  Value sample = StopGradientOp::create(b, node.getResult());
  FailureOr<Value> cost = rest(b, sample);
  if (failed(cost))
    return failure();
  for (unsigned i = 0; i < node.getParameters().size(); ++i)
    if (failed(
            MeasuredParameter(b, node, rest, expectation, sample, i).build()))
      return failure();
  return cost;
}
