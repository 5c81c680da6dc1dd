//===- Kernel.cpp - The plan of a kernel ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

/// Registers beyond which LLVM would only spill, and extents beyond which a
/// block is a mistake.
static constexpr int64_t kMostRows = 32, kMostSums = 64, kMost = 1 << 20;
/// Elements of a block that no cache would hold.
static constexpr int64_t kMostBlock = 1 << 24;

LogicalResult KernelAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 KernelSchedule schedule, int64_t rows,
                                 int64_t sums, int64_t columns, int64_t depth,
                                 int64_t tasks, int64_t least) {
  auto isIn = [](int64_t value, int64_t from, int64_t to) {
    return value >= from && value <= to;
  };
  bool isBlocked = schedule == KernelSchedule::blocked;
  if (!isIn(rows, 1, kMostRows) || !isIn(sums, rows, kMostSums) ||
      (isBlocked && sums % rows != 0))
    return emitError()
           << "(C1) has a register tile of " << rows << " rows and " << sums
           << " sums; up to " << kMostRows << " rows and " << kMostSums
           << " sums fit, and staged blocks need as many of each row";
  bool hasDepth = isBlocked || schedule == KernelSchedule::strips;
  bool hasColumns = hasDepth || schedule == KernelSchedule::direct;
  // Of any register, and of squares of them that are transposed.
  constexpr int64_t columnUnit = 8, depthUnit = 16;
  if (!isIn(columns, hasColumns, kMost) || columns % columnUnit != 0 ||
      !isIn(depth, hasDepth, kMost) ||
      (isBlocked && (depth % depthUnit != 0 || columns * depth > kMostBlock)))
    return emitError() << "(C2) cannot visit " << columns << " columns by "
                       << depth << " elements of the contraction at a time";
  if (!isIn(tasks, 0, kMost) || !isIn(least, 0, kMost))
    return emitError() << "(C3) has " << tasks << " tasks and at least "
                       << least << " rows; both are in [0, " << kMost << "]";
  return success();
}
