//===- Sparse.cpp - Largest elements and lists of elements ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Representation/Layout.h"
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace dither;

//===- Largest elements ---------------------------------------------------===//

LogicalResult TopMaskOp::inferReturnTypes(MLIRContext *context,
                                          std::optional<Location>,
                                          ValueRange operands, DictionaryAttr,
                                          OpaqueProperties, RegionRange,
                                          SmallVectorImpl<Type> &types) {
  types.push_back(
      withElement(operands[0].getType(), IntegerType::get(context, 1)));
  return success();
}

LogicalResult TopMaskOp::verify() {
  auto type = cast<RankedTensorType>(getX().getType());
  if (!type.hasStaticShape() || type.getRank() == 0)
    return emitOpError("(C1) needs a static shape of rank 1 or more, not ")
           << type;
  if (type.getElementTypeBitWidth() > 32)
    return emitOpError("(C2) needs elements of at most 32 bits, not ")
           << type.getElementType();
  if (int64_t(getCount()) < 0)
    return emitOpError("(C3) `count` is ")
           << int64_t(getCount()) << "; it must not be negative";
  return success();
}

LogicalResult TopMaskOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0];
  std::vector<int64_t> order(x.getNumElements());
  std::iota(order.begin(), order.end(), 0);
  auto comesFirst = [&](int64_t i, int64_t j) {
    double a = x.getDouble(i), b = x.getDouble(j);
    if (std::isnan(a) || std::isnan(b))
      return std::isnan(a) && (!std::isnan(b) || i < j);
    return a == b ? i < j : a > b;
  };
  auto count = std::min<size_t>(getCount(), order.size());
  std::nth_element(order.begin(), order.begin() + count, order.end(),
                   comesFirst);
  for (int64_t i : ArrayRef<int64_t>(order).take_front(count))
    results[0].set(i, Scalar::ofInt(1));
  return success();
}

//===- Lists --------------------------------------------------------------===//

int64_t dither::countKept(int64_t count, double sparsity) {
  return count - int64_t(std::ceil(sparsity * double(count) - 0.5));
}

RankedTensorType dither::getListedRowsType(RankedTensorType matrix,
                                           int64_t count) {
  int64_t rows = matrix.getDimSize(0);
  unsigned bits = rows <= 1 << 8 ? 8 : rows <= 1 << 16 ? 16 : 32;
  return RankedTensorType::get({count},
                               IntegerType::get(matrix.getContext(), bits));
}

RankedTensorType dither::getListOffsetsType(RankedTensorType matrix) {
  return RankedTensorType::get({matrix.getDimSize(1) + 1},
                               IntegerType::get(matrix.getContext(), 32));
}

/// Checks the list of a matrix; `first` and `second` are the constraints on
/// the matrix and the list.
static LogicalResult verifyList(Operation *op, Type matrix, Type rows,
                                Type offsets, StringRef first,
                                StringRef second) {
  auto dense = cast<RankedTensorType>(matrix);
  auto list = cast<RankedTensorType>(rows);
  if (dense.getRank() != 2 || !dense.hasStaticShape())
    return op->emitOpError(first)
           << "needs a matrix of static shape, not " << dense;
  if (list.getRank() != 1 || !list.hasStaticShape() ||
      list != getListedRowsType(dense, list.getDimSize(0)) ||
      offsets != getListOffsetsType(dense)) {
    int64_t count =
        list.getRank() == 1 ? list.getDimSize(0) : ShapedType::kDynamic;
    return op->emitOpError(second) << "lists elements of " << dense << " by "
                                   << getListedRowsType(dense, count) << " and "
                                   << getListOffsetsType(dense) << ", not by "
                                   << rows << " and " << offsets;
  }
  return success();
}

static LogicalResult verifySlots(Operation *op, Type matrix, Type slots,
                                 Type rows) {
  auto type = cast<RankedTensorType>(slots);
  if (type.getShape() != cast<RankedTensorType>(rows).getShape() ||
      type.getElementType() != getElementTypeOrSelf(matrix))
    return op->emitOpError("(C1) has as many elements of the matrix as rows, "
                           "not ")
           << type;
  return success();
}

LogicalResult ListRowsOp::verify() {
  return verifyList(*this, getMask().getType(), getRows().getType(),
                    getOffsets().getType(), "(C1) ", "(C2) ");
}

LogicalResult ListRowsOp::evaluate(ArrayRef<HostTensor> operands,
                                   MutableArrayRef<HostTensor> results) {
  const HostTensor &mask = operands[0];
  int64_t depth = mask.getShape()[0], columns = mask.getShape()[1], next = 0;
  for (int64_t j = 0; j < columns; ++j) {
    for (int64_t k = 0; k < depth; ++k)
      if (mask.getInt(k * columns + j) != 0 &&
          next < results[0].getNumElements())
        results[0].set(next++, Scalar::ofInt(k));
    results[1].set(j + 1, Scalar::ofInt(next));
  }
  return success();
}

/// Calls `body` with the position and the row-major index of each listed
/// element of a matrix.
static void forEachListed(const HostTensor &rows, const HostTensor &offsets,
                          function_ref<void(int64_t, int64_t)> body) {
  int64_t columns = offsets.getNumElements() - 1;
  int64_t bits = rows.getElementType().getIntOrFloatBitWidth();
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t p = offsets.getInt(j); p < offsets.getInt(j + 1); ++p)
      body(p,
           (rows.getInt(p) & llvm::maskTrailingOnes<uint64_t>(bits)) * columns +
               j);
}

LogicalResult GatherListedOp::verify() {
  if (failed(verifyList(*this, getX().getType(), getRows().getType(),
                        getOffsets().getType(), "(C1) ", "(C2) ")))
    return failure();
  return verifySlots(*this, getX().getType(), getSlots().getType(),
                     getRows().getType());
}

LogicalResult GatherListedOp::evaluate(ArrayRef<HostTensor> operands,
                                       MutableArrayRef<HostTensor> results) {
  forEachListed(operands[1], operands[2], [&](int64_t p, int64_t index) {
    results[0].set(p, operands[0].get(index));
  });
  return success();
}

SmallVector<Value> GatherListedOp::buildGradients(ImplicitLocOpBuilder &b,
                                                  ValueRange dys) {
  Value dx = ScatterListedOp::create(b, getX().getType(), dys[0], getRows(),
                                     getOffsets());
  return {dx, Value(), Value()};
}

LogicalResult ScatterListedOp::verify() {
  if (failed(verifyList(*this, getX().getType(), getRows().getType(),
                        getOffsets().getType(), "(C1) ", "(C2) ")))
    return failure();
  return verifySlots(*this, getX().getType(), getSlots().getType(),
                     getRows().getType());
}

LogicalResult ScatterListedOp::evaluate(ArrayRef<HostTensor> operands,
                                        MutableArrayRef<HostTensor> results) {
  forEachListed(operands[1], operands[2], [&](int64_t p, int64_t index) {
    results[0].set(index, operands[0].get(p));
  });
  return success();
}

SmallVector<Value> ScatterListedOp::buildGradients(ImplicitLocOpBuilder &b,
                                                   ValueRange dys) {
  Value dslots = GatherListedOp::create(b, getSlots().getType(), dys[0],
                                        getRows(), getOffsets());
  return {dslots, Value(), Value()};
}

//===- Sampled products ---------------------------------------------------===//

/// Checks the metadata and slots of a matrix of type `dense`.
static LogicalResult verifySample(Operation *op, RankedTensorType dense,
                                  Attribute attr, TypeRange metadata,
                                  Type slots, StringRef first,
                                  StringRef second) {
  auto pattern = dyn_cast<PatternAttrInterface>(attr);
  if (!pattern)
    return op->emitOpError() << attr << " is not a pattern such as "
                             << "#dither.unstructured<sparsity = 0.9>";
  auto error = [&]() { return op->emitOpError(first); };
  if (failed(pattern.verifyType(error, dense)))
    return failure();
  auto expected = getPackedParts(dense, pattern, FormatAttrInterface());
  SmallVector<Type> parts = {slots};
  llvm::append_range(parts, metadata);
  if (expected.size() == parts.size() &&
      llvm::all_of_zip(expected, parts, [](const PackedPart &part, Type type) {
        return part.second == type;
      }))
    return success();
  auto diagnostic = op->emitOpError(second) << "has the parts ";
  llvm::interleaveComma(expected, diagnostic, [&](const PackedPart &part) {
    diagnostic << part.first << ": " << part.second;
  });
  return diagnostic;
}

LogicalResult SampleOp::verify() {
  return verifySample(*this, cast<RankedTensorType>(getX().getType()),
                      getPattern(), getMetadata().getTypes(),
                      getSlots().getType(), "(C1) ", "(C2) ");
}

SmallVector<Value> SampleOp::decompose(ImplicitLocOpBuilder &b) {
  auto pattern = cast<PatternAttrInterface>(getPattern());
  return {buildToMemory(b, pattern.buildSample(b, getX(), getMetadata()))};
}

SmallVector<Value> SampleOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  SmallVector<Value> parts = {dys[0]};
  llvm::append_range(parts, getMetadata());
  SmallVector<Value> gradients(1 + getMetadata().size());
  gradients[0] =
      UnpackOp::create(b, getX().getType(), parts, getPattern(), Attribute());
  return gradients;
}

/// The type of the product of which some elements are taken.
static RankedTensorType getProductType(SampledMatmulOp op) {
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto y = cast<RankedTensorType>(op.getY().getType());
  return RankedTensorType::get({x.getShape().back(), y.getShape().back()},
                               x.getElementType());
}

LogicalResult SampledMatmulOp::verify() {
  auto x = cast<RankedTensorType>(getX().getType());
  auto y = cast<RankedTensorType>(getY().getType());
  if (x.getRank() < 2 || y.getRank() != x.getRank() ||
      x.getShape().drop_back() != y.getShape().drop_back() ||
      ShapedType::isDynamic(x.getShape().back()) ||
      ShapedType::isDynamic(y.getShape().back()) ||
      x.getElementType() != y.getElementType())
    return emitOpError("(C1) needs matrices with as many rows and known "
                       "columns, not ")
           << x << " and " << y;
  return verifySample(*this, getProductType(*this), getPattern(),
                      getMetadata().getTypes(), getSlots().getType(), "(C2) ",
                      "(C2) ");
}

SmallVector<Value> SampledMatmulOp::decompose(ImplicitLocOpBuilder &b) {
  Value product = MatmulOp::create(b, getX(), getY(), true, false);
  return {SampleOp::create(b, getSlots().getType(), product, getMetadata(),
                           getPattern())};
}
