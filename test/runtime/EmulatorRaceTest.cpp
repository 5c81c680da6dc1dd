//===- EmulatorRaceTest.cpp - Races of random programs --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Programs of accesses to a few bytes, with barriers of all kinds between them.
// Which accesses are ordered does not depend on the schedule: full vectors of
// clocks tell it, and all pairs of accesses are looked at. The emulator, which
// remembers few of them, has to find a race in the same programs.
//
//===----------------------------------------------------------------------===//

#include "EmulatorSupport.h"

#include <array>
#include <random>

using namespace dither::test;
using dither::runtime::Error;

namespace {
constexpr uint32_t threadCount = 96;
constexpr uint32_t memoryBytes = 8;

struct Step {
  enum Kind { Access, Barrier, Arrive, WarpSync } kind;
  DitherAccess access;
  uint32_t offset, bytes; ///< of an access
  uint32_t id, threads;   ///< of a barrier
  uint32_t mask;
};

/// One block.
using Steps = std::array<std::vector<Step>, threadCount>;

struct Program {
  std::vector<Steps> blocks;
  bool isGlobal;
};

struct RunArguments {
  const Program *program;
  unsigned char *global;
};

void runSteps(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<RunArguments>(pointers);
  unsigned char *memory =
      arguments.program->isGlobal ? arguments.global : thread->shared;
  uint32_t number = numberOf(thread);
  if (!arguments.program->isGlobal && number == 0)
    thread->emulator->access(thread, memory, memoryBytes, 1, DITHER_WRITE,
                             HERE);
  barrier(thread, HERE);
  for (const Step &step : arguments.program->blocks[thread->block[0]][number])
    switch (step.kind) {
    case Step::Access:
      thread->emulator->access(thread, memory + step.offset, step.bytes, 1,
                               step.access, HERE);
      break;
    case Step::Barrier:
      barrier(thread, HERE, step.id, step.threads);
      break;
    case Step::Arrive:
      thread->emulator->arrive(thread, step.id, step.threads, HERE);
      break;
    case Step::WarpSync:
      thread->emulator->warp_sync(thread, step.mask, HERE);
      break;
    }
}

/// Writes programs, and notes what is ordered in them.
class Author {
public:
  explicit Author(uint32_t seed) : random(seed) {}

  Program write() {
    Program program;
    program.isGlobal = pick(2) == 0;
    uint32_t blocks = program.isGlobal ? 1 + pick(4) / 3 : 1;
    for (uint32_t block = 0; block < blocks; ++block)
      program.blocks.push_back(writeBlock(block, 1 + pick(5)));
    return program;
  }
  bool hasRace() const {
    for (const Event &a : events)
      for (const Event &b : events)
        if (&a < &b && conflict(a.step, b.step) && !isOrdered(a, b))
          return true;
    return false;
  }

private:
  using Clocks = std::array<uint32_t, threadCount>;
  struct Event {
    uint32_t block, thread;
    Step step;
    Clocks clocks;
  };

  uint32_t pick(uint32_t below) {
    return static_cast<uint32_t>(random() % below);
  }

  Steps writeBlock(uint32_t block, uint32_t phases) {
    Steps steps;
    std::array<Clocks, threadCount> clocks = {};
    for (uint32_t i = 0; i < threadCount; ++i)
      clocks[i][i] = 1;
    for (uint32_t phase = 0; phase < phases; ++phase) {
      writeAccesses(block, steps, clocks);
      // A barrier of its own: nobody may come to one again before it opened.
      writeSynchronization(steps, clocks, 1 + phase);
    }
    writeAccesses(block, steps, clocks);
    return steps;
  }

  void writeAccesses(uint32_t block, Steps &steps,
                     const std::array<Clocks, threadCount> &clocks) {
    // Often the same few threads, on both sides of a warp.
    constexpr uint32_t favourites[] = {0, 1, 16, 31, 32, 64};
    for (uint32_t count = pick(4); count > 0; --count) {
      uint32_t thread = pick(3) ? favourites[pick(6)] : pick(threadCount);
      uint32_t bytes = 1u << pick(4);
      Step step = {Step::Access,
                   pick(3)   ? DITHER_READ
                   : pick(2) ? DITHER_WRITE
                             : DITHER_ATOMIC,
                   pick(memoryBytes / bytes) * bytes,
                   bytes,
                   0,
                   0,
                   0};
      steps[thread].push_back(step);
      events.push_back({block, thread, step, clocks[thread]});
    }
  }

  void writeSynchronization(Steps &steps,
                            std::array<Clocks, threadCount> &clocks,
                            uint32_t id) {
    switch (pick(5)) {
    case 0:
      for (uint32_t i = 0; i < threadCount; ++i)
        steps[i].push_back({Step::Barrier, DITHER_READ, 0, 0, 0, 0, 0});
      join(clocks, [](uint32_t) { return true; });
      break;
    case 1:
      synchronizeLanes(steps, clocks, 32);
      break;
    case 2:
      synchronizeLanes(steps, clocks, 16);
      break;
    default:
      synchronizeWarps(steps, clocks, id, pick(3), pick(2) == 0);
      break;
    }
  }

  void synchronizeLanes(Steps &steps, std::array<Clocks, threadCount> &clocks,
                        uint32_t lanes) {
    for (uint32_t i = 0; i < threadCount; ++i) {
      uint32_t mask = lanes == 32 ? ~0u : 0xffffu << (i % 32 / 16 * 16);
      steps[i].push_back({Step::WarpSync, DITHER_READ, 0, 0, 0, 0, mask});
    }
    for (uint32_t first = 0; first < threadCount; first += lanes)
      join(clocks, [=](uint32_t i) { return i / lanes == first / lanes; });
  }

  /// All warps but one meet; or the first of them only arrives.
  void synchronizeWarps(Steps &steps, std::array<Clocks, threadCount> &clocks,
                        uint32_t id, uint32_t absent, bool firstArrives) {
    uint32_t first = absent == 0 ? 1 : 0;
    for (uint32_t i = 0; i < threadCount; ++i) {
      if (i / 32 == absent)
        continue;
      bool arrives = firstArrives && i / 32 == first;
      steps[i].push_back({arrives ? Step::Arrive : Step::Barrier, DITHER_READ,
                          0, 0, id, 64, 0});
    }
    std::array<Clocks, threadCount> before = clocks;
    join(clocks, [=](uint32_t i) { return i / 32 != absent; });
    for (uint32_t i = first * 32; firstArrives && i < first * 32 + 32; ++i) {
      clocks[i] = before[i];
      ++clocks[i][i];
    }
  }

  template <typename Predicate>
  void join(std::array<Clocks, threadCount> &clocks, Predicate isPart) {
    Clocks all = {};
    for (uint32_t i = 0; i < threadCount; ++i)
      for (uint32_t k = 0; isPart(i) && k < threadCount; ++k)
        all[k] = std::max(all[k], clocks[i][k]);
    for (uint32_t i = 0; i < threadCount; ++i)
      if (isPart(i)) {
        clocks[i] = all;
        ++clocks[i][i];
      }
  }

  static bool conflict(const Step &a, const Step &b) {
    bool overlap =
        a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
    return overlap && (a.access != b.access || a.access == DITHER_WRITE);
  }
  static bool isOrdered(const Event &a, const Event &b) {
    if (a.block != b.block)
      return false;
    return a.thread == b.thread || a.clocks[a.thread] <= b.clocks[a.thread] ||
           b.clocks[b.thread] <= a.clocks[b.thread];
  }

  std::mt19937 random;
  std::vector<Event> events;
};

TEST(EmulatorRace, FindsThoseOfRandomPrograms) {
  uint32_t races = 0;
  constexpr uint32_t programs = 400;
  for (uint32_t seed = 0; seed < programs; ++seed) {
    Author author(seed);
    Program program = author.write();
    races += author.hasRace();
    Emulated emulated(runSteps, threadCount, memoryBytes,
                      static_cast<int>(seed % scheduleCount));
    auto *global = emulated.copyIn(std::vector<unsigned char>(memoryBytes));
    // Twice: the first launch leaves its traces.
    for (int launch = 0; launch < 2; ++launch) {
      Error error = emulated.run(static_cast<uint32_t>(program.blocks.size()),
                                 RunArguments{&program, global});
      ASSERT_EQ(static_cast<bool>(error), author.hasRace())
          << "seed " << seed << ": " << error.message();
      EXPECT_TRUE(!error || failsWith(error, "nothing orders the two"))
          << error.message();
    }
  }
  // Neither kind of program is rare.
  EXPECT_GT(races, programs / 5);
  EXPECT_LT(races, programs * 4 / 5);
}

} // namespace
