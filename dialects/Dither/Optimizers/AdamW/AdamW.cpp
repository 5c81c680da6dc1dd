//===- AdamW.cpp - Adam with decoupled weight decay -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Optimizers/Support/Parameters.h"
#include <cmath>

using namespace mlir;
using namespace dither;

namespace {
/// The parameters with their defaults.
struct Settings {
  double rate, beta1, beta2, epsilon, decay;

  Settings(FloatAttr rate, FloatAttr beta1, FloatAttr beta2, FloatAttr epsilon,
           FloatAttr decay)
      : rate(rate.getValueAsDouble()), beta1(valueOr(beta1, 0.9)),
        beta2(valueOr(beta2, 0.999)), epsilon(valueOr(epsilon, 1e-8)),
        decay(valueOr(decay, 0)) {}
  explicit Settings(AdamWAttr attr)
      : Settings(attr.getRate(), attr.getBeta1(), attr.getBeta2(),
                 attr.getEpsilon(), attr.getDecay()) {}
};
} // namespace

LogicalResult AdamWAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                FloatAttr rate, FloatAttr beta1,
                                FloatAttr beta2, FloatAttr epsilon,
                                FloatAttr decay) {
  Settings s(rate, beta1, beta2, epsilon, decay);
  if (!(s.rate > 0 && s.epsilon > 0))
    return emitError() << "(C1) `rate` is " << s.rate << " and `epsilon` "
                       << s.epsilon << "; both must be positive";
  return verifyAveraging(emitError, s.beta1, s.beta2, s.decay);
}

SmallVector<std::pair<std::string, RankedTensorType>>
AdamWAttr::getStates(RankedTensorType type) const {
  return {{"m", type}, {"v", type}};
}

/// `number` / (1 - beta^t), a scalar. As 1 - beta^t cancels where beta^t is
/// close to 1, it is -tanh(z / 2) (1 + exp z) with z = t log beta, which is the
/// same number.
static Value buildCorrected(ImplicitLocOpBuilder &b, double beta, Value number,
                            Value step) {
  auto f32 = withElement(step.getType(), b.getF32Type());
  Value z = buildScaled(b, std::log(beta), CastOp::create(b, f32, step));
  Value power = ExpOp::create(b, z);
  Value tanh = TanhOp::create(b, buildScaled(b, -0.5, z));
  Value sum = AddOp::create(b, power, buildScalarLike(b, 1, power));
  return DivOp::create(b, number, MulOp::create(b, tanh, sum));
}

/// The corrections are factors of scalars, so that an element costs one root
/// and one quotient.
Value AdamWAttr::buildUpdate(ImplicitLocOpBuilder &b, Value parameter,
                             Value gradient, ValueRange states, Value rate,
                             Value step,
                             SmallVectorImpl<Value> &newStates) const {
  Settings s(*this);
  Value square = MulOp::create(b, gradient, gradient);
  Value m = buildAverage(b, s.beta1, states[0], gradient);
  Value v = buildAverage(b, s.beta2, states[1], square);
  newStates.append({m, v});
  Value one = buildScalarLike(b, 1, rate);
  Value inverse = buildCorrected(b, s.beta2, one, step);
  Value root =
      SqrtOp::create(b, MulOp::create(b, v, buildNumberLike(b, inverse, v)));
  Value scaled = MulOp::create(
      b, m, buildNumberLike(b, buildCorrected(b, s.beta1, rate, step), m));
  Value move = DivOp::create(
      b, scaled, AddOp::create(b, root, buildScalarLike(b, s.epsilon, root)));
  if (s.decay != 0) {
    Value decay = buildScaled(b, s.decay, rate);
    Value shrinking =
        MulOp::create(b, parameter, buildNumberLike(b, decay, parameter));
    move = AddOp::create(b, shrinking, move);
  }
  return SubOp::create(b, parameter, move);
}

double AdamWAttr::getBaseRate() const { return getRate().getValueAsDouble(); }
