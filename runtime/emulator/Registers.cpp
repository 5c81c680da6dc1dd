//===- Registers.cpp - Registers that warp groups give and take -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Registers.h"

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

namespace {
constexpr uint32_t all = 65536;
constexpr uint32_t unit = 8;
/// What an instruction may name, and what a thread can have at first.
constexpr uint32_t least = 24;
constexpr uint32_t most = 256;
constexpr uint32_t mostAtFirst = 248;
} // namespace

void Registers::start() {
  uint32_t warps = (machine.threadCount() + 31) / 32;
  uint32_t first = std::min(all / (warps * 32) / unit * unit, mostAtFirst);
  ofGroups.fill({first, first, false});
  unused = 0;
}

bool Registers::set(Thread &thread, uint32_t count, bool increases,
                    const char *where) {
  if (count < least || count > most || count % unit != 0) {
    machine.report(thread, where,
                   concat("sets its registers to ", count, ", of multiples of ",
                          unit, " from ", least, " to ", most));
    return false;
  }
  Operands operands = {count, increases};
  uint32_t group = groupOf(thread.index);
  const char *name = increases ? "setmaxnreg.inc" : "setmaxnreg.dec";
  if (!machine.groups.gather(thread,
                             {name, uint64_t(count) << 1 | increases, execute},
                             &operands, where))
    return false;
  // Who gives some back wakes those that wait.
  if (ofGroups[group].waits)
    machine.wait(thread, {Wait::Registers, name, where, group});
  return true;
}

bool Registers::execute(Machine &machine, Thread *lanes, uint32_t,
                        const char *where) {
  return machine.registers.change(lanes, groupOf(lanes[0].index), where);
}

bool Registers::change(Thread *lanes, uint32_t group, const char *where) {
  const auto &operands = *static_cast<const Operands *>(lanes[0].operands);
  Group &own = ofGroups[group];
  if (!operands.increases && operands.count > own.has) {
    machine.report(lanes[0], where,
                   concat("decreases its registers to ", operands.count,
                          ", of which it has ", own.has));
    return false;
  }
  // A kernel may be compiled for fewer at first than it could have.
  if (operands.increases && operands.count <= own.has)
    return true;
  own.wants = operands.count;
  if (!operands.increases) {
    unused += own.has - own.wants;
    own.has = own.wants;
    grant();
    return true;
  }
  if (own.wants - own.has <= unused) {
    unused -= own.wants - own.has;
    own.has = own.wants;
    return true;
  }
  own.waits = true;
  return true;
}

void Registers::grant() {
  for (uint32_t group = 0; group < machine.groupCount(); ++group) {
    Group &own = ofGroups[group];
    if (!own.waits || own.wants - own.has > unused)
      continue;
    unused -= own.wants - own.has;
    own.has = own.wants;
    own.waits = false;
    for (uint32_t i = 0; i < groupThreads; ++i)
      machine.wake(machine.thread(group * groupThreads + i));
  }
}

std::string Registers::describe(uint32_t group) const {
  return concat(ofGroups[group].wants, " registers for each thread, which has ",
                ofGroups[group].has, ": others have given back ", unused);
}

} // namespace dither::runtime::emulator
