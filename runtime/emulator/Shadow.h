//===- Shadow.h - Who accessed each byte -----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_SHADOW_H
#define DITHER_RUNTIME_EMULATOR_SHADOW_H

#include "dither/emulator.h"
#include "runtime/emulator/Clocks.h"

#include <cstddef>
#include <deque>

namespace dither::runtime::emulator {

/// The last accesses to some bytes of memory: the last write, and the reads
/// since then that no later one of them is known to follow.
///
/// Where `writer` has markSplit, halves of the bytes were accessed apart:
/// `reader` is the address of the two cells of the halves, and the clocks are
/// 0. Where `reader` has markMany, it is the address of a list, and `readClock`
/// the latest clock in it.
struct Cell {
  Mark writer;
  Mark reader;
  uint32_t writeClock;
  uint32_t readClock;
};

/// Reads of one cell by several threads that do not know of each other.
struct Readers {
  struct Read {
    Mark mark;
    uint32_t clock;
  };
  std::vector<Read> reads;
  uint32_t atomics = 0;

  void add(Mark mark, uint32_t clock) {
    reads.push_back({mark, clock});
    atomics += (mark & markAtomic) != 0;
  }
  void clear() {
    reads.clear();
    atomics = 0;
  }
  void forget(const View &view, Mark mark);
  /// Whether all are of the kind of `mark`, atomic or plain.
  bool areLike(Mark mark) const {
    return atomics == (mark & markAtomic ? reads.size() : 0);
  }
};

/// What stands against an access.
struct Conflict {
  enum Kind { None, Write, Read, Pending };
  Kind kind = None;
  Mark mark = 0;
  uint32_t clock = 0;
};

/// Cells, four bytes each, and which bytes were written at all. The memory for
/// both is the caller's, and zero at first.
class Shadow {
public:
  static constexpr size_t cellBytes = 4;
  static size_t cellCount(size_t bytes) {
    return (bytes + cellBytes - 1) / cellBytes;
  }
  static size_t writtenWords(size_t bytes) { return (bytes + 63) / 64; }

  Shadow(Cell *cells, uint64_t *written) : cells(cells), written(written) {}
  Shadow(const Shadow &) = delete;

  /// Whether somebody wrote all of these bytes.
  bool isWritten(size_t offset, size_t bytes) const {
    unsigned first = offset % 64;
    if (first + bytes <= 64 && bytes < 64) {
      uint64_t mask = ((uint64_t(1) << bytes) - 1) << first;
      return (written[offset / 64] & mask) == mask;
    }
    return firstUnwritten(offset, bytes) == offset + bytes;
  }
  size_t firstUnwritten(size_t offset, size_t bytes) const;
  void setWritten(size_t offset, size_t bytes) {
    unsigned first = offset % 64;
    if (first + bytes <= 64 && bytes < 64)
      written[offset / 64] |= ((uint64_t(1) << bytes) - 1) << first;
    else
      setManyWritten(offset, bytes);
  }
  /// Of the first `bytes`, nobody wrote any.
  void clearWritten(size_t bytes) {
    std::fill_n(written, writtenWords(bytes), 0);
  }

  /// An access by the thread of `view`: false, and what it conflicts with,
  /// where it is a race. Otherwise the access is noted.
  bool access(size_t offset, size_t bytes, const View &view, Mark mark,
              DitherAccess kind, Conflict &conflict) {
    if (((offset | bytes) & (cellBytes - 1)) != 0)
      return accessParts(offset, bytes, view, mark, kind, conflict);
    Cell *end = cells + (offset + bytes) / cellBytes;
    for (Cell *cell = cells + offset / cellBytes; cell != end; ++cell)
      if (!accessQuickly(*cell, view, mark, kind) &&
          !accessCell(*cell, cellBytes, 0, cellBytes, view, mark, kind,
                      conflict))
        return false;
    return true;
  }

  /// Of whole cells that a write has just been noted for: it is not done yet,
  /// and it is done now.
  void setPending(size_t offset, size_t bytes);
  void settle(size_t offset, size_t bytes, const View &view, Mark mark);
  /// The same: they are an mbarrier from now on, until they settle.
  void setBarrier(size_t offset, size_t bytes);

  /// Calls `visit` with the mark and clock of each last write to some of the
  /// bytes, until it gives false.
  template <typename Visit>
  bool forWriters(size_t offset, size_t bytes, Visit visit) const {
    for (size_t i = offset / cellBytes; i < cellCount(offset + bytes); ++i)
      if (!forWriters(cells[i], visit))
        return false;
    return true;
  }

  /// Calls `visit` with offset, size, whether they were read and whether they
  /// were written, for bytes of these cells with an access later than `since`,
  /// in their order. What was read and then written may be only written.
  template <typename Visit>
  void forAccesses(size_t firstCell, size_t count, uint32_t since,
                   Visit visit) const {
    for (size_t i = firstCell; i < firstCell + count; ++i)
      forAccesses(cells[i], i * cellBytes, cellBytes, since, visit);
  }

  /// For cells that are all zero again.
  void forgetLists() {
    allHalves.clear();
    unusedHalves.clear();
    allReaders.clear();
    unusedReaders.clear();
  }

private:
  void setManyWritten(size_t offset, size_t bytes);
  template <typename Visit>
  static bool forWriters(const Cell &cell, Visit visit) {
    if (cell.writer & markSplit)
      return forWriters(halves(cell)[0], visit) &&
             forWriters(halves(cell)[1], visit);
    return visit(cell.writer, cell.writeClock);
  }
  template <typename Visit>
  static void forAccesses(const Cell &cell, size_t offset, size_t bytes,
                          uint32_t since, Visit visit) {
    if (cell.writer & markSplit) {
      forAccesses(halves(cell)[0], offset, bytes / 2, since, visit);
      forAccesses(halves(cell)[1], offset + bytes / 2, bytes / 2, since, visit);
      return;
    }
    bool isRead = cell.readClock > since;
    bool isWritten = cell.writeClock > since || (isRead && isAtomic(cell));
    if (isRead || isWritten)
      visit(offset, bytes, isRead, isWritten);
  }
  /// Whether one of the reads of a cell is also a write.
  static bool isAtomic(const Cell &cell) {
    return cell.reader & markMany ? readers(cell)->atomics != 0
                                  : (cell.reader & markAtomic) != 0;
  }
  /// What most accesses are: of a thread that did the same since it last
  /// synchronized, or to a cell where all others are known to be long ago.
  static bool accessQuickly(Cell &cell, const View &view, Mark mark,
                            DitherAccess kind) {
    if (kind == DITHER_READ && cell.readClock == view.clock &&
        ((cell.reader ^ mark) & ~markWhere) == 0)
      return true;
    if (((cell.writer | cell.reader) & markFlags) != 0 ||
        kind == DITHER_ATOMIC || !view.isAfterAll(cell.writeClock) ||
        !view.isAfterAll(cell.readClock))
      return false;
    if (kind == DITHER_READ) {
      cell.reader = mark;
      cell.readClock = view.clock;
    } else {
      cell = {mark, 0, view.clock, 0};
    }
    return true;
  }

  bool accessParts(size_t offset, size_t bytes, const View &view, Mark mark,
                   DitherAccess kind, Conflict &conflict);
  /// To `bytes` at `offset` of a cell of `size` bytes.
  bool accessCell(Cell &cell, size_t size, size_t offset, size_t bytes,
                  const View &view, Mark mark, DitherAccess kind,
                  Conflict &conflict);
  bool accessHalves(Cell &cell, size_t size, size_t offset, size_t bytes,
                    const View &view, Mark mark, DitherAccess kind,
                    Conflict &conflict);
  bool accessWhole(Cell &cell, const View &view, Mark mark, DitherAccess kind,
                   Conflict &conflict);
  void noteRead(Cell &cell, const View &view, Mark mark);
  static bool supersedes(const Cell &cell, const View &view, Mark mark);
  void addReader(Cell &cell, const View &view, Mark mark);
  static bool findReader(const Cell &cell, const View &view, DitherAccess kind,
                         Conflict &conflict);

  // A reader is a word of a pointer and a bit.
  static Cell *halves(const Cell &cell) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return reinterpret_cast<Cell *>(cell.reader);
  }
  static Readers *readers(const Cell &cell) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return reinterpret_cast<Readers *>(cell.reader & ~markMany);
  }
  static bool isPending(const Cell &cell, const View &view) {
    return (cell.writer & markPending) && cell.writeClock > view.since;
  }
  void split(Cell &cell);
  Readers *takeReaders();
  void clearReader(Cell &cell);
  void clear(Cell &cell);
  static bool isOld(const Cell &cell, const View &view);

  Cell *cells;
  uint64_t *written;
  struct Halves {
    Cell cells[2];
  };
  std::deque<Halves> allHalves;
  std::vector<Cell *> unusedHalves;
  std::deque<Readers> allReaders;
  std::vector<Readers *> unusedReaders;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_SHADOW_H
