//===- BlockScan.h - Scans over the threads of a block ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_BLOCKSCAN_H
#define DITHER_CODEGEN_CUDA_KERNELS_BLOCKSCAN_H

#include "compiler/Codegen/CUDA/Kernels/Launch.h"

namespace dither {

/// Whether lanes can exchange values of a type: numbers of at most 64 bits.
bool canShuffle(mlir::Type type);

/// What another lane of the warp has: of numbers of 64 bits, in two halves.
mlir::Value emitShuffle(mlir::ImplicitLocOpBuilder &b, mlir::Value value,
                        int32_t offset, mlir::gpu::ShuffleMode mode);

/// Combines values of earlier threads with those of later ones. Associative,
/// with `neutral` on either side changing nothing; several values at once.
struct ScanOperator {
  llvm::SmallVector<mlir::Value> neutral;
  std::function<llvm::SmallVector<mlir::Value>(mlir::ValueRange,
                                               mlir::ValueRange)>
      combine;

  /// The sum of integers of a type.
  static ScanOperator getSum(mlir::ImplicitLocOpBuilder &b, mlir::Type type);
};

/// What scans give to each thread.
struct Scanned {
  /// Of all threads before it, and of all.
  llvm::SmallVector<mlir::Value> before, all;
};

/// Emits a scan over the lanes of a warp, all of which come to it. The order in
/// which values are combined depends on nothing.
Scanned emitWarpScan(mlir::ImplicitLocOpBuilder &b, mlir::Value lane,
                     mlir::ValueRange values, const ScanOperator &op);

/// A scan over the threads of a block, whose warps meet in shared memory.
class BlockScan {
public:
  BlockScan(mlir::ImplicitLocOpBuilder &b, Launch &launch,
            const ScanOperator &op);

  /// All threads of the block come to it. It begins with a barrier, so that
  /// another one may be before it.
  Scanned emit(mlir::ValueRange values);

private:
  mlir::ImplicitLocOpBuilder &b;
  mlir::Value thread;
  const ScanOperator &op;
  llvm::SmallVector<mlir::Value> shared;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_BLOCKSCAN_H
