//===- Packing.cpp - Packed tensors ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Representation/Layout.h"

using namespace mlir;
using namespace dither;

int64_t dither::getPackDim(PatternAttrInterface pattern) {
  return pattern ? pattern.getPackedDim() : 0;
}

RankedTensorType dither::getSlotType(RankedTensorType type,
                                     PatternAttrInterface pattern) {
  return pattern ? pattern.getSlots(type) : type;
}

/// Whether codes are packed: those of vectors are whole bytes, a row of them
/// for each position in a book.
static bool hasFields(FormatAttrInterface format) {
  return format && format.getVectorSize() == 1;
}

SmallVector<PackedPart> dither::getPackedParts(RankedTensorType type,
                                               PatternAttrInterface pattern,
                                               FormatAttrInterface format) {
  SmallVector<PackedPart> parts;
  RankedTensorType slots = getSlotType(type, pattern);
  if (!format)
    parts.push_back({"values", slots});
  else if (hasFields(format))
    parts.push_back(
        {"codes", getBytesType(format.getCodeType(slots), getPackDim(pattern),
                               format.getBits())});
  else
    parts.push_back({"codes", format.getCodeType(slots)});
  if (pattern)
    llvm::append_range(parts, pattern.getMetadata(type));
  if (format)
    llvm::append_range(parts, format.getScaleParts(type));
  return parts;
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

LogicalResult
dither::verifyComposition(function_ref<InFlightDiagnostic()> emitError,
                          PatternAttrInterface pattern,
                          FormatAttrInterface format) {
  if (!pattern || !format || format.getVectorSize() == 1)
    return success();
  return emitError() << format << " codes " << format.getVectorSize()
                     << " elements together, of which " << pattern
                     << " takes out some; choose a format that codes each";
}

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
      (format && failed(format.verifyType(error, dense))) ||
      failed(verifyComposition(error, pattern, format)))
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

LogicalResult dither::verifyActivations(Operation *op, Type x, TypeRange parts,
                                        PatternAttrInterface pattern,
                                        FormatAttrInterface format,
                                        StringRef constraint) {
  auto codes = cast<ShapedType>(x);
  SmallVector<std::pair<SmallVector<int64_t>, Type>> expected;
  if (codes.getElementType().isInteger(8)) {
    if (!format || !format.getIntegerCodes())
      return op->emitOpError(constraint)
             << "multiplies codes with codes that are integers, not those of "
             << format;
    int64_t rows = codes.getDimSize(0), group = format.getGroupSize();
    expected.push_back({{rows, 1}, Float32Type::get(op->getContext())});
    int64_t groups = group > 0 ? codes.getDimSize(1) / group : 1;
    if (!pattern)
      expected.push_back(
          {{rows, groups}, IntegerType::get(op->getContext(), 32)});
  } else if (Type element = codes.getElementType();
             !element.isF32() && !element.isBF16() && !element.isF16()) {
    return op->emitOpError(constraint)
           << "multiplies f32, bf16, f16 or codes, not " << x;
  }
  auto isSame = [](auto &part, Type type) {
    auto shaped = cast<ShapedType>(type);
    return shaped.getShape() == ArrayRef(part.first) &&
           shaped.getElementType() == part.second;
  };
  if (expected.size() == parts.size() &&
      llvm::all_of_zip(expected, parts, isSame))
    return success();
  auto diagnostic = op->emitOpError(constraint)
                    << "needs " << expected.size() << " parts of x";
  for (auto &[shape, element] : expected)
    diagnostic << ", " << RankedTensorType::get(shape, element);
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
  int64_t tw = getTransposeW();
  if (x.getRank() < 2 || dense.getRank() != 2 || y.getRank() != x.getRank() ||
      x.getShape().back() != dense.getDimSize(tw) ||
      y.getShape().back() != dense.getDimSize(1 - tw) ||
      x.getShape().drop_back() != y.getShape().drop_back())
    return emitOpError("(C4) is no product: ")
           << x << " times " << dense << " to " << y;
  if (failed(verifyParts(*this, dense, getParts().getTypes())))
    return failure();
  Representation r = Representation::of(*this);
  if (getTransposeW() && !getXParts().empty())
    return emitOpError("(C6) multiplies codes of x with a matrix as it is, not "
                       "with its transpose");
  if (x.getRank() != 2 && !getXParts().empty())
    return emitOpError("(C5) multiplies codes of a matrix, not of ") << x;
  return verifyActivations(*this, x, getXParts().getTypes(), r.pattern,
                           r.format, "(C5) ");
}

SmallVector<Value> PackOp::decompose(ImplicitLocOpBuilder &b) {
  Representation r = Representation::of(*this);
  Value dense = getX();
  SmallVector<Value> scales, metadata, parts;
  if (getMask())
    dense = ApplyMaskOp::create(b, dense, getMask());
  if (r.format) {
    scales = r.format.buildCalibrate(b, dense);
    dense = r.format.buildQuantize(b, dense, scales);
  }
  Value slots = dense;
  if (r.pattern)
    slots = r.pattern.buildCompress(b, dense, getMask(), metadata);
  int64_t dim = getPackDim(r.pattern);
  parts.push_back(hasFields(r.format)
                      ? buildPackFields(b, slots, dim, r.format.getBits())
                      : buildToMemory(b, slots));
  llvm::append_range(parts, metadata);
  for (Value scale : scales)
    parts.push_back(buildToMemory(b, scale));
  return parts;
}

static Value buildUnpack(ImplicitLocOpBuilder &b, Representation r,
                         RankedTensorType dense, ValueRange parts) {
  auto slotType =
      withElement(getSlotType(dense, r.pattern), b.getIntegerType(8));
  if (r.format)
    slotType = r.format.getCodeType(slotType);
  int64_t dim = getPackDim(r.pattern);
  Value slots = hasFields(r.format) ? buildUnpackFields(b, parts[0], slotType,
                                                        dim, r.format.getBits())
                                    : buildFromMemory(b, parts[0]);
  parts = parts.drop_front();
  Value result = slots, mask;
  if (r.pattern) {
    ValueRange metadata = parts.take_front(r.pattern.getMetadata(dense).size());
    parts = parts.drop_front(metadata.size());
    auto codeType = withElement(dense, getElementTypeOrSelf(slots.getType()));
    result = r.pattern.buildExpand(b, codeType, slots, metadata);
    // A code of zero need not mean zero: what does not exist is masked.
    slotType = withElement(slotType, b.getI8Type());
    Value ones = ConstantOp::create(
        b, DenseElementsAttr::get(slotType, b.getI8IntegerAttr(1)));
    Value exists = r.pattern.buildExpand(
        b, withElement(dense, b.getIntegerType(8)), ones, metadata);
    mask = CompareOp::create(b, Predicate::ne, exists,
                             buildScalarLike(b, 0, exists));
  }
  SmallVector<Value> scales;
  for (Value part : parts)
    scales.push_back(buildFromMemory(b, part));
  if (r.format)
    result = r.format.buildDequantize(b, result, scales);
  if (mask)
    result = ApplyMaskOp::create(b, result, mask);
  return result;
}

SmallVector<Value> UnpackOp::decompose(ImplicitLocOpBuilder &b) {
  return {buildUnpack(b, Representation::of(*this),
                      cast<RankedTensorType>(getY().getType()), getParts())};
}

SmallVector<Value> UnpackOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  if (getFormatAttr()) {
    emitOpError("has codes, which have no derivative");
    return {};
  }
  SmallVector<Value> gradients(getParts().size());
  gradients[0] = SampleOp::create(b, getParts()[0].getType(), dys[0],
                                  getParts().drop_front(), getPatternAttr());
  return gradients;
}

SmallVector<Value> PackedMatmulOp::decompose(ImplicitLocOpBuilder &b) {
  Value dense = UnpackOp::create(b, getDense(), getParts(), getPatternAttr(),
                                 getFormatAttr());
  Value x = getX();
  if (!getXParts().empty()) {
    auto type = withElement(x.getType(), b.getF32Type());
    x = MulOp::create(b, CastOp::create(b, type, x), getXParts()[0]);
  }
  Type element = getElementTypeOrSelf(x.getType());
  if (element != getElementTypeOrSelf(dense.getType()))
    dense = CastOp::create(b, withElement(dense.getType(), element), dense);
  return {MatmulOp::create(b, x, dense, false, getTransposeW())};
}
