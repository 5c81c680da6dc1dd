//===- Synchronize.cpp - What threads know of each other ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

/// What the thread does from now on, nobody knows of yet.
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

} // namespace dither::runtime::emulator
