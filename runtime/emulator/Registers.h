//===- Registers.h - Registers that warp groups give and take ---*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_REGISTERS_H
#define DITHER_RUNTIME_EMULATOR_REGISTERS_H

#include "runtime/emulator/Groups.h"

namespace dither::runtime::emulator {

/// setmaxnreg. A block starts with as many registers for each thread as there
/// are; who wants more waits until others have given some back.
class Registers {
public:
  explicit Registers(Machine &machine) : machine(machine) {}

  /// Before a block starts.
  void start();
  /// False after a report.
  bool set(Thread &thread, uint32_t count, bool increases, const char *where);
  /// "160 registers each, of which there are 0 for 128 threads".
  std::string describe(uint32_t group) const;

private:
  static bool execute(Machine &machine, Thread *lanes, uint32_t,
                      const char *where);
  bool change(Thread *lanes, uint32_t group, const char *where);
  void grant();

  struct Operands {
    uint32_t count;
    bool increases;
  };
  struct Group {
    /// Of each thread: those it has, and those it has asked for.
    uint32_t has, wants;
    bool waits;
  };

  Machine &machine;
  /// That no group has, for one thread each.
  uint32_t unused = 0;
  std::array<Group, mostGroups> ofGroups;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_REGISTERS_H
