//===- Gumbel.cpp - Gumbel numbers by location and scale ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> GumbelAttr::getParameterNames() const {
  return {"location", "scale"};
}

bool GumbelAttr::isReparameterized() const { return true; }

Value GumbelAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                              ValueRange parameters, Value rng,
                              int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  return draws.finish(draws[0] + draws[1] * draws.draw<GumbelOp>());
}

Value GumbelAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                  ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term z = (x - p[0]) / p[1];
    return -z - exp(-z) - log(p[1]);
  });
}

double GumbelAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  return std::exp(-std::exp(-(x - p[0]) / p[1]));
}
