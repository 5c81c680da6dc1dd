//===- ScalarMath.h - Formulas of numbers and of code -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A formula that is a template of its number serves twice: with `double` the
// interpreter evaluates it, with `Real` the compiler builds code. There are no
// branches and no loops in that code, so that vectors can do what scalars do:
// `choose` takes one of two values, both of which are computed.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_SPECIAL_SCALARMATH_H
#define DITHER_OPS_SPECIAL_SCALARMATH_H

#include "Dither/IR/Dither.h"
#include <cmath>

namespace dither::special {

/// A float of code, f32 or f64, and what builds it.
struct Real {
  mlir::ImplicitLocOpBuilder *b;
  mlir::Value value;

  Real constant(double number) const {
    mlir::Type type = value.getType();
    return {b, mlir::arith::ConstantOp::create(
                   *b, mlir::FloatAttr::get(type, number))};
  }
  template <typename Op> Real apply() const {
    return {b, Op::create(*b, value)};
  }
  template <typename Op> Real apply(Real other) const {
    return {b, Op::create(*b, value, other.value)};
  }
};

/// A truth value of code.
struct Mask {
  mlir::ImplicitLocOpBuilder *b;
  mlir::Value value;
};

#define DITHER_REAL_ARITHMETIC(SYMBOL, OP)                                     \
  inline Real operator SYMBOL(Real x, Real y) {                                \
    return x.apply<mlir::arith::OP>(y);                                        \
  }                                                                            \
  inline Real operator SYMBOL(Real x, double y) {                              \
    return x SYMBOL x.constant(y);                                             \
  }                                                                            \
  inline Real operator SYMBOL(double x, Real y) {                              \
    return y.constant(x) SYMBOL y;                                             \
  }
DITHER_REAL_ARITHMETIC(+, AddFOp)
DITHER_REAL_ARITHMETIC(-, SubFOp)
DITHER_REAL_ARITHMETIC(*, MulFOp)
DITHER_REAL_ARITHMETIC(/, DivFOp)
#undef DITHER_REAL_ARITHMETIC

#define DITHER_REAL_COMPARISON(SYMBOL, PREDICATE)                              \
  inline Mask operator SYMBOL(Real x, Real y) {                                \
    return {x.b, mlir::arith::CmpFOp::create(                                  \
                     *x.b, mlir::arith::CmpFPredicate::PREDICATE, x.value,     \
                     y.value)};                                                \
  }                                                                            \
  inline Mask operator SYMBOL(Real x, double y) {                              \
    return x SYMBOL x.constant(y);                                             \
  }
DITHER_REAL_COMPARISON(<, OLT)
DITHER_REAL_COMPARISON(<=, OLE)
DITHER_REAL_COMPARISON(>, OGT)
DITHER_REAL_COMPARISON(>=, OGE)
DITHER_REAL_COMPARISON(==, OEQ)
#undef DITHER_REAL_COMPARISON

inline Real operator-(Real x) { return x.apply<mlir::arith::NegFOp>(); }
inline Mask operator&(Mask x, Mask y) {
  return {x.b, mlir::arith::AndIOp::create(*x.b, x.value, y.value)};
}

inline Real abs(Real x) { return x.apply<mlir::math::AbsFOp>(); }
inline Real exp(Real x) { return x.apply<mlir::math::ExpOp>(); }
inline Real log(Real x) { return x.apply<mlir::math::LogOp>(); }
inline Real sqrt(Real x) { return x.apply<mlir::math::SqrtOp>(); }
inline Real sin(Real x) { return x.apply<mlir::math::SinOp>(); }
inline Real cos(Real x) { return x.apply<mlir::math::CosOp>(); }
inline Real erf(Real x) { return x.apply<mlir::math::ErfOp>(); }
inline Real erfc(Real x) { return x.apply<mlir::math::ErfcOp>(); }
inline Real log1p(Real x) { return x.apply<mlir::math::Log1pOp>(); }
inline Real nearbyint(Real x) { return x.apply<mlir::math::RoundEvenOp>(); }

// What numbers have already, where a template looks for it.
using std::abs;
using std::cos;
using std::erf;
using std::erfc;
using std::exp;
using std::log;
using std::log1p;
using std::nearbyint;
using std::sin;
using std::sqrt;

/// One of two values.
inline Real choose(Mask condition, Real x, Real y) {
  return {x.b, mlir::arith::SelectOp::create(*x.b, condition.value, x.value,
                                             y.value)};
}
inline Real choose(Mask condition, double x, Real y) {
  return choose(condition, y.constant(x), y);
}
inline Real choose(Mask condition, Real x, double y) {
  return choose(condition, x, x.constant(y));
}
inline double choose(bool condition, double x, double y) {
  return condition ? x : y;
}

/// A constant of the type of `x`.
inline Real like(Real x, double value) { return x.constant(value); }
inline double like(double, double value) { return value; }

/// Whether results need the digits of f64.
inline bool isDouble(double) { return true; }
inline bool isDouble(Real x) { return x.value.getType().isF64(); }

/// What sums that go on for ever may leave out, relative to their value.
template <typename N> double epsilonOf(N x) {
  return isDouble(x) ? 0x1p-54 : 0x1p-26;
}

/// c[0] + c[1] x + c[2] x^2 + ...
template <typename N> N polynomial(N x, llvm::ArrayRef<double> c) {
  N sum = like(x, c.back());
  for (double coefficient : llvm::reverse(c.drop_back()))
    sum = sum * x + coefficient;
  return sum;
}

/// x * x * ... * x, for a power of at least 1.
template <typename N> N power(N x, int64_t exponent) {
  N y = x;
  for (int64_t i = 1; i < exponent; ++i)
    y = y * x;
  return y;
}

/// Builds the code of a formula, floats of 16 bits through f32.
inline mlir::Value
buildReal(mlir::OpBuilder &b, mlir::Location loc, mlir::ValueRange v,
          mlir::Type type,
          llvm::function_ref<Real(llvm::ArrayRef<Real>)> formula) {
  mlir::ImplicitLocOpBuilder builder(loc, b);
  bool isNarrow = type.getIntOrFloatBitWidth() < 32;
  llvm::SmallVector<Real> arguments;
  for (mlir::Value x : v)
    arguments.push_back({&builder, isNarrow ? mlir::arith::ExtFOp::create(
                                                  builder, b.getF32Type(), x)
                                                  .getResult()
                                            : x});
  mlir::Value y = formula(arguments).value;
  return isNarrow ? mlir::arith::TruncFOp::create(builder, type, y).getResult()
                  : y;
}

} // namespace dither::special

#endif // DITHER_OPS_SPECIAL_SCALARMATH_H
