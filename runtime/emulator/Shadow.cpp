//===- Shadow.cpp - Who accessed each byte
//---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Shadow.h"

#include <cassert>

namespace dither::runtime::emulator {

//===----------------------------------------------------------------------===//
// Which bytes were written
//===----------------------------------------------------------------------===//

size_t Shadow::firstUnwritten(size_t offset, size_t bytes) const {
  size_t end = offset + bytes;
  while (offset < end) {
    if (offset % 64 == 0 && end - offset >= 64 &&
        written[offset / 64] == ~uint64_t(0)) {
      offset += 64;
      continue;
    }
    if (!(written[offset / 64] >> (offset % 64) & 1))
      return offset;
    ++offset;
  }
  return end;
}

void Shadow::setManyWritten(size_t offset, size_t bytes) {
  size_t end = offset + bytes;
  while (offset < end) {
    size_t first = offset % 64;
    size_t count = std::min<size_t>(64 - first, end - offset);
    uint64_t mask = count == 64 ? ~uint64_t(0) : (uint64_t(1) << count) - 1;
    written[offset / 64] |= mask << first;
    offset += count;
  }
}

//===----------------------------------------------------------------------===//
// Parts of cells
//===----------------------------------------------------------------------===//

bool Shadow::accessParts(size_t offset, size_t bytes, const View &view,
                         Mark mark, DitherAccess kind, Conflict &conflict) {
  size_t end = offset + bytes;
  while (offset < end) {
    size_t first = offset % cellBytes;
    size_t count = std::min(cellBytes - first, end - offset);
    if (!accessCell(cells[offset / cellBytes], cellBytes, first, count, view,
                    mark, kind, conflict))
      return false;
    offset += count;
  }
  return true;
}

bool Shadow::accessCell(Cell &cell, size_t size, size_t offset, size_t bytes,
                        const View &view, Mark mark, DitherAccess kind,
                        Conflict &conflict) {
  bool isWhole = bytes == size;
  if (isWhole && (cell.writer & markSplit) && isOld(cell, view))
    clear(cell);
  if (!(cell.writer & markSplit)) {
    if (isWhole)
      return accessQuickly(cell, view, mark, kind) ||
             accessWhole(cell, view, mark, kind, conflict);
    if (isPending(cell, view))
      return accessWhole(cell, view, mark, kind, conflict);
    split(cell);
  }
  return accessHalves(cell, size, offset, bytes, view, mark, kind, conflict);
}

bool Shadow::accessHalves(Cell &cell, size_t size, size_t offset, size_t bytes,
                          const View &view, Mark mark, DitherAccess kind,
                          Conflict &conflict) {
  size_t half = size / 2;
  size_t end = offset + bytes;
  Cell *pair = halves(cell);
  if (offset < half &&
      !accessCell(pair[0], half, offset, std::min(end, half) - offset, view,
                  mark, kind, conflict))
    return false;
  size_t first = std::max(offset, half);
  if (end > half && !accessCell(pair[1], half, first - half, end - first, view,
                                mark, kind, conflict))
    return false;
  // A write of all is all that need be known.
  if (kind == DITHER_WRITE && bytes == size) {
    clear(cell);
    cell.writer = mark;
    cell.writeClock = view.clock;
  }
  return true;
}

/// Whether all that a cell tells is so long ago that it does not matter.
bool Shadow::isOld(const Cell &cell, const View &view) {
  if (cell.writer & markSplit)
    return isOld(halves(cell)[0], view) && isOld(halves(cell)[1], view);
  return cell.writeClock <= view.since && cell.readClock <= view.since;
}

void Shadow::split(Cell &cell) {
  Cell *pair;
  if (unusedHalves.empty()) {
    allHalves.emplace_back();
    pair = allHalves.back().cells;
  } else {
    pair = unusedHalves.back();
    unusedHalves.pop_back();
  }
  pair[0] = pair[1] = cell;
  if (cell.reader & markMany) {
    // The other half gets its own list.
    Readers *copy = takeReaders();
    *copy = *readers(cell);
    pair[1].reader = reinterpret_cast<Mark>(copy) | markMany;
  }
  cell = {markSplit, reinterpret_cast<Mark>(pair), 0, 0};
}

Readers *Shadow::takeReaders() {
  if (unusedReaders.empty()) {
    allReaders.emplace_back();
    return &allReaders.back();
  }
  Readers *taken = unusedReaders.back();
  unusedReaders.pop_back();
  return taken;
}

void Shadow::clear(Cell &cell) {
  if (cell.writer & markSplit) {
    clear(halves(cell)[0]);
    clear(halves(cell)[1]);
    unusedHalves.push_back(halves(cell));
    cell.reader = 0;
  } else {
    clearReader(cell);
  }
  cell = {};
}

void Shadow::clearReader(Cell &cell) {
  if (cell.reader & markMany) {
    readers(cell)->clear();
    unusedReaders.push_back(readers(cell));
  }
  cell.reader = 0;
  cell.readClock = 0;
}

//===----------------------------------------------------------------------===//
// Whole cells
//===----------------------------------------------------------------------===//

bool Shadow::accessWhole(Cell &cell, const View &view, Mark mark,
                         DitherAccess kind, Conflict &conflict) {
  if (isPending(cell, view)) {
    conflict = {Conflict::Pending, cell.writer, cell.writeClock};
    return false;
  }
  if (!view.isAfter(cell.writer, cell.writeClock)) {
    conflict = {Conflict::Write, cell.writer, cell.writeClock};
    return false;
  }
  // Reads race with atomic accesses, atomic accesses with reads, a write with
  // both.
  if (cell.readClock > view.since && findReader(cell, view, kind, conflict))
    return false;
  if (kind == DITHER_WRITE) {
    clearReader(cell);
    cell.writer = mark;
    cell.writeClock = view.clock;
  } else {
    noteRead(cell, view, kind == DITHER_ATOMIC ? mark | markAtomic : mark);
  }
  return true;
}

/// Finds a read, or an atomic access, that the thread does not know of and
/// that `kind` conflicts with.
bool Shadow::findReader(const Cell &cell, const View &view, DitherAccess kind,
                        Conflict &conflict) {
  auto conflicts = [&](Mark mark, uint32_t clock) {
    bool isAtomic = mark & markAtomic;
    if (kind == (isAtomic ? DITHER_ATOMIC : DITHER_READ) ||
        view.isAfter(mark, clock))
      return false;
    conflict = {isAtomic ? Conflict::Write : Conflict::Read, mark, clock};
    return true;
  };
  if (!(cell.reader & markMany))
    return conflicts(cell.reader, cell.readClock);
  // All of a list are of one block: see noteRead.
  if (cell.readClock > view.blockStart && cell.readClock <= view.everyone)
    return false;
  const Readers &list = *readers(cell);
  if (kind != DITHER_WRITE &&
      list.areLike(kind == DITHER_ATOMIC ? markAtomic : 0))
    return false;
  for (const Readers::Read &read : list.reads)
    if (conflicts(read.mark, read.clock))
      return true;
  return false;
}

/// Whether a later access that conflicts with one of the cell's readers also
/// conflicts with that of `mark`, so that only the latter need be known.
bool Shadow::supersedes(const Cell &cell, const View &view, Mark mark) {
  auto supersedesOne = [&](Mark older, uint32_t clock) {
    return ((older ^ mark) & markAtomic) == 0 && view.isAfter(older, clock);
  };
  if (cell.readClock <= view.since)
    return true;
  if (!(cell.reader & markMany))
    return supersedesOne(cell.reader, cell.readClock);
  return cell.readClock <= view.everyone && readers(cell)->areLike(mark);
}

void Shadow::noteRead(Cell &cell, const View &view, Mark mark) {
  bool isOtherBlock =
      cell.readClock > view.since && cell.readClock <= view.blockStart;
  // What conflicts with that read does so until the launch ends: others need
  // not be known.
  if (isOtherBlock)
    return;
  if (!supersedes(cell, view, mark))
    return addReader(cell, view, mark);
  clearReader(cell);
  cell.reader = mark;
  cell.readClock = view.clock;
}

void Shadow::addReader(Cell &cell, const View &view, Mark mark) {
  if (!(cell.reader & markMany)) {
    Readers *list = takeReaders();
    list->add(cell.reader, cell.readClock);
    cell.reader = reinterpret_cast<Mark>(list) | markMany;
  }
  Readers &list = *readers(cell);
  if (list.reads.size() == list.reads.capacity())
    list.forget(view, mark);
  list.add(mark, view.clock);
  cell.readClock = std::max(cell.readClock, view.clock);
}

/// Before the list grows, those go that `mark` stands for, as do older ones of
/// its thread.
void Readers::forget(const View &view, Mark mark) {
  auto isKnown = [&](const Read &read) {
    return ((read.mark ^ mark) & markAtomic) == 0 &&
           view.isAfter(read.mark, read.clock);
  };
  auto kept = std::remove_if(reads.begin(), reads.end(), isKnown);
  if (mark & markAtomic)
    atomics -= static_cast<uint32_t>(reads.end() - kept);
  reads.erase(kept, reads.end());
  // Not again for some time.
  reads.reserve(reads.size() * 2);
}

//===----------------------------------------------------------------------===//
// Pending writes
//===----------------------------------------------------------------------===//

void Shadow::setPending(size_t offset, size_t bytes) {
  assert((offset | bytes) % cellBytes == 0 && "copies are of whole cells");
  for (size_t i = offset / cellBytes; i < (offset + bytes) / cellBytes; ++i)
    cells[i].writer |= markPending;
}

void Shadow::setBarrier(size_t offset, size_t bytes) {
  for (size_t i = offset / cellBytes; i < (offset + bytes) / cellBytes; ++i)
    cells[i].writer |= markBarrier;
}

void Shadow::settle(size_t offset, size_t bytes, const View &view, Mark mark) {
  for (size_t i = offset / cellBytes; i < (offset + bytes) / cellBytes; ++i) {
    cells[i].writer = mark;
    cells[i].writeClock = view.clock;
  }
}

} // namespace dither::runtime::emulator
