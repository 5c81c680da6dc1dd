//===- CostModel.cpp - What a product costs -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Explain/CostModel.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cmath>

using namespace dither;

/// Beyond, the cost of a row is all that counts.
static constexpr int64_t kLargestBatch = 8192;
static constexpr int64_t kLargestColumns = int64_t(1) << 20;
/// Registers of rows that an element multiplies at most, if it is listed.
static constexpr int64_t kListedRegisters = 4;

static double estimateMisses(double bytes, const Machine &machine) {
  return bytes > machine.cacheBytes ? bytes / machine.bandwidth : 0;
}

static double getWeights(const MatrixCost &matrix) {
  return double(matrix.depth) * double(matrix.columns);
}

static double estimateTile(const MatrixCost &matrix, const Machine &machine) {
  double gathers = machine.gather * matrix.gathers * machine.lanes;
  if (matrix.isInteger)
    return machine.decodeInteger + gathers;
  double time =
      gathers + machine.loadByte * matrix.bytesPerWeight / matrix.density;
  if (matrix.hasFormat)
    time += machine.cut + machine.decode * double(matrix.decodeOps);
  return time + (matrix.hasIndices ? machine.cutIndex : 0);
}

/// What is left of an unknown number of rows is cut by powers of two.
static int64_t countTiles(int64_t rows, bool isStatic, const Machine &machine) {
  int64_t left = rows % machine.tileRows;
  return rows / machine.tileRows +
         (isStatic ? left > 0 : llvm::popcount(uint64_t(left)));
}

static double estimateListed(const MatrixCost &matrix, int64_t rows,
                             const Machine &machine) {
  // Whole chunks, and what is left in as many registers as a power of two; few
  // rows wait for each other.
  int64_t chunk = kListedRegisters * int64_t(machine.lanes);
  int64_t left = rows % chunk;
  auto registers = double(rows / chunk * kListedRegisters);
  if (left > 0)
    registers += double(
        llvm::PowerOf2Ceil(uint64_t(std::ceil(double(left) / machine.lanes))));
  double vectors = std::max(registers, machine.fewListed);
  double staged = double(matrix.depth + matrix.columns);
  return vectors *
         (getWeights(matrix) * matrix.density * machine.multiplyListed +
          staged * machine.transpose);
}

/// Each weight is decoded and transposed once, zeros are multiplied.
static double estimateTransposed(const MatrixCost &matrix, int64_t rows,
                                 const Machine &machine) {
  double vectors = getWeights(matrix) / machine.lanes;
  return vectors * (double(rows) * machine.multiply + machine.transpose +
                    estimateTile(matrix, machine) * matrix.density);
}

Machine dither::getMachine(int64_t lanes) {
  Machine machine;
  if (lanes == 16)
    return machine;
  machine.lanes = 8;
  machine.tileRows = 6;
  machine.multiply = 0.13;
  machine.select = 0.17;
  machine.scale = 0.06;
  machine.loadByte = 0.04;
  machine.cut = machine.decode = 0.06;
  machine.cutIndex = 0.05;
  machine.multiplyInteger = 0.12;
  machine.selectInteger = 0.15;
  machine.decodeInteger = 0.04;
  machine.multiplyListed = 0.36;
  machine.transpose = 3;
  machine.fewListed = 2;
  machine.gather = 0.6;
  machine.cacheBytes = 512 << 10;
  machine.bandwidth = 46;
  return machine;
}

double dither::estimateProduct(const MatrixCost &matrix, int64_t rows,
                               const Machine &machine) {
  if (matrix.isTransposed)
    return std::max(
        estimateTransposed(matrix, rows, machine),
        estimateMisses(getWeights(matrix) * matrix.bytesPerWeight, machine));
  if (matrix.isListed)
    return std::max(
        estimateListed(matrix, rows, machine),
        estimateMisses(getWeights(matrix) * matrix.bytesPerWeight, machine));
  double vectors = getWeights(matrix) * matrix.density / machine.lanes;
  double perRow = machine.multiply + (matrix.hasIndices ? machine.select : 0) +
                  (matrix.hasFormat ? machine.scale : 0);
  if (matrix.isInteger)
    perRow = machine.multiplyInteger +
             (matrix.hasIndices ? machine.selectInteger : 0);
  int64_t tiles = countTiles(rows, matrix.hasStaticRows, machine);
  double compute = vectors * (double(rows) * perRow +
                              double(tiles) * estimateTile(matrix, machine));
  double misses =
      estimateMisses(getWeights(matrix) * matrix.bytesPerWeight, machine);
  bool isPacked = matrix.hasFormat || matrix.density < 1;
  return isPacked ? std::max(compute, misses) : compute + misses;
}

double dither::estimatePacking(const MatrixCost &packed,
                               const Machine &machine) {
  // All weights are read, and their magnitudes compared, to find the kept.
  double vectors = getWeights(packed) / machine.lanes;
  return vectors * estimateTile(packed, machine) +
         estimateMisses(getWeights(packed) * asDense(packed).bytesPerWeight,
                        machine);
}

MatrixCost dither::asDense(const MatrixCost &packed) {
  MatrixCost dense;
  dense.depth = packed.depth;
  dense.columns = packed.columns;
  dense.hasStaticRows = packed.hasStaticRows;
  return dense;
}

static bool isFaster(const MatrixCost &packed, int64_t rows,
                     const Machine &machine) {
  return estimateProduct(packed, rows, machine) <
         estimateProduct(asDense(packed), rows, machine);
}

BreakEven dither::findBreakEven(const MatrixCost &packed,
                                const Machine &machine) {
  BreakEven result;
  while (result.batch < kLargestBatch &&
         isFaster(packed, result.batch + 1, machine))
    ++result.batch;
  if (result.batch == kLargestBatch)
    result.batch = everyBatch;
  if (result.batch != 0)
    return result;
  // A matrix too large for the cache as dense may be small enough as packed.
  MatrixCost wider = packed;
  while (wider.columns <= kLargestColumns && !isFaster(wider, 1, machine))
    wider.columns *= 2;
  if (wider.columns <= kLargestColumns)
    result.columns = wider.columns;
  return result;
}
