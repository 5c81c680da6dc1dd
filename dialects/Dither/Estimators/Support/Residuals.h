//===- Residuals.h - Residuals of a few bits --------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_ESTIMATORS_SUPPORT_RESIDUALS_H
#define DITHER_ESTIMATORS_SUPPORT_RESIDUALS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Checks that fields of the elements of `type` can be packed: along the last
/// dimension, which must be static. `estimator` appears in the message.
llvm::LogicalResult verifyPackable(mlir::Operation *op, mlir::Type type,
                                   mlir::Attribute estimator);

/// Packs i8 fields along the last dimension.
mlir::Value buildPackedResidual(mlir::ImplicitLocOpBuilder &b,
                                mlir::Value fields, int64_t bits);

/// Reads the fields, one i8 for each element of a tensor of `type`.
mlir::Value buildUnpackedResidual(mlir::ImplicitLocOpBuilder &b,
                                  mlir::Value packed, mlir::Type type,
                                  int64_t bits);

/// The bytes of fields of `bits` bits packed along the last dimension; a
/// dynamic extent counts as 1, so that they are bytes for each sample.
int64_t getPackedResidualBytes(mlir::Type type, int64_t bits);

} // namespace dither

#endif // DITHER_ESTIMATORS_SUPPORT_RESIDUALS_H
