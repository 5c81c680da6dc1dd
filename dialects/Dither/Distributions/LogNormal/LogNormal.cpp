//===- LogNormal.cpp - Numbers whose logarithm is normal ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> LogNormalAttr::getParameterNames() const {
  return {"mean", "deviation"};
}

bool LogNormalAttr::isReparameterized() const { return true; }

Value LogNormalAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                                 ValueRange parameters, Value rng,
                                 int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  return draws.finish(exp(draws[0] + draws[1] * draws.draw<NormalOp>()));
}

Value LogNormalAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                     ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term logarithm = log(x), z = (logarithm - p[0]) / p[1];
    Term density =
        z * z * -0.5 - logarithm - log(p[1]) - 0.5 * std::log(2 * M_PI);
    return limitTo(isPositive(x), density);
  });
}

double LogNormalAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  if (x <= 0)
    return 0;
  return 0.5 * std::erfc((p[0] - std::log(x)) / p[1] * M_SQRT1_2);
}
