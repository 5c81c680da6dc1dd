//===- Laplace.cpp - Laplace numbers by location and scale ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> LaplaceAttr::getParameterNames() const {
  return {"location", "scale"};
}

bool LaplaceAttr::isReparameterized() const { return true; }

Value LaplaceAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                               ValueRange parameters, Value rng,
                               int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term s = draws.draw<CentredUniformOp>();
  Term tail = log(abs(s) * 2.0);
  return draws.finish(draws[0] + draws[1] * choose(isPositive(s), tail, -tail));
}

Value LaplaceAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                   ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    return -(abs(x - p[0]) / p[1]) - log(p[1] * 2.0);
  });
}

double LaplaceAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  double z = (x - p[0]) / p[1];
  return z < 0 ? 0.5 * std::exp(z) : 1 - 0.5 * std::exp(-z);
}
