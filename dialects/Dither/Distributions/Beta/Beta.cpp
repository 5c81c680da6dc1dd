//===- Beta.cpp - Beta numbers in (0, 1) ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Rejection.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> BetaAttr::getParameterNames() const {
  return {"a", "b"};
}

bool BetaAttr::isReparameterized() const { return true; }

Value BetaAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                            ValueRange parameters, Value rng,
                            int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term x = drawLogGamma(draws, draws[0], 0);
  Term y = drawLogGamma(draws, draws[1], 1);
  return draws.finish((x - y).apply<SigmoidOp>());
}

Value BetaAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term norm = lgamma(p[0]) + lgamma(p[1]) - lgamma(p[0] + p[1]);
    return (p[0] - 1.0) * log(x) + (p[1] - 1.0) * log1p(-x) - norm;
  });
}

double BetaAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  if (x <= 0 || x >= 1)
    return x <= 0 ? 0 : 1;
  // The side on which the continued fraction converges fast.
  double a = p[0], b = p[1];
  if (x > (a + 1) / (a + b + 2))
    return 1 - evaluateCdf(1 - x, {b, a});
  // Lentz's method.
  double above = 2, below = 1, fraction = 2;
  for (int i = 1; i < 400; ++i) {
    double m = i / 2;
    double odd = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1));
    double even = m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m));
    double term = (i % 2 ? odd : even) * x;
    below = 1 / (1 + term * below);
    above = 1 + term / above;
    fraction *= above * below;
  }
  double norm = std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
  double front = std::exp(a * std::log(x) + b * std::log1p(-x) - norm) / a;
  return front * (fraction - 1);
}
