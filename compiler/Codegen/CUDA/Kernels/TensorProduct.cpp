//===- TensorProduct.cpp - Products by tensor cores -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/TensorProduct.h"
#include "Tile/IR/Tile.h"
#include "Tile/Layout/RegisterLayouts.h"
#include "Tile/Layout/SharedLayouts.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

static constexpr unsigned elementBytes = 2;
/// Tiles of the ring: two are on their way while one is multiplied.
static constexpr int64_t ringStages = 3;
static constexpr int64_t leastDepth = 32, mostDepth = 64, tileColumns = 128;
/// Elements of a row that `for_each` gives.
static constexpr int64_t pairLanes = 2;

/// How a block of threads shares its part of the result.
namespace {
struct Partition {
  int64_t rows;
  unsigned warpsAlongRows, warpsAlongColumns;
};
} // namespace

static Partition choosePartition(ContractOp op) {
  int64_t rows = cast<ShapedType>(op.getInit().getType()).getDimSize(0);
  if (!ShapedType::isDynamic(rows) && rows <= 16)
    return {16, 1, 8};
  if (ShapedType::isDynamic(rows) || rows <= 64)
    return {64, 2, 4};
  return {128, 2, 4};
}

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
      : b(b), op(op), weights(op), partition(choosePartition(op)),
        element(getElementTypeOrSelf(op.getX().getType())),
        tileDepth(std::max(leastDepth, weights.getStep())),
        rows(emitDim(b, op.getInit(), 0)), columns(emitDim(b, op.getInit(), 1)),
        depth(emitDim(b, op.getX(), op.getTransposeX() ? 0 : 1)) {}

  void emit() {
    Launch launch(b, {emitParts(b, columns, tileColumns),
                      emitParts(b, rows, partition.rows)});
    thread = launch.thread;
    firstColumn = emitMul(b, launch.block[0], emitConstant(b, tileColumns));
    firstRow = emitMul(b, launch.block[1], emitConstant(b, partition.rows));
    a = emitRing(launch, partition.rows, tileDepth, op.getTransposeX());
    w = emitRing(launch, tileDepth, tileColumns, op.getTransposeW());
    for (int64_t i = 0; i < ringStages - 1; ++i)
      emitStage(emitConstant(b, i * tileDepth), emitConstant(b, i));
    Value zero = tile::FillOp::create(b, getAccumulators(),
                                      b.getF32FloatAttr(0));
    Value sums = emitFor(
        b, emitConstant(b, 0), depth, tileDepth, zero,
        [&](Value k, ValueRange carried) -> SmallVector<Value> {
          return {emitStep(k, carried[0])};
        })[0];
    emitResults(sums);
  }

private:
  static tile::LinearLayout get(FailureOr<tile::LinearLayout> layout) {
    assert(succeeded(layout) && "the sizes of tiles are powers of two");
    return *layout;
  }

  tile::RegistersType getRegisters(ArrayRef<int64_t> shape, Type type,
                                   const tile::LinearLayout &layout) {
    MLIRContext *context = b.getContext();
    return tile::RegistersType::get(context, shape, type,
                                    tile::LinearAttr::get(context, layout));
  }

  tile::RegistersType getAccumulators() {
    return getRegisters({partition.rows, tileColumns}, b.getF32Type(),
                        get(tile::getAccumulatorLayout(
                            partition.rows, tileColumns,
                            partition.warpsAlongRows,
                            partition.warpsAlongColumns, reason)));
  }

  tile::RegistersType getOperand(tile::Operand operand) {
    bool isA = operand == tile::Operand::A;
    int64_t shape[] = {isA ? partition.rows : tileDepth,
                       isA ? tileDepth : tileColumns};
    return getRegisters(
        shape, element,
        get(tile::getOperandLayout(operand, shape[0], shape[1],
                                   partition.warpsAlongRows,
                                   partition.warpsAlongColumns,
                                   8 * elementBytes, reason)));
  }

  /// Tiles whose elements lie side by side as those of the matrix do.
  Value emitRing(Launch &launch, int64_t tileRows, int64_t columns,
                 bool isTransposed) {
    auto order = isTransposed ? tile::Order::ColumnMajor : tile::Order::RowMajor;
    auto swizzle =
        tile::chooseSwizzle(tileRows, columns, elementBytes, order, reason);
    assert(succeeded(swizzle) && "the sizes of tiles are powers of two");
    tile::LinearLayout layout = get(tile::getSharedLayout(
        tileRows, columns, elementBytes, *swizzle, order, reason));
    Value memory =
        launch.addShared({ringStages * tileRows * columns}, element);
    auto type = tile::SharedType::get(
        b.getContext(), ringStages, {tileRows, columns}, element,
        tile::LinearAttr::get(b.getContext(), layout));
    return tile::PlaceOp::create(b, type, memory);
  }

  /// Sends the tiles from `k` on along the contraction on their way. Behind its
  /// end there are none, but there is a group of copies: groups are counted.
  void emitStage(Value k, Value stage) {
    emitIf(b, emitLess(b, k, depth), [&] {
      tile::CopyOp::create(b, op.getX(), firstRow, k, Value(), a, stage);
      if (!op.getDense())
        tile::CopyOp::create(b, op.getParts()[0], k, firstColumn, op.getRows(),
                             w, stage);
      else
        emitDecode(k, stage);
    });
    NVVM::CpAsyncCommitGroupOp::create(b);
  }

  /// Each thread decodes some rows of the matrix, in some columns.
  void emitDecode(Value k, Value stage) {
    bool isTransposed = op.getTransposeW();
    int64_t step = weights.getStep(), lanes = weights.getLanes();
    int64_t panels =
        (isTransposed ? tileDepth : tileColumns) / lanes;
    int64_t steps = (isTransposed ? tileColumns : tileDepth) / step;
    auto narrow = VectorType::get({lanes}, element);
    emitFor(b, thread, emitConstant(b, steps * panels), blockThreads, {},
            [&](Value number, ValueRange) -> SmallVector<Value> {
              Value row = emitMul(b, emitDiv(b, number, panels),
                                  emitConstant(b, step));
              Value column = emitMul(b, emitRem(b, number, panels),
                                     emitConstant(b, lanes));
              SmallVector<Value> decoded = weights.emitRows(
                  b, emitAdd(b, isTransposed ? firstColumn : k, row),
                  emitAdd(b, isTransposed ? k : firstColumn, column),
                  isTransposed ? columns : depth,
                  isTransposed ? depth : columns);
              for (auto [i, values] : llvm::enumerate(decoded)) {
                Value at[] = {emitAdd(b, row, emitConstant(b, i)), column};
                if (isTransposed)
                  std::swap(at[0], at[1]);
                Value rounded = arith::TruncFOp::create(b, narrow, values);
                tile::WriteOp::create(b, rounded, w, stage, at[0], at[1]);
              }
              return {};
            });
  }

  Value emitStep(Value k, Value sums) {
    NVVM::CpAsyncWaitGroupOp::create(b, ringStages - 2);
    gpu::BarrierOp::create(b);
    Value number = emitDiv(b, k, tileDepth);
    Value stage = emitRem(b, number, ringStages);
    Value ahead = emitAdd(b, number, emitConstant(b, ringStages - 1));
    emitStage(emitMul(b, ahead, emitConstant(b, tileDepth)),
              emitRem(b, ahead, ringStages));
    Value as = tile::LoadOp::create(b, getOperand(tile::Operand::A), a, stage);
    Value ws = tile::LoadOp::create(b, getOperand(tile::Operand::B), w, stage);
    return tile::MmaOp::create(b, sums.getType(), as, ws, sums);
  }

  void emitResults(Value sums) {
    auto each = tile::ForEachOp::create(b, sums);
    Type pair = VectorType::get({pairLanes}, b.getF32Type());
    OpBuilder::InsertionGuard guard(b);
    Block *body = b.createBlock(
        &each.getBody(), {}, {b.getIndexType(), b.getIndexType(), pair},
        {b.getLoc(), b.getLoc(), b.getLoc()});
    Value row = emitAdd(b, firstRow, body->getArgument(0));
    Value column = emitAdd(b, firstColumn, body->getArgument(1));
    Value isInside = arith::AndIOp::create(b, emitLess(b, row, rows),
                                           emitLess(b, column, columns));
    emitIf(b, isInside, [&] {
      emitProductResult(b, op, row, emitPanel(b, column, columns, pairLanes),
                        body->getArgument(2));
    });
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  WeightSource weights;
  Partition partition;
  Type element;
  int64_t tileDepth;
  Value rows, columns, depth;
  Value thread, firstRow, firstColumn, a, w;
  std::string reason;
};
} // namespace

void dither::emitTensorProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  TensorProduct(b, op).emit();
}
