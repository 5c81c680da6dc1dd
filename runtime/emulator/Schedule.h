//===- Schedule.h - Whose turn it is ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_SCHEDULE_H
#define DITHER_RUNTIME_EMULATOR_SCHEDULE_H

#include "runtime/emulator/Clocks.h"

#include <array>

namespace dither::runtime::emulator {

/// The order in which threads of a block run, of those that do not wait. A
/// kernel that is right gives the same under each.
///
///   0  in turns, from the first thread to the last
///   1  in turns, from the last to the first
///   2  in turns, one thread of each warp after the other
///   3  always the first: warps at the front run ahead
///   4  always the last
///   5, 6, ...  by chance: the number is the seed
///
/// Schedules with odd numbers run the last block first. Copies, and products of
/// warp groups, take place when they are waited for under 0, 2, 4, when they
/// are issued under 1 and 3, and by chance under the others.
class Schedule {
public:
  explicit Schedule(uint64_t number) : number(number) {}

  bool startsWithLastBlock() const { return number % 2 == 1; }
  bool copiesAtOnce();

  /// For a block of so many threads, none of which is ready.
  void start(uint64_t block, uint32_t newThreads);
  void setReady(uint32_t thread);
  void setWaiting(uint32_t thread);
  static constexpr uint32_t nobody = ~uint32_t(0);
  /// A thread that is ready, or `nobody`.
  uint32_t next();

private:
  static constexpr uint64_t firstRandom = 5;
  uint32_t rankOf(uint32_t thread) const;
  uint32_t threadOfRank(uint32_t rank) const;
  uint32_t firstReady(uint32_t rank) const;
  uint64_t random();

  uint64_t number;
  uint64_t state = 0;
  uint32_t threads = 0;
  uint32_t warps = 0;
  uint32_t nextRank = 0;
  /// A bit for each rank.
  std::array<uint64_t, mostThreads / 64> ready;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_SCHEDULE_H
