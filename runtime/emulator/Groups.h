//===- Groups.h - What the warps of a group do together ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_GROUPS_H
#define DITHER_RUNTIME_EMULATOR_GROUPS_H

#include "runtime/emulator/Warps.h"

#include <string>

namespace dither::runtime::emulator {

/// A warp group is four warps, the first of which has a number that is a
/// multiple of four.
constexpr uint32_t groupWarps = 4;
constexpr uint32_t groupThreads = 32 * groupWarps;
constexpr uint32_t mostGroups = mostThreads / groupThreads;

inline uint32_t groupOf(uint32_t thread) { return thread / groupThreads; }

/// Instructions that all threads of a warp group carry out together. They order
/// nothing among them.
class Groups {
public:
  explicit Groups(Machine &machine) : machine(machine) {}

  /// Before a block starts.
  void reset() { gatherings.fill({}); }
  /// Waits for all threads of the group; the last of them executes, with the
  /// first of the group and no mask. False after a report.
  bool gather(Thread &thread, const Collective &collective, void *operands,
              const char *where);
  /// "64 of 128 threads have come".
  std::string describe(uint32_t group) const;

private:
  struct Gathering {
    uint32_t came = 0;
    Collective collective = {};
    const char *where = nullptr;
  };

  bool check(Thread &thread, const Collective &collective, const char *where);

  Machine &machine;
  std::array<Gathering, mostGroups> gatherings;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_GROUPS_H
