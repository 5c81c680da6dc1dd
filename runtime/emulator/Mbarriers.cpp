//===- Mbarriers.cpp - Barriers that lie in shared memory -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Mbarriers.h"

#include "runtime/emulator/Machine.h"

#include <cstring>

namespace dither::runtime::emulator {

namespace {
constexpr uint32_t barrierBytes = 8;
/// Of arrivals, and of bytes.
constexpr int64_t most = (1 << 20) - 1;
/// More addresses than any kernel has barriers; each has a number beside those
/// of threads.
constexpr size_t mostBarriers = 512;
} // namespace

void Mbarriers::forget(Mbarrier &barrier) {
  barrier.isLive = false;
  barrier.onTheirWay.clear();
  barrier.arrived.clear();
  barrier.unseen.clear();
  barrier.waiting.clear();
  machine.knowledge.drop(barrier.arriving);
  machine.knowledge.drop(barrier.completed);
}

void Mbarriers::reset() {
  for (Mbarrier &barrier : barriers)
    forget(barrier);
  barriers.clear();
}

Mbarriers::Mbarrier *Mbarriers::find(size_t offset) {
  for (Mbarrier &barrier : barriers)
    if (barrier.offset == offset)
      return &barrier;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Their lives
//===----------------------------------------------------------------------===//

bool Mbarriers::initialize(Thread &thread, void *address, uint32_t count,
                           const char *where) {
  auto wrong = [&](const std::string &text) {
    machine.report(thread, where, text);
    return false;
  };
  if (count == 0 || count > most)
    return wrong(concat("initialises an mbarrier for ", count,
                        " arrivals, of 1 to ", most));
  if (!machine.needsShared(thread, address, barrierBytes, where))
    return false;
  size_t offset = machine.sharedOffset(address);
  Mbarrier *barrier = find(offset);
  if (barrier && barrier->isLive)
    return wrong(concat("initialises ", describe(*barrier),
                        ", without mbarrier.inval before"));
  if (!machine.access(thread, address, barrierBytes, barrierBytes, DITHER_WRITE,
                      where))
    return false;
  machine.sharedShadow().setBarrier(offset, barrierBytes);
  if (!barrier) {
    if (barriers.size() == mostBarriers)
      return wrong(concat("initialises one more than ", mostBarriers,
                          " mbarriers, which the emulator knows"));
    barriers.push_back({});
    barrier = &barriers.back();
    barrier->offset = offset;
    machine.actorOfMbarrier(slotOf(*barrier));
  }
  barrier->isLive = true;
  barrier->count = barrier->pending = count;
  barrier->missing = 0;
  barrier->phase = 0;
  barrier->maker = makeMark(where, thread.index);
  barrier->madeAt = thread.clock;
  return true;
}

bool Mbarriers::invalidate(Thread &thread, void *address, const char *where) {
  Mbarrier *barrier = use(thread, address, where);
  if (!barrier)
    return false;
  if (!barrier->waiting.empty() || !barrier->onTheirWay.empty() ||
      !barrier->arrived.empty()) {
    machine.report(thread, where,
                   concat("invalidates ", describe(*barrier),
                          ", which threads wait for or copies complete on"));
    return false;
  }
  forget(*barrier);
  machine.sharedShadow().settle(barrier->offset, barrierBytes,
                                machine.sharedView(thread),
                                makeMark(where, thread.index));
  return true;
}

/// The live one at an address, whose initialization is known to the thread;
/// null after a report.
Mbarriers::Mbarrier *Mbarriers::use(Thread &thread, void *address,
                                    const char *where) {
  if (!machine.needsShared(thread, address, barrierBytes, where))
    return nullptr;
  size_t offset = machine.sharedOffset(address);
  Mbarrier *barrier = find(offset);
  if (!barrier || !barrier->isLive) {
    machine.report(thread, where,
                   concat("uses an mbarrier at ", offset,
                          " of shared memory, where there is none: "
                          "mbarrier.init makes one"));
    return nullptr;
  }
  View view = machine.sharedView(thread);
  if (view.isAfter(barrier->maker, barrier->madeAt))
    return barrier;
  machine.report(thread, where,
                 concat("uses the mbarrier at ", offset,
                        " of shared memory, which thread ",
                        threadOf(barrier->maker), " initialises",
                        atWhere(whereOf(barrier->maker)),
                        ", and nothing orders the two: put a barrier between "
                        "them"));
  return nullptr;
}

bool Mbarriers::mayComplete(Thread &thread, void *address, const char *where) {
  Mbarrier *barrier = use(thread, address, where);
  if (!barrier)
    return false;
  // The first fence of its maker behind the initialization, of either kind.
  const Thread &maker = machine.thread(threadOf(barrier->maker));
  View view = machine.sharedView(thread);
  for (const auto *fences : {&maker.initFences, &maker.proxyFences}) {
    auto fence =
        std::lower_bound(fences->begin(), fences->end(), barrier->madeAt);
    if (fence != fences->end() && view.isAfter(barrier->maker, *fence))
      return true;
  }
  machine.report(
      thread, where,
      concat("has a copy complete on the mbarrier at ", barrier->offset,
             " of shared memory, which thread ", maker.index, " initialises",
             atWhere(whereOf(barrier->maker)),
             " without a fence.mbarrier_init or fence.proxy.async behind it"));
  return false;
}

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

bool Mbarriers::changeMissing(Thread &thread, Mbarrier &barrier, int64_t bytes,
                              const char *where) {
  barrier.missing += bytes;
  if (barrier.missing >= -most && barrier.missing <= most)
    return true;
  machine.report(thread, where,
                 concat("has ", describe(barrier), ", of at most ", most));
  return false;
}

bool Mbarriers::arrive(Thread &thread, void *address, uint32_t bytes,
                       const char *where) {
  Mbarrier *barrier = use(thread, address, where);
  if (!barrier)
    return false;
  if (barrier->pending == 0) {
    machine.report(thread, where,
                   concat("arrives at ", describe(*barrier),
                          ": once more than a phase has arrivals"));
    return false;
  }
  if (!changeMissing(thread, *barrier, bytes, where))
    return false;
  machine.publish(thread, barrier->arriving);
  --barrier->pending;
  if (!tryComplete(thread, *barrier, where))
    return false;
  return barrier->waiting.empty() || completeCopies(thread, *barrier, where);
}

bool Mbarriers::copy(Thread &thread, void *address, BulkCopy &&copy) {
  Mbarrier &barrier = *find(machine.sharedOffset(address));
  const char *where = copy.where;
  bool isAtOnce = machine.copiesAtOnce();
  if (isAtOnce)
    write(machine, copy);
  barrier.onTheirWay.push_back(std::move(copy));
  return !(isAtOnce || !barrier.waiting.empty()) ||
         completeCopies(thread, barrier, where);
}

/// Counts what is on its way, up to the end of the phase.
bool Mbarriers::completeCopies(Thread &thread, Mbarrier &barrier,
                               const char *where) {
  uint32_t phase = barrier.phase;
  size_t count = 0;
  while (count < barrier.onTheirWay.size() && barrier.phase == phase) {
    BulkCopy &copy = barrier.onTheirWay[count++];
    auto bytes = static_cast<int64_t>(copy.to.bytes());
    barrier.arrived.push_back(std::move(copy));
    if (!changeMissing(thread, barrier, -bytes, where) ||
        !tryComplete(thread, barrier, where))
      return false;
  }
  barrier.onTheirWay.erase(barrier.onTheirWay.begin(),
                           barrier.onTheirWay.begin() +
                               static_cast<std::ptrdiff_t>(count));
  return true;
}

bool Mbarriers::tryComplete(Thread &thread, Mbarrier &barrier,
                            const char *where) {
  if (barrier.pending != 0 || barrier.missing > 0)
    return true;
  if (barrier.missing < 0) {
    machine.report(thread, where,
                   concat("has ", describe(barrier),
                          ": copies bring more bytes than arrivals expect"));
    return false;
  }
  machine.knowledge.drop(barrier.completed);
  std::swap(barrier.completed, barrier.arriving);
  // What nobody has waited for nobody will: it stays pending.
  barrier.unseen = std::move(barrier.arrived);
  barrier.arrived.clear();
  barrier.pending = barrier.count;
  ++barrier.phase;
  for (uint32_t index : barrier.waiting) {
    if (!see(thread, barrier, machine.thread(index), where))
      return false;
    machine.wake(machine.thread(index));
  }
  barrier.waiting.clear();
  return true;
}

/// A thread has waited for the last phase.
bool Mbarriers::see(Thread &running, Mbarrier &barrier, Thread &thread,
                    const char *where) {
  if (!barrier.unseen.empty()) {
    barrier.copiedAt = machine.actorClock();
    for (const BulkCopy &copy : barrier.unseen)
      if (!settle(running, barrier, copy, where))
        return false;
    barrier.unseen.clear();
  }
  machine.acquire(thread, barrier.completed,
                  machine.actorOfMbarrier(slotOf(barrier)), barrier.copiedAt);
  return true;
}

bool Mbarriers::settle(Thread &thread, Mbarrier &barrier, const BulkCopy &copy,
                       const char *where) {
  if (!sourceIsAsBefore(copy)) {
    machine.report(thread, where,
                   concat("waits for the copy", atWhere(copy.where),
                          ", whose source changed before it arrived"));
    return false;
  }
  write(machine, copy);
  uint32_t actor = machine.actorOfMbarrier(slotOf(barrier));
  View view = machine.sharedView(thread);
  view.clock = barrier.copiedAt;
  machine.sharedShadow().settle(copy.to.offset, copy.to.bytes(), view,
                                makeMark(copy.where, actor) | markAsync);
  return true;
}

bool Mbarriers::wait(Thread &thread, void *address, uint32_t parity,
                     const char *where) {
  Mbarrier *barrier = use(thread, address, where);
  if (!barrier)
    return false;
  if (parity > 1) {
    machine.report(thread, where,
                   concat("waits for the parity ", parity, ", of 0 and 1"));
    return false;
  }
  if (parity == (barrier->phase & 1) &&
      !completeCopies(thread, *barrier, where))
    return false;
  if (parity != (barrier->phase & 1))
    return see(thread, *barrier, thread, where);
  if (!machine.mayWait(thread, where))
    return false;
  barrier->waiting.push_back(thread.index);
  // Who completes the phase has it see that.
  machine.wait(thread,
               {Wait::Mbarrier, "mbarrier.try_wait", where, slotOf(*barrier)});
  return true;
}

bool Mbarriers::finish(Thread &thread) {
  for (const Mbarrier &barrier : barriers)
    for (const auto *copies :
         {&barrier.onTheirWay, &barrier.arrived, &barrier.unseen})
      if (!copies->empty()) {
        machine.report(thread, copies->front().where,
                       concat("is the last of its block to end, and no thread "
                              "has waited for the bytes of this copy at ",
                              describe(barrier)));
        return false;
      }
  return true;
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

std::string Mbarriers::describe(const Mbarrier &barrier) {
  std::string text = concat("the mbarrier at ", barrier.offset,
                            " of shared memory, whose phase ", barrier.phase,
                            " has ", barrier.count - barrier.pending, " of ",
                            barrier.count, " arrivals");
  if (barrier.missing > 0)
    text += concat(", ", barrier.missing, " bytes missing");
  if (barrier.missing < 0)
    text += concat(", ", -barrier.missing, " bytes too many");
  return text;
}

std::string Mbarriers::describe(uint32_t slot) const {
  return describe(barriers[slot]);
}

} // namespace dither::runtime::emulator
