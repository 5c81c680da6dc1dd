//===- Shift.cpp - Powers of two of either sign ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"

using namespace mlir;
using namespace dither;

/// The largest magnitude is 2^K of the scale.
static int64_t getLargestExponent(ShiftAttr format) {
  return (int64_t(1) << (format.getBits() - 1)) - 1;
}

LogicalResult ShiftAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                int64_t bits, int64_t group, ScaleKind) {
  if (bits < 2 || bits > 4)
    return emitError() << "(C3) `bits` is " << bits << "; it must be 2 to 4";
  return verifyGroup(emitError, group);
}

bool ShiftAttr::hasZero() const { return false; }

SmallVector<Value> ShiftAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                             Value input) const {
  double largest = double(int64_t(1) << getLargestExponent(*this));
  return {getScaleGroups(input.getType())
              .buildMagnitudeScales(b, input, largest, /*clipped=*/true)};
}

std::optional<IntegerCodes> ShiftAttr::getIntegerCodes() const {
  // 2 bits: 1 and 2; 3 bits: 1 to 8; those of 4 bits span more than a byte.
  if (getBits() > 3)
    return std::nullopt;
  IntegerCodes codes;
  for (int64_t sign : {1, -1})
    for (int64_t k = 0; k <= getLargestExponent(*this); ++k)
      codes.values.push_back(sign * (int64_t(1) << k));
  return codes;
}

Value ShiftAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                               ValueRange scales) const {
  return getScaleGroups(input.getType())
      .buildQuantize(b, input, scales[0], [&](Value scaled, Value elements) {
        // Halfway between powers is 1.5 of the lower one: a carry from the
        // mantissa's top bit rounds. NaN has the largest exponent.
        Value bits = buildBits(b, AbsOp::create(b, scaled));
        Value carried =
            AddOp::create(b, bits, buildScalarLike(b, int64_t(1) << 22, bits));
        Value exponent =
            ShrOp::create(b, carried, buildScalarLike(b, 23, carried));
        Value magnitude = buildClamp(
            b, SubOp::create(b, exponent, buildScalarLike(b, 127, exponent)), 0,
            getLargestExponent(*this));
        return OrOp::create(b, magnitude,
                            buildSignField(b, elements, getBits() - 1));
      });
}

Value ShiftAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                 ValueRange scales) const {
  return getScaleGroups(codes.getType())
      .buildDequantize(b, codes, scales[0], getBits(), [&](Value fields) {
        Value mask = buildScalarLike(b, getLargestExponent(*this), fields);
        Value exponent = AndOp::create(b, fields, mask);
        Value positive = buildPowerOfTwo(
            b, AddOp::create(b, exponent, buildScalarLike(b, 127, exponent)));
        Value isNegative = CompareOp::create(b, Predicate::gt, fields, mask);
        return SelectOp::create(b, isNegative, NegOp::create(b, positive),
                                positive);
      });
}

Value ShiftAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes, Value) const {
  // The exponent and the sign, moved to where f32 has them.
  Value exponent = arith::AndIOp::create(
      b, codes, emitSplat(b, getLargestExponent(*this), codes));
  Value biased =
      arith::AddIOp::create(b, exponent, emitSplat(b, 127, exponent));
  Value bits = arith::ShLIOp::create(b, biased, emitSplat(b, 23, biased));
  Value sign = arith::ShLIOp::create(
      b, codes, emitSplat(b, 32 - int64_t(getBits()), codes));
  Value top = emitSplat(b, std::numeric_limits<int32_t>::min(), codes);
  Value all =
      arith::OrIOp::create(b, bits, arith::AndIOp::create(b, sign, top));
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  return arith::BitcastOp::create(b, floats, all);
}
