//===- Scales.cpp - Scales that groups of elements share ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"
#include "llvm/ADT/bit.h"
#include <cfloat>
#include <cmath>

using namespace mlir;
using namespace dither;

/// The bits of an f32 below the exponent.
static constexpr int64_t mantissaWidth = 23;
static constexpr int64_t greatestMantissa = (1 << mantissaWidth) - 1;

//===- Groups -------------------------------------------------------------===//

LogicalResult dither::verifyGroup(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t group) {
  if (group >= -1)
    return success();
  return emitError() << "(C1) `group` is " << group
                     << "; it must be positive, 0 (per channel) or -1 (the "
                        "whole tensor)";
}

LogicalResult dither::verifyMeans(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t group, ScaleKind scale) {
  if (scale == ScaleKind::e8m0)
    return emitError() << "(C3) means have f32 or f16 scales, not e8m0";
  return verifyGroup(emitError, group);
}

LogicalResult
ScaleGroups::verify(function_ref<InFlightDiagnostic()> emitError) const {
  bool hasRank = type.getRank() == 2 || (type.getRank() == 1 && dim == 0);
  if (!type.getElementType().isF32() || !hasRank)
    return emitError() << "(C2) needs a matrix"
                       << (dim == 0 ? " or a vector" : "") << " of f32, not "
                       << type;
  if (group <= 0)
    return success();
  // Groups along the second dimension leave the first one free.
  if (dim == 1 ? type.isDynamicDim(1) : !type.hasStaticShape())
    return emitError() << "(C1) groups of " << group
                       << " need static extents, not " << type
                       << "; `group` 0 and -1 serve dynamic ones";
  if (type.getDimSize(dim) % group != 0)
    return emitError() << "(C1) `group` " << group << " does not divide the "
                       << (dim == 0 ? "first" : "second") << " extent of "
                       << type
                       << "; choose a divisor, 0 (per channel) or -1 (the "
                          "whole tensor)";
  return success();
}

static Type getStoredType(ScaleKind kind, MLIRContext *context) {
  switch (kind) {
  case ScaleKind::f32:
    return Float32Type::get(context);
  case ScaleKind::f16:
    return Float16Type::get(context);
  case ScaleKind::e8m0:
    return IntegerType::get(context, 8);
  }
  llvm_unreachable("all scale kinds are covered");
}

SmallVector<PackedPart> ScaleGroups::getParts(bool zeroPoints) const {
  SmallVector<int64_t> shape(type.getShape());
  shape[dim] = group > 0 ? shape[dim] / group : 1;
  if (group < 0)
    llvm::fill(shape, 1);
  MLIRContext *context = type.getContext();
  SmallVector<PackedPart> parts = {
      {"scales", RankedTensorType::get(shape, getStoredType(kind, context))}};
  if (zeroPoints)
    parts.push_back(
        {"zeros", RankedTensorType::get(shape, IntegerType::get(context, 8))});
  return parts;
}

Value ScaleGroups::buildGrouped(ImplicitLocOpBuilder &b, Value x) const {
  if (group <= 0)
    return x;
  SmallVector<int64_t> shape(type.getShape());
  shape[dim] /= group;
  shape.insert(shape.begin() + dim + 1, group);
  return buildReshape(b, x, shape);
}

Value ScaleGroups::buildStretchable(ImplicitLocOpBuilder &b,
                                    Value scales) const {
  if (group <= 0)
    return scales;
  auto scaleType = cast<RankedTensorType>(scales.getType());
  SmallVector<int64_t> shape(scaleType.getShape());
  shape.insert(shape.begin() + dim + 1, 1);
  return buildReshape(b, scales, shape);
}

Value ScaleGroups::buildUngrouped(ImplicitLocOpBuilder &b, Value x) const {
  return group > 0 ? buildReshape(b, x, type.getShape()) : x;
}

//===- Calibration --------------------------------------------------------===//

Value ScaleGroups::buildReduce(ImplicitLocOpBuilder &b, ReduceKind kind,
                               Value x) const {
  if (group > 0)
    return ReduceOp::create(b, kind, buildGrouped(b, x),
                            b.getDenseI64ArrayAttr({dim + 1}));
  DenseI64ArrayAttr dims =
      group == 0 ? b.getDenseI64ArrayAttr({dim}) : DenseI64ArrayAttr();
  return ReduceOp::create(b, kind, x, dims, /*keep=*/true);
}

/// Elements above zero, and `otherwise` in place of the others.
static Value buildPositive(ImplicitLocOpBuilder &b, Value x, double otherwise) {
  Value isPositive =
      CompareOp::create(b, Predicate::gt, x, buildScalarLike(b, 0, x));
  return SelectOp::create(b, isPositive, x, buildScalarLike(b, otherwise, x));
}

/// Stores powers of two as E8M0: the exponent of each magnitude, less
/// `exponent`, rounded up where the mantissa is above `mantissa` (23 bits; the
/// greatest never is exceeded, so it stands for rounding down). The codes are
/// 1 to 254, normal numbers. 255, NaN in the OCP format, is never written.
static Value buildStoreExponents(ImplicitLocOpBuilder &b, Value magnitudes,
                                 int64_t exponent, int64_t mantissa) {
  // The carry into the exponent is the rounding.
  Value bits = buildBits(b, magnitudes);
  Value carried = AddOp::create(
      b, bits, buildScalarLike(b, greatestMantissa - mantissa, bits));
  Value exponents =
      ShrOp::create(b, carried, buildScalarLike(b, mantissaWidth, bits));
  Value biased =
      SubOp::create(b, exponents, buildScalarLike(b, exponent, bits));
  return buildCast(b, buildClamp(b, biased, 1, 254), b.getI8Type());
}

Value ScaleGroups::buildMagnitudeScales(ImplicitLocOpBuilder &b, Value x,
                                        double largest, bool clipped) const {
  Value magnitude =
      buildReduce(b, ReduceKind::max, AbsOp::create(b, buildFinite(b, x)));
  magnitude = buildPositive(b, magnitude, largest);
  if (kind != ScaleKind::e8m0)
    return buildStore(
        b, DivOp::create(b, magnitude, buildScalarLike(b, largest, magnitude)));
  int64_t mantissa =
      llvm::bit_cast<uint32_t>(float(largest)) & greatestMantissa;
  return buildStoreExponents(b, magnitude, std::ilogb(largest),
                             clipped ? greatestMantissa : mantissa);
}

Value ScaleGroups::buildMeanScales(ImplicitLocOpBuilder &b, Value x) const {
  Value magnitude = AbsOp::create(b, buildFinite(b, x));
  Value mean;
  if (group > 0) {
    mean = MeanOp::create(b, buildGrouped(b, magnitude),
                          b.getDenseI64ArrayAttr({dim + 1}));
  } else {
    DenseI64ArrayAttr dims =
        group == 0 ? b.getDenseI64ArrayAttr({dim}) : DenseI64ArrayAttr();
    mean = MeanOp::create(b, magnitude, dims, /*keep=*/true);
  }
  return buildStore(b, buildPositive(b, mean, 1));
}

Value ScaleGroups::buildStore(ImplicitLocOpBuilder &b, Value scales) const {
  assert(kind != ScaleKind::e8m0 && "exponents have a rounding of their own");
  if (kind == ScaleKind::f32)
    return buildClamp(b, scales, FLT_MIN, FLT_MAX);
  const double f16Least = std::ldexp(1.0, -24), f16Greatest = 65504;
  return buildCast(b, buildClamp(b, scales, f16Least, f16Greatest),
                   b.getF16Type());
}

Value ScaleGroups::buildLoad(ImplicitLocOpBuilder &b, Value stored) const {
  if (kind == ScaleKind::f32)
    return stored;
  if (kind == ScaleKind::f16)
    return buildCast(b, stored, b.getF32Type());
  return buildPowerOfTwo(b, buildUnsigned(b, stored, 8));
}

//===- Meaning ------------------------------------------------------------===//

Value ScaleGroups::buildQuantize(ImplicitLocOpBuilder &b, Value x, Value stored,
                                 Encode encode) const {
  Value elements = buildGrouped(b, x), scales = buildStretchable(b, stored);
  Value scaled;
  if (kind == ScaleKind::e8m0) { // The reciprocal is exact.
    Value biased = buildUnsigned(b, scales, 8);
    Value negated = SubOp::create(b, buildScalarLike(b, 254, biased), biased);
    scaled = MulOp::create(b, elements, buildPowerOfTwo(b, negated));
  } else {
    // One division for a group, not for each element.
    Value loaded = buildLoad(b, scales);
    Value reciprocal = DivOp::create(b, buildScalarLike(b, 1, loaded), loaded);
    scaled = MulOp::create(b, elements, reciprocal);
  }
  Value codes = encode(scaled, elements);
  return buildUngrouped(b, buildCast(b, codes, b.getI8Type()));
}

Value ScaleGroups::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                   Value stored, unsigned bits,
                                   Decode decode) const {
  Value values = decode(buildUnsigned(b, buildGrouped(b, codes), bits));
  Value scales = buildStretchable(b, buildLoad(b, stored));
  return buildUngrouped(b, MulOp::create(b, values, scales));
}

Value dither::emitLoadScales(ImplicitLocOpBuilder &b, ScaleKind kind,
                             Value stored) {
  auto type = cast<VectorType>(stored.getType());
  auto floats = type.clone(b.getF32Type());
  if (kind == ScaleKind::f32)
    return stored;
  if (kind == ScaleKind::f16)
    return arith::ExtFOp::create(b, floats, stored);
  // As buildPowerOfTwo: one maximum covers the code 0, which is 2^-127.
  Value biased = arith::ExtUIOp::create(b, type.clone(b.getI32Type()), stored);
  Value bits =
      arith::ShLIOp::create(b, biased, emitSplat(b, mantissaWidth, biased));
  Value least = emitSplat(b, 1 << (mantissaWidth - 1), bits);
  return arith::BitcastOp::create(b, floats,
                                  arith::MaxSIOp::create(b, bits, least));
}

//===- Arithmetic ---------------------------------------------------------===//

Value dither::buildBits(ImplicitLocOpBuilder &b, Value x) {
  return BitcastOp::create(b, withElement(x.getType(), b.getI32Type()), x);
}

Value dither::buildPowerOfTwo(ImplicitLocOpBuilder &b, Value biased) {
  Value bits =
      ShlOp::create(b, biased, buildScalarLike(b, mantissaWidth, biased));
  // 2^-127 is subnormal: its exponent field is 0 and its top mantissa bit 1.
  bits = MaxOp::create(b, bits,
                       buildScalarLike(b, 1 << (mantissaWidth - 1), bits));
  return BitcastOp::create(b, withElement(bits.getType(), b.getF32Type()),
                           bits);
}

Value dither::buildClamp(ImplicitLocOpBuilder &b, Value x, double low,
                         double high) {
  Value raised = MaxOp::create(b, x, buildScalarLike(b, low, x));
  return MinOp::create(b, raised, buildScalarLike(b, high, x));
}

Value dither::buildFinite(ImplicitLocOpBuilder &b, Value x) {
  Value isFinite = CompareOp::create(b, Predicate::le, AbsOp::create(b, x),
                                     buildScalarLike(b, FLT_MAX, x));
  return SelectOp::create(b, isFinite, x, buildScalarLike(b, 0, x));
}

Value dither::buildUnsigned(ImplicitLocOpBuilder &b, Value codes,
                            unsigned bits) {
  Value wide = buildCast(b, codes, b.getI32Type());
  return AndOp::create(b, wide, buildScalarLike(b, (1 << bits) - 1, wide));
}

Value dither::buildSignField(ImplicitLocOpBuilder &b, Value x,
                             int64_t position) {
  Value bits = buildBits(b, x);
  Value sign = ShrOp::create(b, bits, buildScalarLike(b, 31, bits));
  return ShlOp::create(b, sign, buildScalarLike(b, position, sign));
}

Value dither::emitSplat(ImplicitLocOpBuilder &b, int64_t value, Value like) {
  auto type = cast<VectorType>(like.getType());
  auto element = b.getIntegerAttr(type.getElementType(), value);
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, Attribute(element)));
}
