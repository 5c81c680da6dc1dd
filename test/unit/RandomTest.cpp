//===- RandomTest.cpp - Known answers of dither.random_bits ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "runtime/rng/Philox.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;
using dither::runtime::Philox;

static std::string drawing(const std::string &op, uint64_t stream,
                           const std::string &type) {
  return "func.func @f(%rng: tensor<2xi64>) -> " + type + " {\n  %y = dither." +
         op + " %rng {stream = " + std::to_string(stream) +
         " : i64} : tensor<2xi64> -> " + type + "\n  return %y : " + type +
         "\n}\n";
}

static HostTensor draw(Program &program, int64_t seed, int64_t step) {
  Tensors results =
      program.run("f", {makeRng(program.getContext(), seed, step)});
  EXPECT_EQ(results.size(), 1u) << program.diagnostics;
  return results.front();
}

/// The vectors that come with Random123, for philox4x32 with 10 rounds. Two of
/// them have counters beyond the tensors that fit in memory: they hold for the
/// function that the op is compared with below.
TEST(RandomBits, KnownAnswers) {
  constexpr uint32_t ones = 0xffffffff;
  EXPECT_EQ(Philox::block({ones, ones, ones, ones}, {ones, ones}),
            (Philox::Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                          {0xa4093822, 0x299f31d0}),
            (Philox::Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
  Program program(drawing("random_bits", 0, "tensor<4xi32>"));
  ASSERT_TRUE(program) << program.diagnostics;
  HostTensor zeros = draw(program, 0, 0);
  const uint32_t expected[] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
  for (int64_t i = 0; i < 4; ++i)
    EXPECT_EQ(uint32_t(zeros.getInt(i)), expected[i]);
}

TEST(RandomBits, AreThoseOfTheRuntime) {
  for (uint64_t stream : {uint64_t(0), uint64_t(3), uint64_t(0xffffffff)}) {
    Program program(drawing("random_bits", stream, "tensor<3x7xi32>"));
    ASSERT_TRUE(program) << program.diagnostics;
    for (uint64_t seed : {0x0123456789abcdefull, 0xffffffffffffffffull})
      for (uint64_t step : {0ull, 1ull, 0xfedcba9876543210ull}) {
        HostTensor bits = draw(program, seed, step);
        for (int64_t i = 0; i < bits.getNumElements(); ++i)
          ASSERT_EQ(uint32_t(bits.getInt(i)),
                    Philox::bits(seed, step, stream, i));
      }
  }
}

namespace {
struct Moments {
  double mean = 0, variance = 0, least = INFINITY, most = -INFINITY;
};
} // namespace

static constexpr int64_t count = 40000;

static Moments measure(const std::string &op) {
  Program program(drawing(op, 5, "tensor<" + std::to_string(count) + "xf32>"));
  EXPECT_TRUE(program) << program.diagnostics;
  Moments m;
  std::vector<double> values = toDoubles(draw(program, 7, 1));
  for (double value : values) {
    m.mean += value / count;
    m.least = std::min(m.least, value);
    m.most = std::max(m.most, value);
  }
  for (double value : values)
    m.variance += (value - m.mean) * (value - m.mean) / count;
  return m;
}

/// Mean and variance within 6 standard errors, given the fourth central moment:
/// a false alarm has a probability of 4e-9 for each number.
static void expectMoments(const Moments &m, double mean, double variance,
                          double fourth) {
  EXPECT_NEAR(m.mean, mean, 6 * std::sqrt(variance / count));
  EXPECT_NEAR(m.variance, variance,
              6 * std::sqrt((fourth - variance * variance) / count) +
                  variance / count);
}

TEST(Distributions, Uniform) {
  Moments m = measure("uniform");
  expectMoments(m, 0.5, 1.0 / 12, 1.0 / 80);
  EXPECT_GT(m.least, 0);
  EXPECT_LT(m.most, 1);
}

TEST(Distributions, Normal) { expectMoments(measure("normal"), 0, 1, 3); }

TEST(Distributions, Gumbel) {
  double variance = M_PI * M_PI / 6;
  expectMoments(measure("gumbel"), 0.57721566490153286, variance,
                variance * variance * 5.4);
}

TEST(Distributions, Rademacher) {
  Moments m = measure("rademacher");
  expectMoments(m, 0, 1, 1);
  EXPECT_EQ(m.least, -1);
  EXPECT_EQ(m.most, 1);
}

TEST(Distributions, Bernoulli) {
  Program program("func.func @f(%rng: tensor<2xi64>) -> tensor<40000xf32> {"
                  "  %y = dither.bernoulli %rng {stream = 5 : i64, "
                  "probability = 0.3 : f64} : tensor<2xi64> -> "
                  "tensor<40000xf32>"
                  "  return %y : tensor<40000xf32> }");
  ASSERT_TRUE(program) << program.diagnostics;
  double mean = 0;
  for (double value : toDoubles(draw(program, 7, 1))) {
    ASSERT_TRUE(value == 0 || value == 1);
    mean += value / count;
  }
  EXPECT_NEAR(mean, 0.3, 6 * std::sqrt(0.3 * 0.7 / count));
}
