//===- Sign.cpp - Weights of -1 and 1 -------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"

using namespace mlir;
using namespace dither;

LogicalResult SignAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               int64_t group, ScaleKind scale) {
  if (scale == ScaleKind::e8m0)
    return emitError() << "(C3) means have f32 or f16 scales, not e8m0";
  return verifyGroup(emitError, group, "(C1)");
}

LogicalResult SignAttr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                                   RankedTensorType type) const {
  return verifyScaledType(emitError, type, getGroup(), "(C1)", "(C2)");
}

unsigned SignAttr::getBits() const { return 1; }

int64_t SignAttr::getGroupSize() const {
  return std::max<int64_t>(getGroup(), 0);
}

int64_t SignAttr::getGroupDim() const { return 0; }

bool SignAttr::hasZero() const { return false; }

SmallVector<RankedTensorType>
SignAttr::getScaleTypes(RankedTensorType type) const {
  Type stored = getStoredScaleType(getScale(), getContext());
  return {ScaleGroups(type, getGroup()).getScaleType(stored)};
}

Value SignAttr::emitDecodeScales(ImplicitLocOpBuilder &b, Value scales) const {
  return emitLoadScales(b, getScale(), scales);
}

SmallVector<Value> SignAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                            Value input) const {
  Value mean =
      ScaleGroups(input.getType(), getGroup()).buildMeanMagnitude(b, input);
  return {buildStoreScales(b, getScale(), mean)};
}

std::optional<IntegerCodes> SignAttr::getIntegerCodes() const {
  IntegerCodes codes;
  codes.values = {-1, 1};
  return codes;
}

Value SignAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                              ValueRange) const {
  // NaN is in no order: it is not negative.
  Value isNegative =
      CompareOp::create(b, Predicate::lt, input, buildScalarLike(b, 0, input));
  return SelectOp::create(b, isNegative, buildScalar(b, 0, b.getI8Type()),
                          buildScalar(b, 1, b.getI8Type()));
}

Value SignAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                ValueRange scales) const {
  ScaleGroups groups(codes.getType(), getGroup());
  Value fields = buildUnsigned(b, groups.buildGrouped(b, codes), getBits());
  Value factors =
      groups.buildStretchable(b, buildLoadScales(b, getScale(), scales[0]));
  Value values = buildCast(b,
                           SubOp::create(b, AddOp::create(b, fields, fields),
                                         buildScalarLike(b, 1, fields)),
                           b.getF32Type());
  return groups.buildUngrouped(b, MulOp::create(b, values, factors));
}

Value SignAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes, Value) const {
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  Value twice = arith::ShLIOp::create(b, codes, emitSplat(b, 1, codes));
  return arith::SIToFPOp::create(
      b, floats, arith::SubIOp::create(b, twice, emitSplat(b, 1, twice)));
}
