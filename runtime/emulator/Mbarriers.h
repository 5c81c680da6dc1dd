//===- Mbarriers.h - Barriers that lie in shared memory ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_MBARRIERS_H
#define DITHER_RUNTIME_EMULATOR_MBARRIERS_H

#include "runtime/emulator/Tiles.h"

#include <string>

namespace dither::runtime::emulator {

class Machine;
struct Thread;

/// The mbarriers of a block. What they are is not in their bytes, which nobody
/// may access while they live.
///
/// A phase is complete when as many have arrived as were said at first, and the
/// bytes have come that arrivals expect. What is before an arrival, and the
/// copies of the phase, happens before what a thread does that has waited for
/// it; a copy, before nothing else.
class Mbarriers {
public:
  explicit Mbarriers(Machine &machine) : machine(machine) {}

  /// Before a block starts.
  void reset();

  // False after a report.
  bool initialize(Thread &thread, void *address, uint32_t count,
                  const char *where);
  bool invalidate(Thread &thread, void *address, const char *where);
  /// With `bytes`, which are expected first.
  bool arrive(Thread &thread, void *address, uint32_t bytes, const char *where);
  bool wait(Thread &thread, void *address, uint32_t parity, const char *where);
  /// Whether a copy of the thread may complete on it.
  bool mayComplete(Thread &thread, void *address, const char *where);
  /// Starts one.
  bool copy(Thread &thread, void *address, BulkCopy &&copy);
  /// Before the last thread of the block leaves the kernel.
  bool finish(Thread &thread);

  /// "the mbarrier at 64, whose phase 2 has 3 of 4 arrivals, 512 bytes
  /// missing".
  std::string describe(uint32_t slot) const;

private:
  /// An address that has or had one.
  struct Mbarrier {
    size_t offset;
    bool isLive;
    /// How many have to arrive in each phase, and in this one still.
    uint32_t count, pending;
    /// Bytes that are expected and have not come.
    int64_t missing;
    uint32_t phase;

    /// Who made it, and when.
    Mark maker;
    uint32_t madeAt;
    /// What those know that have arrived in this phase, and in the last one.
    Knowledge *arriving, *completed;
    /// When the first thread had waited for a phase with copies.
    uint32_t copiedAt;
    /// Copies that will count for a phase; that count for this one; that count
    /// for the last one, which no thread has waited for.
    std::vector<BulkCopy> onTheirWay, arrived, unseen;
    /// The numbers of threads.
    std::vector<uint32_t> waiting;
  };

  Mbarrier *find(size_t offset);
  Mbarrier *use(Thread &thread, void *address, const char *where);
  uint32_t slotOf(const Mbarrier &barrier) const {
    return static_cast<uint32_t>(&barrier - barriers.data());
  }
  bool changeMissing(Thread &thread, Mbarrier &barrier, int64_t bytes,
                     const char *where);
  bool completeCopies(Thread &thread, Mbarrier &barrier, const char *where);
  bool tryComplete(Thread &thread, Mbarrier &barrier, const char *where);
  bool see(Thread &running, Mbarrier &barrier, Thread &thread,
           const char *where);
  bool settle(Thread &thread, Mbarrier &barrier, const BulkCopy &copy,
              const char *where);
  void forget(Mbarrier &barrier);
  static std::string describe(const Mbarrier &barrier);

  Machine &machine;
  std::vector<Mbarrier> barriers;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_MBARRIERS_H
