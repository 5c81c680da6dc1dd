//===- Float16.cpp - Floats of 16 bits ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"

using namespace mlir;
using namespace dither;

LogicalResult Float16Attr::verify(function_ref<InFlightDiagnostic()>,
                                  Float16Kind) {
  return success();
}

LogicalResult
Float16Attr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                        RankedTensorType type) const {
  if ((type.getRank() == 1 || type.getRank() == 2) && type.hasStaticShape() &&
      type.getElementType().isF32())
    return success();
  return emitError() << "(C1) needs a matrix or a vector of f32 and static "
                        "shape, not "
                     << type;
}

unsigned Float16Attr::getBits() const { return 16; }

RankedTensorType Float16Attr::getCodeType(RankedTensorType type) const {
  return type.clone(IntegerType::get(type.getContext(), 16));
}

Type Float16Attr::getFloatType() const {
  if (getKind() == Float16Kind::bf16)
    return BFloat16Type::get(getContext());
  return Float16Type::get(getContext());
}

int64_t Float16Attr::getGroupSize() const { return 0; }

SmallVector<std::pair<std::string, RankedTensorType>>
Float16Attr::getScaleParts(RankedTensorType) const {
  return {};
}

SmallVector<Value> Float16Attr::buildCalibrate(ImplicitLocOpBuilder &,
                                               Value) const {
  return {};
}

std::optional<IntegerCodes> Float16Attr::getIntegerCodes() const {
  return std::nullopt;
}

Value Float16Attr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                                 ValueRange) const {
  Value rounded = buildCast(b, input, getFloatType());
  return BitcastOp::create(b, withElement(input.getType(), b.getI16Type()),
                           rounded);
}

Value Float16Attr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                   ValueRange) const {
  Value floats =
      BitcastOp::create(b, withElement(codes.getType(), getFloatType()), codes);
  return buildCast(b, floats, b.getF32Type());
}

Value Float16Attr::emitDecode(ImplicitLocOpBuilder &b, Value codes,
                              Value) const {
  auto type = cast<VectorType>(codes.getType());
  auto floats = type.clone(b.getF32Type());
  if (getKind() == Float16Kind::bf16) {
    Value high = arith::ShLIOp::create(b, codes, emitSplat(b, 16, codes));
    return arith::BitcastOp::create(b, floats, high);
  }
  Value low = arith::TruncIOp::create(b, type.clone(b.getI16Type()), codes);
  Value half = arith::BitcastOp::create(b, type.clone(b.getF16Type()), low);
  return arith::ExtFOp::create(b, floats, half);
}

Value Float16Attr::emitDecodeScales(ImplicitLocOpBuilder &,
                                    Value scales) const {
  return scales; // There are none.
}
