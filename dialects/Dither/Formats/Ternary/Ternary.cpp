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
  return verifyMeans(emitError, group, scale);
}

unsigned TernaryAttr::getBits() const { return 2; }

SmallVector<Value> TernaryAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                               Value input) const {
  return {getScaleGroups(input.getType()).buildMeanScales(b, input)};
}

/// Codes are values and one.
std::optional<IntegerCodes> TernaryAttr::getIntegerCodes() const {
  IntegerCodes codes;
  codes.values = {-1, 0, 1, 2}; // The last one is not used.
  return codes;
}

Value TernaryAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                                 ValueRange scales) const {
  return getScaleGroups(input.getType())
      .buildQuantize(b, input, scales[0], [&](Value scaled, Value) {
        // NaN casts to 0.
        Value rounded =
            buildCast(b, RoundOp::create(b, scaled), b.getI32Type());
        Value values = buildClamp(b, rounded, -1, 1);
        return AddOp::create(b, values, buildScalarLike(b, 1, values));
      });
}

Value TernaryAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                   ValueRange scales) const {
  return getScaleGroups(codes.getType())
      .buildDequantize(b, codes, scales[0], getBits(), [&](Value fields) {
        return buildCast(
            b, SubOp::create(b, fields, buildScalarLike(b, 1, fields)),
            b.getF32Type());
      });
}

Value TernaryAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes,
                              Value) const {
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  return arith::SIToFPOp::create(
      b, floats, arith::SubIOp::create(b, codes, emitSplat(b, 1, codes)));
}
