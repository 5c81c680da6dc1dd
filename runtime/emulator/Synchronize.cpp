//===- Synchronize.cpp - What threads know of each other ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

void Machine::tick(Thread &thread) {
  ++thread.clock;
  latest = std::max(latest, thread.clock);
}

void Machine::synchronizeAll() {
  everyone = latest;
  ++latest;
  for (Thread &thread : threads) {
    knowledge.drop(thread.knowledge);
    thread.clock = latest;
  }
}

void Machine::synchronize(const uint32_t *first, size_t number,
                          const Knowledge *published) {
  // Where they are all that share what they know, it can change in place, as
  // when a warp synchronizes time and again.
  Knowledge *common = threads[first[0]].knowledge;
  bool isCommon = common && common->holders == number && !published;
  for (size_t i = 1; i < number && isCommon; ++i)
    isCommon = threads[first[i]].knowledge == common;

  if (!isCommon) {
    common = knowledge.take();
    if (published)
      common->learn(*published);
    const Knowledge *last = nullptr;
    for (size_t i = 0; i < number; ++i) {
      Thread &thread = threads[first[i]];
      if (thread.knowledge && thread.knowledge != last)
        common->learn(*thread.knowledge);
      last = thread.knowledge;
    }
    for (size_t i = 0; i < number; ++i) {
      Thread &thread = threads[first[i]];
      knowledge.drop(thread.knowledge);
      KnowledgePool::hold(thread.knowledge, common);
    }
  }
  for (size_t i = 0; i < number; ++i) {
    Thread &thread = threads[first[i]];
    common->known[thread.index] = thread.clock;
    tick(thread);
  }
}

void Machine::publish(Thread &thread, Knowledge *&to) {
  if (!to)
    KnowledgePool::hold(to, knowledge.take());
  if (thread.knowledge)
    to->learn(*thread.knowledge);
  to->known[thread.index] = thread.clock;
  tick(thread);
}

void Machine::acquire(Thread &thread, const Knowledge *published,
                      uint32_t actor, uint32_t actorClock) {
  Knowledge *known = knowledge.take();
  if (thread.knowledge)
    known->learn(*thread.knowledge);
  if (published)
    known->learn(*published);
  known->known[actor] = std::max(known->known[actor], actorClock);
  knowledge.drop(thread.knowledge);
  KnowledgePool::hold(thread.knowledge, known);
}

uint32_t Machine::makeActor(uint32_t number) {
  // Some at a time: all that is known is copied.
  constexpr size_t step = 16;
  if (count + number >= knowledge.size())
    knowledge.grow(count + (number + step) / step * step);
  return count + number;
}

Knowledge *Machine::snapshot(Thread &thread) {
  Knowledge *known = nullptr;
  publish(thread, known);
  return known;
}

/// Of each thread and actor, the latest clock that all of them know. A thread
/// itself is not asked what it knows of itself: what it did, the others have to
/// know.
Knowledge *Machine::commonKnowledge(const Thread *first, uint32_t number) {
  Knowledge *common = nullptr;
  KnowledgePool::hold(common, knowledge.take());
  std::vector<uint32_t> &known = common->known;
  std::fill(known.begin(), known.end(), ~uint32_t(0));
  for (uint32_t i = 0; i < number; ++i) {
    const Knowledge *mine = first[i].knowledge;
    // Who shares what it knows with the one before adds nothing, but to what is
    // known of that one.
    if (i > 0 && mine && mine == first[i - 1].knowledge) {
      uint32_t before = first[i - 1].index;
      known[before] = std::min(known[before], mine->known[before]);
      continue;
    }
    uint32_t ofItself = known[first[i].index];
    for (size_t k = 0; k < known.size(); ++k)
      known[k] = std::min(known[k], mine ? mine->known[k] : 0);
    known[first[i].index] = ofItself;
  }
  return common;
}

} // namespace dither::runtime::emulator
