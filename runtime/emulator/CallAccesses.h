//===- CallAccesses.h - What launches of a call touch ----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Launches of which neither follows the other may run at the same time. Here
// they run one by one, so that it takes a record of each to find those that
// must not.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_CALLACCESSES_H
#define DITHER_RUNTIME_EMULATOR_CALLACCESSES_H

#include "dither/abi.h"
#include "runtime/device/LaunchOrder.h"
#include "runtime/emulator/Memory.h"

namespace dither::runtime::emulator {

class CallAccesses {
public:
  explicit CallAccesses(Memory &memory) : memory(memory) {}

  /// What is launched from here on is of another call.
  void start();
  /// Of the next launch: what it follows. Errors: Corrupt.
  Error order(const uint32_t *after);
  /// What it touched, which the memory still knows. Errors: Device, where a
  /// launch that neither follows it nor is followed by it touched the same.
  Error check(const DitherKernelEntry &kernel);

private:
  /// Bytes [begin, end).
  struct Interval {
    uintptr_t begin, end;
  };
  using Intervals = std::vector<Interval>;
  struct Launch {
    const DitherKernelEntry *kernel = nullptr;
    Intervals reads, writes;
    /// Of the launches in `launches`: whether it follows each.
    std::vector<bool> follows;
  };
  static void append(Intervals &intervals, const Interval &bytes);
  static bool findCommon(const Intervals &a, const Intervals &b,
                         Interval &common);
  void collect(Launch &launch);
  Error compare(const Launch &earlier, const Launch &later,
                uint32_t number) const;
  Error report(const Launch &earlier, const Launch &later, uint32_t number,
               const char *does, const char *did, const Interval &bytes) const;

  Memory &memory;
  LaunchOrder launchOrder;
  /// Since the last one that follows all: `first` is the number of the first.
  std::vector<Launch> launches;
  uint32_t first = 0;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_CALLACCESSES_H
