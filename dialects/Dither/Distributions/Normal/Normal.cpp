//===- Normal.cpp - Normal numbers ----------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Noise.h"
#include <cmath>

using namespace mlir;
using namespace dither;

SmallVector<StringRef> NormalAttr::getParameterNames() const {
  return {"mean", "deviation"};
}

bool NormalAttr::isReparameterized() const { return true; }

/// mean + deviation x
static Value buildMoved(ImplicitLocOpBuilder &b, ValueRange parameters,
                        Value x) {
  return AddOp::create(b, parameters[0], MulOp::create(b, parameters[1], x));
}

Value NormalAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                              ValueRange parameters, Value rng,
                              int64_t stream) const {
  return buildMoved(
      b, parameters,
      buildNoise<NormalOp>(b, type, findRows(type, parameters), rng, stream));
}

Value NormalAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                  ValueRange parameters) const {
  Value x =
      DivOp::create(b, SubOp::create(b, sample, parameters[0]), parameters[1]);
  Value half =
      MulOp::create(b, MulOp::create(b, x, x), buildScalarLike(b, -0.5, x));
  Value logDeviation = LogOp::create(b, parameters[1]);
  Value logDensity = SubOp::create(b, half, logDeviation);
  return SubOp::create(b, logDensity,
                       buildScalarLike(b, 0.5 * std::log(2 * M_PI), half));
}

bool NormalAttr::hasMeasures() const { return true; }

MeasuredDerivative NormalAttr::buildMeasures(ImplicitLocOpBuilder &b,
                                             Value sample,
                                             ValueRange parameters,
                                             unsigned parameter, Value rng,
                                             int64_t stream) const {
  auto type = cast<RankedTensorType>(sample.getType());
  Value own = buildOwnRng(b, rng, stream, parameter);
  // -2 log u, the square of a Rayleigh number and the sum of two normal
  // squares.
  auto buildSquare = [&](int64_t from) -> Value {
    Value u = buildNoise<UniformOp>(b, type, sample, own, from);
    return MulOp::create(b, LogOp::create(b, u), buildScalarLike(b, -2, u));
  };
  double factor = parameter == 0 ? 1 / std::sqrt(2 * M_PI) : 1;
  Value scale = BroadcastOp::create(
      b, DivOp::create(b, buildScalarLike(b, factor, sample), parameters[1]),
      sample);
  if (parameter == 0) {
    Value up = SqrtOp::create(b, buildSquare(0));
    Value down = NegOp::create(b, SqrtOp::create(b, buildSquare(1)));
    return {scale, buildMoved(b, parameters, up),
            buildMoved(b, parameters, down)};
  }
  Value normal = buildNoise<NormalOp>(b, type, sample, own, 2);
  Value square =
      AddOp::create(b, MulOp::create(b, normal, normal), buildSquare(0));
  Value maxwell =
      MulOp::create(b, buildNoise<RademacherOp>(b, type, sample, own, 1),
                    SqrtOp::create(b, square));
  Value other = buildNoise<NormalOp>(b, type, sample, own, 3);
  return {scale, buildMoved(b, parameters, maxwell),
          buildMoved(b, parameters, other)};
}

double NormalAttr::evaluateCdf(double x, ArrayRef<double> parameters) const {
  double normalized = (x - parameters[0]) / parameters[1];
  return 0.5 * std::erfc(-normalized / std::sqrt(2.0));
}
