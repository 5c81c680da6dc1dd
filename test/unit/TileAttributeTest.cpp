//===- TileAttributeTest.cpp - Layouts as attributes ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayoutSupport.h"
#include "Tile/IR/Tile.h"
#include "Tile/Layout/RegisterLayouts.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither::tile;

namespace {
class TileAttributes : public ::testing::Test {
protected:
  TileAttributes() {
    // Diagnostics of tests that are about errors are read, not printed.
    context.loadDialect<TileDialect>();
    context.getDiagEngine().registerHandler(
        [&](Diagnostic &diagnostic) { diagnostics += diagnostic.str(); });
  }
  std::string getError(StringRef layout) {
    diagnostics.clear();
    EXPECT_FALSE(
        parseAttribute(("#tile.linear<" + layout + ">").str(), &context));
    return diagnostics;
  }

  MLIRContext context;
  std::string diagnostics, reason;
};
} // namespace

static std::string print(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream os(text);
  attribute.print(os);
  return text;
}

TEST_F(TileAttributes, TextComesBack) {
  for (StringRef text :
       {"#tile.linear<register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, "
        "0], [2, 0], [4, 0]] -> row: 16, column: 8>",
        "#tile.linear<row = [16, 32], column = [1, 2, 4, 8] -> offset: 64>",
        "#tile.linear<lane = [1, 2, 4, 8, 16], warp = [] -> row: 32>",
        "#tile.linear<() -> row: 1>", "#tile.linear<() -> ()>"}) {
    Attribute attribute = parseAttribute(text, &context);
    ASSERT_TRUE(attribute) << diagnostics;
    EXPECT_EQ(print(attribute), text);
  }
}

TEST_F(TileAttributes, AreUnique) {
  auto layout = getAccumulatorLayout(64, 32, 2, 2, reason);
  ASSERT_TRUE(succeeded(layout)) << reason;
  auto attribute = LinearAttr::get(&context, *layout);
  EXPECT_EQ(parseAttribute(print(attribute), &context), attribute);
  EXPECT_EQ(attribute.getLayout(), *layout);
  EXPECT_NE(LinearAttr::get(&context, layout->renameInput("lane", "thread")),
            attribute);
}

/// The examples of the attribute's documentation are what it says they are.
TEST_F(TileAttributes, DocumentedLayouts) {
  auto parse = [&](StringRef text) {
    auto layout = LinearLayout::parse(text, reason);
    EXPECT_TRUE(succeeded(layout)) << reason;
    return *layout;
  };
  EXPECT_EQ(parse("register = [[0, 1], [8, 0]], lane = [[0, 2], [0, 4], [1, "
                  "0], [2, 0], [4, 0]], warp = [[0, 8], [16, 0]] -> row: 32, "
                  "column: 16"),
            *getAccumulatorLayout(32, 16, 2, 2, reason));
  EXPECT_EQ(parse("offset = [[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [0, 32], "
                  "[1, 8], [2, 16], [4, 32]] -> row: 8, column: 64"),
            *getTmaLayout(8, 64, 2, 128, Order::RowMajor, reason));
}

TEST_F(TileAttributes, Constraints) {
  EXPECT_EQ(getError("lane = [1], lane = [2] -> row: 4"),
            "(C1) input 'lane' is there twice");
  EXPECT_EQ(getError("a.b = [1] -> row: 4"),
            "(C1) 'a.b' is not a name: letters, digits and '_'");
  EXPECT_EQ(getError("lane = [1] -> row: 12"),
            "(C2) the size of 'row', 12, is not a power of two");
  EXPECT_EQ(getError("lane = [[1, 1], [2]] -> row: 4, column: 2"),
            "(C3) bit 1 of 'lane' has 1 coordinates, of 2 outputs");
  EXPECT_EQ(getError("lane = [1, 4] -> row: 4"),
            "(C4) bit 1 of 'lane' has the coordinate 4 in 'row', which has the "
            "size 4");
  EXPECT_EQ(getError("() -> row: 4294967296, column: 4294967296"),
            "(C5) outputs have more than 62 bits together");
}

TEST_F(TileAttributes, TextThatIsNone) {
  EXPECT_EQ(getError("lane [1] -> row: 2"), "expected '='");
  EXPECT_EQ(getError("lane = [1]"), "expected '->'");
  EXPECT_NE(getError("lane = [-1] -> row: 2"), "");
  EXPECT_NE(getError("lane = [x] -> row: 2"), "");
}
