//===- BlockSupport.h - Ops built as loops over blocks ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_IR_BLOCKSUPPORT_H
#define DITHER_IR_BLOCKSUPPORT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// The extents of a tensor.
llvm::ArrayRef<int64_t> getExtents(mlir::Value tensor);

/// Rows `first, ..., first + count - 1` along a dimension.
mlir::Value buildRows(mlir::ImplicitLocOpBuilder &b, mlir::Value x, int64_t dim,
                      int64_t first, int64_t count);

/// The first rows of a tensor as `count` blocks of `rows` each.
mlir::Value buildBlocks(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                        int64_t count, int64_t rows);

/// Blocks of rows as rows.
mlir::Value buildMergedBlocks(mlir::ImplicitLocOpBuilder &b,
                              mlir::Value blocks);

/// Rows of one tensor and behind them those of another; either may be null.
mlir::Value buildJoinedRows(mlir::ImplicitLocOpBuilder &b, mlir::Value front,
                            mlir::Value back);

/// Builds what is done with an element of each of the tensors, from what is
/// carried and these elements, null where the tensor is.
using BuildElement = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::ValueRange, llvm::ArrayRef<mlir::Value>)>;

/// A loop over the elements of the first dimension of `tensors`, of which some,
/// not all, may be null.
llvm::SmallVector<mlir::Value> buildForEach(mlir::ImplicitLocOpBuilder &b,
                                            mlir::ValueRange carried,
                                            llvm::ArrayRef<mlir::Value> tensors,
                                            BuildElement build);

} // namespace dither

#endif // DITHER_IR_BLOCKSUPPORT_H
