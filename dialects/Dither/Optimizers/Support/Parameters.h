//===- Parameters.h - Numbers that optimizers are given ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPTIMIZERS_SUPPORT_PARAMETERS_H
#define DITHER_OPTIMIZERS_SUPPORT_PARAMETERS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// An optional number, or its default.
inline double valueOr(mlir::FloatAttr attr, double other) {
  return attr ? attr.getValueAsDouble() : other;
}

/// A rank-0 number as the element type of `like`.
inline mlir::Value buildNumberLike(mlir::ImplicitLocOpBuilder &b,
                                   mlir::Value number, mlir::Value like) {
  mlir::Type element = getElementTypeOrSelf(like.getType());
  return CastOp::create(b, withElement(number.getType(), element), number);
}

/// Checks the weights of averages, (C2), and that of the decay, (C3).
inline llvm::LogicalResult
verifyAveraging(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                double beta1, double beta2, double decay) {
  auto isBeta = [](double value) { return value >= 0 && value < 1; };
  if (!isBeta(beta1) || !isBeta(beta2))
    return emitError() << "(C2) `beta1` is " << beta1 << " and `beta2` "
                       << beta2 << "; both must be in [0, 1)";
  if (!(decay >= 0))
    return emitError() << "(C3) `decay` is " << decay
                       << "; it must not be negative";
  return llvm::success();
}

/// factor * x.
inline mlir::Value buildScaled(mlir::ImplicitLocOpBuilder &b, double factor,
                               mlir::Value x) {
  return MulOp::create(b, x, buildScalarLike(b, factor, x));
}

/// beta x + (1 - beta) y.
inline mlir::Value buildAverage(mlir::ImplicitLocOpBuilder &b, double beta,
                                mlir::Value x, mlir::Value y) {
  return AddOp::create(b, buildScaled(b, beta, x), buildScaled(b, 1 - beta, y));
}

} // namespace dither

#endif // DITHER_OPTIMIZERS_SUPPORT_PARAMETERS_H
