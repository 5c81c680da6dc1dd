//===- SmallFloat.h - Floating-point numbers of 8 and 16 bits -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_SMALLFLOAT_H
#define DITHER_RUNTIME_EMULATOR_SMALLFLOAT_H

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace dither::runtime::emulator {

inline float floatOfBits(uint32_t bits) {
  float number;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

inline float decodeBf16(uint16_t bits) {
  return floatOfBits(uint32_t(bits) << 16);
}

/// Fields moved to where f32 has them are the number, but for the bias of the
/// exponent, which a product corrects; for subnormal numbers, too.
inline float decodeF16(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t magnitude = uint32_t(bits & 0x7fff) << 13;
  if ((bits & 0x7c00) == 0x7c00)
    return floatOfBits(sign | 0x7f800000 | magnitude);
  float number = floatOfBits(magnitude) * 0x1p112f;
  return sign ? -number : number;
}

/// Has no infinity; the largest pattern is NaN.
inline float decodeE4M3(uint8_t bits) {
  if ((bits & 0x7f) == 0x7f)
    return std::numeric_limits<float>::quiet_NaN();
  float number = floatOfBits(uint32_t(bits & 0x7f) << 20) * 0x1p120f;
  return bits & 0x80 ? -number : number;
}

inline float decodeE5M2(uint8_t bits) {
  return decodeF16(static_cast<uint16_t>(bits << 8));
}

/// The devices do not look at the low bits.
inline float decodeTf32(uint32_t bits) {
  return floatOfBits(bits & ~uint32_t(0x1fff));
}

/// To the nearest, ties to even.
inline uint16_t encodeF16(double number) {
  uint16_t sign = std::signbit(number) ? 0x8000 : 0;
  if (std::isnan(number))
    return 0x7fff;
  double magnitude = std::fabs(number);
  if (magnitude >= 65520)
    return sign | 0x7c00;
  int exponent = -14;
  if (magnitude >= 0x1p-14)
    exponent = std::ilogb(magnitude);
  // The significand as an integer: its highest bit, where it is set, adds one
  // to the exponent.
  auto significand =
      static_cast<int>(std::nearbyint(std::ldexp(magnitude, 10 - exponent)));
  return static_cast<uint16_t>(sign | (((exponent + 14) << 10) + significand));
}

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_SMALLFLOAT_H
