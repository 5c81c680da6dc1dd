//===- Terms.h - Densities and draws as formulas ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_DISTRIBUTIONS_SUPPORT_TERMS_H
#define DITHER_DISTRIBUTIONS_SUPPORT_TERMS_H

#include "Dither/Distributions/Support/Noise.h"
#include <cmath>

namespace dither {

/// A tensor in a formula, element by element with broadcasting.
struct Term {
  mlir::ImplicitLocOpBuilder *b;
  mlir::Value value;

  template <typename Op> Term apply() const {
    return {b, Op::create(*b, value)};
  }
  Term constant(double number) const {
    return {b, buildScalarLike(*b, number, value)};
  }
};

#define DITHER_TERM_ARITHMETIC(SYMBOL, OP)                                     \
  inline Term operator SYMBOL(Term x, Term y) {                                \
    return {x.b, OP::create(*x.b, x.value, y.value)};                          \
  }                                                                            \
  inline Term operator SYMBOL(Term x, double y) {                              \
    return x SYMBOL x.constant(y);                                             \
  }                                                                            \
  inline Term operator SYMBOL(double x, Term y) {                              \
    return y.constant(x) SYMBOL y;                                             \
  }
DITHER_TERM_ARITHMETIC(+, AddOp)
DITHER_TERM_ARITHMETIC(-, SubOp)
DITHER_TERM_ARITHMETIC(*, MulOp)
DITHER_TERM_ARITHMETIC(/, DivOp)
#undef DITHER_TERM_ARITHMETIC

inline Term operator-(Term x) { return x.apply<NegOp>(); }
inline Term abs(Term x) { return x.apply<AbsOp>(); }
inline Term exp(Term x) { return x.apply<ExpOp>(); }
inline Term log(Term x) { return x.apply<LogOp>(); }
inline Term sqrt(Term x) { return x.apply<SqrtOp>(); }
inline Term sin(Term x) { return x.apply<SinOp>(); }
inline Term cos(Term x) { return x.apply<CosOp>(); }
inline Term log1p(Term x) { return x.apply<Log1pOp>(); }
inline Term expm1(Term x) { return x.apply<Expm1Op>(); }
inline Term lgamma(Term x) { return x.apply<LgammaOp>(); }

/// Truth values.
inline Term compare(Predicate predicate, Term x, Term y) {
  return {x.b, CompareOp::create(*x.b, predicate, x.value, y.value)};
}
inline Term isPositive(Term x) {
  return compare(Predicate::gt, x, x.constant(0));
}
inline Term choose(Term condition, Term x, Term y) {
  return {x.b, SelectOp::create(*x.b, condition.value, x.value, y.value)};
}

/// log(-expm1(-x)), the logarithm of 1 - exp(-x), for x >= 0.
inline Term logOneMinusExp(Term x) { return log(-expm1(-x)); }

/// What a sample is built of. Floats of 16 bits go through f32, which noise
/// needs for its tails.
class DrawBuilder {
public:
  DrawBuilder(mlir::ImplicitLocOpBuilder &b, mlir::RankedTensorType type,
              mlir::ValueRange parameters, mlir::Value rng, int64_t stream);

  Term operator[](size_t parameter) const { return {b, parameters[parameter]}; }
  /// Numbers of a random op; draws of more than one use further streams.
  template <typename Op> Term draw() const {
    return {b, buildNoise<Op>(*b, wide, rows, rng, stream)};
  }
  template <typename Op> Term drawFrom(mlir::Value own, int64_t other) const {
    return {b, buildNoise<Op>(*b, wide, rows, own, other)};
  }
  /// A tensor of the shape of the sample, from one that broadcasts to it.
  Term fill(Term x) const;
  /// The sample, in its own type.
  mlir::Value finish(Term x) const;

  mlir::ImplicitLocOpBuilder *b;
  mlir::RankedTensorType type, wide;
  llvm::SmallVector<mlir::Value> parameters;
  mlir::Value rows, rng;
  int64_t stream;
};

/// Builds a density in f32 at least, of a sample and parameters.
mlir::Value
buildWideDensity(mlir::ImplicitLocOpBuilder &b, mlir::Value sample,
                 mlir::ValueRange parameters,
                 llvm::function_ref<Term(Term, llvm::ArrayRef<Term>)> density);

/// The value where it has a density, else minus infinity.
Term limitTo(Term isInside, Term density);

} // namespace dither

#endif // DITHER_DISTRIBUTIONS_SUPPORT_TERMS_H
