//===- GroupTiles.cpp - Tiles in shared memory for wgmma ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/GroupTiles.h"

using namespace dither::tile;
using llvm::failure;
using llvm::FailureOr;

/// From the widest on. Without a swizzle, wgmma wants blocks of eight rows by
/// 16 bytes, which TMA writes of boxes that narrow alone.
static constexpr unsigned modes[] = {128, 64, 32};

FailureOr<LinearLayout> dither::tile::chooseTmaLayout(uint64_t rows,
                                                      uint64_t columns,
                                                      unsigned elementBytes,
                                                      Order order,
                                                      std::string &reason) {
  for (unsigned mode : modes) {
    auto layout =
        getTmaLayout(rows, columns, elementBytes, mode, order, reason);
    if (succeeded(layout))
      return layout;
  }
  return failure();
}

FailureOr<TmaTile> dither::tile::matchTmaLayout(const LinearLayout &shared,
                                                unsigned elementBytes,
                                                std::string &reason) {
  uint64_t rows = shared.getOutputSize(dim::row),
           columns = shared.getOutputSize(dim::column);
  for (Order order : {Order::RowMajor, Order::ColumnMajor})
    for (unsigned mode : modes) {
      auto layout =
          getTmaLayout(rows, columns, elementBytes, mode, order, reason);
      if (failed(layout) || *layout != shared)
        continue;
      uint64_t major = order == Order::RowMajor ? rows : columns;
      uint64_t minor = order == Order::RowMajor ? columns : rows;
      uint64_t panel = mode / elementBytes;
      return TmaTile{mode, order, major, panel, minor / panel};
    }
  reason = "the layout is not one of panels that TMA writes";
  return failure();
}

FailureOr<MatrixDescriptor>
dither::tile::getDescriptor(const LinearLayout &shared, Operand operand,
                            unsigned elementBytes, std::string &reason) {
  auto tile = matchTmaLayout(shared, elementBytes, reason);
  if (failed(tile))
    return failure();
  // The contraction is along columns of A, and along rows of B.
  bool transposed =
      (operand == Operand::A) == (tile->order == Order::ColumnMajor);
  if (transposed && elementBytes != 2) {
    reason = "only of 16 bits may elements be side by side that do not lie "
             "along the contraction";
    return failure();
  }
  constexpr uint64_t groupRows = 8;
  uint64_t stride = groupRows * tile->modeBytes;
  uint64_t panelBytes = tile->boxRows * tile->modeBytes;
  return MatrixDescriptor{transposed, tile->modeBytes,
                          transposed ? panelBytes : 16, stride};
}

uint64_t MatrixDescriptor::encode() const {
  constexpr unsigned leadingBit = 16, strideBit = 32, swizzleBit = 62;
  uint64_t swizzle = modeBytes == 128 ? 1 : modeBytes == 64 ? 2 : 3;
  return leadingBytes / 16 << leadingBit | strideBytes / 16 << strideBit |
         swizzle << swizzleBit;
}
