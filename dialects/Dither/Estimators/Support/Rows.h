//===- Rows.h - Estimators that keep some rows ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_ESTIMATORS_SUPPORT_ROWS_H
#define DITHER_ESTIMATORS_SUPPORT_ROWS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// ceil(ratio * rows), at least 1.
int64_t countKeptRows(double ratio, int64_t rows);

/// Checks that an estimator of sampled rows serves an op: a linear one, of a
/// matrix.
llvm::LogicalResult verifyLinear(mlir::Operation *op,
                                 mlir::Attribute estimator);

/// Checks that the shape of what rows are taken of is known. Forward functions
/// may leave the batch open; a step of training fixes it.
llvm::LogicalResult verifyStaticRows(mlir::Operation *op, mlir::Type type,
                                     mlir::Attribute estimator);

/// A linear op of 12 rows with a bias whose gradients the estimator gives: what
/// `dither check` compares with its expectation.
std::string printLinearProgram(mlir::Attribute estimator);

} // namespace dither

#endif // DITHER_ESTIMATORS_SUPPORT_ROWS_H
