//===- Rearrange.cpp - Ops that put elements in other places --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include <cmath>

using namespace mlir;
using namespace dither;

using Shape = SmallVector<int64_t>;

/// The largest number of elements that an attribute may add.
static constexpr int64_t mostAdded = std::numeric_limits<int32_t>::max();

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

/// Checks the dimensions of `x` that an op changes the order of.
static LogicalResult verifyOrdered(std::optional<Location> location,
                                   RankedTensorType x, ArrayRef<int64_t> dims) {
  if (!areDims(dims, x))
    return emitOptionalError(location,
                             "(C1) dims must be distinct, ascending and below "
                             "the rank ",
                             x.getRank());
  for (int64_t dim : dims)
    if (x.isDynamicDim(dim))
      return emitOptionalError(location,
                               "(C2) needs a known extent of "
                               "dimension ",
                               dim, ", got ", x);
  return success();
}

/// The elements from `offset` on along a dimension.
static Value buildPart(ImplicitLocOpBuilder &b, Value x, int64_t dim,
                       int64_t offset, int64_t size) {
  Shape sizes(getTensorType(x).getShape());
  Shape offsets(sizes.size(), 0), strides(sizes.size(), 1);
  for (int64_t &extent : sizes)
    if (ShapedType::isDynamic(extent))
      extent = -1;
  offsets[dim] = offset;
  sizes[dim] = size;
  return SliceOp::create(b, x, offsets, sizes, strides);
}

//===- Concat -------------------------------------------------------------===//

LogicalResult
ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<ConcatOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  int64_t dim = int64_t(op.getDim());
  if (operands.empty())
    return emitOptionalError(location, "(C1) needs an operand");
  RankedTensorType first = getTensorType(operands[0]);
  if (dim < 0 || dim >= first.getRank())
    return emitOptionalError(location, "(C1) has no dimension ", dim, " in ",
                             first);
  // All extents but that along `dim`.
  auto getOthers = [&](RankedTensorType type) {
    Shape others(type.getShape());
    others[dim] = 0;
    return type.clone(others);
  };
  int64_t sum = 0;
  for (Value x : operands) {
    RankedTensorType type = getTensorType(x);
    if (type.getRank() != first.getRank() ||
        getOthers(type) != getOthers(first))
      return emitOptionalError(location, "(C2) cannot put ", type, " behind ",
                               first, " along dimension ", dim);
    if (type.isDynamicDim(dim))
      return emitOptionalError(location,
                               "(C3) needs a known extent of "
                               "dimension ",
                               dim, ", got ", type);
    if (llvm::AddOverflow(sum, type.getDimSize(dim), sum))
      return emitOptionalError(location,
                               "(C3) has more elements along "
                               "dimension ",
                               dim, " than can be counted");
  }
  Shape shape(first.getShape());
  shape[dim] = sum;
  types.push_back(first.clone(shape));
  return success();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getXs().size() == 1 ? OpFoldResult(getXs()[0]) : OpFoldResult();
}

SmallVector<Shape> ConcatOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  Shape shape(operands[0].getShape());
  for (const HostTensor &x : operands.drop_front())
    shape[getDim()] += x.getShape()[getDim()];
  return {shape};
}

LogicalResult ConcatOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  int64_t offset = 0;
  for (const HostTensor &x : operands) {
    int64_t i = 0;
    forEachIndex(x.getShape(), [&](ArrayRef<int64_t> index) {
      Shape target(index);
      target[getDim()] += offset;
      results[0].set(linearize(target, results[0].getShape()), x.get(i++));
    });
    offset += x.getShape()[getDim()];
  }
  return success();
}

SmallVector<Value> ConcatOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  SmallVector<Value> gradients;
  int64_t offset = 0;
  for (Value x : getXs()) {
    int64_t size = getTensorType(x).getDimSize(getDim());
    gradients.push_back(
        isFloat(x) ? buildPart(b, dys[0], getDim(), offset, size) : Value());
    offset += size;
  }
  return gradients;
}

//===- Pad ----------------------------------------------------------------===//

/// Whether elements of an integer type can be a number.
static bool holds(Type element, double value) {
  unsigned width = element.getIntOrFloatBitWidth();
  double end = std::ldexp(1.0, int(width) - 1);
  bool isInRange =
      width == 1 ? value == 0 || value == 1 : value >= -end && value < end;
  return isInRange && std::trunc(value) == value;
}

LogicalResult
PadOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                        ValueRange operands, DictionaryAttr attributes,
                        OpaqueProperties properties, RegionRange regions,
                        SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<PadOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  auto isCount = [](int64_t n) { return n >= 0 && n <= mostAdded; };
  if (int64_t(op.getLow().size()) != x.getRank() ||
      int64_t(op.getHigh().size()) != x.getRank() ||
      !llvm::all_of(op.getLow(), isCount) ||
      !llvm::all_of(op.getHigh(), isCount))
    return emitOptionalError(
        location, "(C1) needs `low` and `high` with a number for each of the ",
        x.getRank(), " dimensions, not negative and below 2^31");
  Shape shape(x.getShape());
  for (auto [d, low, high] : llvm::enumerate(op.getLow(), op.getHigh())) {
    if (low == 0 && high == 0)
      continue;
    if (x.isDynamicDim(d))
      return emitOptionalError(location, "(C2) cannot pad dimension ", d,
                               " of ", x, ", which is dynamic");
    if (llvm::AddOverflow(shape[d], low + high, shape[d]))
      return emitOptionalError(location,
                               "(C1) has more elements along "
                               "dimension ",
                               d, " than can be counted");
  }
  double value = op.getValue().convertToDouble();
  if (x.getElementType().isInteger() && !holds(x.getElementType(), value))
    return emitOptionalError(location, "(C3) pads with ", value,
                             ", which is no ", x.getElementType());
  types.push_back(x.clone(shape));
  return success();
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  return getX().getType() == getType() ? OpFoldResult(getX()) : OpFoldResult();
}

SmallVector<Shape> PadOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  Shape shape;
  for (auto [extent, low, high] :
       llvm::zip_equal(operands[0].getShape(), getLow(), getHigh()))
    shape.push_back(low + extent + high);
  return {shape};
}

LogicalResult PadOp::evaluate(ArrayRef<HostTensor> operands,
                              MutableArrayRef<HostTensor> results) {
  HostTensor &y = results[0];
  double value = getValue().convertToDouble();
  for (int64_t i = 0; i < y.getNumElements(); ++i)
    y.set(i,
          isFloat(getX()) ? Scalar::of(value) : Scalar::ofInt(int64_t(value)));
  int64_t i = 0;
  forEachIndex(operands[0].getShape(), [&](ArrayRef<int64_t> index) {
    Shape target(index);
    for (auto [position, low] : llvm::zip_equal(target, getLow()))
      position += low;
    y.set(linearize(target, y.getShape()), operands[0].get(i++));
  });
  return success();
}

SmallVector<Value> PadOp::buildGradients(ImplicitLocOpBuilder &b,
                                         ValueRange dys) {
  if (!isFloat(getX()))
    return {Value()};
  Shape sizes(getTensorType(getX()).getShape());
  llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
  return {SliceOp::create(b, dys[0], getLow(), sizes, Shape(sizes.size(), 1))};
}

//===- Reverse ------------------------------------------------------------===//

LogicalResult
ReverseOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                            ValueRange operands, DictionaryAttr attributes,
                            OpaqueProperties properties, RegionRange regions,
                            SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<ReverseOp>(operands, attributes, properties,
                                            regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  if (failed(verifyOrdered(location, x, op.getDims())))
    return failure();
  types.push_back(x);
  return success();
}

SmallVector<Shape> ReverseOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {Shape(operands[0].getShape())};
}

LogicalResult ReverseOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  ArrayRef<int64_t> shape = operands[0].getShape();
  int64_t i = 0;
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    Shape source(index);
    for (int64_t dim : getDims())
      source[dim] = shape[dim] - 1 - source[dim];
    results[0].set(i++, operands[0].get(linearize(source, shape)));
  });
  return success();
}

SmallVector<Value> ReverseOp::buildGradients(ImplicitLocOpBuilder &b,
                                             ValueRange dys) {
  if (!isFloat(getX()))
    return {Value()};
  return {ReverseOp::create(b, dys[0], getDims())};
}

//===- Roll ---------------------------------------------------------------===//

LogicalResult
RollOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                         ValueRange operands, DictionaryAttr attributes,
                         OpaqueProperties properties, RegionRange regions,
                         SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<RollOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  if (failed(verifyOrdered(location, x, op.getDims())))
    return failure();
  if (op.getShifts().size() != op.getDims().size())
    return emitOptionalError(location, "(C3) has ", op.getShifts().size(),
                             " shifts for ", op.getDims().size(), " dims");
  types.push_back(x);
  return success();
}

SmallVector<Value> RollOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = getX();
  for (auto [dim, shift] : llvm::zip_equal(getDims(), getShifts())) {
    int64_t extent = getTensorType(x).getDimSize(dim);
    int64_t behind = extent == 0 ? 0 : llvm::mod(shift, extent);
    if (behind == 0)
      continue;
    Value last = buildPart(b, x, dim, extent - behind, behind);
    Value first = buildPart(b, x, dim, 0, extent - behind);
    x = ConcatOp::create(b, ValueRange{last, first}, dim);
  }
  return {x};
}

//===- Repeat -------------------------------------------------------------===//

LogicalResult
RepeatOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<RepeatOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  auto isCount = [](int64_t n) { return n >= 1 && n <= mostAdded; };
  if (int64_t(op.getCounts().size()) != x.getRank() ||
      !llvm::all_of(op.getCounts(), isCount))
    return emitOptionalError(location,
                             "(C1) needs a positive number below 2^31 for each "
                             "of the ",
                             x.getRank(), " dimensions");
  bool isRepeated =
      llvm::any_of(op.getCounts(), [](int64_t n) { return n > 1; });
  if (isRepeated &&
      llvm::any_of(x.getShape().drop_front(), ShapedType::isDynamic))
    return emitOptionalError(
        location, "(C2) needs known extents but for the first, got ", x);
  Shape shape(x.getShape());
  for (auto [d, count] : llvm::enumerate(op.getCounts())) {
    if (count == 1)
      continue;
    if (x.isDynamicDim(d))
      return emitOptionalError(location, "(C2) cannot repeat dimension ", d,
                               " of ", x, ", which is dynamic");
    if (llvm::MulOverflow(shape[d], count, shape[d]))
      return emitOptionalError(location,
                               "(C1) has more elements along "
                               "dimension ",
                               d, " than can be counted");
  }
  types.push_back(x.clone(shape));
  return success();
}

/// One dimension after the other: `[before, 1, rest]` stretches to `[before,
/// count, rest]`. A product with ones does that, as no tensor is there that
/// they could be broadcast like.
SmallVector<Value> RepeatOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = getX();
  for (auto [d, count] : llvm::enumerate(getCounts())) {
    if (count == 1)
      continue;
    Shape shape(getTensorType(x).getShape()), stretched(shape);
    stretched.insert(stretched.begin() + d, 1);
    Shape ones(stretched.size() - d, 1);
    ones[0] = count;
    x = buildReshape(b, x, stretched);
    Value one = buildSplat(
        b, 1, RankedTensorType::get(ones, getElementTypeOrSelf(x.getType())));
    x = MulOp::create(b, x, one);
    shape[d] *= count;
    x = buildReshape(b, x, shape);
  }
  return {x};
}

//===- Split --------------------------------------------------------------===//

LogicalResult
SplitOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                          ValueRange operands, DictionaryAttr attributes,
                          OpaqueProperties properties, RegionRange regions,
                          SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<SplitOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  int64_t dim = int64_t(op.getDim());
  if (dim < 0 || dim >= x.getRank() || x.isDynamicDim(dim))
    return emitOptionalError(location, "(C1) has no dimension ", dim,
                             " of a known extent in ", x);
  int64_t left = x.getDimSize(dim);
  for (int64_t size : op.getSizes()) {
    if (size < 0 || size > left)
      return emitOptionalError(location, "(C2) cannot take ", size,
                               " elements of the ", left, " that are left");
    left -= size;
    Shape shape(x.getShape());
    shape[dim] = size;
    types.push_back(x.clone(shape));
  }
  if (left != 0)
    return emitOptionalError(location, "(C2) leaves ", left,
                             " elements of dimension ", dim);
  return success();
}

SmallVector<Value> SplitOp::decompose(ImplicitLocOpBuilder &b) {
  SmallVector<Value> parts;
  int64_t offset = 0;
  for (int64_t size : getSizes()) {
    parts.push_back(buildPart(b, getX(), getDim(), offset, size));
    offset += size;
  }
  return parts;
}
