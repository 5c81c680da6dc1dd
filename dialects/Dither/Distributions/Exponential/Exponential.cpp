//===- Exponential.cpp - Exponential numbers by rate ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> ExponentialAttr::getParameterNames() const {
  return {"rate"};
}

bool ExponentialAttr::isReparameterized() const { return true; }

Value ExponentialAttr::buildSample(ImplicitLocOpBuilder &b,
                                   RankedTensorType type, ValueRange parameters,
                                   Value rng, int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  return draws.finish(draws.draw<ExponentialOp>() / draws[0]);
}

Value ExponentialAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                       ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term isInside = compare(Predicate::ge, x, x.constant(0));
    return limitTo(isInside, log(p[0]) - p[0] * x);
  });
}

double ExponentialAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  return x <= 0 ? 0 : -std::expm1(-p[0] * x);
}
