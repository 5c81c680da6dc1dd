//===- Clocks.h - What happens before what ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each thread counts its synchronizations: its clock. An access is named by its
// thread and the clock at that time, and happens before what another thread
// does once that one knows of the clock. Clocks only grow, from launch to
// launch, so that a clock also says of which block and launch an access is.
//
// A barrier of the whole block makes all known, which one number tells. What
// the threads learn from other barriers is in vectors, of one number for each
// thread, that threads share as long as they know the same.
//
// What no thread does itself, a copy that completes on an mbarrier or a product
// that a warp group waits for, is done by an actor: it has a number behind
// those of the threads, and a clock that is taken when the first thread has
// waited for it. So threads know of it by waiting, and by no other way.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_CLOCKS_H
#define DITHER_RUNTIME_EMULATOR_CLOCKS_H

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace dither::runtime::emulator {

/// Which access: the address of the text that says where, which has 48 bits,
/// the number in its block of a thread or an actor, and flags.
using Mark = uint64_t;

constexpr uint32_t mostThreads = 1024;
/// Together with actors.
constexpr uint32_t mostNumbers = 2048;
constexpr int markThreadShift = 48;
constexpr Mark markThread = Mark(mostNumbers - 1) << markThreadShift;
constexpr Mark markWhere = (Mark(1) << markThreadShift) - 1;
/// An access through the async proxy.
constexpr Mark markAsync = Mark(1) << 59;
/// An atomic access.
constexpr Mark markAtomic = Mark(1) << 60;
/// A copy that may write at any time.
constexpr Mark markPending = Mark(1) << 61;
/// Of a writer, both: the bytes are those of an mbarrier.
constexpr Mark markBarrier = markPending | markAtomic;
/// Instead of a mark, something else: see Cell.
constexpr Mark markSplit = Mark(1) << 62;
constexpr Mark markMany = Mark(1) << 63;

constexpr Mark markFlags = markAtomic | markPending | markSplit | markMany;

inline Mark makeMark(const char *where, uint32_t thread) {
  return (reinterpret_cast<uintptr_t>(where) & markWhere) |
         Mark(thread) << markThreadShift;
}
inline uint32_t threadOf(Mark mark) {
  return static_cast<uint32_t>((mark & markThread) >> markThreadShift);
}
inline const char *whereOf(Mark mark) {
  // A mark is a word of a pointer and numbers.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  return reinterpret_cast<const char *>(mark & markWhere);
}

/// What some threads know of the clocks of all.
struct Knowledge {
  explicit Knowledge(size_t threads) : known(threads) {}
  uint32_t holders = 0;
  std::vector<uint32_t> known;

  void learn(const Knowledge &other) {
    for (size_t i = 0; i < known.size(); ++i)
      known[i] = std::max(known[i], other.known[i]);
  }
};

/// Those of a block, used again and again.
class KnowledgePool {
public:
  /// For blocks of so many threads. Nobody holds any.
  void reset(size_t newThreads) {
    if (newThreads != threads) {
      all.clear();
      unused.clear();
    }
    threads = newThreads;
  }
  /// One that nobody holds and that knows nothing.
  Knowledge *take() {
    if (unused.empty()) {
      all.push_back(std::make_unique<Knowledge>(threads));
      return all.back().get();
    }
    Knowledge *taken = unused.back();
    unused.pop_back();
    std::fill(taken->known.begin(), taken->known.end(), 0);
    return taken;
  }
  /// There are more actors now, of which nobody knows anything.
  void grow(size_t newThreads) {
    threads = newThreads;
    for (const std::unique_ptr<Knowledge> &knowledge : all)
      knowledge->known.resize(threads);
  }
  size_t size() const { return threads; }
  static void hold(Knowledge *&place, Knowledge *knowledge) {
    place = knowledge;
    ++knowledge->holders;
  }
  void drop(Knowledge *&place) {
    if (place && --place->holders == 0)
      unused.push_back(place);
    place = nullptr;
  }

private:
  size_t threads = 0;
  std::vector<std::unique_ptr<Knowledge>> all;
  std::vector<Knowledge *> unused;
};

/// A thread, for the question what happened before what it does now.
struct View {
  /// Its own accesses happened before, whatever `knowledge` says: `nobody`
  /// where that is not so.
  uint32_t thread;
  static constexpr uint32_t nobody = ~uint32_t(0);
  uint32_t clock;
  /// Until then nothing counts: for shared memory, until the block started; for
  /// global memory, until the launch did.
  uint32_t since;
  /// After `since`, until then: other blocks of the launch, which nothing
  /// orders.
  uint32_t blockStart;
  /// After `blockStart`, until then: before the last barrier of the block.
  uint32_t everyone;
  const Knowledge *knowledge;

  /// Whether all accesses at that time happened before, whosever they are.
  bool isAfterAll(uint32_t time) const {
    // Above `blockStart` and not above `everyone`: else the difference wraps
    // around.
    return time <= since || time - blockStart - 1 < everyone - blockStart;
  }
  bool isAfter(Mark mark, uint32_t time) const {
    if (time <= since)
      return true;
    if (time <= blockStart)
      return false;
    uint32_t other = threadOf(mark);
    return time <= everyone || other == thread ||
           (knowledge && time <= knowledge->known[other]);
  }
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_CLOCKS_H
