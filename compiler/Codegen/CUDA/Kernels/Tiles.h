//===- Tiles.h - What kernels over tiles have in common ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_TILES_H
#define DITHER_CODEGEN_CUDA_KERNELS_TILES_H

#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"

namespace dither {

/// A layout whose sizes are powers of two, so that it exists.
inline tile::LinearLayout
getLayout(llvm::FailureOr<tile::LinearLayout> layout) {
  assert(succeeded(layout) && "the sizes of tiles are powers of two");
  return *layout;
}

/// A tile in registers.
tile::RegistersType getRegisters(llvm::ArrayRef<int64_t> shape,
                                 mlir::Type element,
                                 const tile::LinearLayout &layout);

/// Emits `stages` tiles in shared memory.
mlir::Value emitShared(mlir::ImplicitLocOpBuilder &b, Launch &launch,
                       int64_t stages, int64_t rows, int64_t columns,
                       mlir::Type element, const tile::LinearLayout &layout);
/// The layout of tiles that are read as they are written, row by row.
tile::LinearLayout getPlainLayout(int64_t rows, int64_t columns,
                                  mlir::Type element);

/// Emits what a kernel writes of a tile of sums whose first element is at a row
/// and a column of the result. `isTransposed`: rows of the tile are columns of
/// the result, so that elements side by side in registers are of a column.
void emitTileResults(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                     mlir::Value sums, mlir::Value firstRow,
                     mlir::Value firstColumn, bool isTransposed);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_TILES_H
