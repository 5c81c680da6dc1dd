//===- SparseWeights.h - Two of each four weights, decoded ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_SPARSEWEIGHTS_H
#define DITHER_CODEGEN_CUDA_KERNELS_SPARSEWEIGHTS_H

#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"

namespace dither {

/// Whether sparse tensor cores multiply by the weights of a product: of each
/// four along the contraction, two are kept, and x has 16 bits.
bool isForSparseTensorCores(ContractOp op);

/// The weights of such a product, as threads write them to tiles: what is kept
/// of a column, and its positions.
class SparseWeights {
public:
  /// Elements of the contraction in a tile, and how many of them are kept.
  static constexpr int64_t tileDepth = 64, tileSlots = tileDepth / 2;
  /// Columns of a row of metadata.
  static constexpr int64_t fragmentRows = 16;

  explicit SparseWeights(ContractOp op);

  /// Emits the decoding of a tile of `columns` columns from (`k`,
  /// `firstColumn`) on, shared among `threads` threads: to tiles `w` of columns
  /// by slots, and to `metadata` as `tile.mma_sparse` wants them.
  struct Tile {
    mlir::Value thread;
    int64_t threads, columns;
    mlir::Value k, firstColumn, allColumns;
    mlir::Value w, metadata, stage;
  };
  void emitTile(mlir::ImplicitLocOpBuilder &b, const Tile &target);

private:
  llvm::SmallVector<mlir::Value> emitDecoded(mlir::ImplicitLocOpBuilder &b,
                                             mlir::Value k, mlir::Value column,
                                             mlir::Value columns);
  llvm::SmallVector<mlir::Value> emitSlots(mlir::ImplicitLocOpBuilder &b,
                                           mlir::Value k, int64_t count,
                                           Panel panel);
  mlir::Value emitGroup(mlir::ImplicitLocOpBuilder &b,
                        llvm::ArrayRef<Term> terms, int64_t slot,
                        mlir::Value scale, mlir::Value word,
                        llvm::SmallVectorImpl<mlir::Value> &values);
  void store(mlir::ImplicitLocOpBuilder &b, const Tile &target,
             llvm::ArrayRef<mlir::Value> decoded, mlir::Value first,
             mlir::Value column);
  void storePositions(mlir::ImplicitLocOpBuilder &b, const Tile &target,
                      mlir::Value word, mlir::Value column, mlir::Value part);

  KernelOptions options;
  mlir::Type element;
  int64_t step = 0, depth;
  std::unique_ptr<WeightPanels> weights;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_SPARSEWEIGHTS_H
