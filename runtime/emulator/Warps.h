//===- Warps.h - What lanes of a warp do together ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_WARPS_H
#define DITHER_RUNTIME_EMULATOR_WARPS_H

#include "runtime/emulator/Clocks.h"

#include <array>

namespace dither::runtime::emulator {

class Machine;
struct Thread;

/// An instruction that the lanes of a mask carry out together.
struct Collective {
  const char *name;
  /// What its lanes must agree in.
  uint64_t variant;
  /// Done once all have come, by the last of them; `lanes` are those of the
  /// warp. False after a report.
  bool (*execute)(Machine &machine, Thread *lanes, uint32_t mask,
                  const char *where);
};

class Warps {
public:
  explicit Warps(Machine &machine) : machine(machine) {}

  /// Before a block starts.
  void reset();
  /// Waits for all lanes of `mask`, with `operands`, of which the instruction
  /// knows more. False after a report.
  bool gather(Thread &thread, uint32_t mask, const Collective &collective,
              void *operands, const char *where);

private:
  /// Lanes that have come, of those of a mask.
  struct Gathering {
    uint32_t mask, came;
    Collective collective;
    const char *where;
  };

  bool check(Thread &thread, uint32_t mask, const Collective &collective,
             const char *where);
  static bool isSame(const Gathering &gathering, uint32_t mask,
                     const Collective &collective, const char *where);

  Machine &machine;
  std::array<std::vector<Gathering>, mostThreads / 32> gatherings;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_WARPS_H
