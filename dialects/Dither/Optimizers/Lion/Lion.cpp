//===- Lion.cpp - Signs of an averaged gradient ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Optimizers/Support/Parameters.h"

using namespace mlir;
using namespace dither;

namespace {
/// The parameters with their defaults.
struct Settings {
  double rate, beta1, beta2, decay;

  Settings(FloatAttr rate, FloatAttr beta1, FloatAttr beta2, FloatAttr decay)
      : rate(rate.getValueAsDouble()), beta1(valueOr(beta1, 0.9)),
        beta2(valueOr(beta2, 0.99)), decay(valueOr(decay, 0)) {}
  explicit Settings(LionAttr attr)
      : Settings(attr.getRate(), attr.getBeta1(), attr.getBeta2(),
                 attr.getDecay()) {}
};
} // namespace

LogicalResult LionAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               FloatAttr rate, FloatAttr beta1, FloatAttr beta2,
                               FloatAttr decay) {
  Settings s(rate, beta1, beta2, decay);
  if (!(s.rate > 0))
    return emitError() << "(C1) `rate` is " << s.rate
                       << "; it must be positive";
  return verifyAveraging(emitError, s.beta1, s.beta2, s.decay);
}

SmallVector<std::pair<std::string, RankedTensorType>>
LionAttr::getStates(RankedTensorType type) const {
  return {{"m", type}};
}

Value LionAttr::buildUpdate(ImplicitLocOpBuilder &b, Value parameter,
                            Value gradient, ValueRange states, Value rate,
                            Value step,
                            SmallVectorImpl<Value> &newStates) const {
  Settings s(*this);
  newStates.push_back(buildAverage(b, s.beta2, states[0], gradient));
  Value move = SignOp::create(b, buildAverage(b, s.beta1, states[0], gradient));
  if (s.decay != 0)
    move = AddOp::create(b, move, buildScaled(b, s.decay, parameter));
  return SubOp::create(b, parameter,
                       MulOp::create(b, move, buildNumberLike(b, rate, move)));
}

double LionAttr::getBaseRate() const { return getRate().getValueAsDouble(); }
