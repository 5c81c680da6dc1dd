//===- Groups.cpp - What the warps of a group do together -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Groups.h"

#include "runtime/emulator/Machine.h"

#include <cstring>

namespace dither::runtime::emulator {

bool Groups::gather(Thread &thread, const Collective &collective,
                    void *operands, const char *where) {
  if (!machine.mayWait(thread, where) || !check(thread, collective, where))
    return false;
  uint32_t group = groupOf(thread.index);
  Gathering &gathering = gatherings[group];
  gathering.collective = collective;
  gathering.where = where;
  thread.operands = operands;
  if (++gathering.came != groupThreads) {
    machine.wait(thread, {Wait::Group, collective.name, where, group});
    return true;
  }
  gathering = {};
  Thread *first = &machine.thread(group * groupThreads);
  if (!collective.execute(machine, first, 0, where))
    return false;
  for (uint32_t i = 0; i < groupThreads; ++i)
    if (&first[i] != &thread)
      machine.wake(first[i]);
  return true;
}

bool Groups::check(Thread &thread, const Collective &collective,
                   const char *where) {
  auto wrong = [&](const std::string &text) {
    machine.report(thread, where,
                   concat("takes part in ", collective.name, text));
    return false;
  };
  uint32_t group = groupOf(thread.index);
  if ((group + 1) * groupThreads > machine.threadCount())
    return wrong(concat(", which wants four whole warps from warp ",
                        group * groupWarps, " on: the block has ",
                        machine.threadCount(), " threads"));
  for (uint32_t i = 0; i < groupWarps; ++i)
    if (machine.leftLanesOf(group * groupWarps + i) != 0)
      return wrong(concat(" of warp group ", group,
                          ", of which threads have left the kernel"));
  const Gathering &other = gatherings[group];
  if (other.came == 0)
    return true;
  bool isSame =
      other.collective.execute == collective.execute &&
      other.collective.variant == collective.variant &&
      (other.where == where ||
       (other.where && where && std::strcmp(other.where, where) == 0));
  return isSame ||
         wrong(concat(", and others of warp group ", group, " in ",
                      other.collective.name, atWhere(other.where),
                      other.where == where ? " with other operands" : "",
                      ": all threads of a warp group do the same"));
}

std::string Groups::describe(uint32_t group) const {
  return concat(gatherings[group].came, " of ", groupThreads,
                " threads have come");
}

} // namespace dither::runtime::emulator
