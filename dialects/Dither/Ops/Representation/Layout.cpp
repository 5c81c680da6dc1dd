//===- Layout.cpp - How the parts of a packed matrix lie in memory --------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Representation/Layout.h"

using namespace mlir;
using namespace dither;

static ArrayRef<int64_t> getShape(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getShape();
}

static Value buildTranspose(ImplicitLocOpBuilder &b, Value x,
                            ArrayRef<int64_t> permutation) {
  return TransposeOp::create(b, x, b.getDenseI64ArrayAttr(permutation));
}

//===- Panels -------------------------------------------------------------===//

/// Columns of the panels of words of a matrix that 64 would pad too much.
static constexpr int64_t kNarrowPanel = 16;

int64_t dither::getPanelColumns(ShapedType part, bool words) {
  bool isCut = part.getRank() == 2 && part.getDimSize(1) % kPanelColumns == 0;
  if (isCut)
    return kPanelColumns;
  return words ? kNarrowPanel : part.getShape().back();
}

int64_t dither::getWordElements(ShapedType part) {
  return 32 / part.getElementTypeBitWidth();
}

Value dither::buildToMemory(ImplicitLocOpBuilder &b, Value part, bool words) {
  ArrayRef<int64_t> shape = getShape(part);
  int64_t width = getPanelColumns(cast<ShapedType>(part.getType()), words);
  if (words) {
    int64_t size = getWordElements(cast<ShapedType>(part.getType()));
    Value cut =
        buildReshape(b, part, {shape[0] / size, size, shape[1] / width, width});
    return buildReshape(b, buildTranspose(b, cut, {2, 0, 3, 1}), shape);
  }
  if (width == shape.back())
    return part;
  Value cut = buildReshape(b, part, {shape[0], shape[1] / width, width});
  return buildReshape(b, buildTranspose(b, cut, {1, 0, 2}), shape);
}

Value dither::buildFromMemory(ImplicitLocOpBuilder &b, Value part, bool words) {
  ArrayRef<int64_t> shape = getShape(part);
  int64_t width = getPanelColumns(cast<ShapedType>(part.getType()), words);
  if (words) {
    int64_t size = getWordElements(cast<ShapedType>(part.getType()));
    Value cut =
        buildReshape(b, part, {shape[1] / width, shape[0] / size, width, size});
    return buildReshape(b, buildTranspose(b, cut, {1, 3, 0, 2}), shape);
  }
  if (width == shape.back())
    return part;
  Value cut = buildReshape(b, part, {shape[1] / width, shape[0], width});
  return buildReshape(b, buildTranspose(b, cut, {1, 0, 2}), shape);
}

//===- Words --------------------------------------------------------------===//

/// Fields of a plane that fill four bytes.
static int64_t getWordFields(int64_t width) { return 32 / width; }

/// Of padded fields over those that there are, at most.
static constexpr int64_t kMostPadded = 3;

/// A multiple of 64 where that is at most an eighth more, otherwise of `unit`.
static int64_t pad(int64_t extent, int64_t unit) {
  auto wide = int64_t(llvm::alignTo(extent, kPanelColumns));
  return 8 * wide <= 9 * extent ? wide : int64_t(llvm::alignTo(extent, unit));
}

/// Fields of 16 bits along K that the dot products of tiles read together.
static constexpr int64_t kTileFields = 32;

/// The type of matrices in words.
static RankedTensorType padToWords(RankedTensorType fields, int64_t bits) {
  // Planes of fewer bits take more fields, and their counts are powers of two.
  int64_t unit =
      bits == kPairBits ? kTileFields : getWordFields(planeWidths(bits).back());
  return RankedTensorType::get({pad(fields.getDimSize(0), unit),
                                pad(fields.getDimSize(1), kNarrowPanel)},
                               fields.getElementType());
}

bool dither::areInWords(RankedTensorType fields, int64_t dim, int64_t bits) {
  return fields.getRank() == 2 && dim == 0 && fields.hasStaticShape() &&
         padToWords(fields, bits).getNumElements() <=
             kMostPadded * fields.getNumElements();
}

RankedTensorType dither::getPaddedType(RankedTensorType fields, int64_t dim,
                                       int64_t bits) {
  return areInWords(fields, dim, bits) ? padToWords(fields, bits) : fields;
}

/// The bytes of fields, without padding.
static RankedTensorType packAlong(RankedTensorType fields, int64_t dim,
                                  int64_t bits) {
  SmallVector<int64_t> shape(fields.getShape());
  shape[dim] = packedExtent(shape[dim], bits);
  return RankedTensorType::get(shape, IntegerType::get(fields.getContext(), 8));
}

RankedTensorType dither::getBytesType(RankedTensorType fields, int64_t dim,
                                      int64_t bits) {
  RankedTensorType padded = getPaddedType(fields, dim, bits);
  return bits == kPairBits ? padded : packAlong(padded, dim, bits);
}

/// A plane of fields [K, N] under the shape [words, fields of a byte, 4, N]: of
/// each word, the first byte has the elements 0, 4, 8 and so on.
static SmallVector<int64_t> getWordShape(int64_t rows, int64_t columns,
                                         int64_t width) {
  return {rows / getWordFields(width), 8 / width, 4, columns};
}

static Value buildPackWords(ImplicitLocOpBuilder &b, Value fields,
                            int64_t bits) {
  auto type = cast<RankedTensorType>(fields.getType());
  RankedTensorType bytes = packAlong(type, 0, bits);
  Value all = ConstantOp::create(
      b, DenseElementsAttr::get(bytes, b.getI8IntegerAttr(0)));
  SmallVector<int64_t> ones = {1, 1}, at = {0, 0};
  SmallVector<int64_t> widths = planeWidths(bits);
  int64_t shift = 0;
  for (int64_t width : widths) {
    SmallVector<int64_t> shape =
        getWordShape(type.getDimSize(0), type.getDimSize(1), width);
    Value plane = shift == 0 ? fields
                             : ShrOp::create(b, fields,
                                             buildScalarLike(b, shift, fields));
    Value cut = buildReshape(b, plane, shape);
    auto packed = packAlong(cast<RankedTensorType>(cut.getType()), 1, width);
    Value rows = PackBitsOp::create(b, packed, cut, b.getI64IntegerAttr(width),
                                    b.getI64IntegerAttr(1));
    rows = buildReshape(b, rows, {4 * shape[0], shape[3]});
    if (widths.size() == 1)
      return rows;
    all = OrOp::create(b, all, EmbedOp::create(b, rows, all, at, ones));
    at[0] += 4 * shape[0];
    shift += width;
  }
  return all;
}

static Value buildUnpackWords(ImplicitLocOpBuilder &b, Value bytes,
                              RankedTensorType type, int64_t bits) {
  SmallVector<int64_t> ones = {1, 1}, at = {0, 0};
  int64_t shift = 0;
  Value all;
  for (int64_t width : planeWidths(bits)) {
    SmallVector<int64_t> shape =
        getWordShape(type.getDimSize(0), type.getDimSize(1), width);
    SmallVector<int64_t> sizes = {4 * shape[0], shape[3]};
    Value rows = SliceOp::create(b, bytes, at, sizes, ones);
    rows = buildReshape(b, rows, {shape[0], 1, 4, shape[3]});
    auto wide = RankedTensorType::get(shape, b.getI8Type());
    Value plane = UnpackBitsOp::create(
        b, wide, rows, b.getI64IntegerAttr(width), b.getI64IntegerAttr(1));
    plane = buildReshape(b, plane, type.getShape());
    if (shift > 0)
      plane = ShlOp::create(b, plane, buildScalarLike(b, shift, plane));
    all = all ? OrOp::create(b, all, plane).getResult() : plane;
    at[0] += 4 * shape[0];
    shift += width;
  }
  return all;
}

/// Fields with zeros behind them.
static Value buildPadded(ImplicitLocOpBuilder &b, Value fields,
                         RankedTensorType padded) {
  if (fields.getType() == padded)
    return fields;
  Value zeros = ConstantOp::create(
      b,
      DenseElementsAttr::get(padded, b.getZeroAttr(padded.getElementType())));
  return EmbedOp::create(b, fields, zeros, ArrayRef<int64_t>{0, 0},
                         ArrayRef<int64_t>{1, 1});
}

Value dither::buildPackFields(ImplicitLocOpBuilder &b, Value fields,
                              int64_t dim, int64_t bits) {
  auto type = cast<RankedTensorType>(fields.getType());
  if (areInWords(type, dim, bits)) {
    fields = buildPadded(b, fields, getPaddedType(type, dim, bits));
    if (bits != kPairBits)
      fields = buildPackWords(b, fields, bits);
    return buildToMemory(b, fields, /*words=*/true);
  }
  if (bits == kPairBits)
    return buildToMemory(b, fields);
  Value bytes =
      PackBitsOp::create(b, getBytesType(type, dim, bits), fields,
                         b.getI64IntegerAttr(bits), b.getI64IntegerAttr(dim));
  return buildToMemory(b, bytes);
}

Value dither::buildUnpackFields(ImplicitLocOpBuilder &b, Value bytes,
                                RankedTensorType type, int64_t dim,
                                int64_t bits) {
  if (areInWords(type, dim, bits)) {
    RankedTensorType padded = getPaddedType(type, dim, bits);
    Value fields = buildFromMemory(b, bytes, /*words=*/true);
    if (bits != kPairBits)
      fields = buildUnpackWords(b, fields, padded, bits);
    if (padded == type)
      return fields;
    return SliceOp::create(b, fields, ArrayRef<int64_t>{0, 0}, type.getShape(),
                           ArrayRef<int64_t>{1, 1});
  }
  if (bits == kPairBits)
    return buildFromMemory(b, bytes);
  return UnpackBitsOp::create(b, type, buildFromMemory(b, bytes),
                              b.getI64IntegerAttr(bits),
                              b.getI64IntegerAttr(dim));
}
