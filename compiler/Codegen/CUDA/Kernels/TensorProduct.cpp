//===- TensorProduct.cpp - Products by tensor cores -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/TensorProduct.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/TileRing.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"

using namespace mlir;
using namespace dither;

static constexpr int64_t leastDepth = 32, mostDepth = 64, tileColumns = 128;

bool dither::isDecodedToTiles(RankedTensorType dense,
                              PatternAttrInterface pattern,
                              FormatAttrInterface format) {
  // Elements of blocks meet other rows of x in each column of blocks.
  if (!explainUnsupported(dense, pattern, format).empty() ||
      isa_and_present<ListPatternAttrInterface, BlockPatternAttrInterface>(
          pattern))
    return false;
  int64_t step = getDecodeStep(dense, pattern, format);
  return llvm::isPowerOf2_64(step) && step <= mostDepth;
}

bool dither::isForTensorCores(ContractOp op) {
  Type x = getElementTypeOrSelf(op.getX().getType());
  if ((!x.isBF16() && !x.isF16()) || !op.getXParts().empty())
    return false;
  if (!op.getDense())
    return getElementTypeOrSelf(op.getParts()[0].getType()) == x;
  return isDecodedToTiles(
      cast<RankedTensorType>(*op.getDense()),
      dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
      dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr()));
}

namespace {
/// Emits the kernel of one product. Tile `a` has rows of x, `w` the matrix: its
/// rows are along the contraction.
class TensorProduct {
public:
  TensorProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), weights(op), tiles(b, choosePartition(op, tileColumns)),
        element(getElementTypeOrSelf(op.getX().getType())),
        tileDepth(std::max(leastDepth, weights.getStep())),
        rows(emitDim(b, op.getInit(), 0)), columns(emitDim(b, op.getInit(), 1)),
        depth(emitDim(b, op.getX(), op.getTransposeX() ? 0 : 1)) {}

  void emit() {
    int64_t tileRows = tiles.getPartition().rows;
    Launch launch(
        b, {emitParts(b, rows, tileRows), emitParts(b, columns, tileColumns)});
    thread = launch.thread;
    firstRow = emitMul(b, launch.block[0], emitConstant(b, tileRows));
    firstColumn = emitMul(b, launch.block[1], emitConstant(b, tileColumns));
    a = tiles.emitRing(launch, tileRows, tileDepth, element,
                       getOrder(op.getTransposeX()));
    w = tiles.emitRing(launch, tileDepth, tileColumns, element,
                       getOrder(op.getTransposeW()));
    Value sums = tiles.emitLoop(
        depth, tileDepth, [&](Value k, Value stage) { emitStage(k, stage); },
        [&](Value stage, Value sums) { return emitStep(stage, sums); });
    emitTileResults(b, op, sums, firstRow, firstColumn,
                    /*isTransposed=*/false);
  }

private:
  /// Elements of a tile lie side by side as those of the matrix do.
  static tile::Order getOrder(bool isTransposed) {
    return isTransposed ? tile::Order::ColumnMajor : tile::Order::RowMajor;
  }

  void emitStage(Value k, Value stage) {
    tile::CopyOp::create(b, op.getX(), firstRow, k, Value(), a, stage);
    if (!op.getDense())
      tile::CopyOp::create(b, op.getParts()[0], k, firstColumn, op.getRows(), w,
                           stage);
    else
      emitDecode(k, stage);
  }

  void emitDecode(Value k, Value stage) {
    auto narrow = VectorType::get({weights.getLanes()}, element);
    weights.emitTile(
        b, thread, blockThreads, tileDepth, tileColumns, k, firstColumn, depth,
        columns, [&](Value row, Value column, Value values) {
          if (op.getTransposeW())
            std::swap(row, column);
          Value rounded = arith::TruncFOp::create(b, narrow, values);
          tile::WriteOp::create(b, rounded, w, stage, row, column);
        });
  }

  Value emitStep(Value stage, Value sums) {
    Value as = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::A, tileDepth, element), a, stage);
    Value ws = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::B, tileDepth, element), w, stage);
    return tile::MmaOp::create(b, sums.getType(), as, ws, sums);
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  WeightSource weights;
  TileRing tiles;
  Type element;
  int64_t tileDepth;
  Value rows, columns, depth;
  Value thread, firstRow, firstColumn, a, w;
};
} // namespace

void dither::emitTensorProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  TensorProduct(b, op).emit();
}
