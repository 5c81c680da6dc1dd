//===- RegisterLayouts.cpp - Tiles in registers ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/Layout/RegisterLayouts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MathExtras.h"
#include <cassert>

using namespace llvm;
using namespace dither::tile;

static FailureOr<LinearLayout> fail(std::string &reason, const Twine &why) {
  reason = why.str();
  return failure();
}

//===----------------------------------------------------------------------===//
// Fragments of one warp
//===----------------------------------------------------------------------===//

/// Rows of four words, eight of them: a lane has a word, `perWord` elements
/// along `along`.
static LinearLayout getWords(uint64_t perWord, StringRef along,
                             StringRef across) {
  LinearLayout words = LinearLayout::identity(dim::reg, perWord, along) *
                       LinearLayout::identity(dim::lane, 4, along) *
                       LinearLayout::identity(dim::lane, 8, across);
  return words.transpose({dim::reg, dim::lane}, {dim::row, dim::column});
}

LinearLayout dither::tile::getMatrixFragment(unsigned elementBits,
                                             bool transposed) {
  assert(isPowerOf2_32(elementBits) && elementBits <= 32 && "not in a word");
  return transposed ? getWords(32 / elementBits, dim::row, dim::column)
                    : getWords(32 / elementBits, dim::column, dim::row);
}

LinearLayout dither::tile::getAccumulatorFragment() {
  return getWords(2, dim::column, dim::row) *
         LinearLayout::identity(dim::reg, 2, dim::row);
}

FailureOr<LinearLayout> dither::tile::getOperandFragment(Operand operand,
                                                         unsigned elementBits,
                                                         unsigned depth,
                                                         std::string &reason) {
  if (!is_contained({4u, 8u, 16u, 32u}, elementBits))
    return fail(reason,
                "no mma.sync has operands of " + Twine(elementBits) + " bits");
  uint64_t perWord = 32 / elementBits;
  if (depth != 4 * perWord && depth != 8 * perWord)
    return fail(reason, "mma.sync on " + Twine(elementBits) +
                            " bits has the depth " + Twine(4 * perWord) +
                            " or " + Twine(8 * perWord) + ", not " +
                            Twine(depth));
  uint64_t halves = depth / (4 * perWord);
  if (operand == Operand::A)
    return getWords(perWord, dim::column, dim::row) *
           LinearLayout::identity(dim::reg, 2, dim::row) *
           LinearLayout::identity(dim::reg, halves, dim::column);
  return getWords(perWord, dim::row, dim::column) *
         LinearLayout::identity(dim::reg, halves, dim::row);
}

//===----------------------------------------------------------------------===//
// Fragments over tiles
//===----------------------------------------------------------------------===//

/// Checks that warps with one fragment each cover a part of the tile.
static LogicalResult verifyTile(uint64_t rows, uint64_t columns,
                                const LinearLayout &warps,
                                std::string &reason) {
  uint64_t leastRows = warps.getOutputSize(dim::row);
  uint64_t leastColumns = warps.getOutputSize(dim::column);
  if (isPowerOf2_64(rows) && isPowerOf2_64(columns) && rows >= leastRows &&
      columns >= leastColumns)
    return success();
  return fail(reason, "a tile of " + Twine(rows) + " x " + Twine(columns) +
                          " is not made of " + Twine(leastRows) + " x " +
                          Twine(leastColumns) +
                          ", by powers of two: all warps with a fragment each");
}

/// A tile of fragments: registers along `inner` first, then along the other
/// dimension, then warps.
static FailureOr<LinearLayout> cover(const LinearLayout &fragment,
                                     const LinearLayout &warps, uint64_t rows,
                                     uint64_t columns, StringRef inner,
                                     std::string &reason) {
  if (failed(verifyTile(rows, columns, fragment * warps, reason)))
    return failure();
  LinearLayout all = fragment * warps;
  LinearLayout alongRows = LinearLayout::identity(
      dim::reg, rows / all.getOutputSize(dim::row), dim::row);
  LinearLayout alongColumns = LinearLayout::identity(
      dim::reg, columns / all.getOutputSize(dim::column), dim::column);
  return fragment *
         (inner == dim::row ? alongRows * alongColumns
                            : alongColumns * alongRows) *
         warps;
}

/// Warps, or groups of them, in a grid. A dimension that does not share the
/// work has copies.
static FailureOr<LinearLayout> getGrid(unsigned alongRows,
                                       unsigned alongColumns, bool shareRows,
                                       bool shareColumns, std::string &reason) {
  if (!isPowerOf2_32(alongRows) || !isPowerOf2_32(alongColumns))
    return fail(reason, Twine(alongRows) + " x " + Twine(alongColumns) +
                            " warps are not powers of two");
  auto spread = [](unsigned size, bool share, StringRef along) {
    return share ? LinearLayout::identity(dim::warp, size, along)
                 : LinearLayout::zeros(dim::warp, size, along);
  };
  return spread(alongColumns, shareColumns, dim::column) *
         spread(alongRows, shareRows, dim::row);
}

FailureOr<LinearLayout> dither::tile::getAccumulatorLayout(
    uint64_t tileRows, uint64_t tileColumns, unsigned warpsAlongRows,
    unsigned warpsAlongColumns, std::string &reason) {
  auto warps = getGrid(warpsAlongRows, warpsAlongColumns, true, true, reason);
  if (failed(warps))
    return failure();
  return cover(getAccumulatorFragment(), *warps, tileRows, tileColumns,
               dim::column, reason);
}

FailureOr<LinearLayout>
dither::tile::getOperandLayout(Operand operand, uint64_t tileRows,
                               uint64_t tileColumns, unsigned warpsAlongRows,
                               unsigned warpsAlongColumns, unsigned elementBits,
                               std::string &reason) {
  bool isA = operand == Operand::A;
  // The larger instruction, if the tile is that deep.
  unsigned depth = 256 / std::max(elementBits, 1u);
  if ((isA ? tileColumns : tileRows) < depth)
    depth /= 2;
  auto fragment = getOperandFragment(operand, elementBits, depth, reason);
  auto warps = getGrid(warpsAlongRows, warpsAlongColumns, isA, !isA, reason);
  if (failed(fragment) || failed(warps))
    return failure();
  return cover(*fragment, *warps, tileRows, tileColumns,
               isA ? dim::row : dim::column, reason);
}

FailureOr<LinearLayout> dither::tile::getSparseMetadataLayout(
    uint64_t tileRows, unsigned warpsAlongRows, unsigned warpsAlongColumns,
    std::string &reason) {
  // Those of both rows of a lane, for four times 16 columns. Rows are the first
  // output, as of all tiles.
  LinearLayout words = LinearLayout::zeros(dim::reg, 1, dim::row) *
                       LinearLayout::identity(dim::reg, 2, dim::column) *
                       LinearLayout::identity(dim::lane, 32, dim::column);
  auto warps = getGrid(warpsAlongRows, warpsAlongColumns, true, false, reason);
  if (failed(warps))
    return failure();
  return cover(words, *warps, tileRows / 16, 64, dim::row, reason);
}

/// Fragments of the four warps of a group lie along rows.
static FailureOr<LinearLayout> coverByGroups(const LinearLayout &fragment,
                                             const LinearLayout &groups,
                                             uint64_t rows, uint64_t columns,
                                             StringRef inner,
                                             std::string &reason) {
  // Rows of a group are consecutive, so its warps come before the registers
  // that repeat it.
  LinearLayout group =
      fragment * LinearLayout::identity(dim::warp, 4, dim::row);
  return cover(group, groups, rows, columns, inner, reason);
}

FailureOr<LinearLayout> dither::tile::getGroupAccumulatorLayout(
    uint64_t tileRows, uint64_t tileColumns, unsigned groupsAlongRows,
    unsigned groupsAlongColumns, std::string &reason) {
  auto groups =
      getGrid(groupsAlongRows, groupsAlongColumns, true, true, reason);
  if (failed(groups))
    return failure();
  return coverByGroups(getAccumulatorFragment(), *groups, tileRows, tileColumns,
                       dim::column, reason);
}

FailureOr<LinearLayout> dither::tile::getGroupOperandLayout(
    uint64_t tileRows, uint64_t tileColumns, unsigned groupsAlongRows,
    unsigned groupsAlongColumns, unsigned elementBits, std::string &reason) {
  auto fragment = getOperandFragment(Operand::A, elementBits,
                                     256 / std::max(elementBits, 1u), reason);
  auto groups =
      getGrid(groupsAlongRows, groupsAlongColumns, true, false, reason);
  if (failed(fragment) || failed(groups))
    return failure();
  return coverByGroups(*fragment, *groups, tileRows, tileColumns, dim::row,
                       reason);
}

//===----------------------------------------------------------------------===//
// Blocked layouts
//===----------------------------------------------------------------------===//

FailureOr<LinearLayout> dither::tile::getBlockedLayout(
    ArrayRef<Dim> shape, ArrayRef<uint64_t> elementsPerThread,
    ArrayRef<uint64_t> threads, ArrayRef<uint64_t> warps,
    ArrayRef<unsigned> order, std::string &reason) {
  unsigned rank = shape.size();
  SmallVector<bool> seen(rank, false);
  for (unsigned d : order)
    if (d < rank)
      seen[d] = true;
  if (order.size() != rank || is_contained(seen, false))
    return fail(reason,
                "the order is not one of " + Twine(rank) + " dimensions");
  if (elementsPerThread.size() != rank || threads.size() != rank ||
      warps.size() != rank)
    return fail(reason, "a blocked layout has elements, threads and warps for "
                        "each of " +
                            Twine(rank) + " dimensions");
  uint64_t lanes = 1;
  for (uint64_t size : threads)
    lanes *= size;
  if (lanes != 32)
    return fail(reason, "a warp has 32 threads, not " + Twine(lanes));

  SmallVector<LinearLayout::Bases> inputs = {
      {dim::reg.str(), {}}, {dim::lane.str(), {}}, {dim::warp.str(), {}}};
  SmallVector<uint64_t> covered(rank, 1);
  auto addBits = [&](unsigned input, unsigned d, uint64_t size) {
    for (; size > 1; size /= 2, covered[d] *= 2) {
      auto &coordinates = inputs[input].coordinates.emplace_back(rank, 0);
      if (covered[d] < shape[d].size)
        coordinates[d] = covered[d];
    }
  };
  const ArrayRef<uint64_t> sizesOf[] = {elementsPerThread, threads, warps};
  for (const auto &[input, sizes] : enumerate(sizesOf))
    for (unsigned d : order) {
      if (!isPowerOf2_64(sizes[d]))
        return fail(reason, Twine(sizes[d]) + " along '" + shape[d].name +
                                "' is not a power of two");
      addBits(input, d, sizes[d]);
    }
  for (unsigned d : order)
    addBits(0, d, shape[d].size / covered[d]);
  return LinearLayout::fromBases(inputs, shape, reason);
}

FailureOr<LinearLayout>
dither::tile::getCoalescedLayout(uint64_t rows, uint64_t columns,
                                 unsigned elementBytes, unsigned warps,
                                 bool columnMajor, std::string &reason) {
  if (!isPowerOf2_32(elementBytes) || elementBytes > 16)
    return fail(reason, "elements of " + Twine(elementBytes) +
                            " bytes do not make 16 bytes");
  unsigned fast = columnMajor ? 0 : 1, slow = 1 - fast;
  uint64_t extent = columnMajor ? rows : columns;
  if (!isPowerOf2_64(extent))
    return fail(reason,
                "an extent of " + Twine(extent) + " is not a power of two");
  SmallVector<uint64_t> elements(2, 1), threads(2), warpGrid(2, 1);
  elements[fast] = std::min<uint64_t>(16 / elementBytes, extent);
  threads[fast] = std::min<uint64_t>(32, extent / elements[fast]);
  threads[slow] = 32 / threads[fast];
  warpGrid[slow] = warps;
  return getBlockedLayout(
      {{dim::row.str(), rows}, {dim::column.str(), columns}}, elements, threads,
      warpGrid, {fast, slow}, reason);
}
