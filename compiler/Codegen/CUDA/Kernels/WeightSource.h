//===- WeightSource.h - Rows of a weight matrix, decoded --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_WEIGHTSOURCE_H
#define DITHER_CODEGEN_CUDA_KERNELS_WEIGHTSOURCE_H

#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"

namespace dither {

/// The matrix of a product, dense or packed, as a thread of a device reads it.
/// It asks the representation for rows and knows nothing else of it.
class WeightSource {
public:
  explicit WeightSource(ContractOp op);
  WeightSource(ContractOp op, int64_t lanes);

  /// Rows that are decoded together, and columns: fewer of many rows, which
  /// registers have to hold.
  int64_t getStep() const { return step; }
  int64_t getLanes() const { return lanes; }

  /// Emits `getStep()` rows from `row` on, a multiple of it, `getLanes()` f32
  /// of each from `column` on; zeros where there are none. The matrix has
  /// `rows` and `columns`.
  llvm::SmallVector<mlir::Value> emitRows(mlir::ImplicitLocOpBuilder &b,
                                          mlir::Value row, mlir::Value column,
                                          mlir::Value rows,
                                          mlir::Value columns);

  /// Emits the decoding of a tile of `depth` by `columns` elements, along the
  /// contraction and of the result, from (`k`, `column`) on, shared among
  /// `threads` threads: `store` has, inside of the tile, the row and the column
  /// of the matrix that `getLanes()` values begin at.
  void emitTile(
      mlir::ImplicitLocOpBuilder &b, mlir::Value thread, int64_t threads,
      int64_t depth, int64_t columns, mlir::Value k, mlir::Value column,
      mlir::Value allDepth, mlir::Value allColumns,
      llvm::function_ref<void(mlir::Value, mlir::Value, mlir::Value)> store);

private:
  llvm::SmallVector<mlir::Value> emitSome(mlir::ImplicitLocOpBuilder &b,
                                          mlir::Value row, int64_t count,
                                          Panel panel);

  ContractOp op;
  int64_t lanes;
  std::unique_ptr<WeightPanels> weights;
  int64_t step;
};

/// Why threads of a device do not decode a representation that the CPU does;
/// empty if they do. `isTransposed` says of the matrix how it is multiplied.
std::string explainNotDecoded(mlir::RankedTensorType dense,
                              PatternAttrInterface pattern,
                              FormatAttrInterface format, bool isTransposed);

/// Emits one of two, of these types.
llvm::SmallVector<mlir::Value>
emitEither(mlir::ImplicitLocOpBuilder &b, mlir::Value condition,
           mlir::TypeRange types,
           llvm::function_ref<llvm::SmallVector<mlir::Value>()> body,
           llvm::function_ref<llvm::SmallVector<mlir::Value>()> otherwise);

/// Emits `body`, or `otherwise` where the condition does not hold.
llvm::SmallVector<mlir::Value>
emitChoice(mlir::ImplicitLocOpBuilder &b, mlir::Value condition,
           mlir::ValueRange otherwise,
           llvm::function_ref<llvm::SmallVector<mlir::Value>()> body);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_WEIGHTSOURCE_H
