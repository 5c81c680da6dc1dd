//===- GroupTiles.cpp - Tiles in shared memory for wgmma ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/GroupTiles.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

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

LinearLayout dither::tile::mapOutput(const LinearLayout &layout,
                                     llvm::StringRef output,
                                     llvm::ArrayRef<uint64_t> images) {
  llvm::SmallVector<LinearLayout::Bases> inputs;
  for (const Dim &input : layout.getInputs()) {
    LinearLayout::Bases bases{input.name, {}};
    for (unsigned bit = 0; bit < input.getBits(); ++bit) {
      auto coordinates = layout.getBasis(input.name, bit);
      for (auto [dim, coordinate] :
           llvm::zip_equal(layout.getOutputs(), coordinates)) {
        if (dim.name != output)
          continue;
        uint64_t sum = 0;
        for (auto [i, image] : llvm::enumerate(images))
          sum ^= coordinate >> i & 1 ? image : 0;
        coordinate = sum;
      }
      bases.coordinates.push_back(coordinates);
    }
    inputs.push_back(bases);
  }
  std::string reason;
  auto mapped = LinearLayout::fromBases(inputs, layout.getOutputs(), reason);
  assert(succeeded(mapped) && "images are inside of the dimension");
  return *mapped;
}

FailureOr<GroupOrder>
dither::tile::matchGroupOperand(const LinearLayout &registers,
                                unsigned elementBits, std::string &reason) {
  uint64_t rows = registers.getOutputSize(dim::row),
           columns = registers.getOutputSize(dim::column);
  auto plain = getGroupOperandLayout(
      rows, columns, unsigned(registers.getInputSize(dim::warp) / 4), 1,
      elementBits, reason);
  if (failed(plain))
    return failure();
  GroupOrder order;
  order.rows.resize(llvm::Log2_64(rows));
  order.depth.resize(llvm::Log2_64(columns));
  // Where the instruction has a bit of a row, the tile has another one of it.
  for (const Dim &input : plain->getInputs()) {
    if (registers.getInputSize(input.name) != input.size)
      continue;
    for (unsigned bit = 0; bit < input.getBits(); ++bit) {
      if (uint64_t row = plain->getBasis(input.name, bit, dim::row))
        order.rows[llvm::Log2_64(row)] =
            registers.getBasis(input.name, bit, dim::row);
      if (uint64_t step = plain->getBasis(input.name, bit, dim::column))
        order.depth[llvm::Log2_64(step)] =
            registers.getBasis(input.name, bit, dim::column);
    }
  }
  auto isPermuted = [](llvm::ArrayRef<uint64_t> images) {
    uint64_t all = 0;
    for (uint64_t image : images) {
      if (!llvm::isPowerOf2_64(image) || (all & image))
        return false;
      all |= image;
    }
    return true;
  };
  if (isPermuted(order.rows) && isPermuted(order.depth) &&
      mapOutput(mapOutput(*plain, dim::row, order.rows), dim::column,
                order.depth) == registers)
    return order;
  reason =
      "registers do not hold rows and steps of the contraction as those of "
      "the instruction, in any order of their bits";
  return failure();
}

LinearLayout dither::tile::undoDepth(const LinearLayout &shared,
                                     const GroupOrder &order) {
  llvm::SmallVector<uint64_t> images(order.depth.size());
  for (auto [i, image] : llvm::enumerate(order.depth))
    images[llvm::Log2_64(image)] = uint64_t(1) << i;
  return mapOutput(shared, dim::row, images);
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
