//===- AttentionTest.cpp - Attention against its definition ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The op is made of blocks; here is what they add up to, written as loops.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

namespace {
struct Sizes {
  int64_t batch, heads, groups, queries, keys, width, depth;
  bool causal;
  /// 0 for none, 1 for one that heads share, or that of heads.
  int64_t biases;
};
void PrintTo(const Sizes &s, std::ostream *os) {
  *os << s.batch << " x " << s.heads << " of " << s.groups << ", " << s.queries
      << " x " << s.keys << " x " << s.width << " x " << s.depth
      << (s.causal ? ", causal" : "") << ", biases " << s.biases;
}
} // namespace

static std::string typeOf(std::initializer_list<int64_t> shape) {
  std::string text = "tensor<";
  for (int64_t extent : shape)
    text += std::to_string(extent) + "x";
  return text + "f64>";
}

static std::string print(const Sizes &s) {
  std::string q = typeOf({s.batch, s.heads, s.queries, s.width}),
              k = typeOf({s.batch, s.groups, s.keys, s.width}),
              v = typeOf({s.batch, s.groups, s.keys, s.depth}),
              bias = typeOf({s.biases, s.queries, s.keys}),
              y = typeOf({s.batch, s.heads, s.queries, s.depth}),
              lse = typeOf({s.batch, s.heads, s.queries});
  bool hasBias = s.biases > 0;
  return "func.func @f(%q: " + q + ", %k: " + k + ", %v: " + v +
         (hasBias ? ", %b: " + bias : "") + ") -> (" + y + ", " + lse +
         ") {\n  %y, %l = dither.attention %q, %k, %v" +
         (hasBias ? " bias %b" : "") + (s.causal ? " {causal}" : "") + " : " +
         q + ", " + k + ", " + v + (hasBias ? ", " + bias : "") +
         "\n  return %y, %l : " + y + ", " + lse + "\n}";
}

/// The scores of one query of one head; -inf for keys that it does not see.
static std::vector<double> getScores(const Sizes &s, const Tensors &tensors,
                                     int64_t sample, int64_t head,
                                     int64_t query) {
  int64_t group = head / (s.heads / s.groups);
  std::vector<double> scores;
  for (int64_t key = 0; key < s.keys; ++key) {
    double sum = 0;
    for (int64_t i = 0; i < s.width; ++i)
      sum +=
          tensors[0].getDouble(
              ((sample * s.heads + head) * s.queries + query) * s.width + i) *
          tensors[1].getDouble(
              ((sample * s.groups + group) * s.keys + key) * s.width + i);
    sum /= std::sqrt(double(s.width));
    if (s.biases > 0)
      sum += tensors[3].getDouble(
          ((s.biases > 1 ? head : 0) * s.queries + query) * s.keys + key);
    scores.push_back(s.causal && key > query ? -INFINITY : sum);
  }
  return scores;
}

class Attention : public testing::TestWithParam<Sizes> {};

TEST_P(Attention, IsItsDefinition) {
  const Sizes &s = GetParam();
  Program program(print(s));
  ASSERT_TRUE(program) << program.diagnostics;
  Tensors tensors;
  for (auto [i, type] : llvm::enumerate(program.get("f").getArgumentTypes()))
    tensors.push_back(makeRandom(type, -2, 2, unsigned(i)));
  Tensors results = program.run("f", tensors);
  ASSERT_EQ(results.size(), 2u) << program.diagnostics;
  for (int64_t row = 0; row < s.batch * s.heads * s.queries; ++row) {
    int64_t query = row % s.queries, head = row / s.queries % s.heads,
            sample = row / s.queries / s.heads;
    std::vector<double> scores = getScores(s, tensors, sample, head, query);
    double sum = 0;
    for (double score : scores)
      sum += std::exp(score);
    EXPECT_NEAR(results[1].getDouble(row), std::log(sum), 1e-12);
    int64_t group = head / (s.heads / s.groups);
    for (int64_t i = 0; i < s.depth; ++i) {
      double mean = 0;
      for (int64_t key = 0; key < s.keys; ++key)
        mean += std::exp(scores[key]) / sum *
                tensors[2].getDouble(
                    ((sample * s.groups + group) * s.keys + key) * s.depth + i);
      EXPECT_NEAR(results[0].getDouble(row * s.depth + i), mean, 1e-12);
    }
  }
}

// Blocks are of 256 queries and 128 keys: there are sizes below, at and above
// one and two of them.
INSTANTIATE_TEST_SUITE_P(
    Sizes, Attention,
    testing::Values(Sizes{2, 4, 2, 3, 5, 3, 2, false, 0},
                    Sizes{1, 2, 2, 5, 5, 1, 1, true, 2},
                    Sizes{1, 1, 1, 256, 128, 2, 3, false, 0},
                    Sizes{1, 2, 1, 257, 129, 2, 1, true, 0},
                    Sizes{1, 2, 2, 300, 260, 2, 2, true, 1},
                    Sizes{1, 1, 1, 1, 256, 2, 2, false, 1},
                    Sizes{1, 2, 1, 515, 3, 2, 2, false, 2}));

TEST(Attention, GivesZerosWhereNoKeyIsSeen) {
  std::string q = typeOf({1, 1, 2, 2}), k = typeOf({1, 1, 3, 2}),
              b = typeOf({1, 2, 3});
  Program program("func.func @f(%q: " + q + ", %k: " + k + ", %b: " + b +
                  ") -> (" + q +
                  ", tensor<1x1x2xf64>) {\n  %y, %l = "
                  "dither.attention %q, %k, %k bias %b : " +
                  q + ", " + k + ", " + k + ", " + b +
                  "\n  return %y, %l : " + q + ", tensor<1x1x2xf64>\n}");
  ASSERT_TRUE(program) << program.diagnostics;
  auto types = program.get("f").getArgumentTypes();
  HostTensor bias = makeRandom(types[2], 0, 1, 2);
  for (int64_t key = 0; key < 3; ++key)
    bias.set(key, Scalar::of(-INFINITY));
  Tensors results = program.run("f", {makeRandom(types[0], -1, 1, 0),
                                      makeRandom(types[1], -1, 1, 1), bias});
  ASSERT_EQ(results.size(), 2u) << program.diagnostics;
  EXPECT_EQ(results[0].getDouble(0), 0);
  EXPECT_EQ(results[0].getDouble(1), 0);
  EXPECT_EQ(results[1].getDouble(0), -INFINITY);
  EXPECT_TRUE(std::isfinite(results[1].getDouble(1)));
}
