//===- Staging.cpp - Copies that nobody waits for -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/Staging.h"

#include <algorithm>
#include <cstring>

namespace dither::runtime::cuda {

/// What pieces in pinned memory begin at multiples of.
static size_t roundUp(size_t bytes) { return (bytes + 63) / 64 * 64; }

//===----------------------------------------------------------------------===//
// Pinned memory
//===----------------------------------------------------------------------===//

PinnedBlock::~PinnedBlock() {
  if (event)
    driver.cuEventDestroy(event);
  if (memory)
    driver.cuMemFreeHost(memory);
}

Result PinnedBlock::reserve(size_t bytes) {
  if (memory)
    return Success;
  void *made = nullptr;
  Result result = driver.cuMemHostAlloc(&made, bytes, 0);
  if (result == Success)
    memory = static_cast<unsigned char *>(made);
  return result;
}

Result PinnedBlock::mark(Stream stream) {
  Result result = event ? Success : driver.cuEventCreate(&event, eventUntimed);
  return result == Success ? driver.cuEventRecord(event, stream) : result;
}

//===----------------------------------------------------------------------===//
// To the device
//===----------------------------------------------------------------------===//

/// Leaves room in the current chunk.
Result Staging::makeRoom(Stream stream) {
  if (available == 0)
    return OutOfMemory;
  if (chunks[current].isReserved()) {
    if (filled < chunkBytes)
      return Success;
    Result result = chunks[current].mark(stream);
    if (result != Success)
      return result;
    current = (current + 1) % available;
  }
  filled = 0;
  if (chunks[current].isReserved())
    return chunks[current].wait();
  Result result = chunks[current].reserve(chunkBytes);
  if (result != OutOfMemory)
    return result;
  // Those that there are will do.
  available = current;
  current = 0;
  return available == 0 ? OutOfMemory : chunks[0].wait();
}

Result Staging::copyIn(DevicePointer to, const void *from, size_t bytes,
                       Stream stream) {
  auto *source = static_cast<const unsigned char *>(from);
  while (bytes != 0) {
    Result result = makeRoom(stream);
    if (result != Success)
      return result;
    size_t part = std::min(bytes, chunkBytes - filled);
    unsigned char *staged = chunks[current].at(filled);
    std::memcpy(staged, source, part);
    result = driver.cuMemcpyHtoDAsync(to, staged, part, stream);
    if (result != Success)
      return result;
    filled = std::min(filled + roundUp(part), chunkBytes);
    to += part;
    source += part;
    bytes -= part;
  }
  return Success;
}

//===----------------------------------------------------------------------===//
// From the device
//===----------------------------------------------------------------------===//

void Deliveries::Piece::deliver() {
  for (const Delivery &each : deliveries)
    std::memcpy(each.to, box.at(each.offset), each.bytes);
  deliveries.clear();
  filled = 0;
  isUnderWay = false;
}

Result Deliveries::copyOut(void *to, DevicePointer from, size_t bytes,
                           Stream stream) {
  Piece &piece = pieces[current];
  if (bytes > boxBytes - piece.filled)
    return OutOfMemory;
  Result result = piece.box.reserve(boxBytes);
  if (result == Success)
    result = driver.cuMemcpyDtoHAsync(piece.box.at(piece.filled), from, bytes,
                                      stream);
  if (result != Success)
    return result;
  piece.deliveries.push_back({to, piece.filled, bytes});
  piece.filled = std::min(piece.filled + roundUp(bytes), boxBytes);
  return Success;
}

Result Deliveries::turn(Stream stream) {
  Result result = pieces[current].box.mark(stream);
  if (result != Success)
    return result;
  pieces[current].isUnderWay = true;
  current = 1 - current;
  if (!pieces[current].isUnderWay)
    return Success;
  result = pieces[current].box.wait();
  if (result == Success)
    pieces[current].deliver();
  return result;
}

void Deliveries::finish() {
  pieces[1 - current].deliver();
  pieces[current].deliver();
}

void Deliveries::forget() {
  for (Piece &piece : pieces) {
    piece.deliveries.clear();
    piece.filled = 0;
    piece.isUnderWay = false;
  }
}

} // namespace dither::runtime::cuda
