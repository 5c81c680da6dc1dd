//===- SGD.cpp - Stochastic gradient descent with momentum ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Optimizers/Support/Parameters.h"

using namespace mlir;
using namespace dither;

LogicalResult SGDAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              FloatAttr rate, FloatAttr momentum,
                              FloatAttr decay) {
  if (!(rate.getValueAsDouble() > 0))
    return emitError() << "(C1) `rate` is " << rate.getValueAsDouble()
                       << "; it must be positive";
  double momentumValue = valueOr(momentum, 0);
  if (!(momentumValue >= 0 && momentumValue < 1))
    return emitError() << "(C2) `momentum` is " << momentumValue
                       << "; it must be in [0, 1)";
  if (!(valueOr(decay, 0) >= 0))
    return emitError() << "(C3) `decay` is " << valueOr(decay, 0)
                       << "; it must not be negative";
  return success();
}

/// Without momentum there is nothing to remember.
SmallVector<std::pair<std::string, RankedTensorType>>
SGDAttr::getStates(RankedTensorType type) const {
  if (valueOr(getMomentum(), 0) == 0)
    return {};
  return {{"velocity", type}};
}

Value SGDAttr::buildUpdate(ImplicitLocOpBuilder &b, Value parameter,
                           Value gradient, ValueRange states, Value rate, Value,
                           SmallVectorImpl<Value> &newStates) const {
  Value velocity = gradient;
  if (double decay = valueOr(getDecay(), 0))
    velocity = AddOp::create(b, velocity, buildScaled(b, decay, parameter));
  if (double momentum = valueOr(getMomentum(), 0)) {
    velocity = AddOp::create(b, buildScaled(b, momentum, states[0]), velocity);
    newStates.push_back(velocity);
  }
  Value move = MulOp::create(b, velocity, buildNumberLike(b, rate, velocity));
  return SubOp::create(b, parameter, move);
}

double SGDAttr::getBaseRate() const { return getRate().getValueAsDouble(); }
