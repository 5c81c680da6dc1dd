//===- SparseProduct.cpp - Products by sparse tensor cores ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/SparseProduct.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/SparseWeights.h"
#include "compiler/Codegen/CUDA/Kernels/TileRing.h"

using namespace mlir;
using namespace dither;

static constexpr int64_t tileDepth = SparseWeights::tileDepth,
                         tileSlots = SparseWeights::tileSlots,
                         fragmentRows = SparseWeights::fragmentRows;
/// Columns of the matrix that a block of threads has.
static constexpr int64_t tileColumns = 128;

/// Rows of x that a block of threads has.
static Partition choosePartition(ContractOp op) {
  int64_t rows = cast<ShapedType>(op.getInit().getType()).getDimSize(0);
  if (!ShapedType::isDynamic(rows) && rows <= 16)
    return {tileColumns, 16, 8, 1};
  if (ShapedType::isDynamic(rows) || rows <= 64)
    return {tileColumns, 64, 4, 2};
  return {tileColumns, 128, 4, 2};
}

namespace {
/// Emits the kernel of one product. Rows of the result's tile are columns of
/// the matrix.
class SparseProduct {
public:
  SparseProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), weights(op), tiles(b, choosePartition(op)),
        element(getElementTypeOrSelf(op.getX().getType())),
        rows(emitDim(b, op.getInit(), 0)),
        columns(emitDim(b, op.getInit(), 1)) {}

  void emit() {
    const Partition &partition = tiles.getPartition();
    Launch launch(b, {emitParts(b, rows, partition.columns),
                      emitParts(b, columns, partition.rows)});
    thread = launch.thread;
    firstRow = emitMul(b, launch.block[0], emitConstant(b, partition.columns));
    firstColumn = emitMul(b, launch.block[1], emitConstant(b, partition.rows));
    w = tiles.emitRing(launch, partition.rows, tileSlots, element,
                       tile::Order::ColumnMajor);
    metadata = tiles.emitPlain(launch, partition.rows / fragmentRows, 64,
                               b.getI16Type());
    x = tiles.emitRing(launch, tileDepth, partition.columns, element,
                       op.getTransposeX() ? tile::Order::RowMajor
                                          : tile::Order::ColumnMajor);
    Value sums = tiles.emitLoop(
        emitDim(b, op.getX(), op.getTransposeX() ? 0 : 1), tileDepth,
        [&](Value k, Value stage) { emitStage(k, stage); },
        [&](Value stage, Value sums) { return emitStep(stage, sums); });
    emitTileResults(b, op, sums, firstRow, firstColumn, /*isTransposed=*/true);
  }

private:
  void emitStage(Value k, Value stage) {
    tile::CopyOp::create(b, op.getX(), k, firstRow, Value(), x, stage);
    weights.emitTile(b, {thread, blockThreads, tiles.getPartition().rows, k,
                         firstColumn, columns, w, metadata, stage});
  }

  Value emitStep(Value stage, Value sums) {
    const Partition &partition = tiles.getPartition();
    std::string reason;
    auto positions =
        getRegisters({partition.rows / fragmentRows, 64}, b.getI16Type(),
                     getLayout(tile::getSparseMetadataLayout(
                         partition.rows, partition.warpsAlongRows,
                         partition.warpsAlongColumns, reason)));
    Value ws = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::A, tileSlots, element), w, stage);
    Value ps = tile::LoadOp::create(b, positions, metadata, stage);
    Value xs = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::B, tileDepth, element), x, stage);
    return tile::MmaSparseOp::create(b, sums.getType(), ws, ps, xs, sums);
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  SparseWeights weights;
  TileRing tiles;
  Type element;
  Value rows, columns;
  Value thread, firstRow, firstColumn, w, metadata, x;
};
} // namespace

void dither::emitSparseProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  SparseProduct(b, op).emit();
}
