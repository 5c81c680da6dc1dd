//===- Numbers.cpp - Numbers that matrices are of -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Numbers.h"
#include "runtime/emulator/Machine.h"

namespace dither::runtime::emulator {

const char *nameOf(uint32_t number) {
  constexpr const char *names[] = {"f16", "bf16", "tf32", "f32", "s8",
                                   "u8",  "s32",  "e4m3", "e5m2"};
  return number < std::size(names) ? names[number] : "?";
}

void decode(uint32_t word, uint32_t number, double *elements) {
  switch (number) {
  case DITHER_F16:
    for (int i = 0; i < 2; ++i)
      elements[i] = decodeF16(static_cast<uint16_t>(word >> (16 * i)));
    break;
  case DITHER_BF16:
    for (int i = 0; i < 2; ++i)
      elements[i] = decodeBf16(static_cast<uint16_t>(word >> (16 * i)));
    break;
  case DITHER_TF32:
    elements[0] = decodeTf32(word);
    break;
  case DITHER_S8:
    for (int i = 0; i < 4; ++i)
      elements[i] = static_cast<int8_t>(word >> (8 * i));
    break;
  case DITHER_U8:
    for (int i = 0; i < 4; ++i)
      elements[i] = static_cast<uint8_t>(word >> (8 * i));
    break;
  case DITHER_E4M3:
    for (int i = 0; i < 4; ++i)
      elements[i] = decodeE4M3(static_cast<uint8_t>(word >> (8 * i)));
    break;
  case DITHER_E5M2:
    for (int i = 0; i < 4; ++i)
      elements[i] = decodeE5M2(static_cast<uint8_t>(word >> (8 * i)));
    break;
  }
}

uint32_t accumulate(uint32_t accumulator, uint32_t word, uint32_t half,
                    double sum) {
  if (accumulator == DITHER_F16) {
    uint32_t shift = 16 * half;
    uint32_t rounded =
        encodeF16(decodeF16(static_cast<uint16_t>(word >> shift)) + sum);
    return (word & ~(uint32_t(0xffff) << shift)) | rounded << shift;
  }
  // Exact, and wraps around as integers do.
  if (accumulator == DITHER_S32)
    return word + static_cast<uint32_t>(static_cast<int64_t>(sum));
  auto rounded = static_cast<float>(floatOfBits(word) + sum);
  std::memcpy(&word, &rounded, sizeof(word));
  return word;
}

MetadataPlace metadataOf(uint32_t bits, uint32_t k, uint32_t selector,
                         uint32_t row, uint32_t group) {
  uint32_t isUpper = row / 8 % 2;
  bool isWide = bits == 16;
  uint32_t threads = k / 16;
  uint32_t thread = isWide ? group / 4 : group / 8 * 2 + isUpper;
  uint32_t shift = isWide ? group % 4 * 4 + isUpper * 16 : group % 8 * 4;
  return {row % 8 * 4 + selector * threads + thread, shift};
}

std::string describePositions(uint32_t metadata, uint32_t row, uint32_t group,
                              uint32_t positions) {
  return concat("has the metadata ", inHexadecimal(metadata),
                ", by which A has the elements ", positions & 3, " and ",
                positions >> 2, " of columns ", group * 4, " to ",
                group * 4 + 3, " of row ", row,
                "; the first has to be before the second");
}

} // namespace dither::runtime::emulator
