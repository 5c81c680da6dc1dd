//===- Reduction.cpp - Reductions -----------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Reduction/Reduction.h"
#include <cmath>

using namespace mlir;
using namespace dither;

/// Drops the reduced dimensions of a shape, or keeps them with extent 1.
static SmallVector<int64_t> reduceShape(ArrayRef<int64_t> shape,
                                        ArrayRef<int64_t> dims, bool keep) {
  SmallVector<int64_t> result;
  for (auto [d, extent] : llvm::enumerate(shape)) {
    if (!llvm::is_contained(dims, int64_t(d)))
      result.push_back(extent);
    else if (keep)
      result.push_back(1);
  }
  return result;
}

template <typename Op>
static LogicalResult inferReduction(std::optional<Location> location,
                                    typename Op::Adaptor op,
                                    SmallVectorImpl<Type> &types) {
  auto type = cast<RankedTensorType>(op.getX().getType());
  SmallVector<int64_t> dims = getReducedDims(type, op.getDims());
  if (!areDims(dims, type))
    return emitOptionalError(location,
                             "(C1) dims must be distinct, ascending and "
                             "below the rank ",
                             type.getRank());
  types.push_back(RankedTensorType::get(
      reduceShape(type.getShape(), dims, op.getKeep()), type.getElementType()));
  return success();
}

#define DITHER_INFER(OP)                                                       \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *, std::optional<Location> location, ValueRange operands,    \
      DictionaryAttr attributes, OpaqueProperties properties,                  \
      RegionRange regions, SmallVectorImpl<Type> &types) {                     \
    auto adaptor =                                                             \
        makeInferenceAdaptor<OP>(operands, attributes, properties, regions);   \
    if (failed(verifyAttributes(adaptor, location)))                           \
      return failure();                                                        \
    return inferReduction<OP>(location, adaptor, types);                       \
  }
DITHER_INFER(ReduceOp)
DITHER_INFER(LogSumExpOp)
DITHER_INFER(MeanOp)

//===- Reduce -------------------------------------------------------------===//

LogicalResult ReduceOp::verify() {
  Type element = getElementTypeOrSelf(getType());
  bool isBitwise =
      getKind() == ReduceKind::bitAnd || getKind() == ReduceKind::bitOr;
  if (isBitwise && !isa<IntegerType>(element))
    return emitOpError("(C2) combines integers by `")
           << stringifyReduceKind(getKind()) << "`, not " << element;
  return success();
}

OpFoldResult ReduceOp::fold(FoldAdaptor) {
  if (getReducedDims().empty())
    return getX();
  return {};
}

SmallVector<SmallVector<int64_t>>
ReduceOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {reduceShape(operands[0].getShape(), getReducedDims(), getKeep())};
}

Scalar dither::getNeutral(ReduceKind kind, Type element) {
  bool isFloat = isa<FloatType>(element);
  auto get = [&](int64_t value) {
    return isFloat ? Scalar::of(double(value)) : Scalar::ofInt(value);
  };
  switch (kind) {
  case ReduceKind::sum:
  case ReduceKind::bitOr:
    return get(0);
  case ReduceKind::product:
    return get(1);
  case ReduceKind::bitAnd:
    return get(-1);
  case ReduceKind::max:
  case ReduceKind::min:
    break;
  }
  bool least = kind == ReduceKind::max;
  if (isFloat)
    return Scalar::of(least ? -INFINITY : INFINITY);
  unsigned width = element.getIntOrFloatBitWidth();
  if (width == 1)
    return Scalar::ofInt(least ? 0 : 1);
  return Scalar::ofInt(least ? APInt::getSignedMinValue(width).getSExtValue()
                             : APInt::getSignedMaxValue(width).getSExtValue());
}

static int64_t combineIntegers(ReduceKind kind, int64_t x, int64_t y) {
  switch (kind) {
  case ReduceKind::sum:
    return int64_t(uint64_t(x) + uint64_t(y));
  case ReduceKind::product:
    return int64_t(uint64_t(x) * uint64_t(y));
  case ReduceKind::max:
    return std::max(x, y);
  case ReduceKind::min:
    return std::min(x, y);
  case ReduceKind::bitAnd:
    return x & y;
  case ReduceKind::bitOr:
    return x | y;
  }
  llvm_unreachable("all kinds are covered");
}

Scalar dither::combine(ReduceKind kind, Scalar x, Scalar y) {
  if (!x.isFloat)
    return Scalar::ofInt(combineIntegers(kind, x.i, y.i));
  if (kind == ReduceKind::sum)
    return Scalar::of(x.f + y.f);
  if (kind == ReduceKind::product)
    return Scalar::of(x.f * y.f);
  if (std::isnan(x.f) || std::isnan(y.f))
    return Scalar::of(NAN);
  return Scalar::of(kind == ReduceKind::max ? std::max(x.f, y.f)
                                            : std::min(x.f, y.f));
}

LogicalResult ReduceOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0];
  SmallVector<int64_t> dims = getReducedDims();
  SmallVector<int64_t> kept = reduceShape(x.getShape(), dims, true);
  std::vector<Scalar> sums(results[0].getNumElements(),
                           getNeutral(getKind(), x.getElementType()));
  int64_t position = 0;
  forEachIndex(x.getShape(), [&](ArrayRef<int64_t> index) {
    Scalar &sum = sums[linearize(index, kept)];
    sum = combine(getKind(), sum, x.get(position++));
  });
  for (auto [i, sum] : llvm::enumerate(sums))
    results[0].set(i, sum);
  return success();
}

/// Moves a dimension to another place.
static Value moveDim(ImplicitLocOpBuilder &b, Value x, int64_t from,
                     int64_t to) {
  auto rank = cast<RankedTensorType>(x.getType()).getRank();
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  permutation.erase(permutation.begin() + from);
  permutation.insert(permutation.begin() + to, from);
  return b.createOrFold<TransposeOp>(x, permutation);
}

/// Gives a reduced value its dropped dimensions back, with extent 1.
static Value restoreDims(ImplicitLocOpBuilder &b, Value y, Type original,
                         ArrayRef<int64_t> dims, bool keep) {
  if (keep)
    return y;
  SmallVector<int64_t> shape =
      reduceShape(cast<RankedTensorType>(original).getShape(), dims, true);
  auto *batch = llvm::find(shape, ShapedType::kDynamic);
  if (batch == shape.end())
    return buildReshape(b, y, shape);
  // A reshape takes it as the first dimension alone.
  int64_t to = batch - shape.begin();
  auto dropped = cast<RankedTensorType>(y.getType()).getShape();
  int64_t from = llvm::find(dropped, ShapedType::kDynamic) - dropped.begin();
  shape.erase(shape.begin() + to);
  shape.insert(shape.begin(), ShapedType::kDynamic);
  y = buildReshape(b, moveDim(b, y, from, 0), shape);
  return moveDim(b, y, 0, to);
}

/// The product of all other elements along a dimension: of those before each
/// one, and of those behind it.
static Value buildProductOfOthers(ImplicitLocOpBuilder &b, Value x,
                                  int64_t dim) {
  auto scan = [&](bool reverse) -> Value {
    return ScanOp::create(b, x.getType(), ScanKind::product, x, dim, reverse,
                          /*exclusive=*/true);
  };
  return MulOp::create(b, scan(false), scan(true));
}

/// Dimension by dimension: others along the last one, times others among the
/// products along it.
static Value buildProductGradient(ImplicitLocOpBuilder &b, Value x, Value dy,
                                  ArrayRef<int64_t> dims) {
  Value gradient = dy, product = x;
  for (int64_t dim : llvm::reverse(dims)) {
    gradient =
        MulOp::create(b, gradient, buildProductOfOthers(b, product, dim));
    if (dim != dims.front())
      product = ReduceOp::create(b, ReduceKind::product, product,
                                 b.getDenseI64ArrayAttr({dim}), /*keep=*/true);
  }
  return gradient;
}

SmallVector<Value> ReduceOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value()};
  SmallVector<int64_t> dims = getReducedDims();
  Value dy = restoreDims(b, dys[0], getX().getType(), dims, getKeep());
  if (getKind() == ReduceKind::sum)
    return {BroadcastOp::create(b, dy, getX())};
  if (getKind() == ReduceKind::product)
    return {buildProductGradient(b, getX(), dy, dims)};
  Value y = restoreDims(b, getY(), getX().getType(), dims, getKeep());
  Value isExtreme = CompareOp::create(b, Predicate::eq, getX(), y);
  Value ones =
      StopGradientOp::create(b, CastOp::create(b, getX().getType(), isExtreme));
  Value count = ReduceOp::create(b, ReduceKind::sum, ones,
                                 b.getDenseI64ArrayAttr(dims), true);
  return {MulOp::create(b, ones, DivOp::create(b, dy, count))};
}

//===- Log of a sum of exponentials ---------------------------------------===//

SmallVector<Value> LogSumExpOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = buildWide(b, getX());
  DenseI64ArrayAttr dims = b.getDenseI64ArrayAttr(getReducedDims());
  Value largest = ReduceOp::create(b, ReduceKind::max, x, dims, /*keep=*/true);
  // An infinite one is no shift: inf - inf is no number.
  Value zero = buildScalarLike(b, 0, x);
  Value isInfinite =
      CompareOp::create(b, Predicate::eq, AbsOp::create(b, largest),
                        buildScalarLike(b, INFINITY, x));
  Value shift = SelectOp::create(b, isInfinite, zero, largest);
  Value exponential = ExpOp::create(b, SubOp::create(b, x, shift));
  Value sum =
      ReduceOp::create(b, ReduceKind::sum, exponential, dims, /*keep=*/true);
  Value y = AddOp::create(b, LogOp::create(b, sum), shift);
  // Each is the sum of itself, which drops dimensions that a reshape may not.
  if (!getKeep())
    y = ReduceOp::create(b, ReduceKind::sum, y, dims, /*keep=*/false);
  return {buildCast(b, y, getElementTypeOrSelf(getType()))};
}

Value dither::buildExponentialWeight(ImplicitLocOpBuilder &b, Value x,
                                     Value y) {
  Value isEqual = CompareOp::create(b, Predicate::eq, x, y);
  Value difference = SelectOp::create(b, isEqual, buildScalarLike(b, 0, x),
                                      SubOp::create(b, x, y));
  return ExpOp::create(b, difference);
}

SmallVector<Value> LogSumExpOp::buildGradients(ImplicitLocOpBuilder &b,
                                               ValueRange dys) {
  SmallVector<int64_t> dims = getReducedDims();
  auto restore = [&](Value value) {
    return restoreDims(b, value, getX().getType(), dims, getKeep());
  };
  Value weight = buildExponentialWeight(b, getX(), restore(getY()));
  return {MulOp::create(b, restore(dys[0]), weight)};
}

//===- Mean and count -----------------------------------------------------===//

SmallVector<Value> MeanOp::decompose(ImplicitLocOpBuilder &b) {
  Value sum =
      ReduceOp::create(b, ReduceKind::sum, getX(), getDimsAttr(), getKeep());
  auto scalar = RankedTensorType::get({}, getElementTypeOrSelf(getType()));
  Value count = CountOp::create(b, scalar, getX(),
                                b.getDenseI64ArrayAttr(getReducedDims()));
  return {DivOp::create(b, sum, count)};
}

SmallVector<Value> MeanOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dys) {
  SmallVector<int64_t> dims = getReducedDims();
  auto scalar = RankedTensorType::get({}, getElementTypeOrSelf(getType()));
  Value count =
      CountOp::create(b, scalar, getX(), b.getDenseI64ArrayAttr(dims));
  Value share = DivOp::create(b, dys[0], count);
  share = restoreDims(b, share, getX().getType(), dims, getKeep());
  return {BroadcastOp::create(b, share, getX())};
}

LogicalResult CountOp::verify() {
  auto type = cast<RankedTensorType>(getX().getType());
  if (!areDims(getDims(), type))
    return emitOpError("(C1) dims must be distinct, ascending and below the "
                       "rank ")
           << type.getRank();
  if (cast<RankedTensorType>(getType()).getRank() != 0)
    return emitOpError("(C2) gives a tensor of rank 0, not ") << getType();
  return success();
}

LogicalResult CountOp::evaluate(ArrayRef<HostTensor> operands,
                                MutableArrayRef<HostTensor> results) {
  int64_t count = 1;
  for (int64_t dim : getDims())
    count *= operands[0].getShape()[dim];
  bool isFloat = isa<FloatType>(results[0].getElementType());
  results[0].set(0, isFloat ? Scalar::of(count) : Scalar::ofInt(count));
  return success();
}

OpFoldResult CountOp::fold(FoldAdaptor) {
  auto type = cast<RankedTensorType>(getX().getType());
  int64_t count = 1;
  for (int64_t dim : getDims()) {
    if (type.isDynamicDim(dim))
      return {};
    count *= type.getDimSize(dim);
  }
  auto resultType = cast<RankedTensorType>(getType());
  Type element = resultType.getElementType();
  Builder b(getContext());
  if (isa<FloatType>(element))
    return DenseElementsAttr::get(
        resultType, Attribute(b.getFloatAttr(element, double(count))));
  return DenseElementsAttr::get(resultType,
                                Attribute(b.getIntegerAttr(element, count)));
}

//===- Argmax -------------------------------------------------------------===//

LogicalResult ArgmaxOp::inferReturnTypes(MLIRContext *context,
                                         std::optional<Location> location,
                                         ValueRange operands, DictionaryAttr,
                                         OpaqueProperties, RegionRange,
                                         SmallVectorImpl<Type> &types) {
  auto type = cast<RankedTensorType>(operands[0].getType());
  if (type.getRank() == 0)
    return emitOptionalError(location, "(C1) needs a rank of at least 1");
  if (type.isDynamicDim(type.getRank() - 1) || type.getShape().back() == 0)
    return emitOptionalError(
        location, "(C2) needs a last dimension that is static and not 0");
  types.push_back(RankedTensorType::get(type.getShape().drop_back(),
                                        IntegerType::get(context, 32)));
  return success();
}

SmallVector<SmallVector<int64_t>>
ArgmaxOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {SmallVector<int64_t>(operands[0].getShape().drop_back())};
}

LogicalResult ArgmaxOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  int64_t width = operands[0].getShape().back();
  for (int64_t row = 0; row < results[0].getNumElements(); ++row) {
    int64_t best = 0;
    for (int64_t i = 0; i < width; ++i) {
      double value = operands[0].getDouble(row * width + i);
      double held = operands[0].getDouble(row * width + best);
      if (std::isnan(held))
        break;
      if (value > held || std::isnan(value))
        best = i;
    }
    results[0].set(row, Scalar::ofInt(best));
  }
  return success();
}

//===- Argmin -------------------------------------------------------------===//

LogicalResult ArgminOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  return ArgmaxOp::inferReturnTypes(context, location, operands, attributes,
                                    properties, regions, types);
}

/// By what turns the order around and is exact; of integers, the negative of
/// the least is none.
SmallVector<Value> ArgminOp::decompose(ImplicitLocOpBuilder &b) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(getX().getType()));
  Value turned = isFloat ? NegOp::create(b, getX()).getResult()
                         : NotOp::create(b, getX()).getResult();
  return {ArgmaxOp::create(b, turned)};
}
