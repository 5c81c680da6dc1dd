//===- Elementwise.cpp - Elementwise ops ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include "mlir/Dialect/CommonFolders.h"
#include "mlir/IR/Matchers.h"
#include <cmath>

using namespace mlir;
using namespace dither;

using Scalars = ArrayRef<Scalar>;

/// Chooses by the kind of the element type.
template <typename FloatOp, typename IntOp>
static Value createByKind(OpBuilder &b, Location loc, ValueRange operands) {
  if (isa<FloatType>(operands[0].getType()))
    return FloatOp::create(b, loc, operands[0], operands[1]);
  return IntOp::create(b, loc, operands[0], operands[1]);
}

static Value createConstant(OpBuilder &b, Location loc, Type type,
                            double value) {
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(b, loc, b.getFloatAttr(type, value));
  return arith::ConstantOp::create(b, loc,
                                   b.getIntegerAttr(type, int64_t(value)));
}

static bool isSplat(Attribute attr, double value) {
  auto elements = dyn_cast_if_present<SplatElementsAttr>(attr);
  if (!elements)
    return false;
  Attribute element = elements.getSplatValue<Attribute>();
  if (auto f = dyn_cast<FloatAttr>(element))
    return f.getValueAsDouble() == value && !f.getValue().isNegZero();
  return cast<IntegerAttr>(element).getInt() == int64_t(value);
}

//===- Unary --------------------------------------------------------------===//

/// Defines the interpreter's and the compiler's body of a unary op.
#define DITHER_UNARY(OP, EVALUATE, BUILD)                                      \
  Scalar OP::evaluateScalar(Scalars v) {                                       \
    [[maybe_unused]] double x = v[0].asDouble();                               \
    return EVALUATE;                                                           \
  }                                                                            \
  Value OP::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) { \
    Value x = v[0];                                                            \
    return BUILD;                                                              \
  }

DITHER_UNARY(NegOp, v[0].isFloat ? Scalar::of(-x) : Scalar::ofInt(-v[0].i),
             isa<FloatType>(type)
                 ? arith::NegFOp::create(b, loc, x).getResult()
                 : arith::SubIOp::create(b, loc,
                                         createConstant(b, loc, type, 0), x)
                       .getResult())
DITHER_UNARY(AbsOp,
             v[0].isFloat ? Scalar::of(std::fabs(x))
                          : Scalar::ofInt(std::abs(v[0].i)),
             isa<FloatType>(type) ? math::AbsFOp::create(b, loc, x).getResult()
                                  : math::AbsIOp::create(b, loc, x).getResult())
DITHER_UNARY(ExpOp, Scalar::of(std::exp(x)), math::ExpOp::create(b, loc, x))
DITHER_UNARY(LogOp, Scalar::of(std::log(x)), math::LogOp::create(b, loc, x))
DITHER_UNARY(SqrtOp, Scalar::of(std::sqrt(x)), math::SqrtOp::create(b, loc, x))
DITHER_UNARY(RsqrtOp, Scalar::of(1 / std::sqrt(x)),
             arith::DivFOp::create(b, loc, createConstant(b, loc, type, 1),
                                   math::SqrtOp::create(b, loc, x)))
DITHER_UNARY(TanhOp, Scalar::of(std::tanh(x)), math::TanhOp::create(b, loc, x))
DITHER_UNARY(ErfOp, Scalar::of(std::erf(x)), math::ErfOp::create(b, loc, x))
DITHER_UNARY(SinOp, Scalar::of(std::sin(x)), math::SinOp::create(b, loc, x))
DITHER_UNARY(CosOp, Scalar::of(std::cos(x)), math::CosOp::create(b, loc, x))
DITHER_UNARY(AtanOp, Scalar::of(std::atan(x)), math::AtanOp::create(b, loc, x))
DITHER_UNARY(FloorOp, Scalar::of(std::floor(x)),
             math::FloorOp::create(b, loc, x))
DITHER_UNARY(CeilOp, Scalar::of(std::ceil(x)), math::CeilOp::create(b, loc, x))
DITHER_UNARY(RoundOp, Scalar::of(std::nearbyint(x)),
             math::RoundEvenOp::create(b, loc, x))
DITHER_UNARY(NotOp, Scalar::ofInt(~v[0].i),
             arith::XOrIOp::create(b, loc, x, createConstant(b, loc, type, -1)))

Scalar SignOp::evaluateScalar(Scalars v) {
  double x = v[0].f;
  return Scalar::of(x > 0 ? 1 : x < 0 ? -1 : x);
}

Value SignOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) {
  Value zero = createConstant(b, loc, type, 0);
  Value above =
      arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, v[0], zero);
  Value below =
      arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, v[0], zero);
  Value rest = arith::SelectOp::create(b, loc, below,
                                       createConstant(b, loc, type, -1), v[0]);
  return arith::SelectOp::create(b, loc, above, createConstant(b, loc, type, 1),
                                 rest);
}

//===- Binary -------------------------------------------------------------===//

#define DITHER_ARITHMETIC(OP, SYMBOL, FLOAT, INT)                              \
  Scalar OP::evaluateScalar(Scalars v) {                                       \
    if (v[0].isFloat)                                                          \
      return Scalar::of(v[0].f SYMBOL v[1].f);                                 \
    return Scalar::ofInt(int64_t(uint64_t(v[0].i) SYMBOL uint64_t(v[1].i)));   \
  }                                                                            \
  Value OP::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type) {      \
    return createByKind<FLOAT, INT>(b, loc, v);                                \
  }

DITHER_ARITHMETIC(AddOp, +, arith::AddFOp, arith::AddIOp)
DITHER_ARITHMETIC(SubOp, -, arith::SubFOp, arith::SubIOp)
DITHER_ARITHMETIC(MulOp, *, arith::MulFOp, arith::MulIOp)

#define DITHER_BITS(OP, SYMBOL, INT)                                           \
  Scalar OP::evaluateScalar(Scalars v) {                                       \
    return Scalar::ofInt(v[0].i SYMBOL v[1].i);                                \
  }                                                                            \
  Value OP::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type) {      \
    return INT::create(b, loc, v[0], v[1]);                                    \
  }

DITHER_BITS(AndOp, &, arith::AndIOp)
DITHER_BITS(OrOp, |, arith::OrIOp)
DITHER_BITS(XorOp, ^, arith::XOrIOp)

Scalar DivOp::evaluateScalar(Scalars v) {
  if (v[0].isFloat)
    return Scalar::of(v[0].f / v[1].f);
  // Division by zero has no meaning on integers; 0 keeps the oracle defined.
  if (v[1].i == 0)
    return Scalar::ofInt(0);
  return Scalar::ofInt(v[1].i == -1 ? -v[0].i : v[0].i / v[1].i);
}

Value DivOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) {
  if (isa<FloatType>(type))
    return arith::DivFOp::create(b, loc, v[0], v[1]);
  Value zero = createConstant(b, loc, type, 0);
  Value one = createConstant(b, loc, type, 1);
  Value minusOne = createConstant(b, loc, type, -1);
  auto isEqual = [&](Value x, Value y) -> Value {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x, y);
  };
  Value byZero = isEqual(v[1], zero), byMinusOne = isEqual(v[1], minusOne);
  Value special = arith::OrIOp::create(b, loc, byZero, byMinusOne);
  Value divisor = arith::SelectOp::create(b, loc, special, one, v[1]);
  Value quotient = arith::DivSIOp::create(b, loc, v[0], divisor);
  Value negated = arith::SubIOp::create(b, loc, zero, v[0]);
  quotient = arith::SelectOp::create(b, loc, byMinusOne, negated, quotient);
  return arith::SelectOp::create(b, loc, byZero, zero, quotient);
}

static Scalar evaluateExtremum(Scalars v, bool larger) {
  if (!v[0].isFloat)
    return Scalar::ofInt(larger ? std::max(v[0].i, v[1].i)
                                : std::min(v[0].i, v[1].i));
  double x = v[0].f, y = v[1].f;
  if (std::isnan(x) || std::isnan(y))
    return Scalar::of(std::nan(""));
  if (x == y) // Orders the zeros: -0 < 0.
    return Scalar::of(std::signbit(x) == larger ? y : x);
  return Scalar::of((x > y) == larger ? x : y);
}

Scalar MaxOp::evaluateScalar(Scalars v) { return evaluateExtremum(v, true); }
Scalar MinOp::evaluateScalar(Scalars v) { return evaluateExtremum(v, false); }
// As a signed number, the one bit of true is -1.
Value MaxOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) {
  if (type.isInteger(1))
    return arith::OrIOp::create(b, loc, v[0], v[1]);
  return createByKind<arith::MaximumFOp, arith::MaxSIOp>(b, loc, v);
}
Value MinOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) {
  if (type.isInteger(1))
    return arith::AndIOp::create(b, loc, v[0], v[1]);
  return createByKind<arith::MinimumFOp, arith::MinSIOp>(b, loc, v);
}

/// Shifts bits, seen as those of an unsigned number. What is shifted by its
/// width or more is 0; machines, and arith, have other opinions of that.
static Scalar evaluateShift(Scalars v, Type type, bool isLeft) {
  unsigned width = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  uint64_t amount = uint64_t(v[1].i);
  if (width < 64)
    amount &= (uint64_t(1) << width) - 1;
  if (amount >= width)
    return Scalar::ofInt(0);
  uint64_t bits = uint64_t(v[0].i);
  if (isLeft)
    return Scalar::ofInt(int64_t(bits << amount));
  if (width < 64)
    bits &= (uint64_t(1) << width) - 1;
  return Scalar::ofInt(int64_t(bits >> amount));
}

template <typename Shift>
static Value buildShift(OpBuilder &b, Location loc, ValueRange v, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  Value zero = createConstant(b, loc, type, 0);
  Value last = createConstant(b, loc, type, width - 1);
  Value isInside =
      arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ule, v[1], last);
  Value amount = arith::SelectOp::create(b, loc, isInside, v[1], zero);
  Value shifted = Shift::create(b, loc, v[0], amount);
  return arith::SelectOp::create(b, loc, isInside, shifted, zero);
}

Scalar ShlOp::evaluateScalar(Scalars v) {
  return evaluateShift(v, getX().getType(), /*isLeft=*/true);
}
Value ShlOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) {
  return buildShift<arith::ShLIOp>(b, loc, v, type);
}
Scalar ShrOp::evaluateScalar(Scalars v) {
  return evaluateShift(v, getX().getType(), /*isLeft=*/false);
}
Value ShrOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type type) {
  return buildShift<arith::ShRUIOp>(b, loc, v, type);
}

//===- Comparison, selection, conversion ----------------------------------===//

template <typename T> static bool compareBy(Predicate predicate, T x, T y) {
  switch (predicate) {
  case Predicate::eq:
    return x == y;
  case Predicate::ne:
    return x != y;
  case Predicate::lt:
    return x < y;
  case Predicate::le:
    return x <= y;
  case Predicate::gt:
    return x > y;
  case Predicate::ge:
    return x >= y;
  }
  llvm_unreachable("all predicates are covered");
}

Scalar CompareOp::evaluateScalar(Scalars v) {
  return Scalar::ofInt(v[0].isFloat
                           ? compareBy(getPredicate(), v[0].f, v[1].f)
                           : compareBy(getPredicate(), v[0].i, v[1].i));
}

Value CompareOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  static const F floats[] = {F::OEQ, F::UNE, F::OLT, F::OLE, F::OGT, F::OGE};
  static const I integers[] = {I::eq, I::ne, I::slt, I::sle, I::sgt, I::sge};
  static const I truths[] = {I::eq, I::ne, I::ult, I::ule, I::ugt, I::uge};
  size_t index = size_t(getPredicate());
  Type type = v[0].getType();
  if (isa<FloatType>(type))
    return arith::CmpFOp::create(b, loc, floats[index], v[0], v[1]);
  return arith::CmpIOp::create(
      b, loc, (type.isInteger(1) ? truths : integers)[index], v[0], v[1]);
}

Scalar SelectOp::evaluateScalar(Scalars v) { return v[0].i ? v[1] : v[2]; }
Value SelectOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type) {
  return arith::SelectOp::create(b, loc, v[0], v[1], v[2]);
}

static LogicalResult verifySameShape(Operation *op) {
  auto x = cast<RankedTensorType>(op->getOperand(0).getType());
  auto y = cast<RankedTensorType>(op->getResult(0).getType());
  if (x.getShape() != y.getShape())
    return op->emitOpError("(C1) changes elements, not shapes: ")
           << x << " to " << y;
  return success();
}

LogicalResult CastOp::verify() { return verifySameShape(*this); }

Scalar CastOp::evaluateScalar(Scalars v) {
  Type from = getElementTypeOrSelf(getX().getType());
  Type to = getElementTypeOrSelf(getY().getType());
  if (to.isInteger(1))
    return Scalar::ofInt(v[0].isFloat ? v[0].f != 0 : v[0].i != 0);
  if (isa<FloatType>(to)) {
    // Integers reach the narrow floats through f32, as machines convert them.
    bool isNarrow = to.getIntOrFloatBitWidth() < 32 && !v[0].isFloat;
    return Scalar::of(isNarrow ? double(float(v[0].i)) : v[0].asDouble());
  }
  if (!isa<FloatType>(from))
    return v[0];
  double limit = std::ldexp(1.0, to.getIntOrFloatBitWidth() - 1);
  if (std::isnan(v[0].f))
    return Scalar::ofInt(0);
  if (v[0].f >= limit)
    return Scalar::ofInt(
        int64_t((uint64_t(1) << (to.getIntOrFloatBitWidth() - 1)) - 1));
  return Scalar::ofInt(int64_t(std::max(v[0].f, -limit)));
}

/// Truncates and saturates; NaN gives 0. arith.fptosi alone is undefined there.
static Value buildSaturate(OpBuilder &b, Location loc, Value x, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  double limit = std::ldexp(1.0, width - 1);
  Value low = createConstant(b, loc, x.getType(), -limit);
  Value high = createConstant(b, loc, x.getType(), limit);
  Value zero = createConstant(b, loc, x.getType(), 0);
  using P = arith::CmpFPredicate;
  Value isNaN = arith::CmpFOp::create(b, loc, P::UNO, x, x);
  Value isHigh = arith::CmpFOp::create(b, loc, P::OGE, x, high);
  Value isLow = arith::CmpFOp::create(b, loc, P::OLT, x, low);
  Value safe = arith::SelectOp::create(b, loc, isNaN, zero, x);
  safe = arith::SelectOp::create(b, loc, isHigh, zero, safe);
  safe = arith::SelectOp::create(b, loc, isLow, low, safe);
  Value integer = arith::FPToSIOp::create(b, loc, type, safe);
  Value greatest = arith::ConstantOp::create(
      b, loc, b.getIntegerAttr(type, APInt::getSignedMaxValue(width)));
  return arith::SelectOp::create(b, loc, isHigh, greatest, integer);
}

Value CastOp::buildScalar(OpBuilder &b, Location loc, ValueRange v, Type to) {
  Value x = v[0];
  Type from = x.getType();
  if (from == to)
    return x;
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  if (to.isInteger(1)) {
    Value zero = createConstant(b, loc, from, 0);
    if (fromFloat)
      return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNE, x, zero);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, x, zero);
  }
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  unsigned toWidth = to.getIntOrFloatBitWidth();
  if (fromFloat && toFloat) {
    if (fromWidth == toWidth) // f16 and bf16: through f32, which holds both.
      x = arith::ExtFOp::create(b, loc, b.getF32Type(), x), fromWidth = 32;
    if (fromWidth < toWidth)
      return arith::ExtFOp::create(b, loc, to, x);
    return arith::TruncFOp::create(b, loc, to, x);
  }
  if (fromFloat)
    return buildSaturate(b, loc, x, to);
  if (toFloat && toWidth < 32) {
    Type f32 = b.getF32Type();
    return arith::TruncFOp::create(b, loc, to, buildScalar(b, loc, v, f32));
  }
  if (toFloat && from.isInteger(1))
    return arith::UIToFPOp::create(b, loc, to, x);
  if (toFloat)
    return arith::SIToFPOp::create(b, loc, to, x);
  if (fromWidth > toWidth)
    return arith::TruncIOp::create(b, loc, to, x);
  if (from.isInteger(1))
    return arith::ExtUIOp::create(b, loc, to, x);
  return arith::ExtSIOp::create(b, loc, to, x);
}

OpFoldResult CastOp::fold(FoldAdaptor) {
  return getX().getType() == getY().getType() ? OpFoldResult(getX())
                                              : OpFoldResult();
}

LogicalResult BitcastOp::verify() {
  if (getElementTypeOrSelf(getX().getType()).getIntOrFloatBitWidth() !=
      getElementTypeOrSelf(getY().getType()).getIntOrFloatBitWidth())
    return emitOpError("(C2) needs elements of one width: ")
           << getX().getType() << " to " << getY().getType();
  return verifySameShape(*this);
}

Scalar BitcastOp::evaluateScalar(Scalars v) {
  HostTensor from(getElementTypeOrSelf(getX().getType()), {});
  HostTensor to(getElementTypeOrSelf(getY().getType()), {});
  from.set(0, v[0]);
  std::copy(from.data(), from.data() + from.getNumBytes(), to.data());
  return to.get(0);
}

Value BitcastOp::buildScalar(OpBuilder &b, Location loc, ValueRange v,
                             Type type) {
  return arith::BitcastOp::create(b, loc, type, v[0]);
}

//===- Folding ------------------------------------------------------------===//

OpFoldResult NegOp::fold(FoldAdaptor) {
  if (auto inner = getX().getDefiningOp<NegOp>())
    return inner.getX();
  return {};
}

/// x (op) neutral = x, where broadcasting leaves x as it is.
template <typename Op>
static OpFoldResult foldNeutral(Op op, Attribute y, double neutral) {
  if (op.getX().getType() == op.getType() && isSplat(y, neutral))
    return op.getX();
  return {};
}

// Adding +0 changes -0, so only subtraction has a neutral float zero.
OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  if (isa<FloatType>(getElementTypeOrSelf(getType())))
    return {};
  return foldNeutral(*this, adaptor.getY(), 0);
}
OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  return foldNeutral(*this, adaptor.getY(), 0);
}
OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  return foldNeutral(*this, adaptor.getY(), 1);
}
OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  return foldNeutral(*this, adaptor.getY(), 1);
}
