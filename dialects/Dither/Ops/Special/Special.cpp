//===- Special.cpp - Special functions ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Special/Integrals.h"

using namespace mlir;
using namespace dither;
using special::Real;

//===- Values -------------------------------------------------------------===//

/// Defines the interpreter's and the compiler's body of an op: one is an
/// expression in numbers `x` and `y`, the other one in reals. `y` is `x` again
/// where there is one operand.
#define DITHER_SPECIAL(OP, EVALUATE, BUILD)                                    \
  Scalar OP::evaluateScalar(ArrayRef<Scalar> v) {                              \
    [[maybe_unused]] double x = v.front().f, y = v.back().f;                   \
    return Scalar::of(EVALUATE);                                               \
  }                                                                            \
  Value OP::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) { \
    return special::buildReal(b, loc, v, type, [&](ArrayRef<Real> reals) {     \
      [[maybe_unused]] Real x = reals.front(), y = reals.back();               \
      return BUILD;                                                            \
    });                                                                        \
  }
/// One formula for both.
#define DITHER_FORMULA(OP, FORMULA) DITHER_SPECIAL(OP, FORMULA, FORMULA)

/// exp(x) - 1: near 0 without the difference.
static Real buildExpm1(Real x) {
  return choose(abs(x) < 0.5, x + special::exponentialRest(x), exp(x) - 1.0);
}

DITHER_SPECIAL(Log1pOp, std::log1p(x), special::log1p(x))
DITHER_SPECIAL(Expm1Op, std::expm1(x), buildExpm1(x))
DITHER_SPECIAL(LgammaOp, std::lgamma(x), special::lgamma(x))
DITHER_FORMULA(ErfInvOp, special::erfInv(x))
DITHER_FORMULA(DigammaOp, special::polygamma(x, 0))
DITHER_FORMULA(PolygammaOp, special::polygamma(x, getOrder()))
DITHER_FORMULA(BesselI0eOp, special::besselI0e(x))
DITHER_FORMULA(BesselI1eOp, special::besselI1e(x))
DITHER_FORMULA(GammaPOp, special::gammaP(x, y))
DITHER_FORMULA(GammaSlopeOp, special::gammaSlope(x, y, getOrder()))
DITHER_FORMULA(VonMisesSlopeOp, special::vonMisesSlope(x, y))
DITHER_FORMULA(ImplicitGammaOp, y)
DITHER_FORMULA(ImplicitVonMisesOp, y)

static LogicalResult verifyOrder(Operation *op, StringRef constraint,
                                 int64_t order, int64_t largest) {
  if (order >= 1 && order <= largest)
    return success();
  return op->emitOpError("(") << constraint << ") needs an order in [1, "
                              << largest << "], got " << order;
}

LogicalResult PolygammaOp::verify() {
  return verifyOrder(*this, "C1", getOrder(), 20);
}
LogicalResult GammaSlopeOp::verify() {
  return verifyOrder(*this, "C3", getOrder(), 8);
}

//===- Derivatives --------------------------------------------------------===//

namespace {
/// Shorthand for expressions in derivatives.
struct Expr {
  ImplicitLocOpBuilder &b;
  Value c(double value, Value like) { return buildScalarLike(b, value, like); }
  Value add(Value x, Value y) { return AddOp::create(b, x, y); }
  Value sub(Value x, Value y) { return SubOp::create(b, x, y); }
  Value mul(Value x, Value y) { return MulOp::create(b, x, y); }
  Value mul(double x, Value y) { return MulOp::create(b, y, c(x, y)); }
  Value div(Value x, Value y) { return DivOp::create(b, x, y); }
  Value exp(Value x) { return ExpOp::create(b, x); }
  Value log(Value x) { return LogOp::create(b, x); }
  Value digamma(Value x) { return DigammaOp::create(b, x); }
  Value polygamma(Value x, int64_t order) {
    return PolygammaOp::create(b, x, uint64_t(order));
  }
};
} // namespace

using Gradients = SmallVector<Value>;

#define DITHER_GRADIENT(OP, EXPRESSION)                                        \
  Gradients OP::buildGradients(ImplicitLocOpBuilder &b, ValueRange dys) {      \
    Expr e{b};                                                                 \
    [[maybe_unused]] Value dy = dys[0], x = getX(), y = getY();                \
    return {e.mul(dy, EXPRESSION)};                                            \
  }

DITHER_GRADIENT(Log1pOp, e.div(e.c(1, x), e.add(x, e.c(1, x))))
DITHER_GRADIENT(Expm1Op, e.exp(x))
DITHER_GRADIENT(ErfInvOp, e.mul(1 / M_2_SQRTPI, e.exp(e.mul(y, y))))
DITHER_GRADIENT(LgammaOp, e.digamma(x))
DITHER_GRADIENT(DigammaOp, e.polygamma(x, 1))
DITHER_GRADIENT(BesselI0eOp,
                e.sub(BesselI1eOp::create(b, x),
                      e.mul(StopGradientOp::create(b, SignOp::create(b, x)),
                            y)))

Gradients BesselI1eOp::buildGradients(ImplicitLocOpBuilder &b, ValueRange dys) {
  // I1(x) / x is 1/2 at 0.
  Expr e{b};
  Value x = getX(), y = getY();
  Value isZero = CompareOp::create(b, Predicate::eq, x, e.c(0, x));
  Value safe = SelectOp::create(b, isZero, e.c(1, x), x);
  Value ratio = SelectOp::create(b, isZero, e.c(0.5, x), e.div(y, safe));
  Value slope = e.sub(
      BesselI0eOp::create(b, x),
      e.add(e.mul(StopGradientOp::create(b, SignOp::create(b, x)), y), ratio));
  return {e.mul(dys[0], slope)};
}

Gradients PolygammaOp::buildGradients(ImplicitLocOpBuilder &b, ValueRange dys) {
  Expr e{b};
  if (getOrder() == 20) {
    emitOpError("of order 20 is the last one, so that it has no derivative");
    return {};
  }
  return {e.mul(dys[0], e.polygamma(getX(), getOrder() + 1))};
}

Gradients GammaPOp::buildGradients(ImplicitLocOpBuilder &b, ValueRange dzs) {
  Expr e{b};
  Value dz = dzs[0], a = getX(), x = getY();
  Value logarithm = e.log(x);
  // x times the density.
  Value scaled =
      e.exp(e.sub(e.sub(e.mul(a, logarithm), x), LgammaOp::create(b, a)));
  Value slope = GammaSlopeOp::create(b, a, logarithm, 1);
  return {buildUnbroadcast(b, e.mul(dz, e.mul(scaled, slope)), a),
          buildUnbroadcast(b, e.mul(dz, e.div(scaled, x)), x)};
}

Gradients GammaSlopeOp::buildGradients(ImplicitLocOpBuilder &b,
                                       ValueRange dzs) {
  Expr e{b};
  Value dz = dzs[0], a = getX(), l = getY(), value = getZ();
  int64_t order = getOrder();
  if (order == 8) {
    emitOpError("of order 8 is the last one, so that it has no derivative");
    return {};
  }
  // The derivatives of the density by its shape, relative to it: complete Bell
  // polynomials in those of its logarithm.
  Value slope = e.sub(l, e.digamma(a));
  SmallVector<Value> bell = {Value(), slope};
  for (int64_t m = 1; m < order; ++m) {
    Value next = e.mul(bell[m], slope);
    double binomial = 1;
    for (int64_t i = 1; i <= m; ++i) {
      binomial = binomial * double(m - i + 1) / double(i);
      Value term = e.mul(-binomial, e.polygamma(a, i));
      next = e.add(next, i == m ? term : e.mul(term, bell[m - i]));
    }
    bell.push_back(next);
  }
  Value next = GammaSlopeOp::create(b, a, l, uint64_t(order + 1));
  Value da = e.sub(next, e.mul(value, slope));
  Value dl = e.sub(bell[order], e.mul(value, e.sub(a, e.exp(l))));
  return {buildUnbroadcast(b, e.mul(dz, da), a),
          buildUnbroadcast(b, e.mul(dz, dl), l)};
}

// The slope is that at the result, so that its own derivative is complete: the
// result moves with the parameter, too.
Gradients ImplicitGammaOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dzs) {
  Value slope = GammaSlopeOp::create(b, getX(), getZ(), uint64_t(1));
  Value dx = NegOp::create(b, MulOp::create(b, dzs[0], slope));
  return {buildUnbroadcast(b, dx, getX()), Value()};
}

Gradients ImplicitVonMisesOp::buildGradients(ImplicitLocOpBuilder &b,
                                             ValueRange dzs) {
  Value slope = VonMisesSlopeOp::create(b, getX(), getZ());
  Value dx = NegOp::create(b, MulOp::create(b, dzs[0], slope));
  return {buildUnbroadcast(b, dx, getX()), Value()};
}
