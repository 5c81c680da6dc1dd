//===- Dirichlet.cpp - Rows of positive numbers whose sum is 1 ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Rejection.h"

using namespace mlir;
using namespace dither;

SmallVector<StringRef> DirichletAttr::getParameterNames() const {
  return {"concentration"};
}

bool DirichletAttr::isReparameterized() const { return true; }

LogicalResult
DirichletAttr::verifyTypes(function_ref<InFlightDiagnostic()> emitError,
                           ArrayRef<RankedTensorType> parameters,
                           RankedTensorType sample) const {
  if (sample.getRank() == 0 || sample.isDynamicDim(sample.getRank() - 1))
    return emitError() << "cannot make " << sample
                       << ": a draw is a row, of which the last extent is "
                          "known";
  return verifyElementwiseDistribution(emitError, getParameterNames(),
                                       parameters, sample);
}

int64_t DirichletAttr::getEventRank() const { return 1; }

Value DirichletAttr::buildSample(ImplicitLocOpBuilder &b, RankedTensorType type,
                                 ValueRange parameters, Value rng,
                                 int64_t stream) const {
  DrawBuilder draws(b, type, parameters, rng, stream);
  Term logarithm = drawLogGamma(draws, draws[0], 0);
  Value row = SoftmaxOp::create(b, logarithm.value);
  return draws.finish({&b, row});
}

Value DirichletAttr::buildLogDensity(ImplicitLocOpBuilder &b, Value sample,
                                     ValueRange parameters) const {
  int64_t last = cast<RankedTensorType>(sample.getType()).getRank() - 1;
  return buildWideDensity(b, sample, parameters, [&](Term x, ArrayRef<Term> p) {
    auto sum = [&](Term y) -> Term {
      return {&b, ReduceOp::create(b, ReduceKind::sum, y.value,
                                   b.getDenseI64ArrayAttr({last}))};
    };
    // Of the sample's shape, which the parameter may lack.
    Term shape = p[0] + x * 0.0;
    return sum((shape - 1.0) * log(x) - lgamma(shape)) + lgamma(sum(shape));
  });
}
