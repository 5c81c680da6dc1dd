//===- Memory.cpp - Memory of an emulated device
//---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Memory.h"

#include <cerrno>
#include <sys/mman.h>

namespace dither::runtime::emulator {

namespace {
size_t roundUp(size_t bytes, size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

/// What lies behind the bytes of an allocation, page by page.
struct Layout {
  explicit Layout(size_t size)
      : data(roundUp(size, Allocation::guardBytes)),
        cells(roundUp(Shadow::cellCount(size) * sizeof(Cell), pageBytes)),
        pages(roundUp((size + pageBytes - 1) / pageBytes * sizeof(uint32_t),
                      pageBytes)),
        written(roundUp(Shadow::writtenWords(size) * sizeof(uint64_t),
                        pageBytes)) {}
  static constexpr size_t pageBytes = 4096;

  size_t cellsOffset() const { return data + Allocation::guardBytes; }
  size_t pagesOffset() const { return cellsOffset() + cells; }
  size_t writtenOffset() const { return pagesOffset() + pages; }
  /// With the zone before it, and room to align it.
  size_t total(size_t alignment) const {
    return Allocation::guardBytes + alignment + writtenOffset() + written;
  }

  size_t data, cells, pages, written;
};
} // namespace

//===----------------------------------------------------------------------===//
// Allocation
//===----------------------------------------------------------------------===//

Expected<std::unique_ptr<Allocation>>
Allocation::create(size_t bytes, std::string_view purpose, size_t alignment) {
  auto failure = [&] {
    return Error(Code::OutOfMemory,
                 concat("no memory for ", purpose, ": the host does not give ",
                        bytes, " bytes to the emulated device (",
                        systemText(errno),
                        "); make the model or batch "
                        "smaller"));
  };
  Layout layout(bytes);
  errno = ENOMEM;
  if (bytes > size_t(1) << 44)
    return failure();
  size_t total = layout.total(alignment);
  void *mapping = mmap(nullptr, total, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED)
    return failure();
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  auto *start = reinterpret_cast<unsigned char *>(
      roundUp(reinterpret_cast<uintptr_t>(mapping) + guardBytes, alignment));
  constexpr int readWrite = PROT_READ | PROT_WRITE;
  if (mprotect(start, layout.data, readWrite) != 0 ||
      mprotect(start + layout.cellsOffset(),
               layout.cells + layout.pages + layout.written, readWrite) != 0) {
    int number = errno;
    munmap(mapping, total);
    errno = number;
    return failure();
  }
  return std::unique_ptr<Allocation>(
      new Allocation(purpose, bytes, start, mapping, total));
}

Allocation::Allocation(std::string_view purpose, size_t size,
                       unsigned char *start, void *mapping, size_t mappingBytes)
    : purpose(purpose), size(size), start(start), mapping(mapping),
      mappingBytes(mappingBytes), launchOfPage(reinterpret_cast<uint32_t *>(
                                      start + Layout(size).pagesOffset())),
      shadow(
          reinterpret_cast<Cell *>(start + Layout(size).cellsOffset()),
          reinterpret_cast<uint64_t *>(start + Layout(size).writtenOffset())) {}

Allocation::~Allocation() { munmap(mapping, mappingBytes); }

void Allocation::forgetAccesses() {
  Layout layout(size);
  madvise(start + layout.cellsOffset(), layout.cells + layout.pages,
          MADV_DONTNEED);
  shadow.forgetLists();
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Expected<void *> Memory::allocate(size_t bytes, std::string_view purpose) {
  if (bytes > limit - used)
    return Error(Code::OutOfMemory,
                 concat("no memory for ", purpose, ": it takes ", bytes,
                        " bytes, of ", limit, " the emulated device has ",
                        limit - used,
                        " left; make the model or batch smaller, or raise "
                        "DITHER_EMULATOR_MEMORY"));
  auto created = Allocation::create(bytes, purpose);
  if (!created)
    return created.takeError();
  void *start = (*created)->start;
  used += bytes;
  recent = {};
  auto place = allocations.begin();
  while (place != allocations.end() && (*place)->start < start)
    ++place;
  allocations.insert(place, std::move(*created));
  return start;
}

void Memory::release(void *memory) {
  for (auto place = allocations.begin(); place != allocations.end(); ++place)
    if ((*place)->start == memory) {
      used -= (*place)->size;
      recent = {};
      allocations.erase(place);
      return;
    }
}

Allocation *Memory::search(const void *address) {
  auto behind =
      std::upper_bound(allocations.begin(), allocations.end(), address,
                       [](const void *a, const std::unique_ptr<Allocation> &b) {
                         return a < b->start;
                       });
  if (behind != allocations.begin()) {
    Allocation *before = std::prev(behind)->get();
    if (before->holds(address, 0))
      recent[unitOf(address) % recent.size()] = {unitOf(address), before};
    if (before->isNear(address))
      return before;
  }
  if (behind != allocations.end() && (*behind)->isNear(address))
    return behind->get();
  return nullptr;
}

void Memory::startLaunch(uint32_t clock) {
  launchStart = clock;
  for (const std::unique_ptr<Allocation> &allocation : allocations)
    allocation->startLaunch();
}

void Memory::forgetAccesses() {
  for (const std::unique_ptr<Allocation> &allocation : allocations)
    allocation->forgetAccesses();
}

} // namespace dither::runtime::emulator
