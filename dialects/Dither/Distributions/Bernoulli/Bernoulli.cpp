//===- Bernoulli.cpp - 0 or 1 ---------------------------------------------===//
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

SmallVector<StringRef> BernoulliAttr::getParameterNames() const {
  return {"logit"};
}

bool BernoulliAttr::isReparameterized() const { return false; }

Value BernoulliAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                                 ValueRange parameters, Value rng,
                                 int64_t stream) const {
  Value u =
      buildNoise<UniformOp>(b, type, findRows(type, parameters), rng, stream);
  Value p = SigmoidOp::create(b, parameters[0]);
  return CastOp::create(b, type, CompareOp::create(b, Predicate::lt, u, p));
}

Value BernoulliAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                     ValueRange parameters) const {
  Value logit = parameters[0];
  return SubOp::create(b, MulOp::create(b, sample, logit),
                       SoftplusOp::create(b, logit));
}

int64_t BernoulliAttr::getSupportSize(ArrayRef<RankedTensorType>) const {
  return 2;
}

Value BernoulliAttr::buildSupport(ImplicitLocOpBuilder &b, Value index,
                                  Type element) const {
  return buildCast(b, index, element);
}

bool BernoulliAttr::hasMeasures() const { return true; }

MeasuredDerivative BernoulliAttr::buildMeasures(ImplicitLocOpBuilder &b,
                                                Value sample,
                                                ValueRange parameters, unsigned,
                                                Value, int64_t) const {
  Value p = SigmoidOp::create(b, parameters[0]);
  Value slope = SubOp::create(b, p, MulOp::create(b, p, p));
  Value zeros = buildZerosLike(b, sample);
  return {BroadcastOp::create(b, slope, sample),
          AddOp::create(b, zeros, buildScalarLike(b, 1, sample)), zeros};
}

double BernoulliAttr::evaluateCdf(double x, ArrayRef<double> parameters) const {
  return x < 0 ? 0 : x < 1 ? 1 / (1 + std::exp(parameters[0])) : 1;
}
