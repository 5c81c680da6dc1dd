//===- Loss.cpp - Softmax and losses --------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

static Value buildLastReduction(ImplicitLocOpBuilder &b, ReduceKind kind,
                                Value x) {
  int64_t last = cast<RankedTensorType>(x.getType()).getRank() - 1;
  return ReduceOp::create(b, kind, x, b.getDenseI64ArrayAttr({last}), true);
}

static LogicalResult verifyRank(Operation *op) {
  if (cast<RankedTensorType>(op->getOperand(0).getType()).getRank() == 0)
    return op->emitOpError("(C1) needs a rank of at least 1");
  return success();
}

LogicalResult SoftmaxOp::verify() { return verifyRank(*this); }
LogicalResult LogSoftmaxOp::verify() { return verifyRank(*this); }

static Value buildShifted(ImplicitLocOpBuilder &b, Value x) {
  return SubOp::create(b, x, buildLastReduction(b, ReduceKind::max, x));
}

SmallVector<Value> SoftmaxOp::decompose(ImplicitLocOpBuilder &b) {
  Value exponential = ExpOp::create(b, buildShifted(b, getX()));
  Value sum = buildLastReduction(b, ReduceKind::sum, exponential);
  return {DivOp::create(b, exponential, sum)};
}

SmallVector<Value> SoftmaxOp::buildGradients(ImplicitLocOpBuilder &b,
                                             ValueRange dys) {
  Value product = MulOp::create(b, dys[0], getY());
  Value sum = buildLastReduction(b, ReduceKind::sum, product);
  return {MulOp::create(b, getY(), SubOp::create(b, dys[0], sum))};
}

SmallVector<Value> LogSoftmaxOp::decompose(ImplicitLocOpBuilder &b) {
  Value shifted = buildShifted(b, getX());
  Value exponential = ExpOp::create(b, shifted);
  Value sum = buildLastReduction(b, ReduceKind::sum, exponential);
  return {SubOp::create(b, shifted, LogOp::create(b, sum))};
}

SmallVector<Value> LogSoftmaxOp::buildGradients(ImplicitLocOpBuilder &b,
                                                ValueRange dys) {
  Value sum = buildLastReduction(b, ReduceKind::sum, dys[0]);
  Value softmax = ExpOp::create(b, getY());
  return {SubOp::create(b, dys[0], MulOp::create(b, softmax, sum))};
}

//===- Cross entropy ------------------------------------------------------===//

LogicalResult CrossEntropyOp::inferReturnTypes(MLIRContext *,
                                               std::optional<Location> location,
                                               ValueRange operands,
                                               DictionaryAttr, OpaqueProperties,
                                               RegionRange,
                                               SmallVectorImpl<Type> &types) {
  auto logits = cast<RankedTensorType>(operands[0].getType());
  auto labels = cast<RankedTensorType>(operands[1].getType());
  if (labels.getRank() == 0 || logits.getRank() != labels.getRank() + 1)
    return emitOptionalError(location,
                             "(C1) needs logits [batch, ..., classes] and "
                             "labels [batch, ...], got ",
                             logits, " and ", labels);
  if (logits.getShape().drop_back() != labels.getShape())
    return emitOptionalError(location, "(C2) extents differ: ", logits, " and ",
                             labels);
  types.push_back(RankedTensorType::get({}, logits.getElementType()));
  return success();
}

/// i1 [batch, ..., classes]: true at the label.
static Value buildIsLabel(ImplicitLocOpBuilder &b, CrossEntropyOp op) {
  auto logits = cast<RankedTensorType>(op.getLogits().getType());
  auto labels = cast<RankedTensorType>(op.getLabels().getType());
  SmallVector<int64_t> row(labels.getRank(), 1), column(labels.getShape());
  row.push_back(logits.getShape().back());
  column.push_back(1);
  Value classes =
      IotaOp::create(b, RankedTensorType::get(row, labels.getElementType()),
                     b.getI64IntegerAttr(labels.getRank()));
  Value positions = ReshapeOp::create(
      b, RankedTensorType::get(column, labels.getElementType()),
      op.getLabels());
  return CompareOp::create(b, Predicate::eq, positions, classes);
}

/// How many labels there are.
static Value buildCount(ImplicitLocOpBuilder &b, Value logits) {
  auto type = cast<RankedTensorType>(logits.getType());
  return CountOp::create(b, RankedTensorType::get({}, type.getElementType()),
                         logits,
                         b.getDenseI64ArrayAttr(llvm::to_vector(
                             llvm::seq<int64_t>(0, type.getRank() - 1))));
}

SmallVector<Value> CrossEntropyOp::decompose(ImplicitLocOpBuilder &b) {
  Value logProbability = LogSoftmaxOp::create(b, getLogits());
  Value picked = SelectOp::create(b, buildIsLabel(b, *this), logProbability,
                                  buildScalarLike(b, 0, logProbability));
  Value sum =
      ReduceOp::create(b, ReduceKind::sum, picked, DenseI64ArrayAttr(), false);
  return {NegOp::create(b, DivOp::create(b, sum, buildCount(b, getLogits())))};
}

SmallVector<Value> CrossEntropyOp::buildGradients(ImplicitLocOpBuilder &b,
                                                  ValueRange dys) {
  // (softmax - onehot) / count, rows without a label left out.
  Value isLabel = buildIsLabel(b, *this);
  Value softmax = SoftmaxOp::create(b, getLogits());
  Value one = buildScalarLike(b, 1, softmax), zero = buildScalarLike(b, 0, one);
  Value oneHot = SelectOp::create(b, isLabel, one, zero);
  Value hasLabel = buildLastReduction(b, ReduceKind::max, oneHot);
  Value difference =
      SubOp::create(b, MulOp::create(b, softmax, hasLabel), oneHot);
  Value share = DivOp::create(b, dys[0], buildCount(b, getLogits()));
  return {MulOp::create(b, difference, share), Value()};
}
