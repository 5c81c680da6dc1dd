//===- Sorting.cpp - The order of elements --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One core op finds positions. All else takes the elements from there, which
// also says what the gradients are.
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace dither;

using Shape = SmallVector<int64_t>;

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Checks (C1) and (C2) of what is sorted along a dimension.
static LogicalResult verifySorted(std::optional<Location> location,
                                  RankedTensorType x, int64_t dim) {
  if (dim < 0 || dim >= x.getRank())
    return emitOptionalError(location, "(C1) has no dimension ", dim, " in ",
                             x);
  if (x.isDynamicDim(dim))
    return emitOptionalError(
        location, "(C2) needs a known extent of dimension ", dim, ", got ", x);
  if (x.getDimSize(dim) > std::numeric_limits<int32_t>::max())
    return emitOptionalError(location, "(C2) sorts ", x.getDimSize(dim),
                             " elements, whose positions are no i32");
  return success();
}

/// The type of a tensor with another extent.
static RankedTensorType withExtent(RankedTensorType type, int64_t dim,
                                   int64_t extent) {
  Shape shape(type.getShape());
  shape[dim] = extent;
  return type.clone(shape);
}

//===- Argsort ------------------------------------------------------------===//

LogicalResult ArgsortOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<ArgsortOp>(operands, attributes, properties,
                                            regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  auto dim = int64_t(op.getDim());
  if (failed(verifySorted(location, x, dim)))
    return failure();
  int64_t extent = x.getDimSize(dim);
  if (op.getCount() && int64_t(*op.getCount()) < 0)
    return emitOptionalError(location, "(C3) has a count of ",
                             int64_t(*op.getCount()),
                             ", which must not be negative");
  int64_t count =
      op.getCount() ? std::min(extent, int64_t(*op.getCount())) : extent;
  types.push_back(
      withElement(withExtent(x, dim, count), IntegerType::get(context, 32)));
  return success();
}

/// Whether an element comes before another one, which stands behind it where
/// neither does.
static bool isBefore(Scalar x, Scalar y, bool descending) {
  if (!x.isFloat)
    return descending ? x.i > y.i : x.i < y.i;
  if (std::isnan(x.f) || std::isnan(y.f))
    return !std::isnan(x.f) && std::isnan(y.f);
  return descending ? x.f > y.f : x.f < y.f;
}

LogicalResult ArgsortOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0];
  HostTensor &indices = results[0];
  auto dim = int64_t(getDim());
  int64_t stride = ShapedType::getNumElements(x.getShape().drop_front(dim + 1));
  Shape rows(x.getShape());
  rows[dim] = std::min<int64_t>(rows[dim], 1);
  std::vector<int32_t> order(x.getShape()[dim]);
  forEachIndex(rows, [&](ArrayRef<int64_t> index) {
    int64_t first = linearize(index, x.getShape());
    int64_t target = linearize(index, indices.getShape());
    std::iota(order.begin(), order.end(), 0);
    llvm::stable_sort(order, [&](int32_t a, int32_t b) {
      return isBefore(x.get(first + a * stride), x.get(first + b * stride),
                      getDescending());
    });
    for (int64_t i = 0; i < indices.getShape()[dim]; ++i)
      indices.set(target + i * stride, Scalar::ofInt(order[i]));
  });
  return success();
}

//===- Sort, top k --------------------------------------------------------===//

LogicalResult SortOp::verify() {
  return verifySorted(getLoc(), getTensorType(getX()), int64_t(getDim()));
}

SmallVector<Value> SortOp::decompose(ImplicitLocOpBuilder &b) {
  Value indices =
      ArgsortOp::create(b, getX(), getDim(), getDescending(), IntegerAttr());
  return {TakeAlongOp::create(b, getX(), indices, getDim())};
}

LogicalResult
TopKOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location,
                         ValueRange operands, DictionaryAttr attributes,
                         OpaqueProperties properties, RegionRange regions,
                         SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<TopKOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  int64_t dim = x.getRank() - 1;
  if (x.getRank() == 0)
    return emitOptionalError(location, "(C1) needs a rank of at least 1");
  if (failed(verifySorted(location, x, dim)))
    return failure();
  auto k = int64_t(op.getK());
  if (k < 0 || k > x.getDimSize(dim))
    return emitOptionalError(location, "(C3) cannot take ", k, " of ",
                             x.getDimSize(dim), " elements");
  types.push_back(withExtent(x, dim, k));
  types.push_back(withElement(types.back(), IntegerType::get(context, 32)));
  return success();
}

SmallVector<Value> TopKOp::decompose(ImplicitLocOpBuilder &b) {
  int64_t dim = getTensorType(getX()).getRank() - 1;
  Value indices = ArgsortOp::create(b, getX(), dim, !getSmallest(),
                                    b.getI64IntegerAttr(int64_t(getK())));
  return {TakeAlongOp::create(b, getX(), indices, dim), indices};
}

//===- Positions along a dimension ----------------------------------------===//

/// Checks (C1) to (C3) of ops that read or write `x` by positions.
static LogicalResult verifyAlong(std::optional<Location> location,
                                 RankedTensorType x, RankedTensorType indices,
                                 int64_t dim) {
  if (dim < 0 || dim >= x.getRank())
    return emitOptionalError(location, "(C1) has no dimension ", dim, " in ",
                             x);
  bool isSame = indices.getElementType().isInteger(32) &&
                indices.getRank() == x.getRank();
  for (int64_t d = 0; isSame && d < x.getRank(); ++d)
    isSame = d == dim || x.getDimSize(d) == indices.getDimSize(d);
  if (!isSame)
    return emitOptionalError(location,
                             "(C2) takes positions as a tensor of i32 with "
                             "the extents of ",
                             x, " but for dimension ", dim, ", not as ",
                             indices);
  if (x.isDynamicDim(dim))
    return emitOptionalError(
        location, "(C3) needs a known extent of dimension ", dim, ", got ", x);
  return success();
}

/// Calls `body` with the place of each position among all and that of the first
/// element of its row of `x`.
static void forEachPosition(const HostTensor &indices, const HostTensor &x,
                            int64_t dim,
                            function_ref<void(int64_t, int64_t)> body) {
  int64_t place = 0;
  forEachIndex(indices.getShape(), [&](ArrayRef<int64_t> index) {
    Shape row(index);
    row[dim] = 0;
    int64_t first = 0;
    for (auto [position, extent] : llvm::zip_equal(row, x.getShape()))
      first = first * extent + position;
    body(place++, first);
  });
}

LogicalResult
TakeAlongOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                              ValueRange operands, DictionaryAttr attributes,
                              OpaqueProperties properties, RegionRange regions,
                              SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<TakeAlongOp>(operands, attributes, properties,
                                              regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  RankedTensorType indices = getTensorType(op.getIndices());
  auto dim = int64_t(op.getDim());
  if (failed(verifyAlong(location, x, indices, dim)))
    return failure();
  if (x.getDimSize(dim) == 0 && indices.getDimSize(dim) != 0)
    return emitOptionalError(location, "(C3) takes elements of ", x,
                             ", which has none along dimension ", dim);
  types.push_back(withElement(indices, x.getElementType()));
  return success();
}

LogicalResult TakeAlongOp::evaluate(ArrayRef<HostTensor> operands,
                                    MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0], &indices = operands[1];
  auto dim = int64_t(getDim());
  int64_t stride = x.getStrides()[dim], last = x.getShape()[dim] - 1;
  forEachPosition(indices, x, dim, [&](int64_t place, int64_t first) {
    int64_t position = std::clamp<int64_t>(indices.getInt(place), 0, last);
    results[0].set(place, x.get(first + position * stride));
  });
  return success();
}

/// A position that does not exist has read the first element or the last one.
SmallVector<Value> TakeAlongOp::buildGradients(ImplicitLocOpBuilder &b,
                                               ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value(), Value()};
  int64_t extent = getTensorType(getX()).getDimSize(int64_t(getDim()));
  Value indices = getIndices();
  indices = MaxOp::create(b, indices, buildScalarLike(b, 0, indices));
  indices = MinOp::create(b, indices,
                          buildScalarLike(b, double(extent - 1), indices));
  Value zeros = BroadcastOp::create(b, buildScalarLike(b, 0, dys[0]), getX());
  return {ScatterAddAlongOp::create(b, zeros.getType(), dys[0], zeros, indices,
                                    getDim()),
          Value()};
}

LogicalResult ScatterAddAlongOp::verify() {
  RankedTensorType x = getTensorType(getX());
  RankedTensorType indices = getTensorType(getIndices());
  if (failed(verifyAlong(getLoc(), x, indices, int64_t(getDim()))))
    return failure();
  RankedTensorType expected = withElement(indices, x.getElementType());
  if (getUpdates().getType() != expected)
    return emitOpError("(C4) takes updates of type ")
           << expected << ", not " << getUpdates().getType();
  return success();
}

SmallVector<Shape>
ScatterAddAlongOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {Shape(operands[1].getShape())};
}

LogicalResult ScatterAddAlongOp::evaluate(ArrayRef<HostTensor> operands,
                                          MutableArrayRef<HostTensor> results) {
  const HostTensor &updates = operands[0], &x = operands[1],
                   &indices = operands[2];
  auto dim = int64_t(getDim());
  int64_t stride = x.getStrides()[dim], extent = x.getShape()[dim];
  std::vector<Scalar> sums;
  for (int64_t i = 0; i < x.getNumElements(); ++i)
    sums.push_back(x.get(i));
  forEachPosition(indices, x, dim, [&](int64_t place, int64_t first) {
    int64_t position = indices.getInt(place);
    if (position < 0 || position >= extent)
      return;
    Scalar &sum = sums[first + position * stride], add = updates.get(place);
    sum.f += add.f;
    sum.i = int64_t(uint64_t(sum.i) + uint64_t(add.i));
  });
  for (auto [i, sum] : llvm::enumerate(sums))
    results[0].set(int64_t(i), sum);
  return success();
}

SmallVector<Value> ScatterAddAlongOp::buildGradients(ImplicitLocOpBuilder &b,
                                                     ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value(), Value(), Value()};
  int64_t extent = getTensorType(getX()).getDimSize(int64_t(getDim()));
  Value zero = buildScalarLike(b, 0, dys[0]);
  if (extent == 0)
    return {BroadcastOp::create(b, zero, getUpdates()), dys[0], Value()};
  Value start = buildScalarLike(b, 0, getIndices());
  Value end = buildScalarLike(b, double(extent), getIndices());
  Value isBehind = CompareOp::create(b, Predicate::ge, getIndices(), start);
  Value isBefore = CompareOp::create(b, Predicate::lt, getIndices(), end);
  Value exists = AndOp::create(b, isBehind, isBefore);
  Value taken = TakeAlongOp::create(b, dys[0], getIndices(), getDim());
  return {SelectOp::create(b, exists, taken, zero), dys[0], Value()};
}
