//===- BulkCopies.cpp - Copies of tiles by the async proxy ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cp.async.bulk, and cp.async.bulk.tensor.2d with tensor maps. A tile lies in
// shared memory row by row; chunks of 16 bytes of a row are exchanged where it
// is swizzled. What a tile has outside of its matrix is zero, and is not
// written on the way back.
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"
#include "runtime/emulator/Numbers.h"

#include <cstring>

namespace dither::runtime::emulator {

GlobalTile::Segment GlobalTile::segment(uint32_t ofRow,
                                        uint32_t rowBytes) const {
  int64_t at = row + ofRow;
  auto wide = static_cast<int64_t>(rowBytes / elementBytes);
  int64_t first = std::max<int64_t>(column, 0);
  int64_t end = std::min(column + wide, columns);
  if (at < 0 || at >= rows || first >= end)
    return {nullptr, 0, 0};
  return {data + at * strideBytes + first * elementBytes,
          static_cast<size_t>(first - column) * elementBytes,
          static_cast<size_t>(end - first) * elementBytes};
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

void write(Machine &machine, const BulkCopy &copy) {
  for (size_t at = 0; at < copy.to.bytes(); at += chunkBytes)
    std::memcpy(machine.sharedBytesAt(copy.to.place(at)), &copy.bytes[at],
                chunkBytes);
}

/// For each row of a tile, the part that the matrix has, until `visit` gives
/// false.
template <typename Visit>
static bool forSegments(const SharedTile &shared, const GlobalTile &global,
                        Visit visit) {
  for (uint32_t row = 0; row < shared.rows; ++row) {
    GlobalTile::Segment segment = global.segment(row, shared.rowBytes);
    if (segment.bytes != 0 &&
        !visit(segment, size_t(row) * shared.rowBytes + segment.first))
      return false;
  }
  return true;
}

bool sourceIsAsBefore(const BulkCopy &copy) {
  return forSegments(
      copy.to, copy.from, [&](GlobalTile::Segment segment, size_t at) {
        return std::memcmp(segment.start, &copy.bytes[at], segment.bytes) == 0;
      });
}

static void readShared(Machine &machine, TileStore &store) {
  for (size_t at = 0; at < store.from.bytes(); at += chunkBytes)
    std::memcpy(&store.bytes[at], machine.sharedBytesAt(store.from.place(at)),
                chunkBytes);
}

static void writeGlobal(const TileStore &store) {
  forSegments(store.from, store.to,
              [&](GlobalTile::Segment segment, size_t at) {
                std::memcpy(segment.start, &store.bytes[at], segment.bytes);
                return true;
              });
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

namespace {
constexpr uint32_t bulkAlignment = 16;
constexpr uint32_t tileAlignment = 128;
constexpr uint32_t mostExtent = 256;

bool isMultiple(const void *address, uint32_t of) {
  return reinterpret_cast<uintptr_t>(address) % of == 0;
}

/// What is wrong with a tensor map, or "".
std::string checkMap(const DitherMappedMatrix &mapped) {
  const DitherTensorMap &map = mapped.map;
  uint32_t rowBytes = map.columns * bitsOf(map.element) / 8;
  auto elementBytes = static_cast<int64_t>(bitsOf(map.element) / 8);
  if (map.rows == 0 || map.rows > mostExtent || map.columns == 0 ||
      map.columns > mostExtent)
    return concat("tiles of ", map.rows, " x ", map.columns,
                  " elements; both have 1 to ", mostExtent);
  if (rowBytes % bulkAlignment != 0)
    return concat("rows of ", rowBytes, " bytes, no multiple of ",
                  bulkAlignment);
  if (map.swizzle != 0 && map.swizzle != 32 && map.swizzle != 64 &&
      map.swizzle != 128)
    return concat("a swizzle of ", map.swizzle,
                  " bytes; there is one of 32, 64 and 128");
  if (map.swizzle != 0 && map.swizzle != rowBytes)
    return concat("rows of ", rowBytes, " bytes and a swizzle of ",
                  map.swizzle);
  const DitherMatrix &matrix = mapped.matrix;
  if (matrix.rows < 0 || matrix.columns < 0 || matrix.columns > matrix.stride)
    return concat("a matrix of ", matrix.rows, " x ", matrix.columns,
                  " elements, whose rows are ", matrix.stride, " apart");
  if (!isMultiple(matrix.data, bulkAlignment) ||
      matrix.stride * elementBytes % bulkAlignment != 0)
    return concat("a matrix at ",
                  inHexadecimal(reinterpret_cast<uintptr_t>(matrix.data)),
                  ", whose rows are ", matrix.stride * elementBytes,
                  " bytes apart; both are multiples of ", bulkAlignment);
  return {};
}

GlobalTile globalTile(const DitherMappedMatrix &mapped, int32_t row,
                      int32_t column) {
  const DitherMatrix &matrix = mapped.matrix;
  uint32_t elementBytes = bitsOf(mapped.map.element) / 8;
  return {const_cast<unsigned char *>(
              static_cast<const unsigned char *>(matrix.data)),
          matrix.rows,
          matrix.columns,
          matrix.stride * elementBytes,
          elementBytes,
          row,
          column};
}

/// The place of a tile in shared memory; false after a report.
bool makeTile(Thread &thread, const DitherMappedMatrix &mapped,
              const void *shared, SharedTile &tile, const char *where) {
  Machine &machine = *thread.machine;
  const DitherTensorMap &map = mapped.map;
  std::string mistake = checkMap(mapped);
  if (!mistake.empty()) {
    machine.report(thread, where, "has a tensor map of " + mistake);
    return false;
  }
  uint32_t rowBytes = map.columns * bitsOf(map.element) / 8;
  if (!machine.needsShared(thread, shared, uint64_t(map.rows) * rowBytes,
                           where))
    return false;
  tile = {machine.sharedOffset(shared), map.rows, rowBytes, map.swizzle};
  if (isMultiple(shared, tileAlignment))
    return true;
  machine.report(thread, where,
                 concat("has a tile at ", tile.offset,
                        " of shared memory, no multiple of ", tileAlignment));
  return false;
}
} // namespace

//===----------------------------------------------------------------------===//
// Copies into shared memory
//===----------------------------------------------------------------------===//

static bool issue(Thread &thread, const SharedTile &to, const GlobalTile &from,
                  void *barrier, const char *where) {
  Machine &machine = *thread.machine;
  if (!machine.mbarriers.mayComplete(thread, barrier, where))
    return false;
  BulkCopy copy = {to, from, std::vector<unsigned char>(to.bytes()), where};
  bool isRight =
      forSegments(to, from, [&](GlobalTile::Segment segment, size_t at) {
        if (!machine.access(thread, segment.start, segment.bytes,
                            from.elementBytes, DITHER_READ, where))
          return false;
        std::memcpy(&copy.bytes[at], segment.start, segment.bytes);
        return true;
      });
  if (!isRight || !machine.accessAsync(
                      thread, to.offset, to.bytes(), machine.sharedView(thread),
                      makeMark(where, thread.index) | markAsync, DITHER_WRITE))
    return false;
  machine.sharedShadow().setPending(to.offset, to.bytes());
  return machine.mbarriers.copy(thread, barrier, std::move(copy));
}

bool copyBulk(Thread &thread, void *shared, const void *global, uint32_t bytes,
              void *barrier, const char *where) {
  Machine &machine = *thread.machine;
  if (bytes == 0 || bytes % bulkAlignment != 0 ||
      !isMultiple(shared, bulkAlignment) ||
      !isMultiple(global, bulkAlignment)) {
    machine.report(
        thread, where,
        concat("copies ", bytes, " bytes from ",
               inHexadecimal(reinterpret_cast<uintptr_t>(global)), " to ",
               inHexadecimal(reinterpret_cast<uintptr_t>(shared)),
               "; cp.async.bulk wants multiples of ", bulkAlignment));
    return false;
  }
  if (!machine.needsShared(thread, shared, bytes, where))
    return false;
  auto *data =
      const_cast<unsigned char *>(static_cast<const unsigned char *>(global));
  return issue(thread, {machine.sharedOffset(shared), 1, bytes, 0},
               {data, 1, bytes, bytes, 1, 0, 0}, barrier, where);
}

bool copyTile(Thread &thread, void *shared, const DitherMappedMatrix &matrix,
              int32_t row, int32_t column, void *barrier, const char *where) {
  SharedTile to;
  return makeTile(thread, matrix, shared, to, where) &&
         issue(thread, to, globalTile(matrix, row, column), barrier, where);
}

//===----------------------------------------------------------------------===//
// Copies to global memory
//===----------------------------------------------------------------------===//

bool storeTile(Thread &thread, const DitherMappedMatrix &matrix, int32_t row,
               int32_t column, const void *shared, const char *where) {
  Machine &machine = *thread.machine;
  TileStore store = {};
  if (!makeTile(thread, matrix, shared, store.from, where))
    return false;
  store.to = globalTile(matrix, row, column);
  store.bytes.resize(store.from.bytes());
  store.where = where;
  if (!machine.accessAsync(thread, store.from.offset, store.from.bytes(),
                           machine.sharedView(thread),
                           makeMark(where, thread.index), DITHER_READ))
    return false;
  bool isRight = forSegments(
      store.from, store.to, [&](GlobalTile::Segment segment, size_t) {
        if (!machine.access(thread, segment.start, segment.bytes,
                            store.to.elementBytes, DITHER_WRITE, where))
          return false;
        machine.setPendingGlobal(segment.start, segment.bytes);
        return true;
      });
  if (!isRight)
    return false;
  store.everyone = machine.everyoneSince();
  store.known = machine.snapshot(thread);
  if (machine.copiesAtOnce()) {
    readShared(machine, store);
    writeGlobal(store);
  }
  thread.stores.push_back(std::move(store));
  return true;
}

void commitStores(Thread &thread) {
  thread.storeGroups.push_back(thread.stores.size());
}

/// The bytes of shared memory are read now: what was written there since the
/// store was issued would have been read, or not.
static bool completeRead(Thread &thread, TileStore &store) {
  Machine &machine = *thread.machine;
  View view = machine.sharedView(thread);
  view.thread = View::nobody;
  view.everyone = store.everyone;
  view.knowledge = store.known;
  if (!machine.accessAsync(thread, store.from.offset, store.from.bytes(), view,
                           makeMark(store.where, thread.index), DITHER_READ))
    return false;
  machine.knowledge.drop(store.known);
  readShared(machine, store);
  return true;
}

static void completeWrite(Thread &thread, const TileStore &store) {
  writeGlobal(store);
  forSegments(store.from, store.to, [&](GlobalTile::Segment segment, size_t) {
    thread.machine->settleGlobal(thread, segment.start, segment.bytes,
                                 store.where);
    return true;
  });
}

bool waitForStores(Thread &thread, uint32_t groups, bool readsAlone,
                   const char *) {
  if (thread.storeGroups.size() <= groups)
    return true;
  size_t doneGroups = thread.storeGroups.size() - groups;
  size_t done = thread.storeGroups[doneGroups - 1];
  for (; thread.readStores < done; ++thread.readStores)
    if (!completeRead(thread, thread.stores[thread.readStores]))
      return false;
  if (readsAlone)
    return true;
  for (size_t i = 0; i < done; ++i)
    completeWrite(thread, thread.stores[i]);
  thread.stores.erase(thread.stores.begin(),
                      thread.stores.begin() +
                          static_cast<std::ptrdiff_t>(done));
  thread.storeGroups.erase(thread.storeGroups.begin(),
                           thread.storeGroups.begin() +
                               static_cast<std::ptrdiff_t>(doneGroups));
  for (size_t &group : thread.storeGroups)
    group -= done;
  thread.readStores -= done;
  return true;
}

/// A kernel may end before its bytes are in global memory, where the next one
/// finds them, but its shared memory goes with it.
bool finishStores(Thread &thread) {
  if (thread.readStores != thread.stores.size()) {
    thread.machine->report(
        thread, thread.stores[thread.readStores].where,
        "ends before the bytes of this store have been read; commit it and "
        "wait for it (cp.async.bulk.wait_group.read 0)");
    return false;
  }
  for (const TileStore &store : thread.stores)
    completeWrite(thread, store);
  thread.stores.clear();
  thread.storeGroups.clear();
  thread.readStores = 0;
  return true;
}

} // namespace dither::runtime::emulator
