//===- GroupMultiply.cpp - What products of warp groups are ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Warp w of a group has the rows 16 w to 16 w + 15 of A and D. Within them
// fragments are those of mma.sync with 16 rows: see Multiply.cpp; D has one for
// each eight columns. So have the metadata of a sparse A. Sums are in double,
// the accumulator comes last, and the result is rounded once.
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"
#include "runtime/emulator/Numbers.h"

#include <cstring>

namespace dither::runtime::emulator {

namespace {
constexpr uint32_t rows = 64;
constexpr uint32_t mostDepth = 64;
constexpr uint32_t mostColumns = 256;
} // namespace

struct Products::Operands {
  /// Of a row of A, those elements that there are, and their columns.
  double a[rows][mostDepth];
  uint8_t column[rows][mostDepth];
  double b[mostDepth][mostColumns];
  double sums[mostColumns];
};

Products::Products(Machine &machine) : machine(machine) {}
Products::~Products() = default;

/// The elements of a chunk of shared memory.
static void decodeChunk(Machine &machine, size_t place, uint32_t number,
                        double *elements) {
  uint32_t words[chunkBytes / 4];
  std::memcpy(words, machine.sharedBytesAt(place), sizeof(words));
  for (uint32_t word : words) {
    decode(word, number, elements);
    elements += 32 / bitsOf(number);
  }
}

void Products::loadA(const Product &product) {
  const DitherWgmma &mma = product.mma;
  if (product.hasRegisters) {
    uint32_t elements = 32 / bitsOf(mma.a);
    for (uint32_t i = 0; i < groupThreads; ++i)
      for (uint32_t k = 0; k < 4; ++k) {
        uint32_t row = i / 32 * 16 + i % 32 / 4 + k % 2 * 8;
        decode(product.aRegisters[i * 4 + k], mma.a,
               &decoded->a[row][(i % 4 + k / 2 * 4) * elements]);
      }
    return;
  }
  uint32_t depth = mma.sparse ? mma.k / 2 : mma.k;
  product.a.forChunks(rows, depth, bitsOf(mma.a) / 8,
                      [&](size_t place, uint32_t row, uint32_t k) {
                        if (!mma.transposed_a) {
                          decodeChunk(machine, place, mma.a,
                                      &decoded->a[row][k]);
                          return true;
                        }
                        double elements[8];
                        decodeChunk(machine, place, mma.a, elements);
                        for (uint32_t i = 0; i < 8; ++i)
                          decoded->a[row + i][k] = elements[i];
                        return true;
                      });
}

void Products::loadB(const Product &product) {
  const DitherWgmma &mma = product.mma;
  uint32_t count = chunkBytes * 8 / bitsOf(mma.b);
  product.b.forChunks(mma.n, mma.k, bitsOf(mma.b) / 8,
                      [&](size_t place, uint32_t column, uint32_t k) {
                        if (mma.transposed_b) {
                          decodeChunk(machine, place, mma.b,
                                      &decoded->b[k][column]);
                          return true;
                        }
                        double elements[chunkBytes];
                        decodeChunk(machine, place, mma.b, elements);
                        for (uint32_t i = 0; i < count; ++i)
                          decoded->b[k + i][column] = elements[i];
                        return true;
                      });
}

/// Metadata were checked when the product was issued.
void Products::loadColumns(const Product &product) {
  const DitherWgmma &mma = product.mma;
  for (uint32_t row = 0; row < rows; ++row) {
    uint8_t *column = decoded->column[row];
    if (!mma.sparse) {
      for (uint32_t k = 0; k < mma.k; ++k)
        column[k] = static_cast<uint8_t>(k);
      continue;
    }
    for (uint32_t group = 0; group < mma.k / 4; ++group) {
      MetadataPlace place =
          metadataOf(bitsOf(mma.a), mma.k, mma.selector, row, group);
      uint32_t positions =
          product.metadata[row / 16 * 32 + place.lane] >> place.shift & 15;
      column[group * 2] = static_cast<uint8_t>(group * 4 + (positions & 3));
      column[group * 2 + 1] =
          static_cast<uint8_t>(group * 4 + (positions >> 2));
    }
  }
}

void Products::addRow(Product &product, uint32_t row) {
  const DitherWgmma &mma = product.mma;
  uint32_t depth = mma.sparse ? mma.k / 2 : mma.k;
  double *sums = decoded->sums;
  std::fill_n(sums, mma.n, 0.0);
  for (uint32_t k = 0; k < depth; ++k) {
    double a = decoded->a[row][k];
    const double *b = decoded->b[decoded->column[row][k]];
    for (uint32_t n = 0; n < mma.n; ++n)
      sums[n] += a * b[n];
  }
  bool isHalf = mma.accumulator == DITHER_F16;
  uint32_t registers = isHalf ? mma.n / 4 : mma.n / 2;
  for (uint32_t n = 0; n < mma.n; ++n) {
    uint32_t thread = row / 16 * 32 + row % 8 * 4 + n % 8 / 2;
    uint32_t pair = n / 8 * 2 + row / 8 % 2;
    uint32_t &sum =
        product.sums[thread * registers + (isHalf ? pair : pair * 2 + n % 2)];
    sum = accumulate(mma.accumulator, sum, n % 2, sums[n]);
  }
}

void Products::compute(Product &product) {
  if (product.isComputed)
    return;
  if (product.previous) {
    compute(*product.previous);
    takeFromPrevious(product);
  }
  if (!decoded)
    decoded = std::make_unique<Operands>();
  loadA(product);
  loadB(product);
  loadColumns(product);
  for (uint32_t row = 0; row < rows; ++row)
    addRow(product, row);
  product.isComputed = true;
}

} // namespace dither::runtime::emulator
