//===- Machine.h - A device whose threads are fibers -----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One block runs after the other; its threads take turns, each until it waits
// for others. A function that finds a fault reports it and returns false; what
// a kernel calls then abandons the kernel, whose fibers are not entered again.
// So nothing that owns memory may be on a fiber's stack when it waits.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_MACHINE_H
#define DITHER_RUNTIME_EMULATOR_MACHINE_H

#include "dither/abi.h"
#include "runtime/emulator/Barriers.h"
#include "runtime/emulator/Fiber.h"
#include "runtime/emulator/Groups.h"
#include "runtime/emulator/Mbarriers.h"
#include "runtime/emulator/Memory.h"
#include "runtime/emulator/Products.h"
#include "runtime/emulator/Registers.h"
#include "runtime/emulator/Schedule.h"
#include "runtime/emulator/Warps.h"
#include "runtime/io/Buffer.h"

namespace dither::runtime::emulator {

class Machine;

constexpr uint32_t warpLanes = 32;
/// What a block of the latest devices can have.
constexpr uint32_t mostSharedBytes = 227 * 1024;

/// A cp.async that was not waited for.
struct Copy {
  unsigned char *to;
  const unsigned char *from;
  uint32_t bytes, sourceBytes;
  const char *where;
  /// What the source was when the copy was issued.
  unsigned char source[16];
};

/// What a thread waits for.
struct Wait {
  enum Kind { Lanes, Barrier, Mbarrier, Group, Registers };

  Kind kind = Lanes;
  const char *instruction = nullptr;
  const char *where = nullptr;
  /// The mask of lanes, or the number of a barrier, of an mbarrier or of a warp
  /// group.
  uint32_t which = 0;
};

struct Thread : DitherThread {
  Machine *machine;
  Fiber *fiber;
  uint32_t index, warp, lane;

  uint32_t clock;
  Knowledge *knowledge = nullptr;

  Wait wait;
  /// Of the collective instruction that it takes part in.
  void *operands;

  /// In the order of their issue; `groups` has the number of copies until the
  /// end of each group.
  std::vector<Copy> copies;
  std::vector<size_t> groups;

  /// Its clock at each fence.mbarrier_init, and at each fence.proxy.async.
  std::vector<uint32_t> initFences;
  std::vector<uint32_t> proxyFences;

  /// As `copies` and `groups`. Of the first `readStores`, shared memory has
  /// been read.
  std::vector<TileStore> stores;
  std::vector<size_t> storeGroups;
  size_t readStores = 0;

  GroupThread products;
};

class Machine {
public:
  Machine(Bytes constants, uint64_t schedule, uint64_t memoryLimit)
      : memory(memoryLimit), barriers(*this), warps(*this), groups(*this),
        mbarriers(*this), products(*this), registers(*this),
        constants(constants), schedule(schedule) {}
  Error prepare();

  /// Runs all blocks; the first fault ends it.
  Error launch(const DitherKernelEntry &kernel, const int64_t grid[3],
               const void *const *arguments);

  Memory memory;
  Barriers barriers;
  Warps warps;
  Groups groups;
  Mbarriers mbarriers;
  Products products;
  Registers registers;
  KnowledgePool knowledge;

  //===--------------------------------------------------------------------===//
  // For instructions
  //===--------------------------------------------------------------------===//

  /// Keeps a fault: what the thread does wrong, as "reads ...".
  void report(const Thread &thread, const char *where, const std::string &text);
  /// Leaves the kernel, after a report.
  [[noreturn]] void abandon(Thread &thread);

  /// Checks an access, and notes it.
  bool access(Thread &thread, const void *address, uint64_t bytes,
              uint32_t alignment, DitherAccess kind, const char *where);
  /// Of an instruction for shared memory alone: false, and a report, where the
  /// address is not in it.
  bool needsShared(Thread &thread, const void *address, uint64_t bytes,
                   const char *where);
  /// Of a write to shared memory that access() has noted: it takes place later,
  /// and now.
  void setPending(const Copy &copy);
  void settle(const Thread &thread, const Copy &copy);

  /// Checks an access of shared memory through the async proxy, of the thread
  /// or actor of `mark`, who knows what `view` does, and notes it. A read or a
  /// write of what somebody wrote through the generic proxy needs a fence.
  /// `thread` is who is told.
  bool accessAsync(const Thread &thread, size_t offset, size_t bytes,
                   const View &view, Mark mark, DitherAccess kind);
  /// The shadow of shared memory, and where in it an address is.
  Shadow &sharedShadow() { return shared->shadow; }
  size_t sharedOffset(const void *address) const {
    return shared->offsetOf(address);
  }
  unsigned char *sharedBytesAt(size_t offset) { return shared->start + offset; }
  View sharedView(const Thread &thread) const {
    return {thread.index, thread.clock, blockStart,
            blockStart,   everyone,     thread.knowledge};
  }
  /// Of bytes of global memory that access() has noted a write of.
  void setPendingGlobal(const void *address, size_t bytes);
  void settleGlobal(const Thread &thread, const void *address, size_t bytes,
                    const char *where);

  /// Whether threads may wait at all; reports where not.
  bool mayWait(Thread &thread, const char *where);
  /// Returns when another thread has called `wake`.
  void wait(Thread &thread, const Wait &wait);
  void wake(Thread &thread);

  Thread &thread(uint32_t index) { return threads[index]; }
  uint32_t threadCount() const { return count; }
  uint32_t warpCount() const { return (count + warpLanes - 1) / warpLanes; }
  /// The lanes that a warp has.
  uint32_t lanesOf(uint32_t warp) const {
    uint32_t lanes = std::min(warpLanes, count - warp * warpLanes);
    return lanes == warpLanes ? ~uint32_t(0) : (uint32_t(1) << lanes) - 1;
  }
  /// Those of them that have returned from the kernel.
  uint32_t leftLanesOf(uint32_t warp) const { return left[warp]; }
  bool hasLeft(const Thread &thread) const {
    return left[thread.warp] >> thread.lane & 1;
  }
  bool copiesAtOnce() { return schedule.copiesAtOnce(); }
  /// The four warps of a warp group, which the last one of a block may lack.
  uint32_t groupCount() const {
    return (count + groupThreads - 1) / groupThreads;
  }

  //===--------------------------------------------------------------------===//
  // What happens before what
  //===--------------------------------------------------------------------===//

  /// All of the block have come to a barrier.
  void synchronizeAll();
  /// These threads, by their numbers, wait for each other. They also learn what
  /// others have published, which may be null.
  void synchronize(const uint32_t *first, size_t number,
                   const Knowledge *published);
  /// One lets others know what it has done, without waiting for them. Makes the
  /// place where it does so if there is none.
  void publish(Thread &thread, Knowledge *&to);
  /// One learns what others have published, which may be null, and what an
  /// actor did until then.
  void acquire(Thread &thread, const Knowledge *published, uint32_t actor,
               uint32_t actorClock);
  /// What the thread does from now on, nobody knows of yet.
  void tick(Thread &thread);
  /// The number of an actor: of a warp group, or of an mbarrier. Makes room for
  /// what is known of it.
  uint32_t actorOfGroup(uint32_t group) { return makeActor(group); }
  uint32_t actorOfMbarrier(uint32_t slot) {
    return makeActor(groupCount() + slot);
  }
  /// The time of what an actor does now.
  uint32_t actorClock() { return ++latest; }
  /// What the thread knows now, with all it has done; and what all of some
  /// threads know, beside each other. The caller holds it.
  Knowledge *snapshot(Thread &thread);
  Knowledge *commonKnowledge(const Thread *first, uint32_t number);
  uint32_t everyoneSince() const { return everyone; }

private:
  Error check(const DitherKernelEntry &entry, const int64_t grid[3]) const;
  void start(const DitherKernelEntry &entry, const int64_t grid[3]);
  void forgetThreads();
  void resetSynchronization();
  void startBlock(uint64_t order);
  void placeBlock(uint64_t order, uint32_t block[3]) const;
  bool runBlock();
  bool runThreadsInOrder();
  bool finish(Thread &thread);
  uint32_t makeActor(uint32_t number);
  static void threadMain(void *thread);
  static void threadsMain(void *machine);

  bool accessElsewhere(Thread &thread, const void *address, uint64_t bytes,
                       DitherAccess kind, const char *where);
  bool reportUnaligned(Thread &thread, const void *address, uint32_t alignment,
                       const char *where);
  bool reportUnwritten(const Thread &thread, const Allocation &place,
                       size_t offset, uint64_t bytes, const char *where);
  bool reportConflict(const Thread &thread, const Allocation &place,
                      size_t offset, uint64_t bytes, DitherAccess kind,
                      const char *where, const Conflict &conflict);
  bool reportUnfenced(const Thread &thread, size_t offset, size_t bytes,
                      DitherAccess kind, const char *where, Mark writer);
  bool reportOutsideOfShared(const Thread &thread, size_t offset, size_t bytes,
                             DitherAccess kind, const char *where);
  bool isFenced(const View &view, Mark writer, uint32_t clock) const;
  const char *adviseOn(const Conflict &conflict) const;
  void reportDeadlock();
  bool areAlike(const Thread &a, const Thread &b) const;
  std::string describe(const Wait &wait) const;
  std::string describeOutside(const void *address);
  std::string nameThread(uint32_t number) const;
  std::string nameThread(const Conflict &conflict) const;
  bool isShared(const void *address) const {
    return reinterpret_cast<uintptr_t>(address) -
               reinterpret_cast<uintptr_t>(shared->start) <
           sharedBytes;
  }

  Bytes constants;
  Schedule schedule;
  FiberStacks fibers;
  std::unique_ptr<Allocation> shared;
  std::vector<Thread> threads;

  // Of the launch.
  const DitherKernelEntry *kernel = nullptr;
  const void *const *arguments = nullptr;
  uint32_t blocks[3] = {};
  uint32_t count = 0;
  uint32_t sharedBytes = 0;
  /// The clock when each block started, in the order in which they ran.
  std::vector<uint32_t> blockStarts;
  uint32_t launchStart = 0;
  Error fault = Error::success();

  // Of the block.
  uint32_t running = 0;
  std::array<uint32_t, mostThreads / warpLanes> left;
  uint32_t blockStart = 0;
  /// Of the last barrier of the whole block.
  uint32_t everyone = 0;
  /// The latest clock of a thread.
  uint32_t latest = 0;
};

//===----------------------------------------------------------------------===//
// Instructions. False after a report.
//===----------------------------------------------------------------------===//

bool issueCopy(Thread &thread, void *to, const void *from, uint32_t bytes,
               uint32_t sourceBytes, const char *where);
void commitCopies(Thread &thread);
bool waitForCopies(Thread &thread, uint32_t groups, const char *where);

bool loadMatrices(Thread &thread, const void *row, uint32_t count,
                  bool isTransposed, uint32_t *registers, const char *where);
bool storeMatrices(Thread &thread, void *row, uint32_t count, bool isTransposed,
                   const uint32_t *registers, const char *where);

struct MultiplyOperands {
  const DitherMma *mma;
  const uint32_t *a, *b, *c;
  uint32_t metadata;
  uint32_t *d;
};
bool multiplyMatrices(Thread &thread, const MultiplyOperands &operands,
                      const char *where);

void fenceMbarrierInit(Thread &thread);
void fenceProxy(Thread &thread);

bool copyBulk(Thread &thread, void *shared, const void *global, uint32_t bytes,
              void *barrier, const char *where);
bool copyTile(Thread &thread, void *shared, const DitherMappedMatrix &matrix,
              int32_t row, int32_t column, void *barrier, const char *where);
bool storeTile(Thread &thread, const DitherMappedMatrix &matrix, int32_t row,
               int32_t column, const void *shared, const char *where);
void commitStores(Thread &thread);
bool waitForStores(Thread &thread, uint32_t groups, bool readsAlone,
                   const char *where);
/// Before the thread leaves the kernel.
bool finishStores(Thread &thread);

/// What kernels call.
extern const DitherEmulator instructions;

/// "0x1234".
std::string inHexadecimal(uint64_t number);
/// " at 'where'", of a text that may be null.
std::string atWhere(const char *where);

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_MACHINE_H
