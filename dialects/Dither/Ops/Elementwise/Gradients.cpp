//===- Gradients.cpp - Derivatives of elementwise ops ---------------------===//
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
/// Shorthand for expressions in derivatives.
struct Expr {
  ImplicitLocOpBuilder &b;
  Value operator()(double value, Value like) {
    return buildScalarLike(b, value, like);
  }
  Value add(Value x, Value y) { return AddOp::create(b, x, y); }
  Value sub(Value x, Value y) { return SubOp::create(b, x, y); }
  Value mul(Value x, Value y) { return MulOp::create(b, x, y); }
  Value div(Value x, Value y) { return DivOp::create(b, x, y); }
  Value neg(Value x) { return NegOp::create(b, x); }
};
} // namespace

using Gradients = SmallVector<Value>;

#define DITHER_GRADIENT(OP, EXPRESSION)                                        \
  Gradients OP::buildGradients(ImplicitLocOpBuilder &b, ValueRange dys) {      \
    [[maybe_unused]] Expr e{b};                                                \
    [[maybe_unused]] Value dy = dys[0], x = getX(), y = getY();                \
    return {EXPRESSION};                                                       \
  }

DITHER_GRADIENT(NegOp, e.neg(dy))
DITHER_GRADIENT(AbsOp,
                e.mul(dy, StopGradientOp::create(b, SignOp::create(b, x))))
DITHER_GRADIENT(ExpOp, e.mul(dy, y))
DITHER_GRADIENT(LogOp, e.div(dy, x))
DITHER_GRADIENT(SqrtOp, e.div(e.mul(dy, e(0.5, x)), y))
DITHER_GRADIENT(RsqrtOp, e.mul(e.mul(dy, e(-0.5, x)), e.div(y, x)))
DITHER_GRADIENT(TanhOp, e.mul(dy, e.sub(e(1, x), e.mul(y, y))))
DITHER_GRADIENT(ErfOp, e.mul(e.mul(dy, e(M_2_SQRTPI, x)),
                             ExpOp::create(b, e.neg(e.mul(x, x)))))
DITHER_GRADIENT(SinOp, e.mul(dy, CosOp::create(b, x)))
DITHER_GRADIENT(CosOp, e.neg(e.mul(dy, SinOp::create(b, x))))
DITHER_GRADIENT(AtanOp, e.div(dy, e.add(e(1, x), e.mul(x, x))))
DITHER_GRADIENT(CastOp, isa<FloatType>(getElementTypeOrSelf(x.getType()))
                            ? CastOp::create(b, x.getType(), dy).getResult()
                            : Value())

#define DITHER_GRADIENT2(OP, DX, DY)                                           \
  Gradients OP::buildGradients(ImplicitLocOpBuilder &b, ValueRange dzs) {      \
    if (!isa<FloatType>(getElementTypeOrSelf(getType())))                      \
      return {Value(), Value()};                                               \
    [[maybe_unused]] Expr e{b};                                                \
    [[maybe_unused]] Value dz = dzs[0], x = getX(), y = getY(), z = getZ();    \
    return {buildUnbroadcast(b, DX, x), buildUnbroadcast(b, DY, y)};           \
  }

DITHER_GRADIENT2(AddOp, dz, dz)
DITHER_GRADIENT2(SubOp, dz, e.neg(dz))
DITHER_GRADIENT2(MulOp, e.mul(dz, y), e.mul(dz, x))
DITHER_GRADIENT2(DivOp, e.div(dz, y), e.neg(e.div(e.mul(dz, z), y)))

/// The share of dz that goes to `self`: all where it is strictly chosen, half
/// where the two are equal.
static Value buildShare(ImplicitLocOpBuilder &b, Value dz, Value self,
                        Value other, Predicate chosen) {
  Value half = MulOp::create(b, dz, buildScalarLike(b, 0.5, dz));
  Value zero = buildScalarLike(b, 0, dz);
  Value isChosen = CompareOp::create(b, chosen, self, other);
  Value isTie = CompareOp::create(b, Predicate::eq, self, other);
  Value rest = SelectOp::create(b, isTie, half, zero);
  return SelectOp::create(b, isChosen, dz, rest);
}

DITHER_GRADIENT2(MaxOp, buildShare(b, dz, x, y, Predicate::gt),
                 buildShare(b, dz, y, x, Predicate::gt))
DITHER_GRADIENT2(MinOp, buildShare(b, dz, x, y, Predicate::lt),
                 buildShare(b, dz, y, x, Predicate::lt))

Gradients SelectOp::buildGradients(ImplicitLocOpBuilder &b, ValueRange dzs) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value(), Value(), Value()};
  Value zero = buildScalarLike(b, 0, dzs[0]);
  Value dx = SelectOp::create(b, getCondition(), dzs[0], zero);
  Value dy = SelectOp::create(b, getCondition(), zero, dzs[0]);
  return {Value(), buildUnbroadcast(b, dx, getX()),
          buildUnbroadcast(b, dy, getY())};
}
