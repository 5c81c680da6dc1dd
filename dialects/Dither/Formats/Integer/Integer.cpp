//===- Integer.cpp - Integers of 2 to 8 bits ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"

using namespace mlir;
using namespace dither;

/// The largest code; a symmetric format leaves the code 0 free.
static int64_t largestCode(IntegerFormatAttr format) {
  return (int64_t(1) << format.getBits()) - 1;
}

/// The code of zero of a symmetric format.
static int64_t middleCode(IntegerFormatAttr format) {
  return int64_t(1) << (format.getBits() - 1);
}

LogicalResult
IntegerFormatAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                          int64_t bits, int64_t group, ScaleKind scale,
                          bool affine, int64_t dim) {
  if (bits < 2 || bits > 8)
    return emitError() << "(C3) `bits` is " << bits << "; it must be 2 to 8";
  if (affine && scale == ScaleKind::e8m0)
    return emitError() << "(C4) affine codes have f32 or f16 scales, not e8m0";
  if (dim != 0 && dim != 1)
    return emitError() << "(C5) `dim` is " << dim << "; it must be 0 or 1";
  return verifyGroup(emitError, group);
}

bool IntegerFormatAttr::hasZeroPoints() const { return getAffine(); }

int64_t IntegerFormatAttr::getGroupDim() const { return getDim(); }

std::optional<IntegerCodes> IntegerFormatAttr::getIntegerCodes() const {
  if (getAffine())
    return std::nullopt;
  IntegerCodes codes;
  for (int64_t code = 0; code <= largestCode(*this); ++code)
    codes.values.push_back(code - middleCode(*this));
  return codes;
}

//===- Calibration --------------------------------------------------------===//

/// Scales and zero points of an affine format.
static SmallVector<Value> buildAffineScales(ImplicitLocOpBuilder &b,
                                            IntegerFormatAttr format, Value x) {
  ScaleGroups groups = format.getScaleGroups(x.getType());
  int64_t largest = largestCode(format);
  Value finite = buildFinite(b, x);
  Value zero = buildScalarLike(b, 0, x);
  Value high =
      MaxOp::create(b, groups.buildReduce(b, ReduceKind::max, finite), zero);
  Value low =
      MinOp::create(b, groups.buildReduce(b, ReduceKind::min, finite), zero);
  Value range = SubOp::create(b, high, low);
  Value steps = buildScalarLike(b, largest, x);
  Value isPositive = CompareOp::create(b, Predicate::gt, range, zero);
  range = SelectOp::create(b, isPositive, range, steps);
  Value stored = groups.buildStore(b, DivOp::create(b, range, steps));
  Value below =
      DivOp::create(b, NegOp::create(b, low), groups.buildLoad(b, stored));
  Value point = buildClamp(b, RoundOp::create(b, below), 0, largest);
  // Through i32: a point above 127 wraps in i8 instead of saturating.
  point = buildCast(b, point, b.getI32Type());
  return {stored, buildCast(b, point, b.getI8Type())};
}

SmallVector<Value> IntegerFormatAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                                     Value input) const {
  if (getAffine())
    return buildAffineScales(b, *this, input);
  // Powers of two do not clip anything.
  return {getScaleGroups(input.getType())
              .buildMagnitudeScales(b, input, middleCode(*this) - 1,
                                    /*clipped=*/false)};
}

//===- Meaning ------------------------------------------------------------===//

/// The code of zero, i32, such that it broadcasts with the elements.
static Value buildZeroCode(ImplicitLocOpBuilder &b, IntegerFormatAttr format,
                           const ScaleGroups &groups, ValueRange scales) {
  if (!format.getAffine())
    return buildScalar(b, middleCode(format), b.getI32Type());
  return groups.buildStretchable(b,
                                 buildUnsigned(b, scales[1], format.getBits()));
}

Value IntegerFormatAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                                       ValueRange scales) const {
  ScaleGroups groups = getScaleGroups(input.getType());
  return groups.buildQuantize(b, input, scales[0], [&](Value scaled, Value) {
    // NaN casts to 0. Clamped before, so that the sum does not overflow.
    int64_t largest = largestCode(*this), middle = middleCode(*this);
    Value steps = buildCast(b, RoundOp::create(b, scaled), b.getI32Type());
    steps = getAffine() ? buildClamp(b, steps, -largest, largest)
                        : buildClamp(b, steps, 1 - middle, largest - middle);
    Value codes =
        AddOp::create(b, steps, buildZeroCode(b, *this, groups, scales));
    return getAffine() ? buildClamp(b, codes, 0, largest) : codes;
  });
}

Value IntegerFormatAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                         ValueRange scales) const {
  ScaleGroups groups = getScaleGroups(codes.getType());
  return groups.buildDequantize(
      b, codes, scales[0], getBits(), [&](Value fields) {
        Value zero = buildZeroCode(b, *this, groups, scales);
        return buildCast(b, SubOp::create(b, fields, zero), b.getF32Type());
      });
}

//===- Registers ----------------------------------------------------------===//

Value IntegerFormatAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes,
                                    Value zeroPoints) const {
  // The mask serves zero points whether their i8 was extended by sign or not.
  Value zero =
      getAffine()
          ? arith::AndIOp::create(b, zeroPoints,
                                  emitSplat(b, largestCode(*this), zeroPoints))
                .getResult()
          : emitSplat(b, middleCode(*this), codes);
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  return arith::SIToFPOp::create(b, floats,
                                 arith::SubIOp::create(b, codes, zero));
}
