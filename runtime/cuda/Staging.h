//===- Staging.h - Copies that nobody waits for -----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A device copies by itself only from and to memory of the host that is pinned.
// What a caller has is not, and is the caller's again when a call returns. So
// bytes go through pinned memory on their way. All of it is made when it is
// needed first; where the host gives none, the caller copies otherwise, and
// waits. Needs its context to be current.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_CUDA_STAGING_H
#define DITHER_RUNTIME_CUDA_STAGING_H

#include "runtime/cuda/Driver.h"

#include <vector>

namespace dither::runtime::cuda {

/// Pinned memory, and an event behind what the device last does with it.
class PinnedBlock {
public:
  explicit PinnedBlock(const Driver &driver) : driver(driver) {}
  PinnedBlock(const PinnedBlock &) = delete;
  ~PinnedBlock();

  /// Makes the memory, if it is not there. OutOfMemory: the host does not pin
  /// so much.
  Result reserve(size_t bytes);
  bool isReserved() const { return memory; }
  unsigned char *at(size_t offset) { return memory + offset; }
  /// What the stream was asked for until now, and waits for it.
  Result mark(Stream stream);
  Result wait() { return driver.cuEventSynchronize(event); }

private:
  const Driver &driver;
  unsigned char *memory = nullptr;
  Event event = nullptr;
};

/// The way to the device: a ring of chunks, each of which is filled again once
/// the device has copied what was in it.
class Staging {
public:
  static constexpr size_t chunkBytes = size_t(4) << 20;
  static constexpr size_t chunkCount = 4;

  explicit Staging(const Driver &driver)
      : chunks{PinnedBlock(driver), PinnedBlock(driver), PinnedBlock(driver),
               PinnedBlock(driver)},
        driver(driver) {}

  /// Copies behind what the stream was asked for before; the bytes have been
  /// read when it returns. OutOfMemory: there is no pinned memory, and the
  /// bytes have to be copied in another way.
  Result copyIn(DevicePointer to, const void *from, size_t bytes,
                Stream stream);

private:
  Result makeRoom(Stream stream);

  PinnedBlock chunks[chunkCount];
  const Driver &driver;
  /// How many there are to be had, the one that is being filled, and how far.
  size_t available = chunkCount;
  size_t current = 0, filled = 0;
};

/// The way back: what callers get once it has come. Work is in pieces, one of
/// which may be under way while another is asked for.
class Deliveries {
public:
  static constexpr size_t boxBytes = size_t(1) << 20;

  explicit Deliveries(const Driver &driver)
      : driver(driver), pieces{Piece(driver), Piece(driver)} {}

  /// Copies to `to` when the piece of work ends that is being asked for.
  /// OutOfMemory: there is no pinned memory for so much, and nothing was
  /// copied.
  Result copyOut(void *to, DevicePointer from, size_t bytes, Stream stream);
  /// Ends a piece of work, and waits for the one before it.
  Result turn(Stream stream);
  /// Delivers all that has come, as all has that the stream was asked for.
  void finish();
  /// Nobody gets what has not come.
  void forget();

private:
  struct Delivery {
    void *to;
    size_t offset, bytes;
  };
  struct Piece {
    explicit Piece(const Driver &driver) : box(driver) {}
    void deliver();
    PinnedBlock box;
    size_t filled = 0;
    std::vector<Delivery> deliveries;
    bool isUnderWay = false;
  };

  const Driver &driver;
  Piece pieces[2];
  int current = 0;
};

} // namespace dither::runtime::cuda

#endif // DITHER_RUNTIME_CUDA_STAGING_H
