//===- Indexing.cpp - Rows by position ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

using Shape = SmallVector<int64_t>;

/// Whether all extents but the first are known.
static bool hasKnownTail(RankedTensorType type) {
  return type.getRank() == 0 ||
         llvm::none_of(type.getShape().drop_front(), ShapedType::isDynamic);
}

/// Whether a tensor holds positions of rows.
static bool areRows(RankedTensorType type) {
  return type.getElementType().isInteger(32) && hasKnownTail(type);
}

static int64_t getRowElements(ArrayRef<int64_t> shape) {
  return ShapedType::getNumElements(shape.drop_front());
}

/// Whether a tensor has rows, and how many is known.
static bool hasKnownRows(RankedTensorType type) {
  return type.getRank() > 0 && !type.isDynamicDim(0) && type.getDimSize(0) > 0;
}

/// The shape of rows of `x`, one for each of `rows`.
static Shape getRowsShape(ArrayRef<int64_t> x, ArrayRef<int64_t> rows) {
  Shape shape(rows);
  llvm::append_range(shape, x.drop_front());
  return shape;
}

//===- Gather -------------------------------------------------------------===//

LogicalResult GatherOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> location,
                                         ValueRange operands, DictionaryAttr,
                                         OpaqueProperties, RegionRange,
                                         SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(operands[0].getType());
  auto rows = cast<RankedTensorType>(operands[1].getType());
  if (!hasKnownRows(x))
    return emitOptionalError(
        location, "(C1) gathers from a known number of rows, not 0; got ", x);
  if (!areRows(rows))
    return emitOptionalError(location,
                             "(C2) takes positions as a tensor of i32 with "
                             "known extents but for the first, not as ",
                             rows);
  types.push_back(RankedTensorType::get(
      getRowsShape(x.getShape(), rows.getShape()), x.getElementType()));
  return success();
}

SmallVector<Shape> GatherOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {getRowsShape(operands[0].getShape(), operands[1].getShape())};
}

LogicalResult GatherOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0], &rows = operands[1];
  int64_t count = x.getShape()[0], length = getRowElements(x.getShape());
  for (int64_t i = 0; i < rows.getNumElements(); ++i) {
    int64_t row = std::clamp<int64_t>(rows.getInt(i), 0, count - 1);
    for (int64_t k = 0; k < length; ++k)
      results[0].set(i * length + k, x.get(row * length + k));
  }
  return success();
}

/// A position that does not exist has read the first row or the last one.
SmallVector<Value> GatherOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value(), Value()};
  int64_t count = cast<RankedTensorType>(getX().getType()).getDimSize(0);
  Value rows = MaxOp::create(b, getRows(), buildScalarLike(b, 0, getRows()));
  rows = MinOp::create(b, rows, buildScalarLike(b, double(count - 1), rows));
  Value zeros = BroadcastOp::create(b, buildScalarLike(b, 0, dys[0]), getX());
  return {ScatterAddOp::create(b, zeros.getType(), dys[0], zeros, rows),
          Value()};
}

//===- Scatter ------------------------------------------------------------===//

LogicalResult ScatterOp::verify() {
  auto updates = cast<RankedTensorType>(getUpdates().getType());
  auto x = cast<RankedTensorType>(getX().getType());
  auto rows = cast<RankedTensorType>(getRows().getType());
  if (!areRows(rows) || rows.getRank() != 1)
    return emitOpError("(C1) takes positions as an i32 tensor of rank 1, not "
                       "as ")
           << rows;
  if (!updates.hasStaticShape() || !x.hasStaticShape() ||
      !rows.hasStaticShape())
    return emitOpError("(C3) needs static shapes");
  if (updates.getRank() == 0 || updates.getRank() != x.getRank() ||
      updates.getElementType() != x.getElementType() ||
      updates.getShape().drop_front() != x.getShape().drop_front() ||
      updates.getDimSize(0) != rows.getDimSize(0))
    return emitOpError("(C2) replaces ")
           << rows.getDimSize(0) << " rows of " << x << " by " << updates;
  return success();
}

SmallVector<Shape> ScatterOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {Shape(operands[1].getShape())};
}

LogicalResult ScatterOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  const HostTensor &updates = operands[0], &x = operands[1],
                   &rows = operands[2];
  int64_t length = getRowElements(x.getShape());
  std::copy(x.data(), x.data() + x.getNumBytes(), results[0].data());
  for (int64_t i = 0; i < rows.getNumElements(); ++i) {
    int64_t row = rows.getInt(i);
    if (row < 0 || row >= x.getShape()[0])
      continue;
    for (int64_t k = 0; k < length; ++k)
      results[0].set(row * length + k, updates.get(i * length + k));
  }
  return success();
}

//===- Scatter add --------------------------------------------------------===//

LogicalResult ScatterAddOp::verify() {
  auto updates = cast<RankedTensorType>(getUpdates().getType());
  auto x = cast<RankedTensorType>(getX().getType());
  auto rows = cast<RankedTensorType>(getRows().getType());
  if (!hasKnownRows(x))
    return emitOpError("(C1) adds to a known number of rows, not 0; got ") << x;
  if (!areRows(rows))
    return emitOpError("(C2) takes positions as a tensor of i32 with known "
                       "extents but for the first, not as ")
           << rows;
  auto expected = x.clone(getRowsShape(x.getShape(), rows.getShape()));
  if (updates != expected)
    return emitOpError("(C3) takes updates of type ")
           << expected << ", not " << updates;
  return success();
}

SmallVector<Shape> ScatterAddOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {Shape(operands[1].getShape())};
}

LogicalResult ScatterAddOp::evaluate(ArrayRef<HostTensor> operands,
                                     MutableArrayRef<HostTensor> results) {
  const HostTensor &updates = operands[0], &x = operands[1],
                   &rows = operands[2];
  int64_t length = getRowElements(x.getShape());
  std::vector<Scalar> sums;
  for (int64_t i = 0; i < x.getNumElements(); ++i)
    sums.push_back(x.get(i));
  for (int64_t i = 0; i < rows.getNumElements(); ++i) {
    int64_t row = rows.getInt(i);
    if (row < 0 || row >= x.getShape()[0])
      continue;
    for (int64_t k = 0; k < length; ++k) {
      Scalar &sum = sums[row * length + k], add = updates.get(i * length + k);
      sum.f += add.f;
      sum.i = int64_t(uint64_t(sum.i) + uint64_t(add.i));
    }
  }
  for (auto [i, sum] : llvm::enumerate(sums))
    results[0].set(int64_t(i), sum);
  return success();
}

/// i1, in the shape of the updates but with extents of 1 where rows have
/// elements: whether a position exists.
static Value buildExists(ImplicitLocOpBuilder &b, ScatterAddOp op) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto rows = cast<RankedTensorType>(op.getRows().getType());
  Value zero = buildScalarLike(b, 0, op.getRows());
  Value end = buildScalarLike(b, double(x.getDimSize(0)), op.getRows());
  Value isBehind = CompareOp::create(b, Predicate::ge, op.getRows(), zero);
  Value isBefore = CompareOp::create(b, Predicate::lt, op.getRows(), end);
  Value exists = AndOp::create(b, isBehind, isBefore);
  Shape shape(rows.getShape());
  shape.append(x.getRank() - 1, 1);
  return buildReshape(b, exists, shape);
}

SmallVector<Value> ScatterAddOp::buildGradients(ImplicitLocOpBuilder &b,
                                                ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value(), Value(), Value()};
  Value exists = buildExists(b, *this);
  Value taken = GatherOp::create(b, dys[0], getRows());
  Value zero = buildScalarLike(b, 0, taken);
  return {SelectOp::create(b, exists, taken, zero), dys[0], Value()};
}

//===- One hot ------------------------------------------------------------===//

LogicalResult OneHotOp::verify() {
  auto labels = cast<RankedTensorType>(getLabels().getType());
  auto y = cast<RankedTensorType>(getType());
  if (y.getRank() != labels.getRank() + 1 ||
      y.getShape().drop_back() != labels.getShape() ||
      y.isDynamicDim(labels.getRank()))
    return emitOpError("(C1) adds a last dimension of classes to ")
           << labels << ", got " << y;
  if (!hasKnownTail(labels))
    return emitOpError("(C2) needs known extents but for the first, got ")
           << labels;
  if (y.getShape().back() > std::numeric_limits<int32_t>::max())
    return emitOpError("(C3) has more classes than an i32 can name");
  return success();
}

SmallVector<Value> OneHotOp::decompose(ImplicitLocOpBuilder &b) {
  Value labels = getLabels();
  auto type = cast<RankedTensorType>(labels.getType());
  // As wide as the classes: those do not fit into an i8.
  Type element = type.getElementType();
  if (element.getIntOrFloatBitWidth() < 32) {
    element = b.getI32Type();
    labels = CastOp::create(b, withElement(type, element), labels);
  }
  Shape column(type.getShape());
  column.push_back(1);
  Value classes = IotaOp::create(
      b,
      RankedTensorType::get(
          {cast<RankedTensorType>(getType()).getShape().back()}, element),
      b.getI64IntegerAttr(0));
  labels = buildReshape(b, labels, column);
  Value isLabel = CompareOp::create(b, Predicate::eq, labels, classes);
  return {CastOp::create(b, getType(), isLabel)};
}

//===- Segment sum --------------------------------------------------------===//

LogicalResult
SegmentSumOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                               ValueRange operands, DictionaryAttr attributes,
                               OpaqueProperties properties, RegionRange regions,
                               SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<SegmentSumOp>(operands, attributes, properties,
                                               regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto segments = cast<RankedTensorType>(op.getSegments().getType());
  if (!segments.getElementType().isInteger(32) ||
      x.getShape().take_front(segments.getRank()) != segments.getShape())
    return emitOptionalError(location,
                             "(C1) takes segments as a tensor of i32 with the "
                             "shape of the first dimensions of ",
                             x, ", not as ", segments);
  Shape shape = {int64_t(op.getCount())};
  if (shape[0] <= 0)
    return emitOptionalError(location, "(C3) needs a positive `count`, got ",
                             shape[0]);
  llvm::append_range(shape, x.getShape().drop_front(segments.getRank()));
  auto type = x.clone(shape);
  if (!hasKnownTail(type) || !hasKnownTail(segments))
    return emitOptionalError(location,
                             "(C2) needs known extents of rows, and of "
                             "segments but for the first; got ",
                             x);
  types.push_back(type);
  return success();
}

SmallVector<Value> SegmentSumOp::decompose(ImplicitLocOpBuilder &b) {
  // A constant that is written to would be in memory twice; this one is not
  // read.
  Value like = buildSplat(b, 0, cast<RankedTensorType>(getType()));
  Value zeros = BroadcastOp::create(b, buildScalarLike(b, 0, like), like);
  return {ScatterAddOp::create(b, getType(), getX(), zeros, getSegments())};
}
