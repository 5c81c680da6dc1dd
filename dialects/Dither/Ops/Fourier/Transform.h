//===- Transform.h - Fourier transforms as expressions ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_FOURIER_TRANSFORM_H
#define DITHER_OPS_FOURIER_TRANSFORM_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Which way a transform goes, without a factor: the sign of its exponents.
enum class Direction { forward = -1, inverse = 1 };

/// Builds transforms of tensors of f32 or wider floats `[batch, rows, n]`, or
/// `[batch, rows, n, 2]` of complex numbers, where the batch may be dynamic.
mlir::Value buildComplexTransform(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                                  Direction direction);
/// Of real numbers to the first n / 2 + 1.
mlir::Value buildRealTransform(mlir::ImplicitLocOpBuilder &b, mlir::Value x);
/// Of n / 2 + 1 numbers to n real ones, divided by n.
mlir::Value buildRealInverse(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                             int64_t n);

/// `count` elements from `first` on along a dimension.
mlir::Value buildRange(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                       int64_t dim, int64_t first, int64_t count);
/// Cuts a dimension off, or appends zeros to it.
mlir::Value buildResized(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                         int64_t dim, int64_t extent);
/// A constant from its elements in row-major order.
mlir::Value buildTable(mlir::ImplicitLocOpBuilder &b,
                       llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<double> elements, mlir::Type element);

} // namespace dither

#endif // DITHER_OPS_FOURIER_TRANSFORM_H
