//===- Numbers.h - Numbers that matrices are of -----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EMULATOR_NUMBERS_H
#define DITHER_RUNTIME_EMULATOR_NUMBERS_H

#include "dither/emulator.h"
#include "runtime/emulator/SmallFloat.h"

#include <string>

namespace dither::runtime::emulator {

/// How many bits a DitherNumber has, and its name.
inline uint32_t bitsOf(uint32_t number) {
  switch (number) {
  case DITHER_F16:
  case DITHER_BF16:
    return 16;
  case DITHER_S8:
  case DITHER_U8:
  case DITHER_E4M3:
  case DITHER_E5M2:
    return 8;
  default:
    return 32;
  }
}
const char *nameOf(uint32_t number);

/// The elements of one register.
void decode(uint32_t word, uint32_t number, double *elements);

/// A sum of products, added to the `half` of a register of an accumulator, the
/// whole where it has 32 bits. It is rounded once.
uint32_t accumulate(uint32_t accumulator, uint32_t word, uint32_t half,
                    double sum);

/// Of a sparse A with `k` columns, whose elements have `bits`, where the
/// metadata of a row and a group of four columns are: 16 rows are of one warp.
/// They are two positions of two bits, in the lane `lane`, from `shift` on.
///
/// Elements of 16 bits: a lane has groups of four of 16 columns, of rows r and
/// r + 8; `selector` says which lanes of four. Of 8 bits: of 32 columns, of one
/// row; the next lane has the other.
struct MetadataPlace {
  uint32_t lane, shift;
};
MetadataPlace metadataOf(uint32_t bits, uint32_t k, uint32_t selector,
                         uint32_t row, uint32_t group);

/// What is wrong with the positions of a group, for a message.
std::string describePositions(uint32_t metadata, uint32_t row, uint32_t group,
                              uint32_t positions);
/// Whether the first is before the second.
inline bool areInOrder(uint32_t positions) {
  return (positions & 3) < positions >> 2;
}

} // namespace dither::runtime::emulator

#endif // DITHER_RUNTIME_EMULATOR_NUMBERS_H
