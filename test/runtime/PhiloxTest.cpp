//===- PhiloxTest.cpp - Known answers of Philox4x32-10 --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/rng/Philox.h"

#include <gtest/gtest.h>

using dither::runtime::Philox;

namespace {
// The vectors that come with Random123, for philox4x32 with 10 rounds.
static_assert(Philox::block({0, 0, 0, 0}, {0, 0})[0] == 0x6627e8d5,
              "evaluates at compile time");

TEST(Philox, KnownAnswers) {
  EXPECT_EQ(Philox::block({0, 0, 0, 0}, {0, 0}),
            (Philox::Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t ones = 0xffffffff;
  EXPECT_EQ(Philox::block({ones, ones, ones, ones}, {ones, ones}),
            (Philox::Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                          {0xa4093822, 0x299f31d0}),
            (Philox::Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, BitsFollowTheirDefinition) {
  constexpr uint64_t seed = 0x0123456789abcdef, step = 0xfedcba9876543210;
  for (uint32_t index : {0u, 1u, 6u, 4099u}) {
    Philox::Counter words = Philox::block(
        {index / 4, 3, 0x76543210, 0xfedcba98}, {0x89abcdef, 0x01234567});
    EXPECT_EQ(Philox::bits(seed, step, 3, index), words[index % 4]);
  }
}

TEST(Philox, StreamsStepsAndSeedsDiffer) {
  uint32_t base = Philox::bits(1, 1, 1, 0);
  EXPECT_NE(base, Philox::bits(2, 1, 1, 0));
  EXPECT_NE(base, Philox::bits(1, 2, 1, 0));
  EXPECT_NE(base, Philox::bits(1, 1, 2, 0));
}
} // namespace
