//===- Indexing.cpp - Rows by position ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

/// Whether a tensor holds positions of rows.
static bool isRows(Type type) {
  auto rows = cast<RankedTensorType>(type);
  return rows.getRank() == 1 && rows.getElementType().isInteger(32);
}

static int64_t getRowElements(ArrayRef<int64_t> shape) {
  return ShapedType::getNumElements(shape.drop_front());
}

//===- Gather -------------------------------------------------------------===//

LogicalResult GatherOp::inferReturnTypes(MLIRContext *,
                                         std::optional<Location> location,
                                         ValueRange operands, DictionaryAttr,
                                         OpaqueProperties, RegionRange,
                                         SmallVectorImpl<Type> &types) {
  auto x = cast<RankedTensorType>(operands[0].getType());
  auto rows = cast<RankedTensorType>(operands[1].getType());
  if (x.getRank() == 0 || x.isDynamicDim(0) || x.getDimSize(0) == 0)
    return emitOptionalError(
        location, "(C1) gathers from a known number of rows, not 0; got ", x);
  if (!isRows(rows))
    return emitOptionalError(
        location, "(C2) takes positions as an i32 tensor of rank 1, not as ",
        rows);
  SmallVector<int64_t> shape(x.getShape());
  shape[0] = rows.getDimSize(0);
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
  return success();
}

SmallVector<SmallVector<int64_t>>
GatherOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  SmallVector<int64_t> shape(operands[0].getShape());
  shape[0] = operands[1].getShape()[0];
  return {shape};
}

LogicalResult GatherOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0], &rows = operands[1];
  int64_t count = x.getShape()[0], length = getRowElements(x.getShape());
  for (int64_t i = 0; i < rows.getNumElements(); ++i) {
    int64_t row = std::clamp<int64_t>(rows.getInt(i), 0, count - 1);
    for (int64_t k = 0; k < length; ++k)
      results[0].set(i * length + k, x.get(row * length + k));
  }
  return success();
}

//===- Scatter ------------------------------------------------------------===//

LogicalResult ScatterOp::verify() {
  auto updates = cast<RankedTensorType>(getUpdates().getType());
  auto x = cast<RankedTensorType>(getX().getType());
  auto rows = cast<RankedTensorType>(getRows().getType());
  if (!isRows(rows))
    return emitOpError("(C1) takes positions as an i32 tensor of rank 1, not "
                       "as ")
           << rows;
  if (!updates.hasStaticShape() || !x.hasStaticShape() ||
      !rows.hasStaticShape())
    return emitOpError("(C3) needs static shapes");
  if (updates.getRank() == 0 || updates.getRank() != x.getRank() ||
      updates.getElementType() != x.getElementType() ||
      updates.getShape().drop_front() != x.getShape().drop_front() ||
      updates.getDimSize(0) != rows.getDimSize(0))
    return emitOpError("(C2) replaces ")
           << rows.getDimSize(0) << " rows of " << x << " by " << updates;
  return success();
}

SmallVector<SmallVector<int64_t>>
ScatterOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {SmallVector<int64_t>(operands[1].getShape())};
}

LogicalResult ScatterOp::evaluate(ArrayRef<HostTensor> operands,
                                  MutableArrayRef<HostTensor> results) {
  const HostTensor &updates = operands[0], &x = operands[1],
                   &rows = operands[2];
  int64_t length = getRowElements(x.getShape());
  std::copy(x.data(), x.data() + x.getNumBytes(), results[0].data());
  for (int64_t i = 0; i < rows.getNumElements(); ++i) {
    int64_t row = rows.getInt(i);
    if (row < 0 || row >= x.getShape()[0])
      continue;
    for (int64_t k = 0; k < length; ++k)
      results[0].set(row * length + k, updates.get(i * length + k));
  }
  return success();
}
