//===- GroupRing.h - Tiles that one role brings to others -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_GROUPRING_H
#define DITHER_CODEGEN_CUDA_KERNELS_GROUPRING_H

#include "Tile/Layout/GroupTiles.h"
#include "compiler/Codegen/CUDA/Kernels/Tiles.h"

namespace dither {

/// Warps of a group, which `wgmma` wants.
constexpr int64_t groupWarps = 4;

/// The tiles of a product by `wgmma`: a ring in shared memory. One group of
/// warps, the producers, brings tiles, others, the consumers, multiply them. Of
/// each stage, a barrier says that it is full, and another that it is empty.
class GroupRing {
public:
  /// A tile of the result, of which each group of consumers has as many rows.
  struct Partition {
    int64_t rows, columns, groups;
  };
  static constexpr int64_t stages = 4,
                           producerThreads = groupWarps * warpThreads;

  /// What producers do: one thread of them fetches all tiles by TMA; that,
  /// while all write tiles that they decode; all copy tiles asynchronously.
  enum class Producers { fetch, decode, copy };

  GroupRing(mlir::ImplicitLocOpBuilder &b, Partition partition,
            Producers producers)
      : b(b), partition(partition), producers(producers) {}

  const Partition &getPartition() const { return partition; }
  int64_t getThreads() const {
    return (1 + partition.groups) * groupWarps * warpThreads;
  }

  /// Emits tiles of this layout, or as TMA writes them.
  mlir::Value emitPlace(Launch &launch, int64_t rows, int64_t columns,
                        mlir::Type element, const tile::LinearLayout &layout);
  mlir::Value emitTiles(Launch &launch, int64_t rows, int64_t columns,
                        mlir::Type element, tile::Order order);
  /// Emits tiles that are read as they are written, row by row.
  mlir::Value emitPlain(Launch &launch, int64_t rows, int64_t columns,
                        mlir::Type element);
  /// Emits the map by which a matrix comes to tiles.
  mlir::Value emitMap(mlir::Value matrix, mlir::Value tiles);
  /// Asks for a tile of the stage that producers are at.
  void emitFetch(mlir::Value map, mlir::Value row, mlir::Value column,
                 mlir::Value tiles, mlir::Value stage);

  /// What the roles do with a stage of the ring, for the elements of the
  /// contraction from a number on. By which thread, and whether, follows from
  /// what producers do.
  struct Work {
    /// Asks for tiles, of that many bytes.
    int64_t fetchedBytes;
    llvm::function_ref<void(mlir::Value, mlir::Value)> fetch;
    /// Writes tiles, or copies them.
    llvm::function_ref<void(mlir::Value, mlir::Value)> bring;
    /// Adds products to the sums that it is given.
    llvm::function_ref<mlir::Value(mlir::Value, mlir::Value, mlir::Value)>
        multiply;
    /// Has all sums.
    llvm::function_ref<void(mlir::Value)> finish;
    /// Whether products read registers beside the sums: weights, or positions.
    bool hasRegisters = false;
    /// The order of the sums' rows, if it is not that of the instruction.
    llvm::ArrayRef<uint64_t> rowImages = {};
    /// Whether sums are i32, not f32.
    bool areIntegers = false;
  };
  /// Emits the roles: a loop along the contraction, `step` elements at a time.
  void emitRoles(Launch &launch, mlir::Value depth, int64_t step,
                 const Work &work);

private:
  void emitRole(int64_t first, int64_t warps, int64_t registers,
                llvm::function_ref<void()> body);
  void emitCopies(mlir::Value depth, int64_t step, const Work &work);
  void emitProducers(mlir::Value thread, mlir::Value depth, int64_t step,
                     const Work &work);
  void emitConsumers(mlir::Value depth, int64_t step, const Work &work);

  mlir::ImplicitLocOpBuilder &b;
  Partition partition;
  Producers producers;
  mlir::Value full, empty;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_GROUPRING_H
