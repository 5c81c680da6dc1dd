//===- LinearLayoutTest.cpp - The laws of the algebra of layouts ----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayoutSupport.h"
#include "llvm/ADT/STLExtras.h"
#include <gtest/gtest.h>
#include <random>
#include <set>

using namespace llvm;
using namespace dither::tile;

namespace {
class LinearLayouts : public ::testing::Test {
protected:
  uint64_t random(uint64_t bound) { return generator() % bound; }

  /// Any linear map.
  LinearLayout randomLayout(ArrayRef<Dim> inputs, ArrayRef<Dim> outputs) {
    SmallVector<LinearLayout::Bases> bases;
    for (const Dim &input : inputs) {
      bases.push_back({input.name, {}});
      for (unsigned bit = 0; bit < input.getBits(); ++bit) {
        auto &coordinates = bases.back().coordinates.emplace_back();
        for (const Dim &output : outputs)
          coordinates.push_back(random(output.size));
      }
    }
    return *LinearLayout::fromBases(bases, outputs, reason);
  }
  LinearLayout randomBijection(ArrayRef<Dim> inputs, ArrayRef<Dim> outputs) {
    LinearLayout layout = randomLayout(inputs, outputs);
    while (!layout.isBijective())
      layout = randomLayout(inputs, outputs);
    return layout;
  }
  LinearLayout parse(StringRef text) {
    auto layout = LinearLayout::parse(text, reason);
    EXPECT_TRUE(succeeded(layout)) << reason;
    return succeeded(layout) ? *layout : LinearLayout();
  }
  std::string getError(StringRef text) {
    EXPECT_TRUE(failed(LinearLayout::parse(text, reason))) << text.str();
    return reason;
  }

  std::mt19937_64 generator{20250514};
  std::string reason;
  const SmallVector<Dim> inputs = {{"register", 8}, {"lane", 16}};
  const SmallVector<Dim> outputs = {{"row", 8}, {"column", 16}};
};
} // namespace

TEST_F(LinearLayouts, AreLinear) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout layout = randomLayout(inputs, outputs);
    uint64_t x = random(128), y = random(128);
    EXPECT_EQ(layout.applyPacked(x ^ y),
              layout.applyPacked(x) ^ layout.applyPacked(y));
    EXPECT_EQ(layout.apply({0, 0}), (SmallVector<uint64_t, 2>{0, 0}));
  }
}

TEST_F(LinearLayouts, BasesAreWhereBitsGo) {
  LinearLayout layout = parse("register = [[0, 1], [8, 0]], lane = [[3, 2]] -> "
                              "row: 16, column: 4");
  EXPECT_EQ(layout.apply({3, 1}), (SmallVector<uint64_t, 2>{11, 3}));
  EXPECT_EQ(layout.getBasis("register", 1), (SmallVector<uint64_t, 2>{8, 0}));
  EXPECT_EQ(layout.getBasis("lane", 0, "column"), 2u);
  EXPECT_EQ(layout.getInputSize("register"), 4u);
  EXPECT_EQ(layout.getInputSize("warp"), 1u);
}

TEST_F(LinearLayouts, ProductsAppliedArePieces) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    // Dimensions in another order, one of the second alone.
    LinearLayout a = randomLayout(inputs, outputs);
    LinearLayout b = randomLayout({{"lane", 4}, {"warp", 2}, {"register", 2}},
                                  {{"column", 4}, {"row", 2}});
    LinearLayout product = a * b;
    ASSERT_EQ(product.getInputs(),
              ArrayRef<Dim>({{"register", 16}, {"lane", 64}, {"warp", 2}}));
    ASSERT_EQ(product.getOutputs(),
              ArrayRef<Dim>({{"row", 16}, {"column", 64}}));
    uint64_t r = random(16), l = random(64), w = random(2);
    auto inner = a.apply({r % 8, l % 16});
    auto outer = b.apply({l / 16, w, r / 8});
    EXPECT_EQ(product.apply({r, l, w}),
              (SmallVector<uint64_t, 2>{inner[0] + 8 * outer[1],
                                        inner[1] + 16 * outer[0]}));
  }
}

TEST_F(LinearLayouts, ProductsAreAssociative) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout a = randomLayout(inputs, outputs);
    LinearLayout b = randomLayout({{"warp", 4}, {"lane", 2}}, {{"column", 4}});
    LinearLayout c = randomLayout(inputs, {{"column", 2}, {"plane", 2}});
    EXPECT_EQ((a * b) * c, a * (b * c));
    EXPECT_EQ(a * LinearLayout(), a);
    EXPECT_EQ(LinearLayout() * a, a);
  }
}

TEST_F(LinearLayouts, CompositionIsApplicationInTurn) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout a = randomLayout(inputs, outputs);
    // The dimensions in between may be in any order.
    LinearLayout b = randomLayout({{"column", 16}, {"row", 8}}, {{"x", 32}});
    LinearLayout c = randomLayout({{"x", 32}}, {{"y", 64}});
    auto ab = a.compose(b, reason);
    ASSERT_TRUE(succeeded(ab)) << reason;
    uint64_t r = random(8), l = random(16);
    auto between = a.apply({r, l});
    EXPECT_EQ(ab->apply({r, l}), b.apply({between[1], between[0]}));
    EXPECT_EQ(*ab->compose(c, reason),
              *a.compose(*b.compose(c, reason), reason));
  }
}

TEST_F(LinearLayouts, CompositionNeedsTheSameDimensions) {
  LinearLayout a = LinearLayout::identity("lane", 8, "row");
  EXPECT_TRUE(failed(a.compose(LinearLayout::identity("x", 8, "y"), reason)));
  EXPECT_EQ(reason, "dimensions (row) meet (x)");
  EXPECT_TRUE(failed(a.compose(LinearLayout::identity("row", 4, "y"), reason)));
  EXPECT_EQ(reason, "'row' has the size 8 and meets 4");
}

TEST_F(LinearLayouts, InversesUndo) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout layout = randomBijection(inputs, outputs);
    auto inverse = layout.invert(reason);
    ASSERT_TRUE(succeeded(inverse)) << reason;
    EXPECT_EQ(*inverse->invert(reason), layout);
    for (uint64_t index = 0; index < 128; ++index) {
      EXPECT_EQ(inverse->applyPacked(layout.applyPacked(index)), index);
      EXPECT_EQ(layout.applyPacked(inverse->applyPacked(index)), index);
    }
  }
}

TEST_F(LinearLayouts, OnlyBijectionsHaveInverses) {
  EXPECT_TRUE(failed(parse("lane = [1, 0] -> row: 2").invert(reason)));
  EXPECT_EQ(reason, "2^1 indices of the layout share their coordinates: no "
                    "inverse");
  EXPECT_TRUE(failed(parse("lane = [1, 4] -> row: 8").invert(reason)));
  EXPECT_EQ(reason, "the layout gives 2^2 of 2^3 coordinates: no inverse");
  EXPECT_TRUE(failed(parse("lane = [1, 4] -> row: 8").pseudoInvert(reason)));
}

TEST_F(LinearLayouts, PseudoInversesAreLeast) {
  int surjective = 0;
  for (int repeat = 0; repeat < 100; ++repeat) {
    LinearLayout layout = randomLayout(inputs, {{"row", 4}, {"column", 8}});
    auto inverse = layout.pseudoInvert(reason);
    ASSERT_EQ(succeeded(inverse), layout.isSurjective());
    if (failed(inverse))
      continue;
    ++surjective;
    for (uint64_t target = 0; target < 32; ++target) {
      uint64_t least = 0;
      while (layout.applyPacked(least) != target)
        ++least;
      EXPECT_EQ(inverse->applyPacked(target), least);
    }
  }
  EXPECT_GT(surjective, 50);
}

TEST_F(LinearLayouts, ConversionsFindTheSameElement) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout source = randomLayout(inputs, outputs);
    LinearLayout target =
        randomBijection({{"offset", 128}}, {{"column", 16}, {"row", 8}});
    auto conversion = source.invertAndCompose(target, reason);
    ASSERT_TRUE(succeeded(conversion)) << reason;
    EXPECT_EQ(*conversion, *source.compose(*target.invert(reason), reason));
    EXPECT_EQ(conversion->compose(target, reason)
                  ->transpose({"register", "lane"}, {"row", "column"}),
              source);
  }
}

/// The target may lack elements, as long as none of them is asked for, and have
/// copies.
TEST_F(LinearLayouts, ConversionsToPartsOfTiles) {
  LinearLayout target = parse("offset = [2, 2, 4] -> row: 8");
  auto conversion =
      parse("lane = [4, 2] -> row: 8").invertAndCompose(target, reason);
  ASSERT_TRUE(succeeded(conversion)) << reason;
  EXPECT_EQ(conversion->str(), "lane = [4, 1] -> offset: 8");
  EXPECT_TRUE(
      failed(parse("lane = [1] -> row: 8").invertAndCompose(target, reason)));
  EXPECT_EQ(reason, "no index of the target has row 1");
}

TEST_F(LinearLayouts, RankDecidesInjectivityAndSurjectivity) {
  for (int repeat = 0; repeat < 100; ++repeat) {
    LinearLayout layout = randomLayout({{"lane", 16}, {"register", 2}},
                                       {{"row", 4}, {"column", 8}});
    std::set<uint64_t> met;
    for (uint64_t index = 0; index < 32; ++index)
      met.insert(layout.applyPacked(index));
    EXPECT_EQ(met.size(), size_t(1) << layout.getRank());
    EXPECT_EQ(layout.isInjective(), met.size() == 32);
    EXPECT_EQ(layout.isSurjective(), met.size() == 32);
  }
}

TEST_F(LinearLayouts, WithoutFreeBitsEachCoordinateIsMetOnce) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout layout = randomLayout(inputs, {{"row", 2}, {"column", 8}});
    for (uint64_t index : layout.getKernel())
      EXPECT_EQ(layout.applyPacked(index), 0u);
    EXPECT_EQ(layout.getKernel().size() + layout.getRank(), 7u);
    uint64_t free = layout.getFreeBits("register") | layout.getFreeBits("lane")
                                                         << 3;
    std::set<uint64_t> met;
    for (uint64_t index = 0; index < 128; ++index)
      if (!(index & free)) {
        EXPECT_TRUE(met.insert(layout.applyPacked(index)).second);
      }
    EXPECT_EQ(met.size(), size_t(1) << layout.getRank());
  }
}

TEST_F(LinearLayouts, BroadcastsAreFree) {
  LinearLayout layout = LinearLayout::identity("register", 4, "row") *
                        LinearLayout::zeros("lane", 8, "row");
  EXPECT_EQ(layout.getFreeBits("register"), 0u);
  EXPECT_EQ(layout.getFreeBits("lane"), 7u);
  EXPECT_EQ(LinearLayout::zeros("lane", 2, "row", 8).str(),
            "lane = [0] -> row: 8");
}

TEST_F(LinearLayouts, DivisionUndoesProducts) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout a = randomLayout(inputs, outputs);
    LinearLayout b = randomLayout(inputs, outputs);
    auto rest = (a * b).divideLeft(a);
    ASSERT_TRUE(rest.has_value());
    EXPECT_EQ(*rest, b);
    // What is not of the tile stays, and what is gone has the size 1.
    LinearLayout c = randomLayout({{"warp", 4}}, {{"column", 4}});
    rest = (a * c).divideLeft(a);
    ASSERT_TRUE(rest.has_value());
    EXPECT_EQ(a * *rest, a * c);
    EXPECT_EQ(rest->getInputs(),
              ArrayRef<Dim>({{"register", 1}, {"lane", 1}, {"warp", 4}}));
  }
}

TEST_F(LinearLayouts, DivisionFailsWhereTheTileIsNotTheLowBits) {
  LinearLayout layout = parse("register = [1, 4], lane = [2] -> row: 8");
  EXPECT_TRUE(layout.divideLeft(parse("register = [1] -> row: 2")));
  // The other bits meet those of the tile, or the tile is another one.
  EXPECT_FALSE(layout.divideLeft(parse("register = [1] -> row: 4")));
  EXPECT_FALSE(layout.divideLeft(parse("register = [1, 2] -> row: 4")));
  EXPECT_FALSE(layout.divideLeft(parse("register = [0] -> row: 1")));
  EXPECT_FALSE(layout.divideLeft(parse("warp = [1] -> row: 2")));
  EXPECT_FALSE(layout.divideLeft(parse("register = [1] -> column: 2")));
}

TEST_F(LinearLayouts, ConsecutiveElements) {
  auto count = [&](StringRef text) {
    return parse(text).getNumConsecutive("register", "offset");
  };
  EXPECT_EQ(count("register = [1, 2, 8], lane = [4, 16] -> offset: 32"), 4u);
  EXPECT_EQ(count("register = [1, 2], lane = [4] -> offset: 8"), 4u);
  EXPECT_EQ(count("register = [2, 1], lane = [4] -> offset: 8"), 1u);
  // Swizzled by whole pairs.
  EXPECT_EQ(count("register = [1, 2], lane = [6, 8] -> offset: 16"), 2u);
  // Not aligned: lane 1 begins at 2.
  EXPECT_EQ(count("register = [1, 2], lane = [2] -> offset: 4"), 2u);
  EXPECT_EQ(count("lane = [1] -> offset: 2"), 1u);
}

TEST_F(LinearLayouts, PartsAndOrders) {
  for (int repeat = 0; repeat < 20; ++repeat) {
    LinearLayout layout = randomLayout(inputs, outputs);
    uint64_t r = random(8), l = random(16);
    auto all = layout.apply({r, l});
    EXPECT_EQ(
        layout.transpose({"lane", "register"}, {"column", "row"}).apply({l, r}),
        (SmallVector<uint64_t, 2>{all[1], all[0]}));
    EXPECT_EQ(layout.sublayout({"lane"}, {"column"}).apply({l})[0],
              layout.apply({0, l})[1]);
    LinearLayout cut = layout.reshapeInputs({{"a", 2}, {"b", 64}})
                           .reshapeOutputs({{"c", 128}});
    uint64_t packed = r + 8 * l;
    EXPECT_EQ(cut.apply({packed % 2, packed / 2})[0], all[0] + 8 * all[1]);
    EXPECT_EQ(cut.reshapeInputs(inputs).reshapeOutputs(outputs), layout);
    EXPECT_EQ(layout.renameInput("lane", "thread").getBasis("thread", 2),
              layout.getBasis("lane", 2));
    EXPECT_EQ(layout.renameOutput("row", "m").getBasis("lane", 2, "m"),
              layout.getBasis("lane", 2, "row"));
  }
}

TEST_F(LinearLayouts, Strides) {
  auto layout =
      LinearLayout::strided({{"row", 8, 32}, {"column", 16, 1}, {"row", 2, 16}},
                            "offset", 256, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  for (uint64_t row = 0; row < 16; ++row)
    for (uint64_t column = 0; column < 16; ++column)
      EXPECT_EQ(layout->apply({row, column})[0],
                row % 8 * 32 + row / 8 * 16 + column);
  // Not a power of two, but nothing carries.
  layout = LinearLayout::strided({{"row", 2, 5}, {"column", 2, 2}}, "offset", 8,
                                 reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  EXPECT_EQ(layout->apply({1, 1})[0], 7u);
  // Broadcast.
  layout = LinearLayout::strided({{"row", 4, 0}}, "offset", 2, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  EXPECT_EQ(layout->str(), "row = [0, 0] -> offset: 2");
}

TEST_F(LinearLayouts, StridesThatCarryAreNotLinear) {
  EXPECT_TRUE(
      failed(LinearLayout::strided({{"row", 4, 3}}, "offset", 16, reason)));
  EXPECT_EQ(reason, "strides of 'row' meet bits of others: the sum of indices "
                    "may carry");
  EXPECT_TRUE(
      failed(LinearLayout::strided({{"row", 3, 4}}, "offset", 16, reason)));
  EXPECT_EQ(reason, "the size of 'row', 3, is not a power of two");
  EXPECT_TRUE(failed(LinearLayout::strided({{"row", 4, uint64_t(1) << 63}},
                                           "offset", 16, reason)));
  EXPECT_TRUE(
      failed(LinearLayout::strided({{"row", 4, 8}}, "offset", 16, reason)));
  EXPECT_EQ(reason, "(C4) bit 1 of 'row' has the coordinate 16 in 'offset', "
                    "which has the size 16");
}

TEST_F(LinearLayouts, TextComesBack) {
  for (int repeat = 0; repeat < 50; ++repeat) {
    LinearLayout layout = randomLayout(inputs, outputs);
    EXPECT_EQ(parse(layout.str()), layout);
    layout = randomLayout({{"lane", 8}, {"warp", 1}}, {{"offset", 16}});
    EXPECT_EQ(parse(layout.str()), layout);
    EXPECT_EQ(hash_value(parse(layout.str())), hash_value(layout));
  }
  for (StringRef text :
       {"register = [[0, 1], [8, 0]], lane = [[0, 2]] -> row: 16, column: 4",
        "lane = [1, 2], warp = [] -> offset: 4", "() -> row: 16", "() -> ()",
        "lane = [[], []] -> ()"})
    EXPECT_EQ(parse(text).str(), text);
  EXPECT_EQ(parse(" lane=[ [1],2 ]->offset:4 ").str(),
            "lane = [1, 2] -> offset: 4");
}

TEST_F(LinearLayouts, Constraints) {
  EXPECT_EQ(getError("lane = [1], lane = [2] -> row: 4"),
            "(C1) input 'lane' is there twice");
  EXPECT_EQ(getError("lane = [[1, 1]] -> row: 4, row: 4"),
            "(C1) output 'row' is there twice");
  EXPECT_TRUE(failed(LinearLayout::fromBases({{"a b", {}}}, {}, reason)));
  EXPECT_EQ(reason, "(C1) 'a b' is not a name: letters, digits and '_'");
  EXPECT_EQ(getError("lane = [1] -> row: 12"),
            "(C2) the size of 'row', 12, is not a power of two");
  EXPECT_EQ(getError("lane = [] -> row: 0"),
            "(C2) the size of 'row', 0, is not a power of two");
  EXPECT_EQ(getError("lane = [[1, 1], [2]] -> row: 4, column: 2"),
            "(C3) bit 1 of 'lane' has 1 coordinates, of 2 outputs");
  EXPECT_EQ(getError("lane = [1, 4] -> row: 4"),
            "(C4) bit 1 of 'lane' has the coordinate 4 in 'row', which has the "
            "size 4");
  std::string zeros = "0";
  for (int bit = 1; bit < 63; ++bit)
    zeros += ", 0";
  EXPECT_EQ(getError("lane = [" + zeros + "] -> row: 1"),
            "(C5) inputs have more than 62 bits together");
  EXPECT_EQ(getError("() -> row: 4294967296, column: 4294967296"),
            "(C5) outputs have more than 62 bits together");
}

TEST_F(LinearLayouts, TextThatIsNone) {
  EXPECT_EQ(getError("lane [1] -> row: 2"), "expected '=' at character 6");
  EXPECT_EQ(getError("lane = [1 -> row: 2"), "expected ']' at character 11");
  EXPECT_EQ(getError("lane = [-1] -> row: 2"),
            "expected a number at character 9");
  EXPECT_EQ(getError("lane = [1]"), "expected '->' at character 11");
  EXPECT_EQ(getError("lane = [1] -> row: 2 x"),
            "expected the end at character 22");
  EXPECT_EQ(getError("-> row: 2"), "expected a name at character 1");
}
