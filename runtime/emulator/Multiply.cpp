//===- Multiply.cpp - Products of matrices in registers
//---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mma.sync and mma.sp, which have all operands as fragments: lane 4 g + t has
// elements of the rows g and g + 8 of A and of column g of B, a register's
// worth of neighbours along k each; and those of the columns 2 t and 2 t + 1 of
// C and D. A sparse A is a dense one of half the columns. Of each four elements
// its metadata have two positions of two bits, in lanes that the selector
// names.
//
// Products are summed in double, along k, C comes last, and the sum is rounded
// once. That is exact where numbers are small integers; a device sums with
// fewer bits and in another order.
//
//===----------------------------------------------------------------------===//

#include "runtime/emulator/Machine.h"
#include "runtime/emulator/Numbers.h"

namespace dither::runtime::emulator {

namespace {
constexpr uint32_t rows = 16;
constexpr uint32_t columns = 8;
constexpr uint32_t mostDepth = 64;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

std::string describe(const DitherMma &mma) {
  return concat(mma.sparse ? "mma.sp" : "mma", ".m", mma.m, "n", mma.n, "k",
                mma.k, " of ", nameOf(mma.a), " and ", nameOf(mma.b), " to ",
                nameOf(mma.accumulator));
}

/// Which depths there are, the smaller first, for types that go together.
struct Family {
  uint32_t a[2], accumulator[2];
  bool mayMix;
  uint32_t dense[2], sparse[2];
};
constexpr Family families[] = {
    {{DITHER_F16, DITHER_F16},
     {DITHER_F16, DITHER_F32},
     false,
     {8, 16},
     {16, 32}},
    {{DITHER_BF16, DITHER_BF16},
     {DITHER_F32, DITHER_F32},
     false,
     {8, 16},
     {16, 32}},
    {{DITHER_TF32, DITHER_TF32},
     {DITHER_F32, DITHER_F32},
     false,
     {4, 8},
     {0, 0}},
    {{DITHER_S8, DITHER_U8},
     {DITHER_S32, DITHER_S32},
     true,
     {16, 32},
     {32, 64}},
    {{DITHER_E4M3, DITHER_E5M2},
     {DITHER_F32, DITHER_F32},
     true,
     {32, 32},
     {64, 64}},
};

bool isOneOf(uint32_t value, const uint32_t (&of)[2]) {
  return value == of[0] || value == of[1];
}

bool isSupported(const DitherMma &mma) {
  if (mma.m != rows || mma.n != columns || mma.k == 0)
    return false;
  for (const Family &family : families)
    if (isOneOf(mma.a, family.a) && isOneOf(mma.b, family.a) &&
        (family.mayMix || mma.a == mma.b) &&
        isOneOf(mma.accumulator, family.accumulator) &&
        isOneOf(mma.k, mma.sparse ? family.sparse : family.dense))
      return true;
  return false;
}

/// How many threads of four have metadata.
uint32_t metadataThreads(const DitherMma &mma) { return mma.k / 16; }

//===----------------------------------------------------------------------===//
// Fragments
//===----------------------------------------------------------------------===//

struct Matrices {
  /// Of a row of A, those elements that there are, and their columns.
  double a[rows][mostDepth];
  uint8_t column[rows][mostDepth];
  double b[mostDepth][columns];
};

MultiplyOperands &operandsOf(Thread &lane) {
  return *static_cast<MultiplyOperands *>(lane.operands);
}

void loadA(const DitherMma &mma, Thread *lanes, Matrices &matrices) {
  uint32_t depth = mma.sparse ? mma.k / 2 : mma.k;
  uint32_t elements = 32 / bitsOf(mma.a);
  uint32_t registers = depth / elements / 4 * 2;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    for (uint32_t i = 0; i < registers; ++i)
      decode(
          operandsOf(lanes[lane]).a[i], mma.a,
          &matrices.a[lane / 4 + i % 2 * 8][(lane % 4 + i / 2 * 4) * elements]);
}

void loadB(const DitherMma &mma, Thread *lanes, Matrices &matrices) {
  uint32_t elements = 32 / bitsOf(mma.b);
  uint32_t registers = mma.k / elements / 4;
  for (uint32_t lane = 0; lane < warpLanes; ++lane)
    for (uint32_t i = 0; i < registers; ++i) {
      double decoded[4];
      decode(operandsOf(lanes[lane]).b[i], mma.b, decoded);
      for (uint32_t e = 0; e < elements; ++e)
        matrices.b[(lane % 4 + i * 4) * elements + e][lane / 4] = decoded[e];
    }
}

bool findColumns(Machine &machine, const DitherMma &mma, Thread *lanes,
                 Matrices &matrices, const char *where) {
  for (uint32_t row = 0; row < rows; ++row)
    for (uint32_t group = 0; group < mma.k / 4; ++group) {
      MetadataPlace place =
          metadataOf(bitsOf(mma.a), mma.k, mma.selector, row, group);
      uint32_t metadata = operandsOf(lanes[place.lane]).metadata;
      uint32_t positions = metadata >> place.shift & 15;
      if (!areInOrder(positions)) {
        machine.report(lanes[place.lane], where,
                       describePositions(metadata, row, group, positions));
        return false;
      }
      matrices.column[row][group * 2] =
          static_cast<uint8_t>(group * 4 + (positions & 3));
      matrices.column[row][group * 2 + 1] =
          static_cast<uint8_t>(group * 4 + (positions >> 2));
    }
  return true;
}

void useAllColumns(const DitherMma &mma, Matrices &matrices) {
  for (uint32_t row = 0; row < rows; ++row)
    for (uint32_t k = 0; k < mma.k; ++k)
      matrices.column[row][k] = static_cast<uint8_t>(k);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

void multiplyRow(const Matrices &matrices, uint32_t row, uint32_t depth,
                 double (&sums)[columns]) {
  std::fill_n(sums, columns, 0.0);
  for (uint32_t k = 0; k < depth; ++k) {
    double a = matrices.a[row][k];
    const double *b = matrices.b[matrices.column[row][k]];
    for (uint32_t n = 0; n < columns; ++n)
      sums[n] += a * b[n];
  }
}

/// Adds the sums of two columns to C, in D.
void storeSums(uint32_t accumulator, const MultiplyOperands &operands,
               uint32_t half, const double *sums) {
  if (accumulator == DITHER_F16) {
    uint32_t word = accumulate(accumulator, operands.c[half], 0, sums[0]);
    operands.d[half] = accumulate(accumulator, word, 1, sums[1]);
    return;
  }
  for (uint32_t i = 0; i < 2; ++i)
    operands.d[half * 2 + i] =
        accumulate(accumulator, operands.c[half * 2 + i], 0, sums[i]);
}

bool execute(Machine &machine, Thread *lanes, uint32_t, const char *where) {
  const DitherMma &mma = *operandsOf(lanes[0]).mma;
  Matrices matrices;
  loadA(mma, lanes, matrices);
  loadB(mma, lanes, matrices);
  if (!mma.sparse)
    useAllColumns(mma, matrices);
  else if (!findColumns(machine, mma, lanes, matrices, where))
    return false;
  for (uint32_t row = 0; row < rows; ++row) {
    double sums[columns];
    multiplyRow(matrices, row, mma.sparse ? mma.k / 2 : mma.k, sums);
    for (uint32_t t = 0; t < 4; ++t)
      storeSums(mma.accumulator, operandsOf(lanes[row % 8 * 4 + t]), row / 8,
                &sums[t * 2]);
  }
  return true;
}

/// What lanes must agree in: the fields of the shape, which are small.
uint64_t variantOf(const DitherMma &mma) {
  uint64_t variant = 0;
  for (uint32_t field :
       {mma.k, mma.a, mma.b, mma.accumulator, mma.sparse, mma.selector})
    variant = variant << 8 | (field & 255);
  return variant;
}
} // namespace

bool multiplyMatrices(Thread &thread, const MultiplyOperands &operands,
                      const char *where) {
  const DitherMma &mma = *operands.mma;
  Machine &machine = *thread.machine;
  if (!isSupported(mma)) {
    machine.report(thread, where,
                   concat("asks for ", describe(mma),
                          ", which the emulator does not know"));
    return false;
  }
  if (mma.sparse && mma.selector >= 4 / metadataThreads(mma)) {
    machine.report(thread, where,
                   concat("asks for ", describe(mma), " with selector ",
                          mma.selector, ", of 0 to ",
                          4 / metadataThreads(mma) - 1));
    return false;
  }
  return machine.warps.gather(
      thread, ~uint32_t(0),
      {mma.sparse ? "mma.sp" : "mma.sync", variantOf(mma), execute},
      const_cast<MultiplyOperands *>(&operands), where);
}

} // namespace dither::runtime::emulator
