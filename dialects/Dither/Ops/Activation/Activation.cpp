//===- Activation.cpp - Activations and their derivatives -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include <cmath>

using namespace mlir;
using namespace dither;

namespace {
/// Shorthand for expressions over one tensor.
struct Expr {
  ImplicitLocOpBuilder &b;
  Value x;
  Value c(double value) { return buildScalarLike(b, value, x); }
  Value add(Value u, Value v) { return AddOp::create(b, u, v); }
  Value sub(Value u, Value v) { return SubOp::create(b, u, v); }
  Value mul(Value u, Value v) { return MulOp::create(b, u, v); }
  Value exp(Value u) { return ExpOp::create(b, u); }
  Value max0() { return MaxOp::create(b, x, c(0)); }
  Value isPositive() { return CompareOp::create(b, Predicate::gt, x, c(0)); }
  Value where(Value condition, Value u, Value v) {
    return SelectOp::create(b, condition, u, v);
  }
  /// 1 / (1 + exp(-x)); exp(-x) may overflow to infinity, which gives 0.
  Value sigmoid() {
    return DivOp::create(b, c(1), add(c(1), exp(NegOp::create(b, x))));
  }
  /// The standard normal distribution function.
  Value normalCdf() {
    Value erf = ErfOp::create(b, mul(x, c(M_SQRT1_2)));
    return mul(c(0.5), add(c(1), erf));
  }
  Value normalDensity() {
    Value square = mul(mul(x, x), c(-0.5));
    return mul(c(0.5 * M_2_SQRTPI * M_SQRT1_2), exp(square));
  }
};
} // namespace

/// The value, the derivative and the derivative of a number `t`.
#define DITHER_ACTIVATION(OP, VALUE, DERIVATIVE, NUMBER)                       \
  Value OP::buildValue(ImplicitLocOpBuilder &b, Value x) {                     \
    Expr e{b, x};                                                              \
    return VALUE;                                                              \
  }                                                                            \
  Value OP::buildDerivative(ImplicitLocOpBuilder &b, Value x) {                \
    Expr e{b, x};                                                              \
    return DERIVATIVE;                                                         \
  }                                                                            \
  double OP::evaluateDerivative(double t) { return NUMBER; }

static double sigmoidOf(double t) { return 1 / (1 + std::exp(-t)); }

DITHER_ACTIVATION(ReluOp, e.max0(), e.where(e.isPositive(), e.c(1), e.c(0)),
                  t > 0 ? 1 : 0)
DITHER_ACTIVATION(GeluOp, e.mul(x, e.normalCdf()),
                  e.add(e.normalCdf(), e.mul(x, e.normalDensity())),
                  0.5 * std::erfc(-t * M_SQRT1_2) +
                      t * 0.5 * M_2_SQRTPI * M_SQRT1_2 * std::exp(-0.5 * t * t))
DITHER_ACTIVATION(SiluOp, e.mul(x, e.sigmoid()),
                  e.mul(e.sigmoid(),
                        e.add(e.c(1), e.mul(x, e.sub(e.c(1), e.sigmoid())))),
                  sigmoidOf(t) * (1 + t * (1 - sigmoidOf(t))))
DITHER_ACTIVATION(SigmoidOp, e.sigmoid(),
                  e.mul(e.sigmoid(), e.sub(e.c(1), e.sigmoid())),
                  sigmoidOf(t) * (1 - sigmoidOf(t)))
DITHER_ACTIVATION(
    SoftplusOp,
    e.add(e.max0(),
          LogOp::create(
              b, e.add(e.c(1), e.exp(NegOp::create(b, AbsOp::create(b, x)))))),
    e.sigmoid(), sigmoidOf(t))
DITHER_ACTIVATION(LeakyReluOp, e.where(e.isPositive(), x, e.mul(x, e.c(0.01))),
                  e.where(e.isPositive(), e.c(1), e.c(0.01)), t > 0 ? 1 : 0.01)
DITHER_ACTIVATION(EluOp, e.where(e.isPositive(), x, e.sub(e.exp(x), e.c(1))),
                  e.where(e.isPositive(), e.c(1), e.exp(x)),
                  t > 0 ? 1 : std::exp(t))
