//===- Memory.h - Memory of an emulated device -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_MEMORY_H
#define DITHER_RUNTIME_EMULATOR_MEMORY_H

#include "runtime/emulator/Shadow.h"
#include "runtime/io/Error.h"

#include <array>
#include <memory>
#include <vector>

namespace dither::runtime::emulator {

/// Bytes with a shadow, between zones that nobody may touch.
class Allocation {
public:
  /// Before and behind the bytes, at least; also what they are aligned to, so
  /// that no two allocations share one such unit of addresses.
  static constexpr size_t guardBytes = 64 * 1024;

  /// Aligned to `alignment` bytes, a multiple of `guardBytes`.
  static Expected<std::unique_ptr<Allocation>>
  create(size_t bytes, std::string_view purpose, size_t alignment = guardBytes);
  Allocation(const Allocation &) = delete;
  ~Allocation();

  bool holds(const void *address, size_t count) const {
    // An address before the first byte wraps around to a large offset.
    size_t offset = offsetOf(address);
    return offset <= size && count <= size - offset;
  }
  /// The same for the bytes and the zones around them.
  bool isNear(const void *address) const {
    return offsetOf(address) + guardBytes < size + 2 * guardBytes;
  }
  size_t offsetOf(const void *address) const {
    return reinterpret_cast<uintptr_t>(address) -
           reinterpret_cast<uintptr_t>(start);
  }

  /// Forgets all accesses, not which bytes were written.
  void forgetAccesses();

  /// Notes an access in the launch that began at a clock, so that only what was
  /// touched is looked through behind it.
  void touch(size_t offset, size_t bytes, uint32_t launchStart) {
    for (size_t page = offset / pageBytes; page * pageBytes < offset + bytes;
         ++page)
      if (launchOfPage[page] != launchStart + 1) {
        launchOfPage[page] = launchStart + 1;
        touched.push_back(page);
      }
  }
  /// Calls `visit` with address, size, whether they were read and whether they
  /// were written, for bytes that were accessed in that launch, in their order.
  template <typename Visit> void forLaunch(uint32_t launchStart, Visit visit) {
    std::sort(touched.begin(), touched.end());
    for (size_t page : touched) {
      constexpr size_t cells = pageBytes / Shadow::cellBytes;
      size_t count = std::min(cells, Shadow::cellCount(size) - page * cells);
      shadow.forAccesses(
          page * cells, count, launchStart,
          [&](size_t offset, size_t bytes, bool isRead, bool isWritten) {
            visit(start + offset, bytes, isRead, isWritten);
          });
    }
  }
  /// What was touched before does not matter.
  void startLaunch() { touched.clear(); }

  const std::string purpose;
  const size_t size;
  unsigned char *const start;

private:
  static constexpr size_t pageBytes = 4096;
  Allocation(std::string_view purpose, size_t size, unsigned char *start,
             void *mapping, size_t mappingBytes);

  void *mapping;
  size_t mappingBytes;
  /// Of each page of the bytes: 1 and the clock at which the last launch began
  /// that touched it; 0 is none. And those of the last launch.
  uint32_t *launchOfPage;
  std::vector<size_t> touched;

public:
  Shadow shadow;
};

/// All allocations of a device.
class Memory {
public:
  explicit Memory(uint64_t limit) : limit(limit) {}

  /// Errors: OutOfMemory, beyond the limit or that of the host.
  Expected<void *> allocate(size_t bytes, std::string_view purpose);
  void release(void *memory);

  /// The allocation that an address is in or near, or null.
  Allocation *find(const void *address) {
    uintptr_t unit = unitOf(address);
    const Recent &entry = recent[unit % recent.size()];
    return entry.unit == unit && entry.allocation ? entry.allocation
                                                  : search(address);
  }
  void forgetAccesses();

  /// A launch begins at this clock.
  void startLaunch(uint32_t clock);
  /// Calls `visit` for all allocations, by address, as Allocation's forLaunch
  /// does, of the last launch.
  template <typename Visit> void forLaunch(Visit visit) {
    for (const std::unique_ptr<Allocation> &allocation : allocations)
      allocation->forLaunch(launchStart, visit);
  }

private:
  struct Recent {
    uintptr_t unit = 0;
    Allocation *allocation = nullptr;
  };
  static uintptr_t unitOf(const void *address) {
    return reinterpret_cast<uintptr_t>(address) / Allocation::guardBytes;
  }
  Allocation *search(const void *address);

  uint64_t limit;
  uint64_t used = 0;
  uint32_t launchStart = 0;
  /// By address.
  std::vector<std::unique_ptr<Allocation>> allocations;
  std::array<Recent, 64> recent;
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_MEMORY_H
