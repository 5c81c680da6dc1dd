//===- Philox.h - Random bits as a pure function ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Philox4x32-10 of J. Salmon, M. Moraes, R. Dror and D. Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011. A block of four words is a function of
// a counter and a key; there is no state to advance or to share.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_RNG_PHILOX_H
#define DITHER_RUNTIME_RNG_PHILOX_H

#include <array>
#include <cstdint>

namespace dither::runtime {

struct Philox {
  using Counter = std::array<uint32_t, 4>;
  using Key = std::array<uint32_t, 2>;

  static constexpr int rounds = 10;

  /// Four random words.
  static constexpr Counter block(Counter counter, Key key) {
    for (int round = 0; round < rounds; ++round) {
      counter = mix(counter, key);
      // The key schedule: the golden ratio and the square root of 3 less 1.
      key = {key[0] + 0x9E3779B9u, key[1] + 0xBB67AE85u};
    }
    return counter;
  }

  /// Word `index` of the stream of one random op in one step: what
  /// `dither.random_bits` means.
  static constexpr uint32_t bits(uint64_t seed, uint64_t step, uint32_t stream,
                                 uint32_t index) {
    Counter counter{index / 4, stream, low(step), high(step)};
    Counter words = block(counter, {low(seed), high(seed)});
    return words[index % 4];
  }

private:
  static constexpr uint32_t low(uint64_t x) { return static_cast<uint32_t>(x); }
  static constexpr uint32_t high(uint64_t x) {
    return static_cast<uint32_t>(x >> 32);
  }
  static constexpr Counter mix(const Counter &c, const Key &key) {
    uint64_t a = uint64_t(0xD2511F53u) * c[0];
    uint64_t b = uint64_t(0xCD9E8D57u) * c[2];
    return {high(b) ^ c[1] ^ key[0], low(b), high(a) ^ c[3] ^ key[1], low(a)};
  }
};

} // namespace dither::runtime

#endif // DITHER_RUNTIME_RNG_PHILOX_H
