//===- SparseWeights.cpp - Two of each four weights, decoded --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/SparseWeights.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"

using namespace mlir;
using namespace dither;

/// Weights whose positions are a word of metadata.
static constexpr int64_t wordDepth = 16;
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
         SparseWeights::tileDepth % step == 0;
}

SparseWeights::SparseWeights(ContractOp op)
    : options(productOptions),
      element(getElementTypeOrSelf(op.getX().getType())),
      depth(cast<ShapedType>(*op.getDense()).getDimSize(0)) {
  int64_t all = getDecodeStep(cast<RankedTensorType>(*op.getDense()),
                              getPattern(op), getFormat(op));
  // Two blocks of threads share the registers of a multiprocessor, which hold
  // what is decoded, and sums.
  options.lanes = all > 16 ? 2 : productLanes;
  weights = makePackedPanels(op, options);
  step = weights->getStep();
}

void SparseWeights::emitTile(ImplicitLocOpBuilder &b, const Tile &target) {
  int64_t lanes = options.lanes;
  int64_t panels = target.columns / lanes;
  emitFor(b, target.thread, emitConstant(b, tileDepth / step * panels),
          target.threads, {},
          [&](Value number, ValueRange) -> SmallVector<Value> {
            Value first =
                emitMul(b, emitDiv(b, number, panels), emitConstant(b, step));
            Value column =
                emitMul(b, emitRem(b, number, panels), emitConstant(b, lanes));
            SmallVector<Value> decoded = emitDecoded(
                b, emitAdd(b, target.k, first),
                emitAdd(b, target.firstColumn, column), target.allColumns);
            store(b, target, decoded, first, column);
            return {};
          });
}

/// The kept weights of a step, and then its words of metadata.
SmallVector<Value> SparseWeights::emitDecoded(ImplicitLocOpBuilder &b, Value k,
                                              Value column, Value columns) {
  auto floats = VectorType::get({options.lanes}, b.getF32Type());
  auto words = VectorType::get({options.lanes}, b.getI32Type());
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(floats));
  Value none = arith::ConstantOp::create(
      b, DenseElementsAttr::get(words, b.getI32IntegerAttr(noPositions)));
  SmallVector<Value> otherwise(step / 2, zero);
  otherwise.append(step / wordDepth, none);
  Value isInside = arith::AndIOp::create(
      b, emitLess(b, k, emitConstant(b, depth)), emitLess(b, column, columns));
  return emitChoice(b, isInside, otherwise, [&] {
    Panel panel = emitPanel(b, column, columns, options.lanes);
    if (depth % step == 0)
      return emitSlots(b, k, step, panel);
    Value isWhole = emitLess(b, emitAdd(b, k, emitConstant(b, step - 1)),
                             emitConstant(b, depth));
    return emitEither(
        b, isWhole, ValueRange(otherwise).getTypes(),
        [&] { return emitSlots(b, k, step, panel); },
        [&] { return emitSlots(b, k, depth % step, panel); });
  });
}

SmallVector<Value> SparseWeights::emitSlots(ImplicitLocOpBuilder &b, Value k,
                                            int64_t count, Panel panel) {
  weights->enterScaled(b, k, panel);
  SmallVector<Term> terms = weights->emitStep(b, k, count, panel);
  Value scale;
  if (weights->getScaledDepth() > 0)
    scale = weights->emitScale(b, k, panel);
  SmallVector<Value> values, words;
  for (int64_t slot = 0; slot < step / 2; slot += 2) {
    Value word = slot % (wordDepth / 2) == 0 ? Value() : words.pop_back_val();
    words.push_back(emitGroup(b, terms, slot, scale, word, values));
  }
  values.append(words);
  return values;
}

/// Adds the two weights of a group to `values` and gives `word` with their
/// positions. A slot that nothing fills is zero, and at the place of the
/// first row of its group: it gets one behind the other's.
Value SparseWeights::emitGroup(ImplicitLocOpBuilder &b, ArrayRef<Term> terms,
                               int64_t slot, Value scale, Value word,
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
void SparseWeights::store(ImplicitLocOpBuilder &b, const Tile &target,
                          ArrayRef<Value> decoded, Value first, Value column) {
  Value slot = emitDiv(b, first, 2);
  auto narrow = VectorType::get({options.lanes}, element);
  for (int64_t i = 0; i < step / 2; ++i) {
    Value rounded = arith::TruncFOp::create(b, narrow, decoded[i]);
    tile::WriteOp::create(b, rounded, target.w, target.stage, column,
                          emitAdd(b, slot, emitConstant(b, i)));
  }
  for (int64_t i = 0; i < step / wordDepth; ++i)
    for (int64_t lane = 0; lane < options.lanes; ++lane)
      storePositions(
          b, target, vector::ExtractOp::create(b, decoded[step / 2 + i], lane),
          emitAdd(b, column, emitConstant(b, lane)),
          emitAdd(b, emitDiv(b, first, wordDepth), emitConstant(b, i)));
}

/// The positions of 16 weights of a column, where `tile.mma_sparse` says.
void SparseWeights::storePositions(ImplicitLocOpBuilder &b, const Tile &target,
                                   Value word, Value column, Value part) {
  Value row = emitRem(b, column, fragmentRows / 2);
  Value half = emitRem(b, emitDiv(b, column, fragmentRows / 2), 2);
  Value place = emitAdd(b, emitMul(b, row, emitConstant(b, 4)), part);
  place = emitAdd(b, emitMul(b, place, emitConstant(b, 2)), half);
  Value narrow = arith::TruncIOp::create(b, b.getI16Type(), word);
  Value one = vector::BroadcastOp::create(
      b, VectorType::get({1}, b.getI16Type()), narrow);
  tile::WriteOp::create(b, one, target.metadata, target.stage,
                        emitDiv(b, column, fragmentRows), place);
}
