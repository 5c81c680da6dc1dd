//===- EmulatorMatmul.cpp - A matrix product by hand
//------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorMatmul.h"

#include <cmath>
#include <cstring>

namespace dither::test {

namespace {
/// An integer as a floating-point number that has it exactly.
uint32_t encodeFloat(int value, int exponentBits, int mantissaBits) {
  uint32_t sign = value < 0 ? 1u << (exponentBits + mantissaBits) : 0;
  uint32_t magnitude = static_cast<uint32_t>(std::abs(value));
  if (magnitude == 0)
    return sign;
  int exponent = 31 - __builtin_clz(magnitude);
  uint32_t mantissa =
      (magnitude << mantissaBits >> exponent) & ((1u << mantissaBits) - 1);
  uint32_t biased =
      static_cast<uint32_t>(exponent + (1 << (exponentBits - 1)) - 1);
  return sign | biased << mantissaBits | mantissa;
}

} // namespace

uint32_t encodeNumber(uint32_t number, int value) {
  switch (number) {
  case DITHER_F16:
    return encodeFloat(value, 5, 10);
  case DITHER_BF16:
    return encodeFloat(value, 8, 7);
  case DITHER_TF32:
    // The low bits are not part of the number.
    return encodeFloat(value, 8, 23) | 0x1abc;
  case DITHER_E4M3:
    return encodeFloat(value, 4, 3);
  case DITHER_E5M2:
    return encodeFloat(value, 5, 2);
  default:
    return static_cast<uint8_t>(value);
  }
}

int pickNumber(uint32_t &state, uint32_t number) {
  state = state * 1664525 + 1013904223;
  int value = static_cast<int>(state >> 24) % 7;
  return number == DITHER_U8 ? value + 200 : value - 3;
}

double decodeHalf(uint32_t bits) {
  double magnitude = (bits & 0x3ff) + ((bits & 0x7c00) ? 1024 : 0);
  magnitude = std::ldexp(magnitude, int(bits >> 10 & 31) - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

MatmulProblem::MatmulProblem(DitherMma mma)
    : mma(mma), denseA(rows * depth()), denseB(depth() * columns),
      a(rows * depth() * MatmulArguments::bytesOf(mma.a) /
        (mma.sparse ? 2 : 1)),
      b(columns * depth() * MatmulArguments::bytesOf(mma.b)),
      // Positions that do not exist: only the threads of the selector have
      // others.
      metadata(steps * 2 * 32) {
  fillA();
  fillB();
}

void MatmulProblem::storeElement(std::vector<unsigned char> &bytes,
                                 size_t index, uint32_t number, int value) {
  uint32_t bits = encodeNumber(number, value);
  size_t size = MatmulArguments::bytesOf(number);
  std::memcpy(bytes.data() + index * size, &bits, size);
}

void MatmulProblem::fillA() {
  constexpr uint32_t positions[6][2] = {{0, 1}, {0, 2}, {0, 3},
                                        {1, 2}, {1, 3}, {2, 3}};
  uint32_t state = 1;
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t k = 0; k < depth() && !mma.sparse; ++k) {
      denseA[row * depth() + k] = pickNumber(state, mma.a);
      storeElement(a, row * depth() + k, mma.a, denseA[row * depth() + k]);
    }
    for (uint32_t k = 0; k < depth() && mma.sparse; k += 4) {
      pickNumber(state, mma.a);
      const uint32_t *chosen = positions[(state >> 16 & 0xff) % 6];
      for (uint32_t i = 0; i < 2; ++i) {
        int value = pickNumber(state, mma.a);
        denseA[row * depth() + k + chosen[i]] = value;
        storeElement(a, (row * depth() + k) / 2 + i, mma.a, value);
      }
      setPositions(row, k, chosen[0], chosen[1]);
    }
  }
}

void MatmulProblem::fillB() {
  uint32_t state = 2;
  for (uint32_t column = 0; column < columns; ++column)
    for (uint32_t k = 0; k < depth(); ++k) {
      int value = pickNumber(state, mma.b);
      denseB[k * columns + column] = value;
      storeElement(b, column * depth() + k, mma.b, value);
    }
}

/// The figures of the PTX ISA, one by one.
void MatmulProblem::setPositions(uint32_t row, uint32_t k, uint32_t first,
                                 uint32_t second) {
  uint32_t quad = row % 8, isUpper = row % 16 / 8, column = k % mma.k;
  uint32_t thread, bit;
  if (MatmulArguments::bytesOf(mma.a) == 2 && mma.k == 16) {
    // T0 has columns 0 to 15 of row 0 in bits 0 to 15, of row 8 above.
    thread = mma.selector;
    bit = column + 16 * isUpper;
  } else if (MatmulArguments::bytesOf(mma.a) == 2) {
    // T0 has columns 0 to 15, T1 the others.
    thread = mma.selector * 2 + column / 16;
    bit = column % 16 + 16 * isUpper;
  } else if (mma.k == 32) {
    // T0 has row 0, T1 row 8.
    thread = mma.selector * 2 + isUpper;
    bit = column;
  } else {
    // T0 and T1 have columns 0 to 31, T2 and T3 the others.
    thread = column / 32 * 2 + isUpper;
    bit = column % 32;
  }
  metadata[(k / mma.k * 2 + row / 16) * 32 + quad * 4 + thread] |=
      (first | second << 2) << bit;
}

runtime::Error MatmulProblem::run(int schedule, Mistake mistake) {
  MatmulArguments arguments = {mma,     steps,   nullptr, nullptr,
                               nullptr, nullptr, mistake};
  Emulated emulated(matmul, 128,
                    MatmulArguments::stageBytes * MatmulArguments::stages,
                    schedule);
  arguments.a = emulated.copyIn(a, "A");
  arguments.b = emulated.copyIn(b, "B");
  arguments.metadata = emulated.copyIn(metadata, "the metadata");
  size_t count = 4 * 32 * arguments.registersOfD();
  arguments.d = emulated.allocate<uint32_t>(count, "D");
  runtime::Error error = emulated.run(1, arguments);
  d = emulated.copyOut(arguments.d, count);
  return error;
}

double MatmulProblem::readElement(uint32_t row, uint32_t column) const {
  uint32_t warp = row / 16 * 2 + column / 8;
  uint32_t lane = row % 8 * 4 + column % 8 / 2;
  uint32_t upper = row % 16 / 8;
  if (mma.accumulator == DITHER_F16) {
    uint32_t bits =
        d[(warp * 2 + upper) * 32 + lane] >> (16 * (column % 2)) & 0xffff;
    return decodeHalf(bits);
  }
  uint32_t bits = d[(warp * 4 + upper * 2 + column % 2) * 32 + lane];
  if (mma.accumulator == DITHER_S32)
    return static_cast<int32_t>(bits);
  float number;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

uint32_t MatmulProblem::wrongElements() const {
  uint32_t wrong = 0;
  for (uint32_t row = 0; row < rows; ++row)
    for (uint32_t column = 0; column < columns; ++column) {
      int sum = 0;
      for (uint32_t k = 0; k < depth(); ++k)
        sum += denseA[row * depth() + k] * denseB[k * columns + column];
      wrong += readElement(row, column) != sum;
    }
  return wrong;
}

} // namespace dither::test
