//===- Gamma.cpp - Gamma numbers by shape and rate ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Rejection.h"
#include "Dither/Ops/Special/Integrals.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> GammaAttr::getParameterNames() const {
  return {"shape", "rate"};
}

bool GammaAttr::isReparameterized() const { return true; }

Value GammaAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                             ValueRange parameters, Value rng,
                             int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term logarithm = drawLogGamma(draws, draws[0], 0);
  return draws.finish(exp(logarithm) / draws[1]);
}

Value GammaAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                 ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term density =
        p[0] * log(p[1]) + (p[0] - 1.0) * log(x) - p[1] * x - lgamma(p[0]);
    return limitTo(isPositive(x), density);
  });
}

double GammaAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  return x <= 0 ? 0 : special::gammaP(p[0], x * p[1]);
}
