//===- RegisterLayoutTest.cpp - Fragments as PTX documents them -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The formulas are those of the PTX ISA, "Matrix Fragments for mma.m16n8k*" and
// "Register Fragments and Shared Memory Matrix Layouts" of wgmma: groupID is
// lane / 4, threadID_in_group lane % 4, i the element.
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/RegisterLayouts.h"
#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>
#include <set>

using namespace llvm;
using namespace dither::tile;

using Coordinates = SmallVector<uint64_t, 2>;
using Formula = function_ref<Coordinates(unsigned lane, unsigned i)>;

static std::string reason;

/// Whether each element is where the document says, and there are `elements`.
static void expectFragment(FailureOr<LinearLayout> layout, unsigned elements,
                           Formula formula) {
  ASSERT_TRUE(succeeded(layout)) << reason;
  ASSERT_EQ(layout->getInputSize(dim::reg), elements);
  ASSERT_EQ(layout->getInputSize(dim::lane), 32u);
  ASSERT_TRUE(layout->isBijective());
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned i = 0; i < elements; ++i)
      EXPECT_EQ(layout->apply({i, lane}), formula(lane, i))
          << "lane " << lane << ", element " << i;
}

TEST(MmaFragments, A16BitsK16) {
  expectFragment(getOperandFragment(Operand::A, 16, 16, reason), 8,
                 [](unsigned lane, unsigned i) {
                   uint64_t row = lane / 4, column = lane % 4 * 2 + (i & 1);
                   if (!(i < 2 || (i >= 4 && i < 6)))
                     row += 8;
                   if (i >= 4)
                     column += 8;
                   return Coordinates{row, column};
                 });
}

TEST(MmaFragments, A16BitsK8) {
  expectFragment(getOperandFragment(Operand::A, 16, 8, reason), 4,
                 [](unsigned lane, unsigned i) {
                   return Coordinates{i < 2 ? lane / 4 : lane / 4 + 8,
                                      lane % 4 * 2 + (i & 1)};
                 });
}

TEST(MmaFragments, B16Bits) {
  auto formula = [](unsigned lane, unsigned i) {
    uint64_t row = lane % 4 * 2 + (i & 1);
    return Coordinates{i < 2 ? row : row + 8, lane / 4};
  };
  expectFragment(getOperandFragment(Operand::B, 16, 16, reason), 4, formula);
  expectFragment(getOperandFragment(Operand::B, 16, 8, reason), 2, formula);
}

TEST(MmaFragments, A8BitsK32) {
  expectFragment(getOperandFragment(Operand::A, 8, 32, reason), 16,
                 [](unsigned lane, unsigned i) {
                   bool low = i < 4 || (i >= 8 && i < 12);
                   uint64_t column = lane % 4 * 4 + (i & 3);
                   return Coordinates{low ? lane / 4 : lane / 4 + 8,
                                      i < 8 ? column : column + 16};
                 });
}

TEST(MmaFragments, A8BitsK16) {
  expectFragment(getOperandFragment(Operand::A, 8, 16, reason), 8,
                 [](unsigned lane, unsigned i) {
                   return Coordinates{i < 4 ? lane / 4 : lane / 4 + 8,
                                      lane % 4 * 4 + (i & 3)};
                 });
}

TEST(MmaFragments, B8Bits) {
  auto formula = [](unsigned lane, unsigned i) {
    uint64_t row = lane % 4 * 4 + (i & 3);
    return Coordinates{i < 4 ? row : row + 16, lane / 4};
  };
  expectFragment(getOperandFragment(Operand::B, 8, 32, reason), 8, formula);
  expectFragment(getOperandFragment(Operand::B, 8, 16, reason), 4, formula);
}

TEST(MmaFragments, A4BitsK64) {
  expectFragment(getOperandFragment(Operand::A, 4, 64, reason), 32,
                 [](unsigned lane, unsigned i) {
                   bool low = i < 8 || (i >= 16 && i < 24);
                   uint64_t column = lane % 4 * 8 + (i & 7);
                   return Coordinates{low ? lane / 4 : lane / 4 + 8,
                                      i < 16 ? column : column + 32};
                 });
}

TEST(MmaFragments, B4Bits) {
  expectFragment(getOperandFragment(Operand::B, 4, 64, reason), 16,
                 [](unsigned lane, unsigned i) {
                   uint64_t row = lane % 4 * 8 + (i & 7);
                   return Coordinates{i < 8 ? row : row + 32, lane / 4};
                 });
}

TEST(MmaFragments, Tf32) {
  auto a = [](unsigned lane, unsigned i) {
    bool low = i == 0 || i == 2;
    return Coordinates{low ? lane / 4 : lane / 4 + 8,
                       i < 2 ? lane % 4 : lane % 4 + 4};
  };
  auto b = [](unsigned lane, unsigned i) {
    return Coordinates{i == 0 ? lane % 4 : lane % 4 + 4, lane / 4};
  };
  expectFragment(getOperandFragment(Operand::A, 32, 8, reason), 4, a);
  expectFragment(getOperandFragment(Operand::A, 32, 4, reason), 2, a);
  expectFragment(getOperandFragment(Operand::B, 32, 8, reason), 2, b);
  expectFragment(getOperandFragment(Operand::B, 32, 4, reason), 1, b);
}

TEST(MmaFragments, Accumulator) {
  expectFragment(getAccumulatorFragment(), 4, [](unsigned lane, unsigned i) {
    return Coordinates{i < 2 ? lane / 4 : lane / 4 + 8, lane % 4 * 2 + (i & 1)};
  });
}

TEST(MmaFragments, Matrix) {
  expectFragment(getMatrixFragment(), 2, [](unsigned lane, unsigned i) {
    return Coordinates{lane / 4, lane % 4 * 2 + i};
  });
  expectFragment(getMatrixFragment(16, /*transposed=*/true), 2,
                 [](unsigned lane, unsigned i) {
                   return Coordinates{lane % 4 * 2 + i, lane / 4};
                 });
}

TEST(MmaFragments, OthersAreErrors) {
  EXPECT_TRUE(failed(getOperandFragment(Operand::A, 64, 4, reason)));
  EXPECT_EQ(reason, "no mma.sync has operands of 64 bits");
  EXPECT_TRUE(failed(getOperandFragment(Operand::A, 16, 32, reason)));
  EXPECT_EQ(reason, "mma.sync on 16 bits has the depth 8 or 16, not 32");
}

TEST(WarpTiles, Accumulator) {
  auto layout = getAccumulatorLayout(64, 32, 2, 2, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  EXPECT_TRUE(layout->isBijective());
  // Of a warp: two fragments along columns, two along rows.
  LinearLayout fragment = getAccumulatorFragment();
  for (unsigned warp = 0; warp < 4; ++warp)
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned i = 0; i < 16; ++i) {
        Coordinates expected = fragment.apply({i % 4, lane});
        expected[0] += 16 * (i / 8) + 32 * (warp / 2);
        expected[1] += 8 * (i / 4 % 2) + 16 * (warp % 2);
        EXPECT_EQ(layout->apply({i, lane, warp}), expected);
      }
  auto rest = layout->divideLeft(fragment);
  ASSERT_TRUE(rest.has_value());
  EXPECT_EQ(rest->str(), "register = [[0, 1], [1, 0]], lane = [], warp = [[0, "
                         "2], [2, 0]] -> row: 4, column: 4");
}

TEST(WarpTiles, Operands) {
  // 64 x 64 by 64 x 32, of 16 bits: four steps of depth.
  auto a = getOperandLayout(Operand::A, 64, 64, 2, 2, 16, reason);
  ASSERT_TRUE(succeeded(a)) << reason;
  auto b = getOperandLayout(Operand::B, 64, 32, 2, 2, 16, reason);
  ASSERT_TRUE(succeeded(b)) << reason;
  LinearLayout aFragment = *getOperandFragment(Operand::A, 16, 16, reason);
  LinearLayout bFragment = *getOperandFragment(Operand::B, 16, 16, reason);
  for (unsigned warp = 0; warp < 4; ++warp)
    for (unsigned lane = 0; lane < 32; ++lane) {
      for (unsigned i = 0; i < 64; ++i) {
        Coordinates expected = aFragment.apply({i % 8, lane});
        expected[0] += 16 * (i / 8 % 2) + 32 * (warp / 2);
        expected[1] += 16 * (i / 16);
        EXPECT_EQ(a->apply({i, lane, warp}), expected);
      }
      for (unsigned i = 0; i < 32; ++i) {
        Coordinates expected = bFragment.apply({i % 4, lane});
        expected[0] += 16 * (i / 8);
        expected[1] += 8 * (i / 4 % 2) + 16 * (warp % 2);
        EXPECT_EQ(b->apply({i, lane, warp}), expected);
      }
    }
  // Warps along the other dimension hold copies.
  EXPECT_EQ(a->getFreeBits(dim::warp), 1u);
  EXPECT_EQ(b->getFreeBits(dim::warp), 2u);
}

TEST(WarpTiles, ShallowOperandsTakeTheSmallerInstruction) {
  auto a = getOperandLayout(Operand::A, 16, 8, 1, 1, 16, reason);
  ASSERT_TRUE(succeeded(a)) << reason;
  EXPECT_EQ(a->getInputSize(dim::reg), 4u);
}

TEST(WarpTiles, ThatAreTooSmall) {
  EXPECT_TRUE(failed(getAccumulatorLayout(16, 8, 2, 1, reason)));
  EXPECT_EQ(reason, "a tile of 16 x 8 is not made of 32 x 8, by powers of two: "
                    "all warps with a fragment each");
  EXPECT_TRUE(failed(getAccumulatorLayout(48, 8, 1, 1, reason)));
  EXPECT_TRUE(failed(getAccumulatorLayout(64, 8, 3, 1, reason)));
  EXPECT_EQ(reason, "3 x 1 warps are not powers of two");
  EXPECT_TRUE(failed(getOperandLayout(Operand::A, 64, 64, 1, 1, 0, reason)));
}

TEST(WarpGroups, Accumulator) {
  for (unsigned n : {8u, 16u, 64u, 256u}) {
    auto layout = getGroupAccumulatorLayout(64, n, 1, 1, reason);
    ASSERT_TRUE(succeeded(layout)) << reason;
    EXPECT_TRUE(layout->isBijective());
    ASSERT_EQ(layout->getInputSize(dim::reg), n / 2);
    for (unsigned warp = 0; warp < 4; ++warp)
      for (unsigned lane = 0; lane < 32; ++lane)
        for (unsigned i = 0; i < n / 2; ++i)
          EXPECT_EQ(layout->apply({i, lane, warp}),
                    (Coordinates{16 * warp + lane / 4 + 8 * (i / 2 % 2),
                                 8 * (i / 4) + lane % 4 * 2 + i % 2}));
  }
}

TEST(WarpGroups, TilesOfTwoGroups) {
  auto layout = getGroupAccumulatorLayout(256, 128, 2, 1, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  EXPECT_TRUE(layout->isBijective());
  EXPECT_EQ(layout->getInputSize(dim::warp), 8u);
  // 64 registers of one instruction, then the next 64 rows of the group.
  EXPECT_EQ(layout->apply({64, 0, 0}), (Coordinates{64, 0}));
  EXPECT_EQ(layout->apply({0, 0, 1}), (Coordinates{16, 0}));
  EXPECT_EQ(layout->apply({0, 0, 4}), (Coordinates{128, 0}));
  auto a = getGroupOperandLayout(256, 64, 2, 1, 16, reason);
  ASSERT_TRUE(succeeded(a)) << reason;
  EXPECT_TRUE(a->isBijective());
  EXPECT_EQ(a->apply({0, 0, 5}), (Coordinates{144, 0}));
  EXPECT_EQ(a->apply({8, 0, 0}), (Coordinates{64, 0}));
  EXPECT_EQ(a->apply({16, 0, 0}), (Coordinates{0, 16}));
}

TEST(BlockedLayouts, RepeatAndCopy) {
  auto layout = getBlockedLayout({{"row", 16}, {"column", 64}}, {1, 4}, {4, 8},
                                 {2, 1}, {1, 0}, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  EXPECT_TRUE(layout->isBijective());
  for (unsigned warp = 0; warp < 2; ++warp)
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned i = 0; i < 16; ++i)
        EXPECT_EQ(layout->apply({i, lane, warp}),
                  (Coordinates{lane / 8 + 4 * warp + 8 * (i / 8),
                               i % 4 + lane % 8 * 4 + 32 * (i / 4 % 2)}));
  // One row less than there are lanes for it.
  layout = getBlockedLayout({{"row", 2}, {"column", 32}}, {1, 4}, {4, 8},
                            {2, 1}, {1, 0}, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  EXPECT_TRUE(layout->isSurjective());
  EXPECT_EQ(layout->getFreeBits(dim::lane), 16u);
  EXPECT_EQ(layout->getFreeBits(dim::warp), 1u);
}

TEST(BlockedLayouts, Errors) {
  SmallVector<Dim> shape = {{"row", 16}, {"column", 64}};
  EXPECT_TRUE(
      failed(getBlockedLayout(shape, {1, 4}, {4, 4}, {1, 1}, {1, 0}, reason)));
  EXPECT_EQ(reason, "a warp has 32 threads, not 16");
  EXPECT_TRUE(
      failed(getBlockedLayout(shape, {1, 4}, {4, 8}, {1, 1}, {1, 1}, reason)));
  EXPECT_EQ(reason, "the order is not one of 2 dimensions");
  EXPECT_TRUE(
      failed(getBlockedLayout(shape, {1}, {4, 8}, {1, 1}, {1, 0}, reason)));
  EXPECT_TRUE(
      failed(getBlockedLayout(shape, {1, 3}, {4, 8}, {1, 1}, {1, 0}, reason)));
  EXPECT_EQ(reason, "3 along 'column' is not a power of two");
}

TEST(BlockedLayouts, CoalescedAccessesAreWhole) {
  for (bool columnMajor : {false, true})
    for (unsigned bytes : {1u, 2u, 4u}) {
      auto layout = getCoalescedLayout(64, 128, bytes, 4, columnMajor, reason);
      ASSERT_TRUE(succeeded(layout)) << reason;
      EXPECT_TRUE(layout->isBijective());
      // A warp's access is of 16 bytes a lane and covers whole sectors.
      for (unsigned warp = 0; warp < 4; ++warp) {
        std::set<uint64_t> sectors;
        for (unsigned lane = 0; lane < 32; ++lane)
          for (unsigned i = 0; i < 16 / bytes; ++i) {
            auto at = layout->apply({i, lane, warp});
            uint64_t element =
                columnMajor ? at[1] * 64 + at[0] : at[0] * 128 + at[1];
            sectors.insert(element * bytes / 32);
          }
        EXPECT_EQ(sectors.size(), 16u);
      }
    }
}
