//===- TileRing.h - Tiles that are on their way -----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_TILERING_H
#define DITHER_CODEGEN_CUDA_KERNELS_TILERING_H

#include "Tile/Layout/RegisterLayouts.h"
#include "Tile/Layout/SharedLayouts.h"
#include "compiler/Codegen/CUDA/Kernels/Tiles.h"

namespace dither {

/// How the warps of a block share a tile of the result.
struct Partition {
  int64_t rows, columns;
  unsigned warpsAlongRows, warpsAlongColumns;
};

/// How eight warps share a tile of so many columns: few rows, or a number that
/// is not known, make it lower.
Partition choosePartition(ContractOp op, int64_t columns);

/// The tiles of a product by tensor cores: a ring of them in
/// shared memory, of which two are on their way while one is multiplied. Sizes
/// are powers of two.
class TileRing {
public:
  TileRing(mlir::ImplicitLocOpBuilder &b, Partition partition)
      : b(b), partition(partition) {}

  const Partition &getPartition() const { return partition; }

  /// Emits the tiles of an operand, swizzled so that no access conflicts.
  mlir::Value emitRing(Launch &launch, int64_t rows, int64_t columns,
                       mlir::Type element, tile::Order order);
  /// Emits the tiles of a B of bytes whose words, of four along the
  /// contraction, are those of rows: where neighbours are columns, too.
  mlir::Value emitWords(Launch &launch, int64_t depth, mlir::Type element);
  /// Emits tiles that are read as they are written, row by row.
  mlir::Value emitPlain(Launch &launch, int64_t rows, int64_t columns,
                        mlir::Type element);

  /// Emits the loop along the contraction, `step` elements at a time: `stage`
  /// sends the tiles from an element on on their way to a stage of the ring,
  /// `multiply` adds the products of a stage to the sums, which it gives.
  mlir::Value
  emitLoop(mlir::Value depth, int64_t step,
           llvm::function_ref<void(mlir::Value, mlir::Value)> stage,
           llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> multiply);

  /// The same, with tiles of sums that it carries: `multiply` has the element
  /// and the stage.
  llvm::SmallVector<mlir::Value>
  emitLoop(mlir::Value depth, int64_t step, mlir::ValueRange sums,
           llvm::function_ref<void(mlir::Value, mlir::Value)> stage,
           llvm::function_ref<llvm::SmallVector<mlir::Value>(
               mlir::Value, mlir::Value, mlir::ValueRange)>
               multiply);

  /// Emits sums that are zero, of f32 or i32.
  mlir::Value emitZero(mlir::Type element);

  /// An operand in registers, over `depth` elements of the contraction.
  tile::RegistersType getOperand(tile::Operand operand, int64_t depth,
                                 mlir::Type element);

private:
  mlir::ImplicitLocOpBuilder &b;
  Partition partition;
  /// For what cannot fail.
  std::string reason;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_TILERING_H
