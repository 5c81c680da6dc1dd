//===- GroupTiles.h - Tiles in shared memory for wgmma ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TILE_LAYOUT_GROUPTILES_H
#define DITHER_TILE_LAYOUT_GROUPTILES_H

#include "Tile/Layout/RegisterLayouts.h"
#include "Tile/Layout/SharedLayouts.h"

namespace dither::tile {

/// How TMA writes a tile: panel by panel, each a box of a tensor map.
struct TmaTile {
  /// Rows of a panel have that many bytes, and so does its swizzle.
  unsigned modeBytes;
  Order order;
  /// The panel as a box of the matrix in memory.
  uint64_t boxRows, boxColumns;
  uint64_t panels;
};
/// Fails for layouts that TMA does not write.
llvm::FailureOr<TmaTile> matchTmaLayout(const LinearLayout &shared,
                                        unsigned elementBytes,
                                        std::string &reason);
/// The layout with the widest swizzle that rows have room for: 128 bytes, 64
/// or 32. Fails if rows are shorter.
llvm::FailureOr<LinearLayout> chooseTmaLayout(uint64_t rows, uint64_t columns,
                                              unsigned elementBytes,
                                              Order order, std::string &reason);

/// The same elements, of which those of a dimension have other coordinates: bit
/// `i` of the coordinate becomes `images[i]`.
LinearLayout mapOutput(const LinearLayout &layout, llvm::StringRef output,
                       llvm::ArrayRef<uint64_t> images);

/// Which rows and which steps of the contraction the instruction takes for its
/// own when threads hold others in their registers: images of bits, as of
/// mapOutput. A product is the same whatever the order, as long as both
/// operands have one along the contraction, and the sums that of the rows.
struct GroupOrder {
  llvm::SmallVector<uint64_t> rows, depth;
};
/// What makes getGroupOperandLayout the layout of a first operand in registers.
/// Fails if there is no such order.
llvm::FailureOr<GroupOrder> matchGroupOperand(const LinearLayout &registers,
                                              unsigned elementBits,
                                              std::string &reason);
/// The layout of the second operand, as the instruction sees it.
LinearLayout undoDepth(const LinearLayout &shared, const GroupOrder &order);

/// The fields of a matrix descriptor of wgmma, all but its address.
struct MatrixDescriptor {
  /// Elements that are side by side do not lie along the contraction.
  bool transposed;
  unsigned modeBytes;
  /// Along the contraction: groups of eight rows of the operand are
  /// `strideBytes` apart, and `leadingBytes` is without meaning. Transposed:
  /// eight steps of the contraction are `strideBytes` apart, panels
  /// `leadingBytes`.
  uint64_t leadingBytes, strideBytes;

  /// The 64 bits; the address, divided by 16, is added to them.
  uint64_t encode() const;
};
llvm::FailureOr<MatrixDescriptor> getDescriptor(const LinearLayout &shared,
                                                Operand operand,
                                                unsigned elementBytes,
                                                std::string &reason);

} // namespace dither::tile

#endif // DITHER_TILE_LAYOUT_GROUPTILES_H
