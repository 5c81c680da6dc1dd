//===- Reduction.cpp - Reductions -----------------------------------------===//
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

/// Whether dimensions are distinct, ascending and of a type.
static bool areDims(ArrayRef<int64_t> dims, RankedTensorType type) {
  int64_t previous = -1;
  return llvm::all_of(dims, [&](int64_t dim) {
    bool isGood = dim > previous && dim < type.getRank();
    previous = dim;
    return isGood;
  });
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
    return inferReduction<OP>(location, adaptor, types);                       \
  }
DITHER_INFER(ReduceOp)
DITHER_INFER(MeanOp)

//===- Reduce -------------------------------------------------------------===//

OpFoldResult ReduceOp::fold(FoldAdaptor) {
  if (getReducedDims().empty())
    return getX();
  return {};
}

SmallVector<SmallVector<int64_t>>
ReduceOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {reduceShape(operands[0].getShape(), getReducedDims(), getKeep())};
}

static Scalar neutralOf(ReduceKind kind, Type element) {
  bool isFloat = isa<FloatType>(element);
  if (kind == ReduceKind::sum)
    return isFloat ? Scalar::of(0) : Scalar::ofInt(0);
  bool least = kind == ReduceKind::max;
  if (isFloat)
    return Scalar::of(least ? -INFINITY : INFINITY);
  unsigned width = element.getIntOrFloatBitWidth();
  return Scalar::ofInt(least ? APInt::getSignedMinValue(width).getSExtValue()
                             : APInt::getSignedMaxValue(width).getSExtValue());
}

static Scalar combine(ReduceKind kind, Scalar x, Scalar y) {
  if (!x.isFloat) {
    if (kind == ReduceKind::sum)
      return Scalar::ofInt(int64_t(uint64_t(x.i) + uint64_t(y.i)));
    return Scalar::ofInt(kind == ReduceKind::max ? std::max(x.i, y.i)
                                                 : std::min(x.i, y.i));
  }
  if (kind == ReduceKind::sum)
    return Scalar::of(x.f + y.f);
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
                           neutralOf(getKind(), x.getElementType()));
  int64_t position = 0;
  forEachIndex(x.getShape(), [&](ArrayRef<int64_t> index) {
    Scalar &sum = sums[linearize(index, kept)];
    sum = combine(getKind(), sum, x.get(position++));
  });
  for (auto [i, sum] : llvm::enumerate(sums))
    results[0].set(i, sum);
  return success();
}

/// Gives a reduced value its dropped dimensions back, with extent 1.
static Value restoreDims(ImplicitLocOpBuilder &b, Value y, Type original,
                         ArrayRef<int64_t> dims, bool keep) {
  if (keep)
    return y;
  auto type = cast<RankedTensorType>(original);
  return buildReshape(b, y, reduceShape(type.getShape(), dims, true));
}

SmallVector<Value> ReduceOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value()};
  SmallVector<int64_t> dims = getReducedDims();
  Value dy = restoreDims(b, dys[0], getX().getType(), dims, getKeep());
  if (getKind() == ReduceKind::sum)
    return {BroadcastOp::create(b, dy, getX())};
  Value y = restoreDims(b, getY(), getX().getType(), dims, getKeep());
  Value isExtreme = CompareOp::create(b, Predicate::eq, getX(), y);
  Value ones = CastOp::create(b, getX().getType(), isExtreme);
  Value count = ReduceOp::create(b, ReduceKind::sum, ones,
                                 b.getDenseI64ArrayAttr(dims), true);
  return {MulOp::create(b, ones, DivOp::create(b, dy, count))};
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

//===- Cumulative sum -----------------------------------------------------===//

LogicalResult CumsumOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (int64_t(getDim()) < 0 || int64_t(getDim()) >= type.getRank())
    return emitOpError("(C1) has no dimension ") << getDim() << " in " << type;
  return success();
}

SmallVector<SmallVector<int64_t>>
CumsumOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {SmallVector<int64_t>(operands[0].getShape())};
}

LogicalResult CumsumOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0];
  int64_t stride =
      ShapedType::getNumElements(x.getShape().drop_front(getDim() + 1));
  int64_t position = 0;
  forEachIndex(x.getShape(), [&](ArrayRef<int64_t> index) {
    // Rounded to the type after each element, as a register would.
    Scalar sum = index[getDim()] > 0
                     ? results[0].get(position - stride)
                     : neutralOf(ReduceKind::sum, x.getElementType());
    results[0].set(position, combine(ReduceKind::sum, sum, x.get(position)));
    ++position;
  });
  return success();
}

/// An element is part of all sums from its own on.
SmallVector<Value> CumsumOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value()};
  Value all = ReduceOp::create(b, ReduceKind::sum, dys[0],
                               b.getDenseI64ArrayAttr({int64_t(getDim())}),
                               /*keep=*/true);
  Value before = SubOp::create(
      b, CumsumOp::create(b, dys[0].getType(), dys[0], getDim()), dys[0]);
  return {SubOp::create(b, all, before)};
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
