//===- RegisterLayouts.h - Tiles in registers -------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layouts (register, lane, warp) -> (row, column) of a tile. A register is one
// element here; elements of less than 32 bits share machine registers, the
// first in the lowest bits, as PTX packs them.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TILE_LAYOUT_REGISTERLAYOUTS_H
#define DITHER_TILE_LAYOUT_REGISTERLAYOUTS_H

#include "Tile/Layout/LinearLayout.h"

namespace dither::tile {

/// The operand of a product: A has rows by depth, B depth by columns.
enum class Operand { A, B };

/// The matrix of `ldmatrix` and `stmatrix`: 8 rows of 16 bytes. Transposed, it
/// is the transpose of what is stored that has this layout.
LinearLayout getMatrixFragment(unsigned elementBits = 16,
                               bool transposed = false);
/// The accumulator of mma.sync.m16n8k*, 16 x 8.
LinearLayout getAccumulatorFragment();
/// An operand of mma.sync.m16n8k*, of elements of 4, 8, 16 or 32 (tf32) bits.
/// `depth` is the k of the instruction: 16 or 32 bytes of elements.
llvm::FailureOr<LinearLayout> getOperandFragment(Operand operand,
                                                 unsigned elementBits,
                                                 unsigned depth,
                                                 std::string &reason);

/// Accumulators of mma.sync over a tile. Registers step through a fragment,
/// then along columns, then along rows. Each warp has consecutive rows and
/// columns; consecutive warps are along columns.
llvm::FailureOr<LinearLayout> getAccumulatorLayout(uint64_t tileRows,
                                                   uint64_t tileColumns,
                                                   unsigned warpsAlongRows,
                                                   unsigned warpsAlongColumns,
                                                   std::string &reason);
/// An operand for getAccumulatorLayout with as many warps. The tile is that of
/// the operand. Registers step through a fragment, then across the depth, then
/// along it, so that each step of the depth has consecutive registers. Warps
/// that differ only in the dimension that the operand lacks hold the same.
llvm::FailureOr<LinearLayout>
getOperandLayout(Operand operand, uint64_t tileRows, uint64_t tileColumns,
                 unsigned warpsAlongRows, unsigned warpsAlongColumns,
                 unsigned elementBits, std::string &reason);

/// The positions of the elements of a sparse operand A of 64 columns, as of
/// tile.mma_sparse: a row for each 16 of the operand's, 64 words of 16 bits.
llvm::FailureOr<LinearLayout>
getSparseMetadataLayout(uint64_t tileRows, unsigned warpsAlongRows,
                        unsigned warpsAlongColumns, std::string &reason);

/// Accumulators of wgmma.m64nNk* over a tile: four warps, a group, have 64
/// rows. The registers of one instruction are consecutive if N is all of the
/// columns of a group.
llvm::FailureOr<LinearLayout>
getGroupAccumulatorLayout(uint64_t tileRows, uint64_t tileColumns,
                          unsigned groupsAlongRows, unsigned groupsAlongColumns,
                          std::string &reason);
/// A for wgmma, where it comes from registers.
llvm::FailureOr<LinearLayout>
getGroupOperandLayout(uint64_t tileRows, uint64_t tileColumns,
                      unsigned groupsAlongRows, unsigned groupsAlongColumns,
                      unsigned elementBits, std::string &reason);

/// Blocks of consecutive elements for each thread: `order` names the dimensions
/// of `shape` from the one in which elements, then lanes, then warps, are
/// nearest to each other. Registers repeat the block where it does not cover
/// the shape; where it covers more, the bits that are too many make copies.
llvm::FailureOr<LinearLayout> getBlockedLayout(
    llvm::ArrayRef<Dim> shape, llvm::ArrayRef<uint64_t> elementsPerThread,
    llvm::ArrayRef<uint64_t> threads, llvm::ArrayRef<uint64_t> warps,
    llvm::ArrayRef<unsigned> order, std::string &reason);
/// The blocked layout of a tile in which lanes access 16 consecutive bytes each
/// and a warp as many consecutive ones as there are, in rows of global memory,
/// or in columns.
llvm::FailureOr<LinearLayout>
getCoalescedLayout(uint64_t rows, uint64_t columns, unsigned elementBytes,
                   unsigned warps, bool columnMajor, std::string &reason);

} // namespace dither::tile

#endif // DITHER_TILE_LAYOUT_REGISTERLAYOUTS_H
