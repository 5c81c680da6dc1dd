//===- Reduction.h - What reductions and scans share ------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_REDUCTION_REDUCTION_H
#define DITHER_OPS_REDUCTION_REDUCTION_H

#include "Dither/IR/Dither.h"

namespace dither {

/// What nothing combines to.
Scalar getNeutral(ReduceKind kind, mlir::Type element);

Scalar combine(ReduceKind kind, Scalar x, Scalar y);

/// exp(x - y), where y is at least x: 1 if they are equal, infinite ones too.
mlir::Value buildExponentialWeight(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                                   mlir::Value y);

} // namespace dither

#endif // DITHER_OPS_REDUCTION_REDUCTION_H
