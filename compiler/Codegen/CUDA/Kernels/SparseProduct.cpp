//===- SparseProduct.cpp - Products by sparse tensor cores ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/SparseProduct.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/TileRing.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"

using namespace mlir;
using namespace dither;

/// Weights of a column that a tile covers, and those of them that are kept.
static constexpr int64_t tileDepth = 64, tileSlots = tileDepth / 2;
/// Columns of the matrix that a block of threads has.
static constexpr int64_t tileColumns = 128;
/// Weights whose positions are a word of metadata, and rows of a fragment.
static constexpr int64_t wordDepth = 16, fragmentRows = 16;
/// The metadata of weights that do not exist: the first two of each four, which
/// are zero.
static constexpr int64_t noPositions = 0x4444;

static PatternAttrInterface getPattern(ContractOp op) {
  return dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr());
}
static FormatAttrInterface getFormat(ContractOp op) {
  return dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
}

bool dither::isForSparseTensorCores(ContractOp op) {
  Type x = getElementTypeOrSelf(op.getX().getType());
  auto groups = dyn_cast_if_present<GroupPatternAttrInterface>(getPattern(op));
  if ((!x.isBF16() && !x.isF16()) || !groups || op.getTransposeW() ||
      !op.getXParts().empty())
    return false;
  int64_t step = getDecodeStep(cast<RankedTensorType>(*op.getDense()),
                               getPattern(op), getFormat(op));
  return groups.getGroupDim() == 0 && groups.getGroupSize() == 4 &&
         groups.getSlotsPerGroup() == 2 && step % wordDepth == 0 &&
         tileDepth % step == 0;
}

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
      : b(b), op(op), options(productOptions), tiles(b, choosePartition(op)),
        element(getElementTypeOrSelf(op.getX().getType())),
        depth(cast<ShapedType>(*op.getDense()).getDimSize(0)),
        rows(emitDim(b, op.getInit(), 0)),
        columns(emitDim(b, op.getInit(), 1)) {
    int64_t all = getDecodeStep(cast<RankedTensorType>(*op.getDense()),
                                getPattern(op), getFormat(op));
    // Two blocks of threads share the registers of a multiprocessor, which hold
    // what is decoded, and sums.
    options.lanes = all > 16 ? 2 : productLanes;
    weights = makePackedPanels(op, options);
    step = weights->getStep();
  }

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
        emitConstant(b, depth), tileDepth,
        [&](Value k, Value stage) { emitStage(k, stage); },
        [&](Value stage, Value sums) { return emitStep(stage, sums); });
    emitResults(sums);
  }

private:
  void emitStage(Value k, Value stage) {
    tile::CopyOp::create(b, op.getX(), k, firstRow, Value(), x, stage);
    int64_t lanes = options.lanes;
    int64_t panels = tiles.getPartition().rows / lanes;
    emitFor(b, thread, emitConstant(b, tileDepth / step * panels), blockThreads,
            {}, [&](Value number, ValueRange) -> SmallVector<Value> {
              Value first =
                  emitMul(b, emitDiv(b, number, panels), emitConstant(b, step));
              Value column = emitMul(b, emitRem(b, number, panels),
                                     emitConstant(b, lanes));
              SmallVector<Value> decoded = emitDecoded(
                  emitAdd(b, k, first), emitAdd(b, firstColumn, column));
              store(decoded, first, column, stage);
              return {};
            });
  }

  /// The kept weights of a step, and then its words of metadata.
  SmallVector<Value> emitDecoded(Value k, Value column) {
    auto floats = VectorType::get({options.lanes}, b.getF32Type());
    auto words = VectorType::get({options.lanes}, b.getI32Type());
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(floats));
    Value none = arith::ConstantOp::create(
        b, DenseElementsAttr::get(words, b.getI32IntegerAttr(noPositions)));
    SmallVector<Value> otherwise(step / 2, zero);
    otherwise.append(step / wordDepth, none);
    Value isInside =
        arith::AndIOp::create(b, emitLess(b, k, emitConstant(b, depth)),
                              emitLess(b, column, columns));
    return emitChoice(b, isInside, otherwise, [&] {
      Panel panel = emitPanel(b, column, columns, options.lanes);
      if (depth % step == 0)
        return emitSlots(k, step, panel);
      Value isWhole = emitLess(b, emitAdd(b, k, emitConstant(b, step - 1)),
                               emitConstant(b, depth));
      return emitEither(
          b, isWhole, ValueRange(otherwise).getTypes(),
          [&] { return emitSlots(k, step, panel); },
          [&] { return emitSlots(k, depth % step, panel); });
    });
  }

  SmallVector<Value> emitSlots(Value k, int64_t count, Panel panel) {
    weights->enterScaled(b, k, panel);
    SmallVector<Term> terms = weights->emitStep(b, k, count, panel);
    Value scale;
    if (weights->getScaledDepth() > 0)
      scale = weights->emitScale(b, k, panel);
    SmallVector<Value> values, words;
    for (int64_t slot = 0; slot < step / 2; slot += 2) {
      Value word = slot % (wordDepth / 2) == 0 ? Value() : words.pop_back_val();
      words.push_back(emitGroup(terms, slot, scale, word, values));
    }
    values.append(words);
    return values;
  }

  /// Adds the two weights of a group to `values` and gives `word` with their
  /// positions. A slot that nothing fills is zero, and at the place of the
  /// first row of its group: it gets one behind the other's.
  Value emitGroup(ArrayRef<Term> terms, int64_t slot, Value scale, Value word,
                  SmallVectorImpl<Value> &values) {
    auto splat = [&](int64_t value) {
      return emitI32Splat(b, options.lanes, value);
    };
    Value first, second, one, other;
    if (slot < int64_t(terms.size())) {
      one = terms[slot].weights;
      other = terms[slot + 1].weights;
      if (scale) {
        one = arith::MulFOp::create(b, one, scale);
        other = arith::MulFOp::create(b, other, scale);
      }
      first = terms[slot].indices;
      second = terms[slot + 1].indices;
      Value isEmpty =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ule, second, first);
      Value isLast =
          arith::CmpIOp::create(b, arith::CmpIPredicate::eq, first, splat(3));
      Value isMoved = arith::AndIOp::create(b, isEmpty, isLast);
      Value zero = arith::ConstantOp::create(b, b.getZeroAttr(one.getType()));
      other = arith::SelectOp::create(
          b, isEmpty, arith::SelectOp::create(b, isMoved, one, zero), other);
      one = arith::SelectOp::create(b, isMoved, zero, one);
      first = arith::SelectOp::create(b, isMoved, splat(2), first);
      second = arith::SelectOp::create(b, isEmpty, splat(3), second);
    } else {
      auto floats = VectorType::get({options.lanes}, b.getF32Type());
      one = other = arith::ConstantOp::create(b, b.getZeroAttr(floats));
      first = splat(0);
      second = splat(1);
    }
    values.push_back(one);
    values.push_back(other);
    int64_t shift = slot % (wordDepth / 2) * 2;
    Value positions = arith::OrIOp::create(
        b, first, arith::ShLIOp::create(b, second, splat(2)));
    positions = arith::ShLIOp::create(b, positions, splat(shift));
    return word ? arith::OrIOp::create(b, word, positions).getResult()
                : positions;
  }

  /// Puts what a thread decoded into the tiles.
  void store(ArrayRef<Value> decoded, Value first, Value column, Value stage) {
    Value slot = emitDiv(b, first, 2);
    auto narrow = VectorType::get({options.lanes}, element);
    for (int64_t i = 0; i < step / 2; ++i) {
      Value rounded = arith::TruncFOp::create(b, narrow, decoded[i]);
      tile::WriteOp::create(b, rounded, w, stage, column,
                            emitAdd(b, slot, emitConstant(b, i)));
    }
    for (int64_t i = 0; i < step / wordDepth; ++i)
      for (int64_t lane = 0; lane < options.lanes; ++lane)
        storePositions(
            vector::ExtractOp::create(b, decoded[step / 2 + i], lane),
            emitAdd(b, column, emitConstant(b, lane)),
            emitAdd(b, emitDiv(b, first, wordDepth), emitConstant(b, i)),
            stage);
  }

  /// The positions of 16 weights of a column, where `tile.mma_sparse` says.
  void storePositions(Value word, Value column, Value part, Value stage) {
    Value row = emitRem(b, column, fragmentRows / 2);
    Value half = emitRem(b, emitDiv(b, column, fragmentRows / 2), 2);
    Value place = emitAdd(b, emitMul(b, row, emitConstant(b, 4)), part);
    place = emitAdd(b, emitMul(b, place, emitConstant(b, 2)), half);
    Value narrow = arith::TruncIOp::create(b, b.getI16Type(), word);
    Value one = vector::BroadcastOp::create(
        b, VectorType::get({1}, b.getI16Type()), narrow);
    tile::WriteOp::create(b, one, metadata, stage,
                          emitDiv(b, column, fragmentRows), place);
  }

  Value emitStep(Value stage, Value sums) {
    const Partition &partition = tiles.getPartition();
    auto positions =
        tiles.getRegisters({partition.rows / fragmentRows, 64}, b.getI16Type(),
                           tiles.get(tile::getSparseMetadataLayout(
                               partition.rows, partition.warpsAlongRows,
                               partition.warpsAlongColumns, tiles.reason)));
    Value ws = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::A, tileSlots, element), w, stage);
    Value ps = tile::LoadOp::create(b, positions, metadata, stage);
    Value xs = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::B, tileDepth, element), x, stage);
    return tile::MmaSparseOp::create(b, sums.getType(), ws, ps, xs, sums);
  }

  /// Elements that are side by side in registers are of a column.
  void emitResults(Value sums) {
    tiles.forEach(sums, [&](Value tileRow, Value tileColumn, Value pair) {
      Value column = emitAdd(b, firstColumn, tileRow);
      for (int64_t i = 0; i < 2; ++i) {
        Value row =
            emitAdd(b, emitAdd(b, firstRow, tileColumn), emitConstant(b, i));
        Value isInside = arith::AndIOp::create(b, emitLess(b, row, rows),
                                               emitLess(b, column, columns));
        emitIf(b, isInside, [&] {
          Value sum = vector::ExtractOp::create(b, pair, i);
          sum = vector::BroadcastOp::create(
              b, VectorType::get({1}, b.getF32Type()), sum);
          emitProductResult(b, op, row, Panel{column, Value()}, sum);
        });
      }
    });
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  KernelOptions options;
  TileRing tiles;
  Type element;
  std::unique_ptr<WeightPanels> weights;
  int64_t step = 0, depth;
  Value rows, columns;
  Value thread, firstRow, firstColumn, w, metadata, x;
};
} // namespace

void dither::emitSparseProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  SparseProduct(b, op).emit();
}
