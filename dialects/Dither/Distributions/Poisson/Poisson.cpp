//===- Poisson.cpp - Numbers of events ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Rejection.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> PoissonAttr::getParameterNames() const {
  return {"rate"};
}

bool PoissonAttr::isReparameterized() const { return false; }

/// The logarithm of the probability of k, of which the parts nearly cancel
/// where it is large: by Stirling's series then.
static Term buildLogProbability(Term k, Term rate) {
  Term plain = k * log(rate) - rate - lgamma(k + 1.0);
  Term some =
      choose(compare(Predicate::lt, k, k.constant(1)), k.constant(1), k);
  Term ratio = (rate - some) / some, inverse = 1 / some;
  Term rest = inverse * (1.0 / 12 - inverse * inverse * (1.0 / 360));
  Term large =
      some * (log1p(ratio) - ratio) - rest - log(some * (2 * M_PI)) * 0.5;
  return choose(compare(Predicate::lt, k, k.constant(8)), plain, large);
}

/// Proposals for rates of 10 and more, and whether they are accepted.
static Proposal propose(const DrawBuilder &draws, Term rate, Value own) {
  // u - 1/2 for a uniform u whose distance to 0 or 1 is `edge`.
  Term s = draws.drawFrom<CentredUniformOp>(own, 0), edge = abs(s);
  Term u = choose(isPositive(s), edge - 0.5, 0.5 - edge);
  Term e = draws.drawFrom<ExponentialOp>(own, 1);
  Term b = sqrt(rate) * 2.53 + 0.931, a = b * 0.02483 - 0.059;
  Term height = 1.1328 / (b - 3.4) + 1.1239;
  Term k = ((a * 2.0 / edge + b) * u + rate + 0.43).apply<FloorOp>();
  Term bound =
      buildLogProbability(k, rate) - log(height / (a / (edge * edge) + b));
  // Of negative ones there is no logarithm.
  Term isEvent = compare(Predicate::ge, k, k.constant(0));
  Term isBelow = compare(Predicate::le, -e, bound);
  return {choose(isEvent, k, rate.constant(0)),
          {k.b, AndOp::create(*k.b, isEvent.value, isBelow.value)}};
}

Value PoissonAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                               ValueRange parameters, Value rng,
                               int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term rate = draws.fill(draws[0].apply<StopGradientOp>());
  Term isSmall = compare(Predicate::lt, rate, rate.constant(10));
  Term few =
      countArrivals(draws, choose(isSmall, rate, rate.constant(-1)), 0, 80);
  Term large = choose(isSmall, rate.constant(10), rate);
  Term many = drawByRejection(draws, large, 1, 60, [&](Value own) {
    return propose(draws, large, own);
  });
  return draws.finish(choose(isSmall, few, many));
}

Value PoissonAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                   ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term k, ArrayRef<Term> p) {
    return k * log(p[0]) - p[0] - lgamma(k + 1.0);
  });
}

double PoissonAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  double sum = 0;
  for (double k = 0; k <= x; ++k)
    sum += std::exp(k * std::log(p[0]) - p[0] - std::lgamma(k + 1));
  return std::min(sum, 1.0);
}
