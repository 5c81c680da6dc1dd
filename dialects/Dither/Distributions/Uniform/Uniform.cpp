//===- Uniform.cpp - Uniform numbers between two bounds -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> UniformAttr::getParameterNames() const {
  return {"low", "high"};
}

bool UniformAttr::isReparameterized() const { return true; }

Value UniformAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                               ValueRange parameters, Value rng,
                               int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  return draws.finish(draws[0] +
                      (draws[1] - draws[0]) * draws.draw<UniformOp>());
}

Value UniformAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                   ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term above = x - p[0], below = p[1] - x;
    Term margin = {x.b, MinOp::create(*x.b, above.value, below.value)};
    Term isInside = compare(Predicate::ge, margin, margin.constant(0));
    return limitTo(isInside, x * 0.0 - log(p[1] - p[0]));
  });
}

double UniformAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  return std::clamp((x - p[0]) / (p[1] - p[0]), 0.0, 1.0);
}
