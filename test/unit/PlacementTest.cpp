//===- PlacementTest.cpp - Where elements go ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values of ops that are expressions in other ops, by loops that say what each
// element is.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

using Values = std::vector<double>;

/// The results of `@f`, as functions of arguments with the extents of their
/// types; floats are f64.
static std::vector<Values> run(StringRef text,
                               const std::vector<Values> &arguments) {
  Program program(text);
  EXPECT_TRUE(program) << program.diagnostics;
  if (!program)
    return {{}};
  Tensors tensors;
  for (auto [type, values] :
       llvm::zip_equal(program.get("f").getArgumentTypes(), arguments))
    tensors.push_back(makeTensor(getElementTypeOrSelf(type),
                                 cast<RankedTensorType>(type).getShape(),
                                 values));
  std::vector<Values> results;
  for (const HostTensor &result : program.run("f", tensors))
    results.push_back(toDoubles(result));
  EXPECT_FALSE(results.empty()) << program.diagnostics;
  return results.empty() ? std::vector<Values>{{}} : results;
}

/// 0, 1, 2, ...
static Values count(size_t n) {
  Values values;
  for (size_t i = 0; i < n; ++i)
    values.push_back(double(i));
  return values;
}

/// Small integers in no order.
static Values scatter(size_t n, int64_t factor) {
  Values values;
  for (size_t i = 0; i < n; ++i)
    values.push_back(double((int64_t(i) * factor + 5) % 17 - 8));
  return values;
}

//===- Rearranged ---------------------------------------------------------===//

TEST(Placement, ConcatAlongColumns) {
  auto y = run("func.func @f(%a: tensor<2x1xf64>, %b: tensor<2x0xf64>, %c: "
               "tensor<2x2xf64>) -> tensor<2x3xf64> {"
               "  %y = dither.concat %a, %b, %c {dim = 1 : i64} : "
               "tensor<2x1xf64>, tensor<2x0xf64>, tensor<2x2xf64>"
               "  return %y : tensor<2x3xf64> }",
               {{1, 2}, {}, {3, 4, 5, 6}});
  EXPECT_EQ(y[0], (Values{1, 3, 4, 2, 5, 6}));
}

TEST(Placement, PadRoundsItsValue) {
  auto y = run("func.func @f(%a: tensor<1x2xf16>) -> tensor<2x4xf16> {"
               "  %y = dither.pad %a {low = array<i64: 1, 0>, high = "
               "array<i64: 0, 2>, value = 1.0e6 : f64} : tensor<1x2xf16>"
               "  return %y : tensor<2x4xf16> }",
               {{1, 2}});
  EXPECT_EQ(y[0], (Values{INFINITY, INFINITY, INFINITY, INFINITY, 1, 2,
                          INFINITY, INFINITY}));
}

TEST(Placement, ReverseAndRoll) {
  auto y = run("func.func @f(%a: tensor<2x3xf64>) -> (tensor<2x3xf64>, "
               "tensor<2x3xf64>) {"
               "  %y = dither.reverse %a {dims = array<i64: 1>} : "
               "tensor<2x3xf64>"
               "  %z = dither.roll %a {shifts = array<i64: 1, -4>, dims = "
               "array<i64: 0, 1>} : tensor<2x3xf64>"
               "  return %y, %z : tensor<2x3xf64>, tensor<2x3xf64> }",
               {count(6)});
  EXPECT_EQ(y[0], (Values{2, 1, 0, 5, 4, 3}));
  EXPECT_EQ(y[1], (Values{4, 5, 3, 1, 2, 0}));
}

TEST(Placement, RepeatIsOfTheWhole) {
  auto y = run("func.func @f(%a: tensor<2x2xi1>) -> tensor<4x6xi1> {"
               "  %y = dither.repeat %a {counts = array<i64: 2, 3>} : "
               "tensor<2x2xi1>"
               "  return %y : tensor<4x6xi1> }",
               {{0, 1, 1, 1}});
  EXPECT_EQ(y[0], (Values{0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1,
                          0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1}));
}

TEST(Placement, SplitGivesParts) {
  auto y = run("func.func @f(%a: tensor<3x2xi8>) -> (tensor<1x2xi8>, "
               "tensor<0x2xi8>, tensor<2x2xi8>) {"
               "  %y:3 = dither.split %a {dim = 0 : i64, sizes = array<i64: 1, "
               "0, 2>} : tensor<3x2xi8>"
               "  return %y#0, %y#1, %y#2 : tensor<1x2xi8>, tensor<0x2xi8>, "
               "tensor<2x2xi8> }",
               {count(6)});
  EXPECT_EQ(y[0], (Values{0, 1}));
  EXPECT_EQ(y[1], (Values{}));
  EXPECT_EQ(y[2], (Values{2, 3, 4, 5}));
}

//===- Rows ---------------------------------------------------------------===//

TEST(Placement, GatherTakesTheNearestRow) {
  auto y = run("func.func @f(%a: tensor<3x2xf64>, %r: tensor<2x2xi32>) -> "
               "tensor<2x2x2xf64> {"
               "  %y = dither.gather %a, %r : tensor<3x2xf64>, tensor<2x2xi32>"
               "  return %y : tensor<2x2x2xf64> }",
               {count(6), {1, -1, 9, 0}});
  EXPECT_EQ(y[0], (Values{2, 3, 0, 1, 4, 5, 0, 1}));
}

TEST(Placement, ScatterAddLeavesOutRowsThatDoNotExist) {
  auto y = run("func.func @f(%u: tensor<4xf64>, %x: tensor<3xf64>, %r: "
               "tensor<4xi32>) -> tensor<3xf64> {"
               "  %y = dither.scatter_add %u into %x at %r : tensor<4xf64>, "
               "tensor<3xf64>, tensor<4xi32>"
               "  return %y : tensor<3xf64> }",
               {{1, 2, 4, 8}, {0, 0, 100}, {2, 2, -1, 3}});
  EXPECT_EQ(y[0], (Values{0, 0, 103}));
}

TEST(Placement, ScatterAddRoundsOnce) {
  // One at a time, 2048 + 1 would be 2048 again in f16.
  auto y = run("func.func @f(%u: tensor<2xf16>, %x: tensor<1xf16>, %r: "
               "tensor<2xi32>) -> tensor<1xf16> {"
               "  %y = dither.scatter_add %u into %x at %r : tensor<2xf16>, "
               "tensor<1xf16>, tensor<2xi32>"
               "  return %y : tensor<1xf16> }",
               {{1, 1}, {2048}, {0, 0}});
  EXPECT_EQ(y[0], (Values{2050}));
}

TEST(Placement, OneHotOfNoClassIsZero) {
  // Of i8 labels, no class above 127 is that of a negative one.
  auto y = run("func.func @f(%l: tensor<3xi8>) -> tensor<3x200xf64> {"
               "  %y = dither.one_hot %l : tensor<3xi8> to tensor<3x200xf64>"
               "  return %y : tensor<3x200xf64> }",
               {{2, -1, 127}});
  Values expected(600, 0);
  expected[2] = expected[400 + 127] = 1;
  EXPECT_EQ(y[0], expected);
}

TEST(Placement, SegmentSumAddsRows) {
  auto y = run("func.func @f(%x: tensor<4x2xf64>, %s: tensor<4xi32>) -> "
               "tensor<3x2xf64> {"
               "  %y = dither.segment_sum %x, %s {count = 3 : i64} : "
               "tensor<4x2xf64>, tensor<4xi32>"
               "  return %y : tensor<3x2xf64> }",
               {count(8), {2, 0, 2, 3}});
  EXPECT_EQ(y[0], (Values{2, 3, 0, 0, 4, 6}));
}

//===- Windows ------------------------------------------------------------===//

/// What a window of 3 x 2 sees of an image of 5 rows and 4 columns at one of
/// its 5 x 2 positions. `body` gets each place in the window, and that of the
/// element in the image, or -1.
template <typename Body>
static void forEachSeen(int64_t i, int64_t j, Body body) {
  for (int64_t k = 0; k < 3; ++k)
    for (int64_t l = 0; l < 2; ++l) {
      int64_t row = i + k - 1, column = 2 * j + l - 1;
      bool isInside = row >= 0 && row < 5 && column >= 0;
      body(k * 2 + l, isInside ? row * 4 + column : -1);
    }
}
static const std::string window =
    "{kernel = array<i64: 3, 2>, strides = array<i64: 1, 2>, padding = "
    "array<i64: 1, 1, 1, 0>";

TEST(Placement, PoolsOfWindowsThatOverlap) {
  Values x = scatter(5 * 4 * 3, 7);
  auto y = run("func.func @f(%x: tensor<1x5x4x3xf64>) -> (tensor<1x5x2x3xf64>,"
               " tensor<1x5x2x3xf64>, tensor<1x5x2x3xf64>) {"
               "  %a = dither.max_pool2d %x " +
                   window +
                   "} : "
                   "tensor<1x5x4x3xf64>"
                   "  %b = dither.avg_pool2d %x " +
                   window +
                   "} : "
                   "tensor<1x5x4x3xf64>"
                   "  %c = dither.avg_pool2d %x " +
                   window +
                   ", count_padding} : "
                   "tensor<1x5x4x3xf64>"
                   "  return %a, %b, %c : tensor<1x5x2x3xf64>, "
                   "tensor<1x5x2x3xf64>, tensor<1x5x2x3xf64> }",
               {x});
  for (int64_t i = 0; i < 5; ++i)
    for (int64_t j = 0; j < 2; ++j)
      for (int64_t c = 0; c < 3; ++c) {
        double most = -INFINITY, sum = 0, seen = 0;
        forEachSeen(i, j, [&](int64_t, int64_t at) {
          if (at < 0)
            return;
          most = std::max(most, x[at * 3 + c]);
          sum += x[at * 3 + c];
          ++seen;
        });
        int64_t to = (i * 2 + j) * 3 + c;
        EXPECT_EQ(y[0][to], most);
        EXPECT_EQ(y[1][to], sum / seen);
        EXPECT_EQ(y[2][to], sum / 6);
      }
}

TEST(Placement, PoolsOfWindowsSideBySide) {
  auto y = run("func.func @f(%x: tensor<1x3x4x1xf64>) -> (tensor<1x1x2x1xf64>,"
               " tensor<1x1x2x1xf64>) {"
               "  %a = dither.max_pool2d %x {kernel = array<i64: 2, 2>} : "
               "tensor<1x3x4x1xf64>"
               "  %b = dither.avg_pool2d %x {kernel = array<i64: 2, 2>} : "
               "tensor<1x3x4x1xf64>"
               "  return %a, %b : tensor<1x1x2x1xf64>, tensor<1x1x2x1xf64> }",
               {count(12)});
  EXPECT_EQ(y[0], (Values{5, 7}));
  EXPECT_EQ(y[1], (Values{2.5, 4.5}));
}

/// 6 channels give `out` of them in `groups`.
static void checkGroups(int64_t groups, int64_t out) {
  int64_t in = 6 / groups, columns = out / groups;
  Values x = scatter(5 * 4 * 6, 5), w = scatter(6 * in * out, 3),
         b = scatter(out, 2);
  std::string weights =
      "tensor<" + std::to_string(6 * in) + "x" + std::to_string(out) + "xf64>";
  std::string bias = "tensor<" + std::to_string(out) + "xf64>";
  std::string result = "tensor<1x5x2x" + std::to_string(out) + "xf64>";
  auto y = run("func.func @f(%x: tensor<1x5x4x6xf64>, %w: " + weights +
                   ", %b: " + bias + ") -> " + result +
                   " { %y = dither.conv2d %x, %w, %b " + window +
                   ", groups = " + std::to_string(groups) +
                   " : i64} : tensor<1x5x4x6xf64>, " + weights + ", " + bias +
                   " return %y : " + result + " }",
               {x, w, b});
  for (int64_t i = 0; i < 5; ++i)
    for (int64_t j = 0; j < 2; ++j)
      for (int64_t o = 0; o < out; ++o) {
        double sum = b[o];
        forEachSeen(i, j, [&](int64_t k, int64_t at) {
          for (int64_t c = 0; at >= 0 && c < in; ++c)
            sum += x[at * 6 + o / columns * in + c] * w[(k * in + c) * out + o];
        });
        EXPECT_EQ(y[0][(i * 2 + j) * out + o], sum)
            << groups << " groups, position " << i << ", " << j << ", channel "
            << o;
      }
}

TEST(Placement, GroupsOfChannelsSeeTheirOwn) {
  checkGroups(1, 4);
  checkGroups(2, 4);
  checkGroups(3, 3);
  checkGroups(6, 6);
  checkGroups(6, 12);
}

TEST(Placement, SequencesAreConvolved) {
  Values x = scatter(7 * 2, 5), w = scatter(3 * 2 * 3, 3);
  auto y = run("func.func @f(%x: tensor<1x7x2xf64>, %w: tensor<6x3xf64>) -> "
               "tensor<1x3x3xf64> {"
               "  %y = dither.conv1d %x, %w {kernel = 3 : i64, stride = 2 : "
               "i64, padding = array<i64: 1, 1>, dilation = 2 : i64} : "
               "tensor<1x7x2xf64>, tensor<6x3xf64>"
               "  return %y : tensor<1x3x3xf64> }",
               {x, w});
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t o = 0; o < 3; ++o) {
      double sum = 0;
      for (int64_t k = 0; k < 3; ++k)
        for (int64_t c = 0; c < 2; ++c)
          if (int64_t at = 2 * i + 2 * k - 1; at >= 0 && at < 7)
            sum += x[at * 2 + c] * w[(k * 2 + c) * 3 + o];
      EXPECT_EQ(y[0][i * 3 + o], sum);
    }
}

TEST(Placement, TransposedConvolutionPlacesTheKernel) {
  Values x = scatter(2 * 3 * 2, 5), w = scatter(2 * 6 * 3, 3), b = {1, 2, 3};
  auto y = run("func.func @f(%x: tensor<1x2x3x2xf64>, %w: tensor<2x18xf64>, "
               "%b: tensor<3xf64>) -> tensor<1x5x4x3xf64> {"
               "  %y = dither.conv_transpose2d %x, %w, %b {kernel = array<i64: "
               "3, 2>, strides = array<i64: 3, 1>, padding = array<i64: 1, 1, "
               "0, 0>, output_padding = array<i64: 1, 0>} : "
               "tensor<1x2x3x2xf64>, tensor<2x18xf64>, tensor<3xf64>"
               "  return %y : tensor<1x5x4x3xf64> }",
               {x, w, b});
  Values expected;
  for (int64_t i = 0; i < 5 * 4; ++i)
    expected.insert(expected.end(), b.begin(), b.end());
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 3; ++j)
      for (int64_t k = 0; k < 3; ++k)
        for (int64_t l = 0; l < 2; ++l)
          for (int64_t o = 0; o < 3; ++o) {
            int64_t row = 3 * i + k - 1, column = j + l;
            for (int64_t c = 0; row >= 0 && row < 5 && c < 2; ++c)
              expected[(row * 4 + column) * 3 + o] +=
                  x[(i * 3 + j) * 2 + c] * w[c * 18 + (k * 2 + l) * 3 + o];
          }
  EXPECT_EQ(y[0], expected);
}
