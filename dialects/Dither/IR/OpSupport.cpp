//===- OpSupport.cpp - What the ops of the dialect share ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

FailureOr<SmallVector<int64_t>> dither::broadcastTypes(ArrayRef<int64_t> a,
                                                       ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  SmallVector<int64_t> shape(a);
  size_t shift = a.size() - b.size();
  for (auto [i, extent] : llvm::enumerate(b)) {
    int64_t &out = shape[shift + i];
    if (out == extent || extent == 1)
      continue;
    if (out == 1 || ShapedType::isDynamic(out))
      out = extent;
    else if (!ShapedType::isDynamic(extent))
      return failure();
  }
  return shape;
}

LogicalResult dither::inferElementwise(std::optional<Location> location,
                                       ValueRange operands, Type element,
                                       SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape;
  Type common;
  for (Value operand : operands) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type)
      return failure();
    auto merged = broadcastTypes(shape, type.getShape());
    if (failed(merged))
      return emitOptionalError(
          location, "(C2) shapes do not broadcast: ", type,
          " and the operands before it; extents "
          "must be equal or 1, from the last dimension on");
    shape = *merged;
    bool isCondition = operand == operands.front() && operands.size() == 3;
    if (isCondition)
      continue;
    if (!common)
      common = type.getElementType();
    if (common != type.getElementType())
      return emitOptionalError(location, "(C1) element types differ: ", common,
                               " and ", type.getElementType(),
                               "; convert one with dither.cast");
  }
  types.push_back(RankedTensorType::get(shape, element));
  return success();
}

SmallVector<int64_t> dither::broadcastShapes(ArrayRef<HostTensor> operands) {
  SmallVector<int64_t> shape;
  for (const HostTensor &operand : operands) {
    ArrayRef<int64_t> other = operand.getShape();
    if (other.size() > shape.size())
      shape.insert(shape.begin(), other.size() - shape.size(), 1);
    for (size_t i = 0; i < other.size(); ++i) {
      int64_t &out = shape[shape.size() - other.size() + i];
      if (out == 1)
        out = other[i];
    }
  }
  return shape;
}

bool dither::areDims(ArrayRef<int64_t> dims, RankedTensorType type) {
  int64_t previous = -1;
  return llvm::all_of(dims, [&](int64_t dim) {
    bool isGood = dim > previous && dim < type.getRank();
    previous = dim;
    return isGood;
  });
}

void dither::forEachIndex(ArrayRef<int64_t> shape,
                          function_ref<void(ArrayRef<int64_t>)> body) {
  if (llvm::is_contained(shape, 0))
    return;
  SmallVector<int64_t> index(shape.size(), 0);
  while (true) {
    body(index);
    int64_t d = int64_t(shape.size()) - 1;
    for (; d >= 0 && ++index[d] == shape[d]; --d)
      index[d] = 0;
    if (d < 0)
      return;
  }
}

int64_t dither::linearize(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t position = 0;
  size_t shift = index.size() - shape.size();
  for (size_t d = 0; d < shape.size(); ++d)
    position = position * shape[d] + (shape[d] == 1 ? 0 : index[shift + d]);
  return position;
}

LogicalResult dither::evaluateElementwise(ElementwiseOpInterface op,
                                          ArrayRef<HostTensor> operands,
                                          MutableArrayRef<HostTensor> results) {
  HostTensor &result = results.front();
  int64_t position = 0;
  SmallVector<Scalar> elements(operands.size());
  // Most operands have the shape of the result, or but one element.
  bool isFlat = llvm::all_of(operands, [&](const HostTensor &operand) {
    return operand.getNumElements() == 1 ||
           operand.getShape() == result.getShape();
  });
  if (isFlat) {
    for (; position < result.getNumElements(); ++position) {
      for (auto [element, operand] : llvm::zip_equal(elements, operands))
        element = operand.get(operand.getNumElements() == 1 ? 0 : position);
      result.set(position, op.evaluateScalar(elements));
    }
    return success();
  }
  forEachIndex(result.getShape(), [&](ArrayRef<int64_t> index) {
    for (auto [element, operand] : llvm::zip_equal(elements, operands))
      element = operand.get(linearize(index, operand.getShape()));
    result.set(position++, op.evaluateScalar(elements));
  });
  return success();
}

SmallVector<int64_t>
dither::getReducedDims(Type type, std::optional<ArrayRef<int64_t>> dims) {
  if (dims)
    return SmallVector<int64_t>(*dims);
  return llvm::to_vector(
      llvm::seq<int64_t>(0, cast<RankedTensorType>(type).getRank()));
}

Value dither::buildSplat(ImplicitLocOpBuilder &b, double value,
                         RankedTensorType type) {
  Type element = type.getElementType();
  Attribute attr = isa<FloatType>(element)
                       ? Attribute(b.getFloatAttr(element, value))
                       : Attribute(b.getIntegerAttr(element, int64_t(value)));
  return ConstantOp::create(b, DenseElementsAttr::get(type, attr));
}

Value dither::buildScalar(ImplicitLocOpBuilder &b, double value, Type element) {
  return buildSplat(b, value, RankedTensorType::get({}, element));
}

Value dither::buildScalarLike(ImplicitLocOpBuilder &b, double value,
                              Value like) {
  return buildScalar(b, value, getElementTypeOrSelf(like.getType()));
}

Value dither::buildZerosLike(ImplicitLocOpBuilder &b, Value like) {
  auto type = cast<RankedTensorType>(like.getType());
  Value zero = buildScalarLike(b, 0, like);
  if (type.getRank() == 0)
    return zero;
  if (!type.hasStaticShape())
    return BroadcastOp::create(b, zero, like);
  return buildSplat(b, 0, type);
}

Value dither::buildUnbroadcast(ImplicitLocOpBuilder &b, Value gradient,
                               Value operand) {
  auto from = cast<RankedTensorType>(gradient.getType());
  auto to = cast<RankedTensorType>(operand.getType());
  int64_t shift = from.getRank() - to.getRank();
  SmallVector<int64_t> leading = llvm::to_vector(llvm::seq<int64_t>(0, shift));
  if (shift > 0)
    gradient = ReduceOp::create(b, ReduceKind::sum, gradient,
                                b.getDenseI64ArrayAttr(leading), false);
  SmallVector<int64_t> stretched;
  for (int64_t d = 0; d < to.getRank(); ++d)
    if (to.getDimSize(d) == 1 && from.getDimSize(d + shift) != 1)
      stretched.push_back(d);
  if (!stretched.empty())
    gradient = ReduceOp::create(b, ReduceKind::sum, gradient,
                                b.getDenseI64ArrayAttr(stretched), true);
  return gradient;
}

RankedTensorType dither::withElement(Type type, Type element) {
  return RankedTensorType::get(cast<RankedTensorType>(type).getShape(),
                               element);
}

Value dither::buildCast(ImplicitLocOpBuilder &b, Value x, Type element) {
  RankedTensorType type = withElement(x.getType(), element);
  return x.getType() == type ? x : CastOp::create(b, type, x).getResult();
}

Type dither::getWideElement(Type type) {
  Type element = getElementTypeOrSelf(type);
  bool isNarrow =
      isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32;
  return isNarrow ? Float32Type::get(type.getContext()) : element;
}

Value dither::buildWide(ImplicitLocOpBuilder &b, Value x) {
  return buildCast(b, x, getWideElement(x.getType()));
}

Value dither::buildReshape(ImplicitLocOpBuilder &b, Value x,
                           ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, getElementTypeOrSelf(x.getType()));
  return x.getType() == type ? x : ReshapeOp::create(b, type, x).getResult();
}

LogicalResult dither::verifyKnownAttributes(Operation *op) {
  for (NamedAttribute attribute : op->getDiscardableAttrs()) {
    if (attribute.getName().getValue().contains('.'))
      continue;
    auto diagnostic = op->emitOpError("has no attribute `")
                      << attribute.getName().getValue() << "`; it has ";
    ArrayRef<StringAttr> names = op->getName().getAttributeNames();
    if (names.empty())
      return diagnostic << "none";
    llvm::interleaveComma(names, diagnostic, [&](StringAttr name) {
      diagnostic << "`" << name.getValue() << "`";
    });
    return diagnostic;
  }
  return success();
}

LogicalResult dither::verifyEstimator(Operation *op, Attribute estimator) {
  if (!estimator)
    return success();
  auto known = dyn_cast<EstimatorAttrInterface>(estimator);
  if (!known)
    return op->emitOpError()
           << estimator
           << " is not an estimator such as #dither.straight_through";
  return known.verifyOn(op);
}

SmallVector<int64_t> dither::planeWidths(int64_t bits) {
  SmallVector<int64_t> widths;
  for (int64_t width : {16, 8, 4, 2, 1})
    if (bits & width)
      widths.push_back(width);
  return widths;
}

int64_t dither::packedExtent(int64_t count, int64_t bits) {
  int64_t extent = 0;
  for (int64_t width : planeWidths(bits))
    extent += llvm::divideCeil(count, 8 / width);
  return extent;
}

bool dither::isElementwise(Operation &op) {
  return isa<arith::ConstantOp>(op) ||
         (OpTrait::hasElementwiseMappableTraits(&op) &&
          llvm::all_of(op.getResultTypes(),
                       [](Type type) { return type.isIntOrFloat(); }));
}
