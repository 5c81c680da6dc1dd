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
  return verifyMeans(emitError, group, scale);
}

unsigned SignAttr::getBits() const { return 1; }

bool SignAttr::hasZero() const { return false; }

SmallVector<Value> SignAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                            Value input) const {
  return {getScaleGroups(input.getType()).buildMeanScales(b, input)};
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
  return getScaleGroups(codes.getType())
      .buildDequantize(b, codes, scales[0], getBits(), [&](Value fields) {
        Value twice = AddOp::create(b, fields, fields);
        return buildCast(b,
                         SubOp::create(b, twice, buildScalarLike(b, 1, twice)),
                         b.getF32Type());
      });
}

Value SignAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes, Value) const {
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  Value twice = arith::ShLIOp::create(b, codes, emitSplat(b, 1, codes));
  return arith::SIToFPOp::create(
      b, floats, arith::SubIOp::create(b, twice, emitSplat(b, 1, twice)));
}
