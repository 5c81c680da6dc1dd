//===- Shape.cpp - Ops that move elements ---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

static bool isFloat(Value v) {
  return isa<FloatType>(getElementTypeOrSelf(v.getType()));
}

//===- Constant and iota --------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValueAttr(); }

LogicalResult ConstantOp::evaluate(ArrayRef<HostTensor>,
                                   MutableArrayRef<HostTensor> results) {
  auto elements = dyn_cast<DenseElementsAttr>(getValue());
  if (!elements)
    return emitOpError("has elements that the interpreter cannot read; "
                       "write them as dense<...>");
  int64_t i = 0;
  if (isa<FloatType>(elements.getElementType()))
    for (APFloat value : elements.getValues<APFloat>()) {
      bool lost;
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
      results[0].set(i++, Scalar::of(value.convertToDouble()));
    }
  else
    for (const APInt &value : elements.getValues<APInt>())
      results[0].set(i++, Scalar::ofInt(value.getBitWidth() == 1
                                            ? value.getZExtValue()
                                            : value.getSExtValue()));
  return success();
}

LogicalResult IotaOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (int64_t(getDim()) < 0 || int64_t(getDim()) >= type.getRank())
    return emitOpError("(C1) has no dimension ") << getDim() << " in " << type;
  if (!type.hasStaticShape())
    return emitOpError("(C2) needs a static shape, got ") << type;
  return success();
}

LogicalResult IotaOp::evaluate(ArrayRef<HostTensor>,
                               MutableArrayRef<HostTensor> results) {
  int64_t i = 0;
  bool asFloat = isa<FloatType>(results[0].getElementType());
  forEachIndex(results[0].getShape(), [&](ArrayRef<int64_t> index) {
    int64_t value = index[getDim()];
    results[0].set(i++, asFloat ? Scalar::of(value) : Scalar::ofInt(value));
  });
  return success();
}

//===- Reshape ------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  auto x = cast<RankedTensorType>(getX().getType());
  auto y = cast<RankedTensorType>(getY().getType());
  if (x.getElementType() != y.getElementType())
    return emitOpError("(C1) keeps the element type; convert it with "
                       "dither.cast");
  auto tail = [](RankedTensorType type) {
    bool dynamic = type.getRank() > 0 && type.isDynamicDim(0);
    return type.getShape().drop_front(dynamic ? 1 : 0);
  };
  if (llvm::any_of(tail(x), ShapedType::isDynamic) ||
      llvm::any_of(tail(y), ShapedType::isDynamic) ||
      x.hasStaticShape() != y.hasStaticShape())
    return emitOpError("(C3) allows one dynamic dimension, the first, on both "
                       "sides: ")
           << x << " to " << y;
  if (ShapedType::getNumElements(tail(x)) !=
      ShapedType::getNumElements(tail(y)))
    return emitOpError("(C2) keeps the number of elements: ")
           << x << " to " << y;
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  if (auto inner = getX().getDefiningOp<ReshapeOp>()) {
    getXMutable().assign(inner.getX());
    return getResult();
  }
  return {};
}

SmallVector<SmallVector<int64_t>>
ReshapeOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(getType()).getShape());
  if (!shape.empty() && ShapedType::isDynamic(shape[0]))
    shape[0] = operands[0].getShape()[0];
  return {shape};
}

LogicalResult ReshapeOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  std::copy(operands[0].data(), operands[0].data() + operands[0].getNumBytes(),
            results[0].data());
  return success();
}

SmallVector<Value> ReshapeOp::buildGradients(ImplicitLocOpBuilder &b,
                                             ValueRange dys) {
  return {ReshapeOp::create(b, getX().getType(), dys[0])};
}

//===- Transpose ----------------------------------------------------------===//

static SmallVector<int64_t> permute(ArrayRef<int64_t> shape,
                                    ArrayRef<int64_t> permutation) {
  return llvm::map_to_vector(permutation, [&](int64_t d) { return shape[d]; });
}

LogicalResult
TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                              ValueRange operands, DictionaryAttr attributes,
                              OpaqueProperties properties, RegionRange regions,
                              SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<TransposeOp>(operands, attributes, properties,
                                              regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto type = cast<RankedTensorType>(op.getX().getType());
  SmallVector<int64_t> sorted(op.getPermutation());
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, type.getRank())))
    return emitOptionalError(location, "(C1) needs a permutation of the ",
                             type.getRank(), " dimensions");
  types.push_back(RankedTensorType::get(
      permute(type.getShape(), op.getPermutation()), type.getElementType()));
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  if (llvm::equal(getPermutation(),
                  llvm::seq<int64_t>(0, getPermutation().size())))
    return getX();
  return {};
}

SmallVector<SmallVector<int64_t>>
TransposeOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {permute(operands[0].getShape(), getPermutation())};
}

LogicalResult TransposeOp::evaluate(ArrayRef<HostTensor> operands,
                                    MutableArrayRef<HostTensor> results) {
  SmallVector<int64_t> source(getPermutation().size());
  int64_t i = 0;
  forEachIndex(results[0].getShape(), [&](ArrayRef<int64_t> index) {
    for (auto [d, from] : llvm::enumerate(getPermutation()))
      source[from] = index[d];
    results[0].set(i++,
                   operands[0].get(linearize(source, operands[0].getShape())));
  });
  return success();
}

SmallVector<Value> TransposeOp::buildGradients(ImplicitLocOpBuilder &b,
                                               ValueRange dys) {
  SmallVector<int64_t> inverse(getPermutation().size());
  for (auto [d, from] : llvm::enumerate(getPermutation()))
    inverse[from] = d;
  return {TransposeOp::create(b, dys[0], inverse)};
}

//===- Broadcast ----------------------------------------------------------===//

LogicalResult BroadcastOp::inferReturnTypes(MLIRContext *,
                                            std::optional<Location> location,
                                            ValueRange operands, DictionaryAttr,
                                            OpaqueProperties, RegionRange,
                                            SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(operands[0].getType());
  auto like = cast<RankedTensorType>(operands[1].getType());
  auto shape = broadcastTypes(x.getShape(), like.getShape());
  if (failed(shape) || *shape != SmallVector<int64_t>(like.getShape()))
    return emitOptionalError(location, "(C1) ", x,
                             " does not stretch to the shape of ", like);
  types.push_back(RankedTensorType::get(*shape, x.getElementType()));
  return success();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor) {
  return getX().getType() == getType() ? OpFoldResult(getX()) : OpFoldResult();
}

SmallVector<SmallVector<int64_t>>
BroadcastOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {SmallVector<int64_t>(operands[1].getShape())};
}

LogicalResult BroadcastOp::evaluate(ArrayRef<HostTensor> operands,
                                    MutableArrayRef<HostTensor> results) {
  int64_t i = 0;
  forEachIndex(results[0].getShape(), [&](ArrayRef<int64_t> index) {
    results[0].set(i++,
                   operands[0].get(linearize(index, operands[0].getShape())));
  });
  return success();
}

SmallVector<Value> BroadcastOp::buildGradients(ImplicitLocOpBuilder &b,
                                               ValueRange dys) {
  if (!isFloat(getY()))
    return {Value(), Value()};
  return {buildUnbroadcast(b, dys[0], getX()), Value()};
}

//===- Slice and embed ----------------------------------------------------===//

LogicalResult
SliceOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                          ValueRange operands, DictionaryAttr attributes,
                          OpaqueProperties properties, RegionRange regions,
                          SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<SliceOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto type = cast<RankedTensorType>(op.getX().getType());
  size_t rank = type.getRank();
  if (op.getOffsets().size() != rank || op.getSizes().size() != rank ||
      op.getStrides().size() != rank)
    return emitOptionalError(
        location, "(C1) needs one offset, size and stride for each of the ",
        rank, " dimensions");
  SmallVector<int64_t> shape;
  for (auto [d, offset, size, stride] :
       llvm::enumerate(op.getOffsets(), op.getSizes(), op.getStrides())) {
    int64_t extent = type.getDimSize(d);
    if (ShapedType::isDynamic(extent)) {
      if (offset != 0 || size != -1 || stride != 1)
        return emitOptionalError(location, "(C3) takes dynamic dimension ", d,
                                 " whole: offset 0, size -1, stride 1");
      shape.push_back(extent);
      continue;
    }
    if (offset < 0 || size < 0 || stride < 1)
      return emitOptionalError(location, "(C1) dimension ", d,
                               " needs offset and size >= 0, stride >= 1");
    if (size > 0 && offset + (size - 1) * stride >= extent)
      return emitOptionalError(location, "(C2) the box leaves dimension ", d,
                               " of extent ", extent);
    shape.push_back(size);
  }
  types.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

SmallVector<SmallVector<int64_t>>
SliceOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  SmallVector<int64_t> shape(getSizes());
  for (auto [d, size] : llvm::enumerate(shape))
    if (size < 0)
      size = operands[0].getShape()[d];
  return {shape};
}

/// The index in the whole tensor of an index in the box.
static SmallVector<int64_t> toWhole(ArrayRef<int64_t> index,
                                    ArrayRef<int64_t> offsets,
                                    ArrayRef<int64_t> strides) {
  SmallVector<int64_t> whole;
  for (auto [i, offset, stride] : llvm::zip_equal(index, offsets, strides))
    whole.push_back(offset + i * stride);
  return whole;
}

LogicalResult SliceOp::evaluate(ArrayRef<HostTensor> operands,
                                MutableArrayRef<HostTensor> results) {
  int64_t i = 0;
  forEachIndex(results[0].getShape(), [&](ArrayRef<int64_t> index) {
    auto source = toWhole(index, getOffsets(), getStrides());
    results[0].set(i++,
                   operands[0].get(linearize(source, operands[0].getShape())));
  });
  return success();
}

SmallVector<Value> SliceOp::buildGradients(ImplicitLocOpBuilder &b,
                                           ValueRange dys) {
  return {EmbedOp::create(b, dys[0], getX(), getOffsets(), getStrides())};
}

LogicalResult
EmbedOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                          ValueRange operands, DictionaryAttr attributes,
                          OpaqueProperties properties, RegionRange regions,
                          SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<EmbedOp>(operands, attributes, properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto like = cast<RankedTensorType>(op.getLike().getType());
  size_t rank = like.getRank();
  if (size_t(x.getRank()) != rank || op.getOffsets().size() != rank ||
      op.getStrides().size() != rank)
    return emitOptionalError(
        location, "(C1) needs one offset and stride for each of the ", rank,
        " dimensions");
  for (auto [d, offset, stride] :
       llvm::enumerate(op.getOffsets(), op.getStrides())) {
    int64_t size = x.getDimSize(d), extent = like.getDimSize(d);
    bool dynamic = ShapedType::isDynamic(size) || ShapedType::isDynamic(extent);
    if (dynamic ? (size != extent || offset != 0 || stride != 1)
                : (offset < 0 || stride < 1 ||
                   (size > 0 && offset + (size - 1) * stride >= extent)))
      return emitOptionalError(location, "(C2) the box leaves dimension ", d);
  }
  types.push_back(RankedTensorType::get(like.getShape(), x.getElementType()));
  return success();
}

SmallVector<SmallVector<int64_t>>
EmbedOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {SmallVector<int64_t>(operands[1].getShape())};
}

LogicalResult EmbedOp::evaluate(ArrayRef<HostTensor> operands,
                                MutableArrayRef<HostTensor> results) {
  int64_t i = 0;
  forEachIndex(operands[0].getShape(), [&](ArrayRef<int64_t> index) {
    auto target = toWhole(index, getOffsets(), getStrides());
    results[0].set(linearize(target, results[0].getShape()),
                   operands[0].get(i++));
  });
  return success();
}

SmallVector<Value> EmbedOp::buildGradients(ImplicitLocOpBuilder &b,
                                           ValueRange dys) {
  SmallVector<int64_t> sizes(
      cast<RankedTensorType>(getX().getType()).getShape());
  for (int64_t &size : sizes)
    if (ShapedType::isDynamic(size))
      size = -1;
  return {SliceOp::create(b, dys[0], getOffsets(), sizes, getStrides()),
          Value()};
}
