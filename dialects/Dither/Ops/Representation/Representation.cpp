//===- Representation.cpp - Ops on patterns, formats and packed bits ------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

/// Checks that an attribute is a pattern or format that fits `type`.
template <typename Interface>
static LogicalResult verifyFits(Operation *op, Attribute attr, Type type,
                                StringRef what, StringRef constraint) {
  auto known = dyn_cast<Interface>(attr);
  if (!known)
    return op->emitOpError() << attr << " is not a " << what;
  return known.verifyType(
      [&]() { return op->emitOpError() << constraint << " "; },
      cast<RankedTensorType>(type));
}

static LogicalResult verifyScales(Operation *op, FormatAttrInterface format,
                                  Type type, TypeRange scales) {
  auto expected = llvm::to_vector(llvm::make_second_range(
      format.getScaleParts(cast<RankedTensorType>(type))));
  if (llvm::equal(expected, scales))
    return success();
  auto diagnostic = op->emitOpError("(C2) needs scales of ");
  llvm::interleaveComma(expected, diagnostic);
  return diagnostic;
}

//===- Masks --------------------------------------------------------------===//

LogicalResult ApplyMaskOp::verify() {
  if (cast<RankedTensorType>(getX().getType()).getShape() !=
      cast<RankedTensorType>(getMask().getType()).getShape())
    return emitOpError("(C1) needs a mask of the shape of ")
           << getX().getType() << ", got " << getMask().getType();
  return success();
}

static Value buildMasked(ImplicitLocOpBuilder &b, Value x, Value mask) {
  return SelectOp::create(b, mask, x, buildScalarLike(b, 0, x));
}

SmallVector<Value> ApplyMaskOp::decompose(ImplicitLocOpBuilder &b) {
  return {buildMasked(b, getX(), getMask())};
}

SmallVector<Value> ApplyMaskOp::buildGradients(ImplicitLocOpBuilder &b,
                                               ValueRange dys) {
  return {ApplyMaskOp::create(b, dys[0], getMask()), Value()};
}

LogicalResult PatternMaskOp::inferReturnTypes(MLIRContext *context,
                                              std::optional<Location>,
                                              ValueRange operands,
                                              DictionaryAttr, OpaqueProperties,
                                              RegionRange,
                                              SmallVectorImpl<Type> &types) {
  types.push_back(
      withElement(operands[0].getType(), IntegerType::get(context, 1)));
  return success();
}

LogicalResult PatternMaskOp::verify() {
  return verifyFits<PatternAttrInterface>(
      *this, getPattern(), getScores().getType(), "pattern", "(C1)");
}

SmallVector<Value> PatternMaskOp::decompose(ImplicitLocOpBuilder &b) {
  return {cast<PatternAttrInterface>(getPattern()).buildMask(b, getScores())};
}

//===- Quantization -------------------------------------------------------===//

LogicalResult QuantizeOp::verify() {
  if (failed(verifyFits<FormatAttrInterface>(
          *this, getFormat(), getX().getType(), "format", "(C1)")))
    return failure();
  auto codes = cast<FormatAttrInterface>(getFormat())
                   .getCodeType(cast<RankedTensorType>(getX().getType()));
  if (getCodes().getType() != codes)
    return emitOpError("(C2) gives codes of ") << codes;
  return verifyScales(*this, cast<FormatAttrInterface>(getFormat()),
                      getX().getType(), getScales().getTypes());
}

SmallVector<Value> QuantizeOp::decompose(ImplicitLocOpBuilder &b) {
  auto format = cast<FormatAttrInterface>(getFormat());
  SmallVector<Value> scales = format.buildCalibrate(b, getX());
  SmallVector<Value> results = {format.buildQuantize(b, getX(), scales)};
  llvm::append_range(results, scales);
  return results;
}

LogicalResult DequantizeOp::verify() {
  if (failed(verifyFits<FormatAttrInterface>(
          *this, getFormat(), getY().getType(), "format", "(C1)")))
    return failure();
  auto codes = cast<FormatAttrInterface>(getFormat())
                   .getCodeType(cast<RankedTensorType>(getY().getType()));
  if (getCodes().getType() != codes)
    return emitOpError("(C2) reads codes of ") << codes;
  return verifyScales(*this, cast<FormatAttrInterface>(getFormat()),
                      getY().getType(), getScales().getTypes());
}

SmallVector<Value> DequantizeOp::decompose(ImplicitLocOpBuilder &b) {
  return {cast<FormatAttrInterface>(getFormat())
              .buildDequantize(b, getCodes(), getScales())};
}

//===- Represent ----------------------------------------------------------===//

EstimatorAttrInterface RepresentOp::getEstimatorAttrInterface() {
  return dyn_cast_if_present<EstimatorAttrInterface>(getEstimatorAttr());
}

LogicalResult RepresentOp::verify() {
  if (getFormat() &&
      failed(verifyFits<FormatAttrInterface>(
          *this, *getFormat(), getX().getType(), "format", "(C1)")))
    return failure();
  if (getMask() && cast<RankedTensorType>(getMask().getType()).getShape() !=
                       cast<RankedTensorType>(getX().getType()).getShape())
    return emitOpError("(C2) needs a mask of the shape of ")
           << getX().getType();
  return verifyEstimator(*this, getEstimatorAttr());
}

SmallVector<Value> RepresentOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = getX();
  if (getMask())
    x = buildMasked(b, x, getMask());
  if (auto format = dyn_cast_if_present<FormatAttrInterface>(getFormatAttr())) {
    SmallVector<Value> scales = format.buildCalibrate(b, x);
    Value codes = format.buildQuantize(b, x, scales);
    x = format.buildDequantize(b, codes, scales);
    if (getMask() && !format.hasZero())
      x = buildMasked(b, x, getMask());
  }
  return {x};
}

//===- Packed bits --------------------------------------------------------===//

static LogicalResult verifyPacking(Operation *op, RankedTensorType wide,
                                   RankedTensorType packed, int64_t bits,
                                   int64_t dim) {
  if (bits < 1 || bits > 8)
    return op->emitOpError("(C1) packs fields of 1 to 8 bits, not ") << bits;
  if (dim < 0 || dim >= wide.getRank() || wide.isDynamicDim(dim))
    return op->emitOpError("(C2) has no static dimension ") << dim;
  SmallVector<int64_t> shape(wide.getShape());
  shape[dim] = packedExtent(shape[dim], bits);
  auto expected = RankedTensorType::get(shape, wide.getElementType());
  if (!wide.getElementType().isInteger(8) || packed != expected)
    return op->emitOpError("(C3) packs ")
           << wide << " into " << expected << ", not " << packed;
  return success();
}

LogicalResult PackBitsOp::verify() {
  return verifyPacking(*this, cast<RankedTensorType>(getX().getType()),
                       cast<RankedTensorType>(getY().getType()), getBits(),
                       getDim());
}
LogicalResult UnpackBitsOp::verify() {
  return verifyPacking(*this, cast<RankedTensorType>(getY().getType()),
                       cast<RankedTensorType>(getX().getType()), getBits(),
                       getDim());
}

/// The box [offset, offset + stride * size) with a stride along `dim`.
static Value buildSlice(ImplicitLocOpBuilder &b, Value x, int64_t dim,
                        int64_t offset, int64_t size, int64_t stride) {
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> offsets(type.getRank(), 0), strides(type.getRank(), 1);
  SmallVector<int64_t> sizes(type.getShape());
  for (int64_t &extent : sizes)
    if (ShapedType::isDynamic(extent))
      extent = -1;
  offsets[dim] = offset;
  sizes[dim] = size;
  strides[dim] = stride;
  return SliceOp::create(b, x, offsets, sizes, strides);
}

/// Adds `part` into `whole` (null: zeros of the shape of `like`) at a box.
static Value buildInsert(ImplicitLocOpBuilder &b, Value whole, Value part,
                         Value like, int64_t dim, int64_t offset,
                         int64_t stride) {
  int64_t rank = cast<RankedTensorType>(part.getType()).getRank();
  SmallVector<int64_t> offsets(rank, 0), strides(rank, 1);
  offsets[dim] = offset;
  strides[dim] = stride;
  Value placed = EmbedOp::create(b, part, like, offsets, strides);
  return whole ? OrOp::create(b, whole, placed).getResult() : placed;
}

/// Zeros of the shape of `type`, whose first dimension follows `like`.
static Value buildShapeOf(ImplicitLocOpBuilder &b, RankedTensorType type,
                          Value like, int64_t dim) {
  Value zero = buildScalar(b, 0, type.getElementType());
  if (type.hasStaticShape()) {
    return ConstantOp::create(
        b, DenseElementsAttr::get(type, b.getI8IntegerAttr(0)));
  }
  // [batch, 1, ...] zeros stretched along `dim` by broadcasting.
  Value column = buildSlice(b, like, dim, 0, 1, 1);
  SmallVector<int64_t> row(type.getRank(), 1);
  row[dim] = type.getDimSize(dim);
  Value line = ConstantOp::create(
      b, DenseElementsAttr::get(RankedTensorType::get(row, b.getI8Type()),
                                b.getI8IntegerAttr(0)));
  return MulOp::create(b, AddOp::create(b, column, line), zero);
}

SmallVector<Value> PackBitsOp::decompose(ImplicitLocOpBuilder &b) {
  auto wide = cast<RankedTensorType>(getX().getType());
  auto packed = cast<RankedTensorType>(getY().getType());
  int64_t dim = getDim(), count = wide.getDimSize(dim);
  if (packed.getDimSize(dim) == 0)
    return {buildSlice(b, getX(), dim, 0, 0, 1)};
  Value shape = buildShapeOf(b, packed, getX(), dim), result;
  int64_t shift = 0, offset = 0;
  for (int64_t width : planeWidths(getBits())) {
    int64_t perByte = 8 / width, bytes = llvm::divideCeil(count, perByte);
    for (int64_t i = 0; i < std::min(perByte, count); ++i) {
      int64_t size = llvm::divideCeil(count - i, perByte);
      Value field = buildSlice(b, getX(), dim, i, size, perByte);
      field = ShrOp::create(b, field, buildScalarLike(b, shift, field));
      field =
          AndOp::create(b, field, buildScalarLike(b, (1 << width) - 1, field));
      field = ShlOp::create(b, field, buildScalarLike(b, i * width, field));
      result = buildInsert(b, result, field, shape, dim, offset, 1);
    }
    offset += bytes;
    shift += width;
  }
  return {result};
}

SmallVector<Value> UnpackBitsOp::decompose(ImplicitLocOpBuilder &b) {
  auto wide = cast<RankedTensorType>(getY().getType());
  int64_t dim = getDim(), count = wide.getDimSize(dim);
  if (count == 0)
    return {buildSlice(b, getX(), dim, 0, 0, 1)};
  Value shape = buildShapeOf(b, wide, getX(), dim), result;
  int64_t shift = 0, offset = 0;
  for (int64_t width : planeWidths(getBits())) {
    int64_t perByte = 8 / width, bytes = llvm::divideCeil(count, perByte);
    for (int64_t i = 0; i < std::min(perByte, count); ++i) {
      int64_t size = llvm::divideCeil(count - i, perByte);
      Value field = buildSlice(b, getX(), dim, offset, size, 1);
      field = ShrOp::create(b, field, buildScalarLike(b, i * width, field));
      field =
          AndOp::create(b, field, buildScalarLike(b, (1 << width) - 1, field));
      field = ShlOp::create(b, field, buildScalarLike(b, shift, field));
      result = buildInsert(b, result, field, shape, dim, i, perByte);
    }
    offset += bytes;
    shift += width;
  }
  return {result};
}
