//===- Minifloat.cpp - Floats of 4 to 8 bits ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"
#include <cmath>

using namespace mlir;
using namespace dither;

namespace {
/// The fields of a kind. A magnitude of exponent field e and mantissa m is
/// (2^M + m) 2^(e - bias - M), or m 2^(1 - bias - M) where e is 0. Counting
/// magnitudes up counts codes up, so both follow from the significand
/// n = m or 2^M + m and the exponent field max(e, 1):
/// code = (max(e, 1) - 1) 2^M + n.
struct Fields {
  int64_t exponentBits, mantissaBits;
  /// Magnitudes at the top that are no finite numbers.
  int64_t reserved;

  int64_t bias() const { return (1 << (exponentBits - 1)) - 1; }
  /// Bits without the sign.
  int64_t width() const { return exponentBits + mantissaBits; }
  int64_t magnitudeMask() const { return (1 << width()) - 1; }
  double magnitude(int64_t code) const {
    int64_t exponent = std::max<int64_t>(code >> mantissaBits, 1);
    int64_t significand = code - ((exponent - 1) << mantissaBits);
    return std::ldexp(significand, exponent - bias() - mantissaBits);
  }
  double largest() const { return magnitude(magnitudeMask() - reserved); }
};
} // namespace

static Fields getFields(MinifloatKind kind) {
  switch (kind) {
  case MinifloatKind::e2m1:
    return {2, 1, 0};
  case MinifloatKind::e3m0:
    return {3, 0, 0};
  case MinifloatKind::e1m2:
    return {1, 2, 0};
  case MinifloatKind::e2m3:
    return {2, 3, 0};
  case MinifloatKind::e3m2:
    return {3, 2, 0};
  case MinifloatKind::e4m3:
    return {4, 3, 1};
  case MinifloatKind::e5m2:
    return {5, 2, 4};
  }
  llvm_unreachable("all kinds are covered");
}

LogicalResult
MinifloatAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                      MinifloatKind, int64_t group, ScaleKind) {
  return verifyGroup(emitError, group);
}

unsigned MinifloatAttr::getBits() const {
  return getFields(getKind()).width() + 1;
}

/// All values are multiples of the least one.
std::optional<IntegerCodes> MinifloatAttr::getIntegerCodes() const {
  Fields fields = getFields(getKind());
  if (fields.reserved > 0)
    return std::nullopt;
  IntegerCodes codes;
  codes.factor = fields.magnitude(1);
  if (fields.largest() > 127 * codes.factor)
    return std::nullopt;
  for (double sign : {1, -1})
    for (int64_t code = 0; code <= fields.magnitudeMask(); ++code)
      codes.values.push_back(
          int64_t(sign * fields.magnitude(code) / codes.factor));
  return codes;
}

SmallVector<Value> MinifloatAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                                 Value input) const {
  return {getScaleGroups(input.getType())
              .buildMagnitudeScales(b, input, getFields(getKind()).largest(),
                                    /*clipped=*/true)};
}

//===- Meaning ------------------------------------------------------------===//

/// The codes of scaled magnitudes. Exact: each is divided by the spacing of
/// the format around it, a power of two, and rounded once.
static Value buildEncodeMagnitude(ImplicitLocOpBuilder &b, Fields fields,
                                  Value magnitude) {
  // NaN is in no order, so it takes the largest value, too.
  Value largest = buildScalarLike(b, fields.largest(), magnitude);
  Value isBelow = CompareOp::create(b, Predicate::lt, magnitude, largest);
  Value bounded = SelectOp::create(b, isBelow, magnitude, largest);

  // The exponent as f32 biases it; all subnormals have that of field 1.
  Value bits = buildBits(b, bounded);
  int64_t least = 127 + 1 - fields.bias();
  Value exponent =
      MaxOp::create(b, ShrOp::create(b, bits, buildScalarLike(b, 23, bits)),
                    buildScalarLike(b, least, bits));
  // 1 / spacing = 2^(M - (exponent - 127)).
  Value biased = SubOp::create(
      b, buildScalarLike(b, 2 * 127 + fields.mantissaBits, bits), exponent);
  Value significand =
      RoundOp::create(b, MulOp::create(b, bounded, buildPowerOfTwo(b, biased)));

  // A significand that was rounded up to 2^(M+1) carries into the exponent.
  Value above = SubOp::create(b, exponent, buildScalarLike(b, least, exponent));
  Value high =
      ShlOp::create(b, above, buildScalarLike(b, fields.mantissaBits, above));
  return AddOp::create(b, high, buildCast(b, significand, b.getI32Type()));
}

Value MinifloatAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                                   ValueRange scales) const {
  return getScaleGroups(input.getType())
      .buildQuantize(b, input, scales[0], [&](Value scaled, Value elements) {
        Fields fields = getFields(getKind());
        Value magnitude =
            buildEncodeMagnitude(b, fields, AbsOp::create(b, scaled));
        return OrOp::create(b, magnitude,
                            buildSignField(b, elements, fields.width()));
      });
}

/// The values of codes of magnitudes: significand times spacing. Exact.
static Value buildDecodeMagnitude(ImplicitLocOpBuilder &b, Fields fields,
                                  Value magnitude) {
  auto constant = [&](int64_t value) {
    return buildScalarLike(b, value, magnitude);
  };
  Value shift = constant(fields.mantissaBits);
  Value exponent =
      MaxOp::create(b, ShrOp::create(b, magnitude, shift), constant(1));
  Value below = SubOp::create(b, exponent, constant(1));
  Value significand =
      SubOp::create(b, magnitude, ShlOp::create(b, below, shift));
  Value biased = AddOp::create(
      b, exponent, constant(127 - fields.bias() - fields.mantissaBits));
  return MulOp::create(b, buildCast(b, significand, b.getF32Type()),
                       buildPowerOfTwo(b, biased));
}

Value MinifloatAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                     ValueRange scales) const {
  return getScaleGroups(codes.getType())
      .buildDequantize(b, codes, scales[0], getBits(), [&](Value all) {
        Fields fields = getFields(getKind());
        Value mask = buildScalarLike(b, fields.magnitudeMask(), all);
        Value positive =
            buildDecodeMagnitude(b, fields, AndOp::create(b, all, mask));
        Value isNegative = CompareOp::create(b, Predicate::gt, all, mask);
        return SelectOp::create(b, isNegative, NegOp::create(b, positive),
                                positive);
      });
}

//===- Registers ----------------------------------------------------------===//

/// The bits of the values of magnitudes, without subnormal f32 numbers on the
/// way, which some processors handle in microcode and others flush. Moved to
/// the exponent of f32, a magnitude reads as f, which is right from
/// t = 2^(1 - bias) on. Below, 2 f - t is right, exactly; it is the smaller of
/// the two there and only there. Positive floats order as their bits do, so
/// the minimum is one of integers.
static Value emitDecodeMagnitude(ImplicitLocOpBuilder &b, Fields fields,
                                 Value magnitude) {
  auto integers = cast<VectorType>(magnitude.getType());
  auto floats = integers.clone(b.getF32Type());
  Value placed = arith::ShLIOp::create(
      b, magnitude, emitSplat(b, 23 - fields.mantissaBits, magnitude));
  Value bits = arith::AddIOp::create(
      b, placed, emitSplat(b, (127 - fields.bias()) << 23, placed));
  Value f = arith::BitcastOp::create(b, floats, bits);
  auto threshold = b.getF32FloatAttr(std::ldexp(1.0f, 1 - fields.bias()));
  Value t = arith::ConstantOp::create(
      b, DenseElementsAttr::get(floats, Attribute(threshold)));
  Value twice = arith::AddFOp::create(b, f, arith::SubFOp::create(b, f, t));
  Value subnormal = arith::BitcastOp::create(b, integers, twice);
  return arith::MinSIOp::create(b, bits, subnormal);
}

Value MinifloatAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes,
                                Value) const {
  Fields fields = getFields(getKind());
  Value magnitude = arith::AndIOp::create(
      b, codes, emitSplat(b, fields.magnitudeMask(), codes));
  Value bits = emitDecodeMagnitude(b, fields, magnitude);
  // The codes may have more bits above the field: the shift drops them.
  Value sign =
      arith::ShLIOp::create(b, codes, emitSplat(b, 31 - fields.width(), codes));
  Value top = emitSplat(b, std::numeric_limits<int32_t>::min(), codes);
  Value all =
      arith::OrIOp::create(b, bits, arith::AndIOp::create(b, sign, top));
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  return arith::BitcastOp::create(b, floats, all);
}
