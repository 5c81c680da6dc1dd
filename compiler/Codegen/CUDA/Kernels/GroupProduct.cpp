//===- GroupProduct.cpp - Products by groups of warps ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/GroupProduct.h"
#include "compiler/Codegen/CUDA/Kernels/GroupRing.h"
#include "compiler/Codegen/CUDA/Kernels/SparseWeights.h"
#include "compiler/Codegen/CUDA/Kernels/TensorProduct.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"

using namespace mlir;
using namespace dither;

static constexpr int64_t tileDepth = 64, elementBytes = 2;

static bool isForTma(Value matrix) {
  return tile::isForTma(cast<MemRefType>(matrix.getType()));
}

bool dither::hasFewRows(ContractOp op) {
  constexpr int64_t mostRows = 64;
  int64_t rows = cast<ShapedType>(op.getInit().getType()).getDimSize(0);
  return !ShapedType::isDynamic(rows) && rows <= mostRows;
}

int64_t dither::getFewRows(ContractOp op) {
  // Rows of 32 bytes are the shortest that TMA swizzles.
  constexpr int64_t leastRows = 16;
  int64_t rows = cast<ShapedType>(op.getInit().getType()).getDimSize(0);
  return std::max<int64_t>(leastRows, llvm::PowerOf2Ceil(rows));
}

bool dither::isForGroups(ContractOp op) {
  if (!isForTma(op.getX()))
    return false;
  if (op.getDense() && isForSparseTensorCores(op))
    return true;
  if (!isForTensorCores(op))
    return false;
  // TMA does not gather rows one by one.
  return op.getDense() || (!op.getRows() && isForTma(op.getParts()[0]));
}

namespace {
/// Emits the kernel of one product. Where x has few rows, the columns of the
/// matrix are the rows of the instruction, which are 64: the block of the
/// result is transposed. So it is where two of each four weights are kept, as
/// the first operand may have them.
class GroupProduct {
public:
  GroupProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), isSparse(keepsTwoOfFour(op)),
        isSwapped(isSparse || hasFewRows(op)),
        ring(b, choosePartition(op),
             op.getDense() ? GroupRing::Producers::decode
                           : GroupRing::Producers::fetch),
        element(getElementTypeOrSelf(op.getX().getType())),
        rows(emitDim(b, op.getInit(), 0)), columns(emitDim(b, op.getInit(), 1)),
        depth(emitDim(b, op.getX(), op.getTransposeX() ? 0 : 1)) {
    tileRows = ring.getPartition().rows;
    tileColumns = ring.getPartition().columns;
    if (isSwapped)
      std::swap(tileRows, tileColumns);
    if (isSparse)
      sparse.emplace(op);
    else
      weights.emplace(op);
  }

  void emit() {
    Launch launch(
        b, {emitParts(b, rows, tileRows), emitParts(b, columns, tileColumns)},
        ring.getThreads());
    thread = launch.thread;
    firstRow = emitMul(b, launch.block[0], emitConstant(b, tileRows));
    firstColumn = emitMul(b, launch.block[1], emitConstant(b, tileColumns));
    x = emitOperand(launch, tileRows, op.getTransposeX(), !isSwapped);
    if (isSparse) {
      w = ring.emitTiles(launch, tileColumns, SparseWeights::tileSlots, element,
                         tile::Order::ColumnMajor);
      metadata =
          ring.emitPlain(launch, tileColumns / SparseWeights::fragmentRows, 64,
                         b.getI16Type());
    } else {
      w = emitOperand(launch, tileColumns, !op.getTransposeW(), isSwapped);
    }
    xMap = ring.emitMap(op.getX(), x);
    int64_t fetched = tileRows * tileDepth * elementBytes;
    if (!op.getDense()) {
      wMap = ring.emitMap(op.getParts()[0], w);
      fetched += tileColumns * tileDepth * elementBytes;
    }
    ring.emitRoles(launch, depth, tileDepth,
                   {fetched, [&](Value k, Value stage) { emitFetch(k, stage); },
                    [&](Value k, Value stage) { emitDecode(k, stage); },
                    [&](Value, Value stage, Value sums) {
                      return emitMultiply(stage, sums);
                    },
                    [&](Value sums) { emitResults(sums); }, isSparse});
  }

private:
  static bool keepsTwoOfFour(ContractOp op) {
    return op.getDense() && isForSparseTensorCores(op);
  }

  static GroupRing::Partition choosePartition(ContractOp op) {
    auto type = cast<ShapedType>(op.getInit().getType());
    int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
    if (hasFewRows(op))
      return {128, getFewRows(op), 2};
    // The larger a tile, the fewer bytes are read for each product, as long as
    // each multiprocessor has one.
    constexpr int64_t multiprocessors = 132;
    bool isLarge = !ShapedType::isDynamic(rows) &&
                   !ShapedType::isDynamic(columns) &&
                   (rows / 128) * (columns / 128) >= 2 * multiprocessors;
    if (!isLarge || keepsTwoOfFour(op))
      return {128, 128, 2};
    // What is decoded serves all rows of a tile.
    return op.getDense() ? GroupRing::Partition{256, 128, 2}
                         : GroupRing::Partition{128, 256, 2};
  }

  /// The tiles of x, or of the matrix: `extent` rows of the result, or columns,
  /// by the depth. `isMinor`: elements along that extent are side by side in
  /// memory. `isFirst`: it is the first operand of the instruction.
  Value emitOperand(Launch &launch, int64_t extent, bool isMinor,
                    bool isFirst) {
    bool isColumnMajor = isMinor == isFirst;
    return ring.emitTiles(launch, isFirst ? extent : tileDepth,
                          isFirst ? tileDepth : extent, element,
                          isColumnMajor ? tile::Order::ColumnMajor
                                        : tile::Order::RowMajor);
  }

  void emitFetch(Value k, Value stage) {
    auto fetch = [&](Value map, Value first, Value tiles, bool isFirst) {
      ring.emitFetch(map, isFirst ? first : k, isFirst ? k : first, tiles,
                     stage);
    };
    fetch(xMap, firstRow, x, !isSwapped);
    if (wMap)
      fetch(wMap, firstColumn, w, isSwapped);
  }

  void emitDecode(Value k, Value stage) {
    if (isSparse)
      return sparse->emitTile(b,
                              {thread, GroupRing::producerThreads, tileColumns,
                               k, firstColumn, columns, w, metadata, stage});
    auto narrow = VectorType::get({weights->getLanes()}, element);
    weights->emitTile(
        b, thread, GroupRing::producerThreads, tileDepth, tileColumns, k,
        firstColumn, depth, columns,
        [&](Value row, Value column, Value values) {
          // Of a transposed matrix, rows are along the result.
          if (op.getTransposeW() != isSwapped)
            std::swap(row, column);
          Value rounded = arith::TruncFOp::create(b, narrow, values);
          tile::WriteOp::create(b, rounded, w, stage, row, column);
        });
  }

  Value emitMultiply(Value stage, Value sums) {
    Value positions;
    if (isSparse) {
      int64_t groups = ring.getPartition().groups;
      std::string reason;
      auto layout = getLayout(tile::getSparseMetadataLayout(
          tileColumns, unsigned(groups * groupWarps), 1, reason));
      positions = tile::LoadOp::create(
          b,
          getRegisters({tileColumns / SparseWeights::fragmentRows, 64},
                       b.getI16Type(), layout),
          metadata, stage);
    }
    return tile::GroupMmaOp::create(b, sums.getType(), isSwapped ? w : x, stage,
                                    positions, isSwapped ? x : w, stage, sums);
  }

  void emitResults(Value sums) {
    emitTileResults(b, op, sums, firstRow, firstColumn, isSwapped);
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  std::optional<WeightSource> weights;
  std::optional<SparseWeights> sparse;
  bool isSparse, isSwapped;
  GroupRing ring;
  Type element;
  Value rows, columns, depth;
  int64_t tileRows = 0, tileColumns = 0;
  Value thread, firstRow, firstColumn, x, w, metadata, xMap, wMap;
};
} // namespace

void dither::emitGroupProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  GroupProduct(b, op).emit();
}
