//===- Cauchy.cpp - Cauchy numbers by location and scale ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> CauchyAttr::getParameterNames() const {
  return {"location", "scale"};
}

bool CauchyAttr::isReparameterized() const { return true; }

Value CauchyAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                              ValueRange parameters, Value rng,
                              int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  // The sine of a small positive angle keeps its digits.
  Term s = draws.draw<CentredUniformOp>(), angle = abs(s) * M_PI;
  Term tail = cos(angle) / sin(angle);
  return draws.finish(draws[0] + draws[1] * choose(isPositive(s), -tail, tail));
}

Value CauchyAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                  ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term z = (x - p[0]) / p[1];
    return -log1p(z * z) - log(p[1] * M_PI);
  });
}

double CauchyAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  // The tail below is that of 1 / z.
  double z = (x - p[0]) / p[1];
  return z < -1 ? -std::atan(1 / z) / M_PI : 0.5 + std::atan(z) / M_PI;
}
