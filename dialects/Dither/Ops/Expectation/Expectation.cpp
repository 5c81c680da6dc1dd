//===- Expectation.cpp - Samples, densities and scores --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

static SmallVector<RankedTensorType> getTensorTypes(TypeRange types) {
  return llvm::map_to_vector(
      types, [](Type type) { return cast<RankedTensorType>(type); });
}

/// Checks the distribution that an op names, and what it is used with.
static LogicalResult verifyDistribution(Operation *op, StringRef constraint,
                                        Attribute attribute,
                                        TypeRange parameters, Type sample) {
  auto distribution = dyn_cast<DistributionAttrInterface>(attribute);
  if (!distribution)
    return op->emitOpError() << "(" << constraint << ") has " << attribute
                             << ", which is no distribution";
  SmallVector<StringRef> names = distribution.getParameterNames();
  if (names.size() != parameters.size()) {
    auto diagnostic = op->emitOpError()
                      << "(" << constraint << ") has " << parameters.size()
                      << " parameters where " << attribute << " takes ";
    llvm::interleaveComma(names, diagnostic);
    return diagnostic;
  }
  return distribution.verifyTypes(
      [&] {
        return op->emitOpError()
               << "(" << constraint << ") " << attribute << " ";
      },
      getTensorTypes(parameters), cast<RankedTensorType>(sample));
}

LogicalResult dither::verifyElementwiseDistribution(
    function_ref<InFlightDiagnostic()> emitError, ArrayRef<StringRef> names,
    ArrayRef<RankedTensorType> parameters, RankedTensorType sample) {
  for (auto [name, type] : llvm::zip_equal(names, parameters)) {
    FailureOr<SmallVector<int64_t>> shape =
        broadcastTypes(type.getShape(), sample.getShape());
    if (failed(shape) || ArrayRef(*shape) != sample.getShape() ||
        type.getElementType() != sample.getElementType())
      return emitError() << "cannot make " << sample << " with a " << name
                         << " of " << type
                         << ": parameters broadcast to the shape of the "
                            "sample and have its elements";
  }
  if (sample.getRank() == 0 || !sample.isDynamicDim(0))
    return success();
  auto hasRows = [&](RankedTensorType type) {
    return type.getRank() == sample.getRank() && type.isDynamicDim(0);
  };
  if (llvm::none_of(parameters, hasRows))
    return emitError() << "cannot make " << sample
                       << ": no parameter says how many rows it has";
  return success();
}

//===- Sample -------------------------------------------------------------===//

LogicalResult DrawOp::verify() {
  auto rng = cast<RankedTensorType>(getRng().getType());
  if (rng.getShape() != ArrayRef<int64_t>{2})
    return emitOpError("(C1) needs seed and step as tensor<2xi64>, got ")
           << rng;
  if (failed(verifyDistribution(*this, "C2", getDistribution(),
                                getParameters().getTypes(), getType())))
    return failure();
  if (getStream() >= uint64_t(1) << 32)
    return emitOpError("(C3) needs a stream in [0, 2^32), got ") << getStream();
  if (!getEstimatorAttr())
    return success();
  auto estimator = dyn_cast<SampleEstimatorAttrInterface>(getEstimatorAttr());
  if (!estimator)
    return emitOpError("(C4) has ")
           << getEstimatorAttr()
           << ", which is no estimator of random nodes, such as "
              "#dither.pathwise or #dither.score_function";
  return estimator.verifyOn(*this);
}

SmallVector<Value> DrawOp::decompose(ImplicitLocOpBuilder &b) {
  return {getDistributionInterface().buildSample(b, getType(), getParameters(),
                                                 getRng(), getStream())};
}

//===- Log density --------------------------------------------------------===//

/// One number for each draw, with the elements of the parameters.
static RankedTensorType getDensityType(Attribute distribution,
                                       TypeRange parameters, Type sample) {
  auto rank = cast<DistributionAttrInterface>(distribution).getEventRank();
  return RankedTensorType::get(
      cast<RankedTensorType>(sample).getShape().drop_back(rank),
      getElementTypeOrSelf(parameters.front()));
}

Value DrawOp::buildLogDensity(ImplicitLocOpBuilder &b, Value sample) {
  RankedTensorType type = getDensityType(
      getDistribution(), getParameters().getTypes(), sample.getType());
  return LogDensityOp::create(b, type, getDistribution(), getParameters(),
                              sample);
}

LogicalResult LogDensityOp::verify() {
  if (failed(verifyDistribution(*this, "C1", getDistribution(),
                                getParameters().getTypes(),
                                getSample().getType())))
    return failure();
  RankedTensorType expected = getDensityType(
      getDistribution(), getParameters().getTypes(), getSample().getType());
  if (getType() != expected)
    return emitOpError("(C2) gives ") << expected << ", not " << getType();
  return success();
}

SmallVector<Value> LogDensityOp::decompose(ImplicitLocOpBuilder &b) {
  auto distribution = cast<DistributionAttrInterface>(getDistribution());
  return {distribution.buildLogDensity(b, getSample(), getParameters())};
}

//===- Score --------------------------------------------------------------===//

SmallVector<Value> ScoreOp::decompose(ImplicitLocOpBuilder &b) {
  return {MulOp::create(b, getScore(), getSignal())};
}

SmallVector<Value> ScoreOp::buildGradients(ImplicitLocOpBuilder &b,
                                           ValueRange dys) {
  // It reads the score, so that no derivative of what that depends on passes
  // by.
  Value product = MulOp::create(b, dys[0], getSignal());
  auto estimate = SurrogateOp::create(b, product, getScore());
  estimate->setAttr(estimateAttr, b.getUnitAttr());
  return {estimate, Value()};
}
