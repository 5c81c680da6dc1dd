//===- Proxies.cpp - Accesses that no load or store makes -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bulk copies and products of warp groups reach shared memory by the async
// proxy. It sees what loads and stores, through the generic proxy, have written
// only behind a fence.proxy.async of the thread that wrote it. A fence counts
// by its thread's clock: it serves what was written at that clock or before,
// and who knows of that clock knows of the fence.
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

void fenceMbarrierInit(Thread &thread) {
  thread.initFences.push_back(thread.clock);
  thread.machine->tick(thread);
}

void fenceProxy(Thread &thread) {
  thread.proxyFences.push_back(thread.clock);
  thread.machine->tick(thread);
}

/// Whether what a thread wrote at a time, which `view` knows of, is behind a
/// fence that `view` knows of, too.
bool Machine::isFenced(const View &view, Mark writer, uint32_t clock) const {
  const std::vector<uint32_t> &fences = threads[threadOf(writer)].proxyFences;
  auto fence = std::lower_bound(fences.begin(), fences.end(), clock);
  return fence != fences.end() && view.isAfter(writer, *fence);
}

bool Machine::accessAsync(const Thread &thread, size_t offset, size_t bytes,
                          const View &view, Mark mark, DitherAccess kind) {
  Shadow &shadow = shared->shadow;
  const char *where = whereOf(mark);
  if (offset >= sharedBytes || bytes > sharedBytes - offset)
    return reportOutsideOfShared(thread, offset, bytes, kind, where);
  if (kind == DITHER_READ && !shadow.isWritten(offset, bytes))
    return reportUnwritten(thread, *shared, offset, bytes, where);

  Mark last = 0;
  uint32_t lastClock = 0;
  bool areFenced =
      shadow.forWriters(offset, bytes, [&](Mark writer, uint32_t clock) {
        // Races come first, and are found below.
        if (clock <= blockStart || (writer & (markAsync | markPending)) ||
            (writer == last && clock == lastClock) ||
            !view.isAfter(writer, clock))
          return true;
        last = writer;
        lastClock = clock;
        return isFenced(view, writer, clock);
      });
  if (!areFenced)
    return reportUnfenced(thread, offset, bytes, kind, where, last);

  Conflict conflict;
  if (!shadow.access(offset, bytes, view, mark, kind, conflict))
    return reportConflict(thread, *shared, offset, bytes, kind, where,
                          conflict);
  if (kind == DITHER_WRITE)
    shadow.setWritten(offset, bytes);
  return true;
}

//===----------------------------------------------------------------------===//
// Pending writes of global memory
//===----------------------------------------------------------------------===//

namespace {
/// Of some bytes, those that are whole cells: others, at the edges of a matrix,
/// are never pending.
struct WholeCells {
  WholeCells(size_t offset, size_t bytes)
      : first((offset + Shadow::cellBytes - 1) / Shadow::cellBytes *
              Shadow::cellBytes),
        end((offset + bytes) / Shadow::cellBytes * Shadow::cellBytes) {}
  size_t bytes() const { return end > first ? end - first : 0; }
  size_t first, end;
};
} // namespace

void Machine::setPendingGlobal(const void *address, size_t bytes) {
  Allocation *place = memory.find(address);
  WholeCells cells(place->offsetOf(address), bytes);
  place->shadow.setPending(cells.first, cells.bytes());
}

void Machine::settleGlobal(const Thread &thread, const void *address,
                           size_t bytes, const char *where) {
  Allocation *place = memory.find(address);
  WholeCells cells(place->offsetOf(address), bytes);
  View view = sharedView(thread);
  place->shadow.settle(cells.first, cells.bytes(), view,
                       makeMark(where, thread.index));
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

bool Machine::reportOutsideOfShared(const Thread &thread, size_t offset,
                                    size_t bytes, DitherAccess kind,
                                    const char *where) {
  report(thread, where,
         concat(kind == DITHER_READ ? "reads " : "writes ", bytes, " bytes at ",
                offset, " of shared memory, which has ", sharedBytes,
                " bytes, through the async proxy"));
  return false;
}

bool Machine::reportUnfenced(const Thread &thread, size_t offset, size_t bytes,
                             DitherAccess kind, const char *where,
                             Mark writer) {
  report(thread, where,
         concat(kind == DITHER_READ ? "reads " : "writes ", bytes,
                " bytes of shared memory at ", offset,
                " through the async proxy, which ",
                nameThread(threadOf(writer)), " writes",
                atWhere(whereOf(writer)),
                " without a fence.proxy.async behind it"));
  return false;
}

} // namespace dither::runtime::emulator
