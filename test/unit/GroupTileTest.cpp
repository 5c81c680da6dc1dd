//===- GroupTileTest.cpp - Tiles in shared memory for wgmma ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayoutSupport.h"
#include "Tile/Layout/GroupTiles.h"
#include <gtest/gtest.h>
#include <set>

using namespace dither::tile;

static std::string reason;

static LinearLayout getTiles(uint64_t rows, uint64_t columns, unsigned mode,
                             Order order, unsigned bytes = 2) {
  auto layout = getTmaLayout(rows, columns, bytes, mode, order, reason);
  EXPECT_TRUE(succeeded(layout)) << reason;
  return *layout;
}

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

TEST(GroupTiles, TheWidestSwizzleIsChosen) {
  for (Order order : {Order::RowMajor, Order::ColumnMajor})
    for (auto [minor, mode] :
         {std::pair(256, 128), {64, 128}, {32, 64}, {16, 32}}) {
      bool isRowMajor = order == Order::RowMajor;
      uint64_t rows = isRowMajor ? 128 : uint64_t(minor),
               columns = isRowMajor ? uint64_t(minor) : 128;
      auto layout = chooseTmaLayout(rows, columns, 2, order, reason);
      ASSERT_TRUE(succeeded(layout)) << reason;
      EXPECT_EQ(*layout, getTiles(rows, columns, unsigned(mode), order));
    }
}

TEST(GroupTiles, RowsOfSixteenBytesAreTooShort) {
  EXPECT_TRUE(failed(chooseTmaLayout(64, 8, 2, Order::RowMajor, reason)));
  EXPECT_FALSE(reason.empty());
  EXPECT_TRUE(failed(chooseTmaLayout(8, 64, 2, Order::ColumnMajor, reason)));
}

TEST(GroupTiles, PanelsAreFoundAgain) {
  for (Order order : {Order::RowMajor, Order::ColumnMajor})
    for (unsigned bytes : {1u, 2u, 4u})
      for (unsigned mode : {32u, 64u, 128u})
        for (uint64_t panels : {1, 4}) {
          uint64_t major = 64, minor = panels * mode / bytes;
          bool isRowMajor = order == Order::RowMajor;
          auto tile = matchTmaLayout(getTiles(isRowMajor ? major : minor,
                                              isRowMajor ? minor : major, mode,
                                              order, bytes),
                                     bytes, reason);
          ASSERT_TRUE(succeeded(tile)) << reason;
          EXPECT_EQ(tile->modeBytes, mode);
          EXPECT_EQ(tile->order, order);
          EXPECT_EQ(tile->boxRows, major);
          EXPECT_EQ(tile->boxColumns, mode / bytes);
          EXPECT_EQ(tile->panels, panels);
        }
}

TEST(GroupTiles, OtherLayoutsAreNone) {
  auto plain = getSharedLayout(64, 64, 2, Swizzle(), Order::RowMajor, reason);
  ASSERT_TRUE(succeeded(plain)) << reason;
  EXPECT_TRUE(failed(matchTmaLayout(*plain, 2, reason)));
  EXPECT_EQ(reason, "the layout is not one of panels that TMA writes");
  // Rows of 256 bytes that are not cut into panels.
  Swizzle swizzle = {3, 4, 8};
  auto whole = getSharedLayout(64, 128, 2, swizzle, Order::RowMajor, reason);
  ASSERT_TRUE(succeeded(whole)) << reason;
  EXPECT_TRUE(failed(matchTmaLayout(*whole, 2, reason)));
  EXPECT_TRUE(failed(getDescriptor(*plain, Operand::A, 2, reason)));
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

/// What the fields have to be follows from where elements are.
static void checkDescriptor(Operand operand, uint64_t extent, uint64_t depth,
                            unsigned mode, bool transposed) {
  bool isRowMajor = (operand == Operand::A) != transposed;
  uint64_t rows = operand == Operand::A ? extent : depth,
           columns = operand == Operand::A ? depth : extent;
  LinearLayout layout = getTiles(
      rows, columns, mode, isRowMajor ? Order::RowMajor : Order::ColumnMajor);
  auto descriptor = getDescriptor(layout, operand, 2, reason);
  ASSERT_TRUE(succeeded(descriptor)) << reason;
  EXPECT_EQ(descriptor->transposed, transposed);
  EXPECT_EQ(descriptor->modeBytes, mode);
  auto places = layout.invert(reason);
  ASSERT_TRUE(succeeded(places)) << reason;
  // Of an element of the operand's outer extent and of the contraction.
  auto place = [&](uint64_t outer, uint64_t k) {
    return operand == Operand::A ? places->apply({outer, k})[0] * 2
                                 : places->apply({k, outer})[0] * 2;
  };
  if (!transposed) {
    EXPECT_EQ(descriptor->strideBytes, place(8, 0));
    return;
  }
  EXPECT_EQ(descriptor->strideBytes, place(0, 8));
  if (extent > mode / 2) {
    EXPECT_EQ(descriptor->leadingBytes, place(mode / 2, 0));
  }
}

TEST(GroupTiles, DescriptorsSayWhereElementsAre) {
  for (Operand operand : {Operand::A, Operand::B})
    for (unsigned mode : {32u, 64u, 128u}) {
      checkDescriptor(operand, 128, mode / 2, mode, /*transposed=*/false);
      for (uint64_t extent : {uint64_t(mode / 2), uint64_t(128)})
        checkDescriptor(operand, extent, 64, mode, /*transposed=*/true);
    }
}

TEST(GroupTiles, OnlyElementsOfTwoBytesAreTransposed) {
  LinearLayout bytes = getTiles(128, 64, 128, Order::ColumnMajor, 1);
  EXPECT_TRUE(failed(getDescriptor(bytes, Operand::A, 1, reason)));
  EXPECT_EQ(reason, "only of 16 bits may elements be side by side that do not "
                    "lie along the contraction");
  EXPECT_TRUE(succeeded(getDescriptor(bytes, Operand::B, 1, reason)));
}

TEST(GroupTiles, Fields) {
  // Bits 16 to 29 leading bytes, 32 to 45 stride bytes, both by 16; 62 and 63
  // the swizzle.
  EXPECT_EQ((MatrixDescriptor{false, 128, 16, 1024}.encode()),
            uint64_t(1) << 62 | uint64_t(64) << 32 | uint64_t(1) << 16);
  EXPECT_EQ((MatrixDescriptor{true, 64, 8192, 512}.encode()),
            uint64_t(2) << 62 | uint64_t(32) << 32 | uint64_t(512) << 16);
  EXPECT_EQ((MatrixDescriptor{false, 32, 16, 256}.encode()),
            uint64_t(3) << 62 | uint64_t(16) << 32 | uint64_t(1) << 16);
}

//===----------------------------------------------------------------------===//
// Orders
//===----------------------------------------------------------------------===//

static LinearLayout getOperand(uint64_t rows, uint64_t depth) {
  auto layout = getGroupOperandLayout(rows, depth, 1, 1, 16, reason);
  EXPECT_TRUE(succeeded(layout)) << reason;
  return *layout;
}

TEST(GroupTiles, CoordinatesAreMapped) {
  LinearLayout layout = LinearLayout::identity("offset", 8, "row");
  LinearLayout mapped = mapOutput(layout, "row", {4, 1, 2});
  for (uint64_t i = 0; i < 8; ++i)
    EXPECT_EQ(mapped.apply({i})[0], (i << 2 & 4) | i >> 1);
  EXPECT_EQ(mapOutput(layout, "column", {}), layout);
}

TEST(GroupTiles, OrdersOfOperandsAreFound) {
  // A thread has four consecutive rows, and 16 or 32 consecutive steps.
  for (uint64_t steps : {16, 32}) {
    GroupOrder order{{4, 8, 16, 1, 32, 64, 2}, {1, steps, 2 * steps, 2, 4, 8}};
    if (steps == 32)
      order.depth.push_back(16);
    LinearLayout held =
        mapOutput(mapOutput(getOperand(128, 4 * steps), dim::row, order.rows),
                  dim::column, order.depth);
    for (uint64_t lane : {0, 1, 4, 31}) {
      std::set<uint64_t> rows, columns;
      for (uint64_t i = 0; i < 4 * steps; ++i) {
        auto at = held.apply({i, lane, 0});
        rows.insert(at[0]);
        columns.insert(at[1]);
      }
      EXPECT_EQ(rows.size(), 4u);
      EXPECT_EQ(*rows.begin(), lane / 4 * 4);
      EXPECT_EQ(columns.size(), steps);
      EXPECT_EQ(*columns.begin(), lane % 4 * steps);
    }
    auto found = matchGroupOperand(held, 16, reason);
    ASSERT_TRUE(succeeded(found)) << reason;
    EXPECT_EQ(found->rows, order.rows);
    EXPECT_EQ(found->depth, order.depth);
    LinearLayout x = getTiles(4 * steps, 16, 128, Order::ColumnMajor);
    LinearLayout permuted = mapOutput(x, dim::row, order.depth);
    EXPECT_NE(permuted, x);
    EXPECT_EQ(undoDepth(permuted, *found), x);
  }
}

TEST(GroupTiles, OtherOrdersAreNone) {
  LinearLayout plain = getOperand(64, 64);
  EXPECT_TRUE(succeeded(matchGroupOperand(plain, 16, reason)));
  // Two bits of a row that are one, and one that is the sum of two.
  for (uint64_t image : {2, 3}) {
    std::vector<uint64_t> images = {1, 2, 4, 8, 16, 32};
    images[0] = image;
    EXPECT_TRUE(failed(
        matchGroupOperand(mapOutput(plain, dim::row, images), 16, reason)));
  }
  // Rows and steps of the contraction exchanged.
  LinearLayout turned =
      plain.renameOutput("row", "other")
          .renameOutput("column", "row")
          .renameOutput("other", "column")
          .transpose({dim::reg, dim::lane, dim::warp}, {dim::row, dim::column});
  EXPECT_TRUE(failed(matchGroupOperand(turned, 16, reason)));
  EXPECT_EQ(reason,
            "registers do not hold rows and steps of the contraction as "
            "those of the instruction, in any order of their bits");
  // Fewer warps than a group has.
  auto warp = getOperandLayout(Operand::A, 64, 64, 1, 1, 16, reason);
  EXPECT_TRUE(failed(matchGroupOperand(*warp, 16, reason)));
}

//===----------------------------------------------------------------------===//
// Metadata
//===----------------------------------------------------------------------===//

/// As the type of tiles in registers wants them.
TEST(GroupTiles, MetadataHaveRowsFirst) {
  auto layout = getSparseMetadataLayout(64, 4, 1, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  EXPECT_EQ(layout->getOutputs()[0], (Dim{"row", 4}));
  EXPECT_EQ(layout->getOutputs()[1], (Dim{"column", 64}));
}
