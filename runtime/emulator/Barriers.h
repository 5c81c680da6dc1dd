//===- Barriers.h - The named barriers of a block --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_BARRIERS_H
#define DITHER_RUNTIME_EMULATOR_BARRIERS_H

#include "runtime/emulator/Clocks.h"

#include <array>
#include <string>

namespace dither::runtime::emulator {

class Machine;
struct Thread;

/// bar.sync and bar.arrive. Warps come to a barrier as a whole, at one place,
/// as the instructions want.
class Barriers {
public:
  static constexpr uint32_t count = 16;

  explicit Barriers(Machine &machine) : machine(machine) {}

  /// Before a block starts.
  void reset();
  /// A thread comes to a barrier, and waits there, or does not. False after a
  /// report.
  bool come(Thread &thread, uint32_t id, uint32_t threads, bool waits,
            const char *where);
  /// "2 of 4 warps have come".
  std::string describe(uint32_t id) const;

private:
  struct Barrier {
    /// How many warps it waits for; 0 where nobody has come.
    uint32_t expected = 0;
    uint32_t complete = 0;
    /// For each warp, the lanes that have come, and where.
    std::array<uint32_t, mostThreads / 32> came = {};
    std::array<const char *, mostThreads / 32> where = {};
    /// The numbers of those that wait.
    std::vector<uint32_t> waiting;
    /// What those knew that did not wait.
    Knowledge *published = nullptr;
  };

  bool check(Thread &thread, uint32_t id, uint32_t threads, bool waits,
             const char *where);
  bool checkWarp(Thread &thread, uint32_t id, const char *where);
  void open(Barrier &barrier);

  Machine &machine;
  std::array<Barrier, count> barriers;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_BARRIERS_H
