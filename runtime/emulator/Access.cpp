//===- Access.cpp - Checks of loads and stores ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

static const char *nameAccess(DitherAccess kind) {
  switch (kind) {
  case DITHER_READ:
    return "reads ";
  case DITHER_WRITE:
    return "writes ";
  case DITHER_ATOMIC:
    break;
  }
  return "updates ";
}

bool Machine::access(Thread &thread, const void *address, uint64_t bytes,
                     uint32_t alignment, DitherAccess kind, const char *where) {
  if (__builtin_expect(
          (reinterpret_cast<uintptr_t>(address) & (alignment - 1)) != 0, 0))
    return reportUnaligned(thread, address, alignment, where);
  Allocation *place = shared.get();
  size_t placeBytes = sharedBytes;
  uint32_t since = blockStart;
  if (!isShared(address)) {
    place = memory.find(address);
    placeBytes = place ? place->size : 0;
    since = launchStart;
  }
  size_t offset = place ? place->offsetOf(address) : 0;
  if (__builtin_expect(offset >= placeBytes || bytes > placeBytes - offset, 0))
    return accessElsewhere(thread, address, bytes, kind, where);

  Shadow &shadow = place->shadow;
  if (kind != DITHER_WRITE && !shadow.isWritten(offset, bytes))
    return reportUnwritten(thread, *place, offset, bytes, where);
  View view = {thread.index, thread.clock, since,
               blockStart,   everyone,     thread.knowledge};
  Conflict conflict;
  if (!shadow.access(offset, bytes, view, makeMark(where, thread.index), kind,
                     conflict))
    return reportConflict(thread, *place, offset, bytes, kind, where, conflict);
  if (kind == DITHER_WRITE)
    shadow.setWritten(offset, bytes);
  if (place != shared.get())
    place->touch(offset, bytes, launchStart);
  return true;
}

/// An address that is neither in shared memory nor in an allocation, or bytes
/// that go beyond one.
bool Machine::accessElsewhere(Thread &thread, const void *address,
                              uint64_t bytes, DitherAccess kind,
                              const char *where) {
  size_t offset =
      constants.data
          ? static_cast<size_t>(reinterpret_cast<uintptr_t>(address) -
                                reinterpret_cast<uintptr_t>(constants.data))
          : 0;
  bool isConstant = offset < constants.size && bytes <= constants.size - offset;
  if ((isConstant && kind == DITHER_READ) || thread.fiber->holds(address))
    return true;
  report(thread, where,
         concat(nameAccess(kind), bytes, " bytes at ",
                isConstant
                    ? concat(offset, " of the constants, which are read only")
                    : describeOutside(address)));
  return false;
}

bool Machine::needsShared(Thread &thread, const void *address, uint64_t bytes,
                          const char *where) {
  if (isShared(address))
    return true;
  report(thread, where,
         concat("wants ", bytes, " bytes of shared memory at ",
                describeOutside(address)));
  return false;
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

/// "100 of shared memory, which has 64 bytes", of bytes that are not all in it.
std::string Machine::describeOutside(const void *address) {
  auto describe = [&](const Allocation &near, size_t size) {
    return concat(static_cast<int64_t>(near.offsetOf(address)), " of ",
                  near.purpose, ", which has ", size, " bytes");
  };
  if (shared->isNear(address))
    return describe(*shared, sharedBytes);
  if (const Allocation *near = memory.find(address))
    return describe(*near, near->size);
  return concat(inHexadecimal(reinterpret_cast<uintptr_t>(address)),
                ", where the device has no memory");
}

bool Machine::reportUnaligned(Thread &thread, const void *address,
                              uint32_t alignment, const char *where) {
  report(thread, where,
         concat("accesses the address ",
                inHexadecimal(reinterpret_cast<uintptr_t>(address)), ", byte ",
                describeOutside(address), ": not a multiple of ", alignment));
  return false;
}

bool Machine::reportUnwritten(const Thread &thread, const Allocation &place,
                              size_t offset, uint64_t bytes,
                              const char *where) {
  size_t first = place.shadow.firstUnwritten(offset, bytes);
  std::string which =
      first == offset ? " that no thread wrote"
                      : concat(", of which no thread wrote that at ", first);
  report(thread, where,
         concat("reads ", bytes, " bytes of ", place.purpose, " at ", offset,
                which));
  return false;
}

/// What would order an access and what it conflicts with.
const char *Machine::adviseOn(const Conflict &conflict) const {
  if (conflict.clock <= blockStart)
    return "blocks of one launch are not ordered; use two launches";
  uint32_t other = threadOf(conflict.mark);
  if (other < count)
    return "put a barrier between them";
  return other < count + groupCount()
             ? "a thread has to wait for the product (wgmma.wait_group), and "
               "then an mbarrier or a barrier to order the two"
             : "wait for the phase of its mbarrier";
}

bool Machine::reportConflict(const Thread &thread, const Allocation &place,
                             size_t offset, uint64_t bytes, DitherAccess kind,
                             const char *where, const Conflict &conflict) {
  std::string text =
      concat(nameAccess(kind), bytes, " bytes of ", place.purpose, " at ",
             offset, ", which ", nameThread(conflict));
  const char *other = whereOf(conflict.mark);
  if (conflict.kind == Conflict::Pending) {
    text += (conflict.mark & markBarrier) == markBarrier
                ? concat(" has made an mbarrier of", atWhere(other),
                         ": only instructions for mbarriers may access it")
            : conflict.mark & markAsync
                ? concat(" still copies to", atWhere(other),
                         ": wait for the phase of its mbarrier")
                : concat(" still copies to", atWhere(other),
                         ": it has to wait for the copy (cp.async.wait_group), "
                         "and other threads behind it at a barrier");
  } else {
    text += concat(conflict.mark & markAtomic         ? " updates"
                   : conflict.kind == Conflict::Write ? " writes"
                                                      : " reads",
                   atWhere(other),
                   ", and nothing orders the two: ", adviseOn(conflict));
  }
  report(thread, where, text);
  return false;
}

} // namespace dither::runtime::emulator
