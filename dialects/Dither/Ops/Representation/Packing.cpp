//===- Packing.cpp - Packed tensors ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

int64_t dither::getPackDim(PatternAttrInterface pattern) {
  return pattern ? pattern.getGroupDim() : 0;
}

RankedTensorType dither::getSlotType(RankedTensorType type,
                                     PatternAttrInterface pattern) {
  if (!pattern)
    return type;
  SmallVector<int64_t> shape(type.getShape());
  int64_t &extent = shape[pattern.getGroupDim()];
  extent = extent / pattern.getGroupSize() * pattern.getSlotsPerGroup();
  return RankedTensorType::get(shape, type.getElementType());
}

/// The bytes of fields of `bits` bits in the shape of `slots`.
static RankedTensorType getBytesType(RankedTensorType slots, int64_t dim,
                                     int64_t bits) {
  SmallVector<int64_t> shape(slots.getShape());
  shape[dim] = packedExtent(shape[dim], bits);
  return RankedTensorType::get(shape, IntegerType::get(slots.getContext(), 8));
}

SmallVector<PackedPart> dither::getPackedParts(RankedTensorType type,
                                               PatternAttrInterface pattern,
                                               FormatAttrInterface format) {
  SmallVector<PackedPart> parts;
  RankedTensorType slots = getSlotType(type, pattern);
  int64_t dim = getPackDim(pattern);
  if (format)
    parts.push_back({"codes", getBytesType(slots, dim, format.getBits())});
  else
    parts.push_back({"values", slots});
  if (pattern && pattern.getIndexBits() > 0)
    parts.push_back(
        {"indices", getBytesType(slots, dim, pattern.getIndexBits())});
  if (format) {
    static const char *const names[] = {"scales", "zeros"};
    for (auto [i, scale] : llvm::enumerate(format.getScaleTypes(type)))
      parts.push_back({names[i], scale});
  }
  return parts;
}

//===- Panels -------------------------------------------------------------===//

int64_t dither::getPanelColumns(ShapedType part) {
  bool isCut = part.getRank() == 2 && part.getDimSize(1) % kPanelColumns == 0;
  return isCut ? kPanelColumns : part.getShape().back();
}

static bool isInPanels(Value part) {
  auto type = cast<RankedTensorType>(part.getType());
  return type.getRank() == 2 && getPanelColumns(type) < type.getDimSize(1);
}

/// Permutes the memory of a matrix as if it were of the shape `from`.
static Value buildSwapLeading(ImplicitLocOpBuilder &b, Value part,
                              ArrayRef<int64_t> from) {
  auto type = cast<RankedTensorType>(part.getType());
  Value cut = buildReshape(b, part, from);
  Value swapped =
      TransposeOp::create(b, cut, b.getDenseI64ArrayAttr({1, 0, 2}));
  return buildReshape(b, swapped, type.getShape());
}

static Value buildToPanels(ImplicitLocOpBuilder &b, Value part) {
  if (!isInPanels(part))
    return part;
  ArrayRef<int64_t> shape = cast<RankedTensorType>(part.getType()).getShape();
  return buildSwapLeading(b, part,
                          {shape[0], shape[1] / kPanelColumns, kPanelColumns});
}

static Value buildFromPanels(ImplicitLocOpBuilder &b, Value part) {
  if (!isInPanels(part))
    return part;
  ArrayRef<int64_t> shape = cast<RankedTensorType>(part.getType()).getShape();
  return buildSwapLeading(b, part,
                          {shape[1] / kPanelColumns, shape[0], kPanelColumns});
}

namespace {
/// A representation as the ops carry it.
struct Representation {
  PatternAttrInterface pattern;
  FormatAttrInterface format;

  template <typename Op> static Representation of(Op op) {
    return {dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
            dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr())};
  }
};
} // namespace

LogicalResult dither::verifyPackedParts(Operation *op, RankedTensorType dense,
                                        Attribute patternAttr,
                                        Attribute formatAttr, TypeRange parts) {
  auto pattern = dyn_cast_if_present<PatternAttrInterface>(patternAttr);
  auto format = dyn_cast_if_present<FormatAttrInterface>(formatAttr);
  if (patternAttr && !pattern)
    return op->emitOpError()
           << patternAttr << " is not a pattern such as #dither.nm<2 : 4>";
  if (formatAttr && !format)
    return op->emitOpError()
           << formatAttr << " is not a format such as #dither.int<bits = 4>";
  if (!pattern && !format)
    return op->emitOpError("(C1) needs a pattern or a format");
  auto error = [&]() { return op->emitOpError("(C2) "); };
  if (!dense.hasStaticShape())
    return op->emitOpError("(C2) packs tensors of static shape, not ") << dense;
  if ((pattern && failed(pattern.verifyType(error, dense))) ||
      (format && failed(format.verifyType(error, dense))))
    return failure();
  auto expected = getPackedParts(dense, pattern, format);
  auto isSame = [](const PackedPart &part, Type type) {
    auto shaped = cast<ShapedType>(type);
    return part.second.getShape() == shaped.getShape() &&
           part.second.getElementType() == shaped.getElementType();
  };
  if (expected.size() == parts.size() &&
      llvm::all_of_zip(expected, parts, isSame))
    return success();
  auto diagnostic = op->emitOpError("(C3) has the parts ");
  llvm::interleaveComma(expected, diagnostic, [&](const PackedPart &part) {
    diagnostic << part.first << ": " << part.second;
  });
  return diagnostic;
}

template <typename Op>
static LogicalResult verifyParts(Op op, Type dense, TypeRange parts) {
  return verifyPackedParts(op, cast<RankedTensorType>(dense),
                           op.getPatternAttr(), op.getFormatAttr(), parts);
}

LogicalResult PackOp::verify() {
  if (failed(verifyParts(*this, getX().getType(), getParts().getTypes())))
    return failure();
  if (bool(getMask()) != bool(getPatternAttr()))
    return emitOpError("(C1) needs a mask if and only if it has a pattern");
  return success();
}

LogicalResult UnpackOp::verify() {
  return verifyParts(*this, getY().getType(), getParts().getTypes());
}

LogicalResult PackedMatmulOp::verify() {
  auto x = cast<RankedTensorType>(getX().getType());
  auto y = cast<RankedTensorType>(getY().getType());
  auto dense = cast<RankedTensorType>(getDense());
  if (x.getRank() != 2 || dense.getRank() != 2 || y.getRank() != 2 ||
      x.getDimSize(1) != dense.getDimSize(0) ||
      y.getDimSize(1) != dense.getDimSize(1) ||
      x.getDimSize(0) != y.getDimSize(0))
    return emitOpError("(C4) is no product: ")
           << x << " times " << dense << " to " << y;
  return verifyParts(*this, dense, getParts().getTypes());
}

SmallVector<Value> PackOp::decompose(ImplicitLocOpBuilder &b) {
  Representation r = Representation::of(*this);
  Value dense = getX();
  SmallVector<Value> scales, parts;
  if (getMask())
    dense = ApplyMaskOp::create(b, dense, getMask());
  if (r.format) {
    scales = r.format.buildCalibrate(b, dense);
    dense = r.format.buildQuantize(b, dense, scales);
  }
  Value slots = dense, indices;
  if (r.pattern)
    std::tie(slots, indices) = r.pattern.buildCompress(b, dense, getMask());
  int64_t dim = getPackDim(r.pattern);
  auto pack = [&](Value fields, int64_t bits) -> Value {
    auto type = cast<RankedTensorType>(fields.getType());
    return PackBitsOp::create(b, getBytesType(type, dim, bits), fields,
                              b.getI64IntegerAttr(bits),
                              b.getI64IntegerAttr(dim));
  };
  parts.push_back(r.format ? pack(slots, r.format.getBits()) : slots);
  if (r.pattern && r.pattern.getIndexBits() > 0)
    parts.push_back(pack(indices, r.pattern.getIndexBits()));
  llvm::append_range(parts, scales);
  for (Value &part : parts)
    part = buildToPanels(b, part);
  return parts;
}

static Value buildUnpack(ImplicitLocOpBuilder &b, Representation r,
                         RankedTensorType dense, ValueRange stored) {
  int64_t dim = getPackDim(r.pattern);
  SmallVector<Value> rows;
  for (Value part : stored)
    rows.push_back(buildFromPanels(b, part));
  ValueRange parts(rows);
  auto slotType =
      withElement(getSlotType(dense, r.pattern), b.getIntegerType(8));
  auto unpack = [&](Value bytes, int64_t bits) -> Value {
    return UnpackBitsOp::create(b, slotType, bytes, b.getI64IntegerAttr(bits),
                                b.getI64IntegerAttr(dim));
  };
  Value slots = parts.front();
  parts = parts.drop_front();
  if (r.format)
    slots = unpack(slots, r.format.getBits());
  Value result = slots, mask;
  if (r.pattern) {
    Value indices;
    if (r.pattern.getIndexBits() > 0) {
      indices = unpack(parts.front(), r.pattern.getIndexBits());
      parts = parts.drop_front();
    } else {
      indices = ConstantOp::create(
          b, DenseElementsAttr::get(slotType, b.getI8IntegerAttr(0)));
    }
    auto codeType = withElement(dense, getElementTypeOrSelf(slots.getType()));
    result = r.pattern.buildExpand(b, codeType, slots, indices);
    // A code of zero need not mean zero: what does not exist is masked.
    Value ones = ConstantOp::create(
        b, DenseElementsAttr::get(slotType, b.getI8IntegerAttr(1)));
    Value exists = r.pattern.buildExpand(
        b, withElement(dense, b.getIntegerType(8)), ones, indices);
    mask = CompareOp::create(b, Predicate::ne, exists,
                             buildScalarLike(b, 0, exists));
  }
  if (r.format)
    result = r.format.buildDequantize(b, result, parts);
  if (mask)
    result = ApplyMaskOp::create(b, result, mask);
  return result;
}

SmallVector<Value> UnpackOp::decompose(ImplicitLocOpBuilder &b) {
  return {buildUnpack(b, Representation::of(*this),
                      cast<RankedTensorType>(getY().getType()), getParts())};
}

SmallVector<Value> PackedMatmulOp::decompose(ImplicitLocOpBuilder &b) {
  Value dense = UnpackOp::create(b, getDense(), getParts(), getPatternAttr(),
                                 getFormatAttr());
  return {MatmulOp::create(b, getX(), dense, false, false)};
}
