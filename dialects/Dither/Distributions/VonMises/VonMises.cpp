//===- VonMises.cpp - Angles around a location ----------------------------===//
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

SmallVector<StringRef> VonMisesAttr::getParameterNames() const {
  return {"location", "concentration"};
}

bool VonMisesAttr::isReparameterized() const { return true; }

Value VonMisesAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                                ValueRange parameters, Value rng,
                                int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term k = draws.fill(draws[1].apply<StopGradientOp>());
  // With t = sqrt(1 + 4 k^2) the proposals are those of q = 2 k / (1 + t), as
  // (1 + q cos a) over (q + cos a), and the odds of angles near 0 and pi are
  // (1 + q) to (1 - q).
  Term t = sqrt(k * k * 4.0 + 1.0), q = k * 2.0 / (t + 1.0);
  Term odds = sqrt((1 / (t + k * 2.0) + 1.0) / ((t + 1.0) * (q + 1.0)));
  auto propose = [&](Value own) -> Proposal {
    Term turn = draws.drawFrom<CentredUniformOp>(own, 0) * M_PI;
    Term e = draws.drawFrom<ExponentialOp>(own, 1);
    Term tangent = sin(turn) / cos(turn) * odds;
    Term angle = tangent.apply<AtanOp>() * 2.0;
    Term cosine = cos(turn * 2.0);
    Term f = (q + cosine) / (q * cosine + 1.0);
    Term c = (t + 1.0) * 0.5 - k * f;
    return {angle, compare(Predicate::le, -e, log(c) + 1.0 - c)};
  };
  Term start{&b, buildZerosLike(b, k.value)};
  Term angle = drawByRejection(draws, start, 0, 60, propose);
  Value moved = ImplicitVonMisesOp::create(b, draws[1].value, angle.value);
  return draws.finish(draws[0] + Term{&b, moved});
}

Value VonMisesAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                    ValueRange parameters) const {
  return buildWideDensity(b, sample, parameters, [](Term x, ArrayRef<Term> p) {
    Term half = sin((x - p[0]) * 0.5);
    Term norm = log(p[1].apply<BesselI0eOp>() * (2 * M_PI));
    return p[1] * half * half * -2.0 - norm;
  });
}

double VonMisesAttr::evaluateCdf(double x, ArrayRef<double> p) const {
  // The trapezoidal rule, from the left end to x.
  constexpr int steps = 2000;
  double end = std::clamp(x - p[0], -M_PI, M_PI), sum = 0;
  for (int i = 0; i <= steps; ++i) {
    double t = -M_PI + (end + M_PI) * i / steps;
    double weight = i == 0 || i == steps ? 0.5 : 1;
    sum += weight * std::exp(p[1] * (std::cos(t) - 1));
  }
  return sum * (end + M_PI) / steps / (2 * M_PI * special::besselI0e(p[1]));
}
