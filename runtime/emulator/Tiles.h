//===- Tiles.h - What bulk copies move --------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_TILES_H
#define DITHER_RUNTIME_EMULATOR_TILES_H

#include "dither/emulator.h"
#include "runtime/emulator/Clocks.h"

#include <cstddef>

namespace dither::runtime::emulator {

constexpr uint32_t chunkBytes = 16;

/// Where a chunk of 16 bytes lies that a layout with a swizzle of `span` bytes
/// puts at `address`, in shared memory. Bits of the address itself are taken,
/// whatever the tile: those from 7 on, one for 32 bytes, two for 64, three for
/// 128, change those from 4 on.
inline size_t swizzled(size_t address, uint32_t span) {
  size_t mask = span / (2 * chunkBytes);
  // 1, 2, 4 become 1, 3, 7; no span is no swizzle.
  mask = mask == 0 ? 0 : 2 * mask - 1;
  return address ^ ((address >> 7 & mask) << 4);
}

/// Rows of a tile, one behind the other.
struct SharedTile {
  size_t offset;
  uint32_t rows, rowBytes, swizzle;

  size_t bytes() const { return size_t(rows) * rowBytes; }
  /// Where what is at `at` of the bytes of the tile lies, up to the end of its
  /// chunk.
  size_t place(size_t at) const { return swizzled(offset + at, swizzle); }
};

/// Elements of a matrix in global memory from (`row`, `column`) on, where there
/// are some.
struct GlobalTile {
  unsigned char *data;
  int64_t rows, columns, strideBytes;
  uint32_t elementBytes;
  int64_t row, column;

  /// The part of a row of the tile that the matrix has: `bytes` from `first`.
  struct Segment {
    unsigned char *start;
    size_t first, bytes;
  };
  Segment segment(uint32_t ofRow, uint32_t rowBytes) const;
};

/// A bulk copy into shared memory, on its way.
struct BulkCopy {
  SharedTile to;
  GlobalTile from;
  /// What the source was when the copy was issued; zeros outside of it.
  std::vector<unsigned char> bytes;
  const char *where;
};

/// A bulk copy of a tile to global memory, on its way.
struct TileStore {
  SharedTile from;
  GlobalTile to;
  std::vector<unsigned char> bytes;
  const char *where;
  /// What its thread knew when it issued it.
  Knowledge *known;
  uint32_t everyone;
};

class Machine;
/// Puts the bytes of a copy into shared memory.
void write(Machine &machine, const BulkCopy &copy);
/// Whether they are still those of its source.
bool sourceIsAsBefore(const BulkCopy &copy);

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_TILES_H
