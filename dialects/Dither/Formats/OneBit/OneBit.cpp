//===- OneBit.cpp - Signs under scales of rank 1 --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"

using namespace mlir;
using namespace dither;

/// Of the power iteration. Its error shrinks by the ratio of the second
/// singular value to the first one, squared, which is small for magnitudes.
static constexpr int kSteps = 8;

LogicalResult OneBitAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ScaleKind scale) {
  if (scale == ScaleKind::e8m0)
    return emitError() << "(C2) factors have f32 or f16 scales, not e8m0";
  return success();
}

LogicalResult
OneBitAttr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                       RankedTensorType type) const {
  if (type.getRank() == 2 && type.hasStaticShape() &&
      type.getElementType().isF32())
    return success();
  return emitError() << "(C1) needs a matrix of f32 and static shape, not "
                     << type;
}

unsigned OneBitAttr::getBits() const { return 1; }

bool OneBitAttr::hasZero() const { return false; }

int64_t OneBitAttr::getGroupSize() const { return 0; }

SignAttr OneBitAttr::getSigns() const {
  return SignAttr::get(getContext(), /*group=*/0, getScale());
}

Attribute OneBitAttr::getColumnFormat() const { return getSigns(); }

ScaleGroups OneBitAttr::getColumnGroups(Type tensor) const {
  return getSigns().getScaleGroups(tensor);
}

SmallVector<std::pair<std::string, RankedTensorType>>
OneBitAttr::getScaleParts(RankedTensorType type) const {
  SmallVector<PackedPart> parts = getSigns().getScaleParts(type);
  Type element = parts[0].second.getElementType();
  parts.push_back(
      {"rows", RankedTensorType::get({type.getDimSize(0), 1}, element)});
  return parts;
}

/// x over the sum of the squares of `by`, or zero where they are all zero.
static Value buildOverSquares(ImplicitLocOpBuilder &b, Value x, Value by) {
  Value squares = ReduceOp::create(b, ReduceKind::sum, MulOp::create(b, by, by),
                                   DenseI64ArrayAttr());
  Value one = buildScalarLike(b, 1, squares);
  Value isZero = CompareOp::create(b, Predicate::eq, squares,
                                   buildScalarLike(b, 0, squares));
  return DivOp::create(b, x, SelectOp::create(b, isZero, one, squares));
}

SmallVector<Value> OneBitAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                              Value input) const {
  // Over the largest magnitude, so that no square overflows.
  Value magnitude = AbsOp::create(b, buildFinite(b, input));
  Value largest =
      ReduceOp::create(b, ReduceKind::max, magnitude, DenseI64ArrayAttr());
  Value isPositive = CompareOp::create(b, Predicate::gt, largest,
                                       buildScalarLike(b, 0, largest));
  largest =
      SelectOp::create(b, isPositive, largest, buildScalarLike(b, 1, largest));
  magnitude = DivOp::create(b, magnitude, largest);
  auto type = cast<RankedTensorType>(input.getType());
  auto rowType = RankedTensorType::get({type.getDimSize(0), 1}, b.getF32Type());
  Value rows = ConstantOp::create(
      b, DenseElementsAttr::get(rowType, b.getF32FloatAttr(1)));
  Value columns;
  for (int step = 0; step < kSteps; ++step) {
    columns = buildOverSquares(
        b, MatmulOp::create(b, rows, magnitude, true, false), rows);
    rows = buildOverSquares(
        b, MatmulOp::create(b, magnitude, columns, false, true), columns);
    // Of the mean 1, so that both fit f16.
    Value mean = MeanOp::create(b, rows, DenseI64ArrayAttr());
    Value isZero =
        CompareOp::create(b, Predicate::eq, mean, buildScalarLike(b, 0, mean));
    rows = DivOp::create(
        b, rows,
        SelectOp::create(b, isZero, buildScalarLike(b, 1, mean), mean));
  }
  columns = buildOverSquares(
      b, MatmulOp::create(b, rows, magnitude, true, false), rows);
  columns = MulOp::create(b, columns, largest);
  ScaleGroups groups = getColumnGroups(type);
  return {groups.buildStore(b, columns), groups.buildStore(b, rows)};
}

std::optional<IntegerCodes> OneBitAttr::getIntegerCodes() const {
  return std::nullopt;
}

Value OneBitAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                                ValueRange scales) const {
  return getSigns().buildQuantize(b, input, scales.drop_back());
}

Value OneBitAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                  ValueRange scales) const {
  Value values = getSigns().buildDequantize(b, codes, scales.drop_back());
  Value rows = getColumnGroups(codes.getType()).buildLoad(b, scales.back());
  return MulOp::create(b, values, rows);
}

Value OneBitAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes,
                             Value zeroPoints) const {
  return getSigns().emitDecode(b, codes, zeroPoints);
}

Value OneBitAttr::emitDecodeScales(ImplicitLocOpBuilder &b,
                                   Value scales) const {
  return getSigns().emitDecodeScales(b, scales);
}
