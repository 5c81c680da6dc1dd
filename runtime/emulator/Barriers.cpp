//===- Barriers.cpp - The named barriers of a block -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Barriers.h"

#include "runtime/emulator/Machine.h"

#include <cstring>

namespace dither::runtime::emulator {

void Barriers::reset() {
  for (Barrier &barrier : barriers)
    if (barrier.expected != 0)
      open(barrier);
}

bool Barriers::come(Thread &thread, uint32_t id, uint32_t threads, bool waits,
                    const char *where) {
  if (!machine.mayWait(thread, where) ||
      !check(thread, id, threads, waits, where) ||
      !checkWarp(thread, id, where))
    return false;
  Barrier &barrier = barriers[id];
  barrier.came[thread.warp] |= uint32_t(1) << thread.lane;
  barrier.where[thread.warp] = where;
  barrier.complete += barrier.came[thread.warp] == machine.lanesOf(thread.warp);
  if (waits)
    barrier.waiting.push_back(thread.index);
  else
    machine.publish(thread, barrier.published);

  if (barrier.complete < barrier.expected) {
    if (waits)
      machine.wait(thread, {Wait::Barrier, "barrier", where, id});
    return true;
  }
  if (barrier.waiting.size() == machine.threadCount())
    machine.synchronizeAll();
  else if (!barrier.waiting.empty())
    machine.synchronize(barrier.waiting.data(), barrier.waiting.size(),
                        barrier.published);
  for (uint32_t index : barrier.waiting)
    if (index != thread.index)
      machine.wake(machine.thread(index));
  open(barrier);
  return true;
}

/// For those that come next.
void Barriers::open(Barrier &barrier) {
  barrier.expected = barrier.complete = 0;
  barrier.came.fill(0);
  barrier.waiting.clear();
  machine.knowledge.drop(barrier.published);
}

bool Barriers::check(Thread &thread, uint32_t id, uint32_t threads, bool waits,
                     const char *where) {
  auto wrong = [&](const std::string &text) {
    machine.report(thread, where, text);
    return false;
  };
  if (id >= count)
    return wrong(concat("names barrier ", id, ", of 0 to ", count - 1));
  uint32_t warps = machine.warpCount();
  if (threads % warpLanes != 0)
    return wrong(concat("comes to barrier ", id, " for ", threads,
                        " threads, which is no multiple of a warp"));
  if (threads == 0 && !waits)
    return wrong(concat("arrives at barrier ", id,
                        " without a number of threads, which it needs"));
  if (threads > warps * warpLanes)
    return wrong(concat("comes to barrier ", id, " for ", threads,
                        " threads, of a block that has ",
                        machine.threadCount()));
  uint32_t expected = threads == 0 ? warps : threads / warpLanes;
  Barrier &barrier = barriers[id];
  if (barrier.expected == 0)
    barrier.expected = expected;
  if (barrier.expected != expected)
    return wrong(concat("comes to barrier ", id, " for ", expected,
                        " warps, others came to it for ", barrier.expected));
  return true;
}

/// Of a warp, all lanes come once, at the same place, while others may come
/// between them.
bool Barriers::checkWarp(Thread &thread, uint32_t id, const char *where) {
  Barrier &barrier = barriers[id];
  uint32_t came = barrier.came[thread.warp];
  if (came >> thread.lane & 1) {
    machine.report(
        thread, where,
        concat("comes to barrier ", id, " again, for which ", describe(id)));
    return false;
  }
  const char *other = barrier.where[thread.warp];
  if (came == 0 || other == where ||
      (other && where && std::strcmp(other, where) == 0))
    return true;
  machine.report(thread, where,
                 concat("comes to barrier ", id,
                        ", and another lane of its warp to the same",
                        atWhere(other),
                        "; all lanes of a warp come to a barrier together"));
  return false;
}

std::string Barriers::describe(uint32_t id) const {
  const Barrier &barrier = barriers[id];
  uint32_t came = 0;
  for (uint32_t lanes : barrier.came)
    came += static_cast<uint32_t>(__builtin_popcount(lanes));
  return concat(came, " threads, ", barrier.complete, " whole warps, of ",
                barrier.expected, " warps have come");
}

} // namespace dither::runtime::emulator
