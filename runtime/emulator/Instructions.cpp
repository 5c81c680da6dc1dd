//===- Instructions.cpp - What kernels call -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

namespace {
Thread &of(DitherThread *thread) { return *static_cast<Thread *>(thread); }

/// Does not return to the kernel after a fault.
void finish(Thread &thread, bool isRight) {
  if (__builtin_expect(!isRight, 0))
    thread.machine->abandon(thread);
}

//===----------------------------------------------------------------------===//
// Memory and barriers
//===----------------------------------------------------------------------===//

void access(DitherThread *self, const void *address, uint64_t bytes,
            uint32_t alignment, uint32_t access, const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->access(thread, address, bytes, alignment,
                                static_cast<DitherAccess>(access), where));
}

void barrier(DitherThread *self, uint32_t id, uint32_t threads,
             const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->barriers.come(thread, id, threads, true, where));
}

void arrive(DitherThread *self, uint32_t id, uint32_t threads,
            const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->barriers.come(thread, id, threads, false, where));
}

//===----------------------------------------------------------------------===//
// Warps
//===----------------------------------------------------------------------===//

bool executeWarpSync(Machine &machine, Thread *lanes, uint32_t mask,
                     const char *) {
  uint32_t indices[warpLanes];
  size_t count = 0;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    if (mask >> lane & 1)
      indices[count++] = lanes[lane].index;
  machine.synchronize(indices, count, nullptr);
  return true;
}

void warpSync(DitherThread *self, uint32_t mask, const char *where) {
  Thread &thread = of(self);
  finish(thread, thread.machine->warps.gather(
                     thread, mask, {"bar.warp.sync", 0, executeWarpSync},
                     nullptr, where));
}

struct ShuffleOperands {
  DitherShuffle kind;
  uint32_t value, lane, clamp;
  uint32_t result;
  bool isValid;
};

/// The lane that `lane` reads, or none where it is out of its segment: the rule
/// of the PTX ISA.
bool findSource(const ShuffleOperands &operands, uint32_t lane,
                uint32_t &source) {
  uint32_t b = operands.lane & 31;
  uint32_t segment = operands.clamp >> 8 & 31;
  uint32_t last = (lane & segment) | (operands.clamp & 31 & ~segment);
  uint32_t first = lane & segment;
  switch (operands.kind) {
  case DITHER_SHUFFLE_UP:
    source = lane - b;
    return static_cast<int32_t>(source) >= static_cast<int32_t>(last);
  case DITHER_SHUFFLE_DOWN:
    source = lane + b;
    return source <= last;
  case DITHER_SHUFFLE_XOR:
    source = lane ^ b;
    return source <= last;
  case DITHER_SHUFFLE_INDEX:
    break;
  }
  source = first | (b & ~segment);
  return source <= last;
}

bool executeShuffle(Machine &machine, Thread *lanes, uint32_t mask,
                    const char *where) {
  for (uint32_t lane = 0; lane < warpLanes; ++lane) {
    if (!(mask >> lane & 1))
      continue;
    auto &operands = *static_cast<ShuffleOperands *>(lanes[lane].operands);
    uint32_t source;
    operands.isValid = findSource(operands, lane, source);
    if (!operands.isValid)
      source = lane;
    if (!(mask >> source & 1)) {
      machine.report(lanes[lane], where,
                     concat("shuffles from lane ", source, ", which the mask ",
                            inHexadecimal(mask), " does not name"));
      return false;
    }
    operands.result =
        static_cast<ShuffleOperands *>(lanes[source].operands)->value;
  }
  return true;
}

uint32_t shuffle(DitherThread *self, uint32_t mask, uint32_t kind,
                 uint32_t value, uint32_t lane, uint32_t clamp, uint32_t *valid,
                 const char *where) {
  Thread &thread = of(self);
  ShuffleOperands operands = {
      static_cast<DitherShuffle>(kind), value, lane, clamp, 0, false};
  finish(thread, thread.machine->warps.gather(
                     thread, mask, {"shfl.sync", kind, executeShuffle},
                     &operands, where));
  if (valid)
    *valid = operands.isValid;
  return operands.result;
}

struct BallotOperands {
  bool predicate;
  uint32_t result;
};

bool executeBallot(Machine &, Thread *lanes, uint32_t mask, const char *) {
  uint32_t result = 0;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    if ((mask >> lane & 1) &&
        static_cast<BallotOperands *>(lanes[lane].operands)->predicate)
      result |= uint32_t(1) << lane;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    if (mask >> lane & 1)
      static_cast<BallotOperands *>(lanes[lane].operands)->result = result;
  return true;
}

uint32_t ballot(DitherThread *self, uint32_t mask, uint32_t predicate,
                const char *where) {
  Thread &thread = of(self);
  BallotOperands operands = {predicate != 0, 0};
  finish(thread, thread.machine->warps.gather(
                     thread, mask, {"vote.sync.ballot", 0, executeBallot},
                     &operands, where));
  return operands.result;
}

//===----------------------------------------------------------------------===//
// Copies and matrices
//===----------------------------------------------------------------------===//

void copyAsync(DitherThread *self, void *shared, const void *global,
               uint32_t bytes, uint32_t sourceBytes, const char *where) {
  Thread &thread = of(self);
  finish(thread, issueCopy(thread, shared, global, bytes, sourceBytes, where));
}

void copyCommit(DitherThread *self, const char *) { commitCopies(of(self)); }

void copyWait(DitherThread *self, uint32_t groups, const char *where) {
  Thread &thread = of(self);
  finish(thread, waitForCopies(thread, groups, where));
}

void loadMatrix(DitherThread *self, const void *row, uint32_t count,
                uint32_t transposed, uint32_t *registers, const char *where) {
  Thread &thread = of(self);
  finish(thread,
         loadMatrices(thread, row, count, transposed != 0, registers, where));
}

void storeMatrix(DitherThread *self, void *row, uint32_t count,
                 uint32_t transposed, const uint32_t *registers,
                 const char *where) {
  Thread &thread = of(self);
  finish(thread,
         storeMatrices(thread, row, count, transposed != 0, registers, where));
}

void multiply(DitherThread *self, const DitherMma *mma, const uint32_t *a,
              const uint32_t *b, const uint32_t *c, uint32_t metadata,
              uint32_t *d, const char *where) {
  Thread &thread = of(self);
  finish(thread, multiplyMatrices(thread, {mma, a, b, c, metadata, d}, where));
}

//===----------------------------------------------------------------------===//
// Mbarriers and bulk copies
//===----------------------------------------------------------------------===//

void mbarrierInit(DitherThread *self, void *barrier, uint32_t count,
                  const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->mbarriers.initialize(thread, barrier, count, where));
}

void mbarrierInvalidate(DitherThread *self, void *barrier, const char *where) {
  Thread &thread = of(self);
  finish(thread, thread.machine->mbarriers.invalidate(thread, barrier, where));
}

void mbarrierArrive(DitherThread *self, void *barrier, uint32_t bytes,
                    const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->mbarriers.arrive(thread, barrier, bytes, where));
}

void mbarrierWait(DitherThread *self, void *barrier, uint32_t parity,
                  const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->mbarriers.wait(thread, barrier, parity, where));
}

void fenceMbarrierInit(DitherThread *self, const char *) {
  emulator::fenceMbarrierInit(of(self));
}

void fenceProxy(DitherThread *self, const char *) {
  emulator::fenceProxy(of(self));
}

void copyBulk(DitherThread *self, void *shared, const void *global,
              uint32_t bytes, void *barrier, const char *where) {
  Thread &thread = of(self);
  finish(thread,
         emulator::copyBulk(thread, shared, global, bytes, barrier, where));
}

void copyTensor(DitherThread *self, void *shared,
                const DitherMappedMatrix *matrix, int32_t row, int32_t column,
                void *barrier, const char *where) {
  Thread &thread = of(self);
  finish(thread,
         copyTile(thread, shared, *matrix, row, column, barrier, where));
}

void storeTensor(DitherThread *self, const DitherMappedMatrix *matrix,
                 int32_t row, int32_t column, const void *shared,
                 const char *where) {
  Thread &thread = of(self);
  finish(thread, storeTile(thread, *matrix, row, column, shared, where));
}

void bulkCommit(DitherThread *self, const char *) { commitStores(of(self)); }

void bulkWait(DitherThread *self, uint32_t groups, uint32_t read,
              const char *where) {
  Thread &thread = of(self);
  finish(thread, waitForStores(thread, groups, read != 0, where));
}

//===----------------------------------------------------------------------===//
// Warp groups
//===----------------------------------------------------------------------===//

void groupFence(DitherThread *self, const char *) {
  Thread &thread = of(self);
  thread.machine->products.fence(thread);
}

void groupMultiply(DitherThread *self, const DitherWgmma *mma,
                   const uint32_t *a, uint64_t aMatrix, uint64_t bMatrix,
                   uint32_t metadata, uint32_t *sums, const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->products.multiply(
             thread, {mma, a, aMatrix, bMatrix, metadata, sums}, where));
}

void groupCommit(DitherThread *self, const char *) {
  Thread &thread = of(self);
  thread.machine->products.commit(thread);
}

void groupWait(DitherThread *self, uint32_t groups, uint32_t *registers,
               uint32_t count, const char *where) {
  Thread &thread = of(self);
  finish(thread, thread.machine->products.wait(thread, groups, registers, count,
                                               where));
}

void setRegisters(DitherThread *self, uint32_t count, uint32_t increase,
                  const char *where) {
  Thread &thread = of(self);
  finish(thread,
         thread.machine->registers.set(thread, count, increase != 0, where));
}

bool executeElect(Machine &, Thread *lanes, uint32_t mask, const char *) {
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    if (mask >> lane & 1)
      *static_cast<uint32_t *>(lanes[lane].operands) =
          (mask & ((uint32_t(1) << lane) - 1)) == 0;
  return true;
}

uint32_t elect(DitherThread *self, uint32_t mask, const char *where) {
  Thread &thread = of(self);
  uint32_t isElected = 0;
  finish(thread, thread.machine->warps.gather(thread, mask,
                                              {"elect.sync", 0, executeElect},
                                              &isElected, where));
  return isElected;
}
} // namespace

const DitherEmulator instructions = {
    access,
    barrier,
    arrive,
    warpSync,
    shuffle,
    ballot,
    copyAsync,
    copyCommit,
    copyWait,
    loadMatrix,
    storeMatrix,
    multiply,
    mbarrierInit,
    mbarrierInvalidate,
    mbarrierArrive,
    mbarrierWait,
    fenceMbarrierInit,
    fenceProxy,
    copyBulk,
    copyTensor,
    storeTensor,
    bulkCommit,
    bulkWait,
    groupFence,
    groupMultiply,
    groupCommit,
    groupWait,
    setRegisters,
    elect,
};

} // namespace dither::runtime::emulator
