//===- Ternary.cpp - Weights of -1, 0 and 1 -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"

using namespace mlir;
using namespace dither;

LogicalResult TernaryAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t group, ScaleKind scale) {
  if (scale == ScaleKind::e8m0)
    return emitError() << "(C3) means have f32 or f16 scales, not e8m0";
  return verifyGroup(emitError, group, "(C1)");
}

LogicalResult
TernaryAttr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                        RankedTensorType type) const {
  return verifyScaledType(emitError, type, getGroup(), "(C1)", "(C2)");
}

unsigned TernaryAttr::getBits() const { return 2; }

int64_t TernaryAttr::getGroupSize() const {
  return std::max<int64_t>(getGroup(), 0);
}

int64_t TernaryAttr::getGroupDim() const { return 0; }

SmallVector<RankedTensorType>
TernaryAttr::getScaleTypes(RankedTensorType type) const {
  Type stored = getStoredScaleType(getScale(), getContext());
  return {ScaleGroups(type, getGroup()).getScaleType(stored)};
}

Value TernaryAttr::emitDecodeScales(ImplicitLocOpBuilder &b,
                                    Value scales) const {
  return emitLoadScales(b, getScale(), scales);
}

SmallVector<Value> TernaryAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                               Value input) const {
  Value mean =
      ScaleGroups(input.getType(), getGroup()).buildMeanMagnitude(b, input);
  return {buildStoreScales(b, getScale(), mean)};
}

/// Codes are values and one.
std::optional<IntegerCodes> TernaryAttr::getIntegerCodes() const {
  IntegerCodes codes;
  codes.values = {-1, 0, 1, 2}; // The last one is not used.
  return codes;
}

Value TernaryAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                                 ValueRange scales) const {
  ScaleGroups groups(input.getType(), getGroup());
  Value scaled =
      buildDivideByScales(b, getScale(), groups.buildGrouped(b, input),
                          groups.buildStretchable(b, scales[0]));
  // NaN casts to 0.
  Value rounded = buildCast(b, RoundOp::create(b, scaled), b.getI32Type());
  Value values = buildClamp(b, rounded, -1, 1);
  Value codes = AddOp::create(b, values, buildScalarLike(b, 1, values));
  return groups.buildUngrouped(b, buildCast(b, codes, b.getI8Type()));
}

Value TernaryAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                   ValueRange scales) const {
  ScaleGroups groups(codes.getType(), getGroup());
  Value fields = buildUnsigned(b, groups.buildGrouped(b, codes), getBits());
  Value factors =
      groups.buildStretchable(b, buildLoadScales(b, getScale(), scales[0]));
  Value values =
      buildCast(b, SubOp::create(b, fields, buildScalarLike(b, 1, fields)),
                b.getF32Type());
  return groups.buildUngrouped(b, MulOp::create(b, values, factors));
}

Value TernaryAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes,
                              Value) const {
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  return arith::SIToFPOp::create(
      b, floats, arith::SubIOp::create(b, codes, emitSplat(b, 1, codes)));
}
