//===- Normalization.cpp - Normalization by statistics --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

static ArrayRef<int64_t> getShape(Value x) {
  return cast<RankedTensorType>(x.getType()).getShape();
}

//===- Verifying ----------------------------------------------------------===//

/// Checks (C1) to (C4), where parameters have the extents `shape`.
static LogicalResult verifyNormalization(Operation *op, Value x,
                                         ValueRange parameters,
                                         ArrayRef<int64_t> shape,
                                         int64_t leastRank,
                                         const APFloat &epsilon) {
  auto type = cast<RankedTensorType>(x.getType());
  if (type.getRank() < leastRank)
    return op->emitOpError("(C3) needs a rank of at least ")
           << leastRank << ", not " << type;
  if (parameters.size() > 2)
    return op->emitOpError("(C1) takes a scale and a shift, not ")
           << parameters.size() << " parameters";
  auto expected = RankedTensorType::get(shape, type.getElementType());
  for (Value parameter : parameters) {
    if (getShape(parameter) != shape)
      return op->emitOpError("(C1) has a parameter of ")
             << parameter.getType() << " for " << type << "; it would be "
             << expected;
    if (parameter.getType() != expected)
      return op->emitOpError("(C2) has a parameter of ")
             << parameter.getType() << " for " << type
             << "; convert it with dither.cast";
  }
  if (epsilon.isNaN() || (epsilon.isNegative() && !epsilon.isZero()))
    return op->emitOpError("(C4) needs an epsilon that is not negative");
  return success();
}

/// Checks those of ops on rows, which the first parameter counts.
template <typename Op> static LogicalResult verifyRows(Op op) {
  ArrayRef<int64_t> shape = getShape(op.getX());
  size_t rank = op.getScale() ? getShape(op.getScale()).size() : 1;
  bool isPart = rank > 0 && rank <= shape.size();
  return verifyNormalization(op, op.getX(), op.getParameters(),
                             shape.take_back(isPart ? rank : 1),
                             /*leastRank=*/1, op.getEpsilon());
}

LogicalResult LayerNormOp::verify() { return verifyRows(*this); }

LogicalResult RmsNormOp::verify() {
  if (failed(verifyRows(*this)))
    return failure();
  if (getShift())
    return emitOpError("(C5) takes no shift");
  return success();
}

LogicalResult GroupNormOp::verify() {
  ArrayRef<int64_t> shape = getShape(getX());
  if (failed(verifyNormalization(*this, getX(), getParameters(),
                                 shape.take_back(), /*leastRank=*/2,
                                 getEpsilon())))
    return failure();
  if (llvm::any_of(shape.drop_front(), ShapedType::isDynamic))
    return emitOpError("(C3) needs static extents but for the batch, not ")
           << getX().getType();
  auto groups = int64_t(getGroups());
  if (groups < 1 || shape.back() % groups != 0)
    return emitOpError("(C5) cannot divide ")
           << shape.back() << " channels into " << groups << " groups";
  return success();
}

/// Checks those of ops with statistics of channels.
template <typename Op> static LogicalResult verifyChannels(Op op) {
  ArrayRef<int64_t> shape = getShape(op.getX());
  if (failed(verifyNormalization(op, op.getX(), op.getParameters(),
                                 shape.take_back(), /*leastRank=*/2,
                                 op.getEpsilon())))
    return failure();
  if (ShapedType::isDynamic(shape.back()))
    return op.emitOpError("(C3) needs a static number of channels, not ")
           << op.getX().getType();
  auto expected = RankedTensorType::get(shape.take_back(),
                                        getWideElement(op.getX().getType()));
  if (op.getMean().getType() != expected)
    return op.emitOpError("(C5) has statistics of ")
           << op.getMean().getType() << "; they would be " << expected;
  return success();
}

LogicalResult BatchNormOp::verify() { return verifyChannels(*this); }
LogicalResult BatchNormInferenceOp::verify() { return verifyChannels(*this); }

//===- Decomposing --------------------------------------------------------===//

/// The last dimensions of x: those of `like`, or one.
static SmallVector<int64_t> getLastDims(Value x, Value like) {
  auto rank = int64_t(getShape(x).size());
  int64_t count = like ? int64_t(getShape(like).size()) : 1;
  return llvm::to_vector(llvm::seq(rank - count, rank));
}

static Value buildMean(ImplicitLocOpBuilder &b, Value x,
                       ArrayRef<int64_t> dims) {
  return MeanOp::create(b, x, b.getDenseI64ArrayAttr(dims), /*keep=*/true);
}

static Value buildMeanSquare(ImplicitLocOpBuilder &b, Value x,
                             ArrayRef<int64_t> dims) {
  return buildMean(b, MulOp::create(b, x, x), dims);
}

/// x / sqrt(square + epsilon).
static Value buildScaled(ImplicitLocOpBuilder &b, Value x, Value square,
                         const APFloat &epsilon) {
  Value least = buildScalarLike(b, epsilon.convertToDouble(), x);
  return MulOp::create(b, x,
                       RsqrtOp::create(b, AddOp::create(b, square, least)));
}

/// Brings x, whose floats are wide, to a mean of 0 and a variance of 1.
static Value buildNormalized(ImplicitLocOpBuilder &b, Value x,
                             ArrayRef<int64_t> dims, const APFloat &epsilon) {
  Value centered = SubOp::create(b, x, buildMean(b, x, dims));
  return buildScaled(b, centered, buildMeanSquare(b, centered, dims), epsilon);
}

/// Multiplies by the first parameter, adds the second one and converts.
static Value buildParameters(ImplicitLocOpBuilder &b, Value y,
                             ValueRange parameters, Type element) {
  if (!parameters.empty())
    y = MulOp::create(b, y, buildWide(b, parameters[0]));
  if (parameters.size() > 1)
    y = AddOp::create(b, y, buildWide(b, parameters[1]));
  return buildCast(b, y, element);
}

SmallVector<Value> LayerNormOp::decompose(ImplicitLocOpBuilder &b) {
  Value y = buildNormalized(b, buildWide(b, getX()),
                            getLastDims(getX(), getScale()), getEpsilon());
  return {
      buildParameters(b, y, getParameters(), getElementTypeOrSelf(getType()))};
}

SmallVector<Value> RmsNormOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = buildWide(b, getX());
  Value square = buildMeanSquare(b, x, getLastDims(x, getScale()));
  Value y = buildScaled(b, x, square, getEpsilon());
  return {
      buildParameters(b, y, getParameters(), getElementTypeOrSelf(getType()))};
}

SmallVector<Value> GroupNormOp::decompose(ImplicitLocOpBuilder &b) {
  ArrayRef<int64_t> shape = getShape(getX());
  auto groups = int64_t(getGroups());
  int64_t places = ShapedType::getNumElements(shape.drop_front().drop_back());
  Value x = buildReshape(b, buildWide(b, getX()),
                         {shape[0], places, groups, shape.back() / groups});
  Value y = buildNormalized(b, x, {1, 3}, getEpsilon());
  return {buildParameters(b, buildReshape(b, y, shape), getParameters(),
                          getElementTypeOrSelf(getType()))};
}

SmallVector<Value> BatchNormOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = buildWide(b, getX());
  ArrayRef<int64_t> shape = getShape(x);
  auto dims = llvm::to_vector(llvm::seq<int64_t>(0, shape.size() - 1));
  Value mean = buildMean(b, x, dims);
  Value centered = SubOp::create(b, x, mean);
  Value variance = buildMeanSquare(b, centered, dims);
  Value y = buildScaled(b, centered, variance, getEpsilon());
  y = buildParameters(b, y, getParameters(),
                      getElementTypeOrSelf(getX().getType()));
  return {y, buildReshape(b, mean, shape.take_back()),
          buildReshape(b, variance, shape.take_back())};
}

SmallVector<Value> BatchNormInferenceOp::decompose(ImplicitLocOpBuilder &b) {
  Value centered = SubOp::create(b, buildWide(b, getX()), getMean());
  Value y = buildScaled(b, centered, getVariance(), getEpsilon());
  return {
      buildParameters(b, y, getParameters(), getElementTypeOrSelf(getType()))};
}
