//===- Logistic.cpp - Logistic numbers by location and scale --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> LogisticAttr::getParameterNames() const {
  return {"location", "scale"};
}

bool LogisticAttr::isReparameterized() const { return true; }

Value LogisticAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                                ValueRange parameters, Value rng,
                                int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term s = draws.draw<CentredUniformOp>();
  Term u = abs(s), tail = log(u) - log1p(-u);
  return draws.finish(draws[0] + draws[1] * choose(isPositive(s), tail, -tail));
}

Value LogisticAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                    ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term z = abs(x - p[0]) / p[1];
    return -z - log1p(exp(-z)) * 2.0 - log(p[1]);
  });
}

double LogisticAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  return 1 / (1 + std::exp(-(x - p[0]) / p[1]));
}
