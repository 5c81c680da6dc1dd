//===- CostModel.h - What a product costs -----------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The time of one product with a weight matrix on one thread:
//
//   compute = vectors * (rows * perRow + tiles * perTile)
//   packed: max(compute, misses / bandwidth), dense: the sum
//
// `vectors` counts registers of kept weights. Each is met by every row: a
// multiply-add, where a pattern has indices a selection, where a format has
// scales a part of their product. Each is loaded and decoded once for a tile of
// rows. A matrix that the cache does not hold is read from memory once; packed
// ones lie in the order of their kernel, which then reads and computes at the
// same time. Of listed elements, each is met by registers of rows, which are
// staged before and written back after. Nothing else is modelled.
//
// The constants for AVX-512 are a fit to `dither bench` of square products of
// 256 and 2048 at batch 1, 8 and 64 on one AVX-512 core (Xeon, Sapphire
// Rapids), dense, 2:4, e2m1, e4m3, int8 and 2:4 e2m1: within 30% of all of
// them, dense ones without staging. Those of integers are a fit to products
// with 4096 by 4096 matrices of int8, int4, ternary and 2:4 int4 at batch 1, 16
// and 128, as good. Those for AVX2 are a fit to the same products on a core of
// Zen 3, whose third cache holds the matrices. It is for `explain` to say where
// a representation pays, not to choose kernels; `benchmarks/compare --filter
// explain` verifies that.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_EXPLAIN_COSTMODEL_H
#define DITHER_COMPILER_EXPLAIN_COSTMODEL_H

#include <cstdint>

namespace dither {

struct Machine {
  double lanes = 16;
  int64_t tileRows = 8;
  /// Nanoseconds of a register of weights, for each row ...
  double multiply = 0.12, select = 0.13, scale = 0.03;
  /// ... and for each tile of rows: a byte of each weight, cutting out a code
  /// and each operation of its decoder, cutting out an index.
  double loadByte = 0.08, cut = 0.27, decode = 0.075, cutIndex = 0.15;
  /// The same for integers of 8 bits, whose scales are in the multiplication.
  double multiplyInteger = 0.065, selectInteger = 0.12, decodeInteger = 0.05;
  /// Nanoseconds of a register of rows: to multiply it by a listed element, to
  /// transpose it.
  double multiplyListed = 0.45, transpose = 1.2;
  /// As so many registers, those rows count that one holds, which wait for each
  /// other.
  double fewListed = 1;
  /// A vector from a book that the first cache holds.
  double gather = 0.15;
  /// Bytes that stay close to a core, and bytes per nanosecond beyond.
  double cacheBytes = 2 << 20, bandwidth = 28;
};

/// A machine whose registers have so many lanes: 8 or 16.
Machine getMachine(int64_t lanes);

/// A weight matrix as a kernel reads it.
struct MatrixCost {
  int64_t depth = 0, columns = 0;
  double density = 1, bytesPerWeight = 4;
  bool hasFormat = false, hasIndices = false;
  /// Whether its elements are listed by column.
  bool isListed = false;
  /// Whether x has codes of 8 bits, too.
  bool isInteger = false;
  /// Whether its transpose is multiplied, decoded block by block.
  bool isTransposed = false;
  /// Of registers, to decode one of codes.
  int64_t decodeOps = 0;
  /// Of vectors from a book, for each weight.
  double gathers = 0;
  /// Whether the rows of the product are known when it is compiled.
  bool hasStaticRows = false;
};

/// Nanoseconds of a product of `rows` rows with the matrix.
double estimateProduct(const MatrixCost &matrix, int64_t rows,
                       const Machine &machine);

/// A lower bound for packing the dense matrix: coding a weight costs no less
/// than decoding it.
double estimatePacking(const MatrixCost &packed, const Machine &machine);

/// The same matrix, stored dense.
MatrixCost asDense(const MatrixCost &packed);

/// Up to which batch the packed product is the faster one.
struct BreakEven {
  /// 0 says at none, `everyBatch` at all.
  int64_t batch = 0;
  /// Where it is 0: from how many columns on, with this depth, it would be
  /// faster at batch 1; 0 says never.
  int64_t columns = 0;
};
constexpr int64_t everyBatch = -1;

BreakEven findBreakEven(const MatrixCost &packed, const Machine &machine);

} // namespace dither

#endif // DITHER_COMPILER_EXPLAIN_COSTMODEL_H
