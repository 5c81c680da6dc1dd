//===- Descriptors.h - Matrices in shared memory ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How wgmma is told where the elements of a matrix lie. Of A the rows, of B the
// columns are what is called *lines* here: lines times k elements. E is the
// bytes of an element, S those of the swizzle (16 where there is none), and
//
//   place(line, k) = swizzled(start + offset(line, k), S)
//
// where `swizzled` exchanges chunks of 16 bytes by bits of the whole address
// (Tiles.h). LBO and SBO are the descriptor's leading-dimension and
// stride-dimension byte offsets.
//
// K major (neighbours along k are neighbours; imm-trans is 0):
//
//   no swizzle    (line % 8) * 16 + (line / 8) * SBO
//                   + (k * E / 16) * LBO + k * E % 16
//   S bytes       (line % 8) * S + (line / 8) * SBO + k * E
//
// So without a swizzle core matrices of 8 lines x 16 bytes are LBO apart along
// k and SBO apart along lines. With one, a line is S bytes, eight lines are
// followed by the next eight after SBO (8 S where they are side by side), and
// LBO means nothing. Steps along k add their bytes to the start.
//
// Major along lines (imm-trans is 1; E is 2):
//
//   no swizzle    (line % 8) * 2 + (line / 8) * SBO
//                   + (k % 8) * 16 + (k / 8) * LBO
//   S bytes       (line % (S / 2)) * 2 + (line / (S / 2)) * LBO
//                   + (k % 8) * S + (k / 8) * SBO
//
// So with a swizzle eight rows of S bytes, one for each k, hold S / 2 lines;
// the next lines are LBO apart, the next eight k SBO. Without one it is the
// other way round: SBO for lines and LBO for k.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_DESCRIPTORS_H
#define DITHER_RUNTIME_EMULATOR_DESCRIPTORS_H

#include "runtime/emulator/Tiles.h"

#include <string>

namespace dither::runtime::emulator {

/// A matrix descriptor, decoded. Of 64 bits, these are: 0 to 13 the start, 16
/// to 29 the leading and 32 to 45 the stride byte offset, all three without
/// their lowest four bits; 49 to 51 the base offset, which is 0 here, since
/// tiles start where the pattern of their swizzle does; 62 and 63 the swizzle:
/// none, 128, 64 or 32 bytes.
struct Descriptor {
  /// Addresses in descriptors have so many bits: shared memory is aligned to
  /// it.
  static constexpr size_t windowBytes = size_t(1) << 18;

  uint32_t start, leading, stride, swizzle;
  bool isTransposed;

  /// What is wrong with it for a matrix of `majorBytes` along k, or along lines
  /// where they are major, or "".
  static std::string decode(uint64_t bits, bool isTransposed,
                            uint32_t majorBytes, Descriptor &descriptor);

  /// Where the chunk lies that begins with this element; `line` is a multiple
  /// of 8 where lines are major, else k one of the elements of a chunk.
  size_t place(uint32_t line, uint32_t k, uint32_t elementBytes) const;

  /// Calls `visit` with the place of each chunk of a matrix, its first line and
  /// its first k, until it gives false.
  template <typename Visit>
  bool forChunks(uint32_t lines, uint32_t depth, uint32_t elementBytes,
                 Visit visit) const {
    uint32_t lineStep = isTransposed ? chunkBytes / elementBytes : 1;
    uint32_t depthStep = isTransposed ? 1 : chunkBytes / elementBytes;
    for (uint32_t line = 0; line < lines; line += lineStep)
      for (uint32_t k = 0; k < depth; k += depthStep)
        if (!visit(place(line, k, elementBytes), line, k))
          return false;
    return true;
  }
};

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_DESCRIPTORS_H
