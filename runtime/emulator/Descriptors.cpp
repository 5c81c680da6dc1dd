//===- Descriptors.cpp - Matrices in shared memory ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Descriptors.h"

#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

std::string Descriptor::decode(uint64_t bits, bool isTransposed,
                               uint32_t majorBytes, Descriptor &descriptor) {
  constexpr uint64_t field = (1 << 14) - 1;
  constexpr uint32_t swizzles[4] = {0, 128, 64, 32};
  auto bytesAt = [&](int shift) {
    return static_cast<uint32_t>((bits >> shift & field) << 4);
  };
  descriptor = {bytesAt(0), bytesAt(16), bytesAt(32), swizzles[bits >> 62],
                isTransposed};
  constexpr uint64_t known =
      field | field << 16 | field << 32 | uint64_t(7) << 49 | uint64_t(3) << 62;
  if ((bits & ~known) != 0)
    return concat("has bits set that are of no field: ",
                  inHexadecimal(bits & ~known));
  if ((bits >> 49 & 7) != 0)
    return concat("has the base offset ", bits >> 49 & 7,
                  "; the emulator knows matrices that begin where their "
                  "swizzle does, with base offset 0");
  uint32_t span = descriptor.swizzle;
  if (span == 0)
    return {};
  uint32_t inPattern = descriptor.start % (8 * span);
  if (inPattern >= span)
    return concat("starts at ", descriptor.start,
                  " of shared memory, which is in row ", inPattern / span,
                  " of a swizzle of ", span,
                  " bytes: eight rows begin at a multiple of ", 8 * span);
  // More lines than a row has are in others, more of k nowhere.
  uint32_t inRow = isTransposed ? std::min(majorBytes, span) : majorBytes;
  if (inPattern + inRow > span)
    return concat("starts at byte ", inPattern, " of rows of ", span,
                  " bytes, and has ", inRow, " bytes in each");
  return {};
}

size_t Descriptor::place(uint32_t line, uint32_t k,
                         uint32_t elementBytes) const {
  size_t offset;
  if (!isTransposed && swizzle == 0)
    offset = size_t(line % 8) * chunkBytes + size_t(line / 8) * stride +
             size_t(k * elementBytes / chunkBytes) * leading;
  else if (!isTransposed)
    offset = size_t(line % 8) * swizzle + size_t(line / 8) * stride +
             size_t(k) * elementBytes;
  else if (swizzle == 0)
    offset = size_t(line / 8) * stride + size_t(k % 8) * chunkBytes +
             size_t(k / 8) * leading;
  else
    offset = size_t(line * 2 % swizzle) + size_t(line * 2 / swizzle) * leading +
             size_t(k % 8) * swizzle + size_t(k / 8) * stride;
  // Sums of fields wrap around as they do.
  return swizzled((start + offset) % windowBytes, swizzle);
}

} // namespace dither::runtime::emulator
