//===- Kumaraswamy.cpp - Kumaraswamy numbers in (0, 1) --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> KumaraswamyAttr::getParameterNames() const {
  return {"a", "b"};
}

bool KumaraswamyAttr::isReparameterized() const { return true; }

Value KumaraswamyAttr::buildSample(ImplicitLocOpBuilder &b,
                                   RankedTensorType type, ValueRange parameters,
                                   Value rng, int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term e = draws.draw<ExponentialOp>();
  return draws.finish(exp(logOneMinusExp(e / draws[1]) / draws[0]));
}

Value KumaraswamyAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                       ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term logarithm = log(x);
    return log(p[0] * p[1]) + (p[0] - 1.0) * logarithm +
           (p[1] - 1.0) * logOneMinusExp(-(p[0] * logarithm));
  });
}

double KumaraswamyAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  if (x <= 0 || x >= 1)
    return x <= 0 ? 0 : 1;
  return -std::expm1(p[1] * std::log1p(-std::pow(x, p[0])));
}
