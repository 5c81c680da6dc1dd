//===- Schedule.cpp - Whose turn it is
//-------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Schedule.h"

namespace dither::runtime::emulator {

/// SplitMix64.
uint64_t Schedule::random() {
  state += 0x9e3779b97f4a7c15;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

bool Schedule::copiesAtOnce() {
  return number < firstRandom ? number % 2 == 1 : random() % 2 == 1;
}

void Schedule::start(uint64_t block, uint32_t newThreads) {
  state = number * 0x2545f4914f6cdd1d + block;
  threads = newThreads;
  warps = (newThreads + 31) / 32;
  nextRank = 0;
  ready = {};
}

/// The threads in the order of their turns have the ranks 0, 1, ..., with gaps.
uint32_t Schedule::rankOf(uint32_t thread) const {
  switch (number) {
  case 1:
  case 4:
    return threads - 1 - thread;
  case 2:
    return thread % 32 * warps + thread / 32;
  default:
    return thread;
  }
}

uint32_t Schedule::threadOfRank(uint32_t rank) const {
  switch (number) {
  case 1:
  case 4:
    return threads - 1 - rank;
  case 2:
    return rank % warps * 32 + rank / warps;
  default:
    return rank;
  }
}

void Schedule::setReady(uint32_t thread) {
  uint32_t rank = rankOf(thread);
  ready[rank / 64] |= uint64_t(1) << (rank % 64);
}

void Schedule::setWaiting(uint32_t thread) {
  uint32_t rank = rankOf(thread);
  ready[rank / 64] &= ~(uint64_t(1) << (rank % 64));
}

uint32_t Schedule::firstReady(uint32_t rank) const {
  for (uint32_t word = rank / 64; word < ready.size(); ++word) {
    uint64_t bits = ready[word];
    if (word == rank / 64)
      bits &= ~uint64_t(0) << (rank % 64);
    if (bits != 0)
      return word * 64 + static_cast<uint32_t>(__builtin_ctzll(bits));
  }
  return nobody;
}

uint32_t Schedule::next() {
  if (number == 3 || number == 4)
    nextRank = 0;
  else if (number >= firstRandom)
    nextRank = static_cast<uint32_t>(random() % threads);
  uint32_t rank = nextRank < mostThreads ? firstReady(nextRank) : nobody;
  if (rank == nobody)
    rank = firstReady(0);
  if (rank == nobody)
    return nobody;
  nextRank = rank + 1;
  return threadOfRank(rank);
}

} // namespace dither::runtime::emulator
