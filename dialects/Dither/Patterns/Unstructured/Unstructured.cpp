//===- Unstructured.cpp - The largest elements of a matrix ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult
UnstructuredAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                         FloatAttr sparsity) {
  double value = sparsity.getValueAsDouble();
  if (!(value >= 0 && value <= 1))
    return emitError() << "(C1) `sparsity` is " << value
                       << "; it must be from 0, nothing is left out, to 1";
  return success();
}

LogicalResult
UnstructuredAttr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                             RankedTensorType type) const {
  if (type.getRank() != 2 || !type.hasStaticShape())
    return emitError() << "(C2) needs a matrix of static shape, not " << type;
  return success();
}

/// Elements that exist.
static int64_t count(UnstructuredAttr pattern, RankedTensorType type) {
  return countKept(type.getNumElements(),
                   pattern.getSparsity().getValueAsDouble());
}

double UnstructuredAttr::getDensity() const {
  return 1 - getSparsity().getValueAsDouble();
}

RankedTensorType UnstructuredAttr::getSlots(RankedTensorType type) const {
  return RankedTensorType::get({count(*this, type)}, type.getElementType());
}

int64_t UnstructuredAttr::getPackedDim() const { return 0; }

SmallVector<std::pair<std::string, RankedTensorType>>
UnstructuredAttr::getMetadata(RankedTensorType type) const {
  return {{"rows", getListedRowsType(type, count(*this, type))},
          {"offsets", getListOffsetsType(type)}};
}

Value UnstructuredAttr::buildMask(ImplicitLocOpBuilder &b, Value scores) const {
  auto type = cast<RankedTensorType>(scores.getType());
  return TopMaskOp::create(b, scores, count(*this, type));
}

Value UnstructuredAttr::buildCompress(ImplicitLocOpBuilder &b, Value dense,
                                      Value mask,
                                      SmallVectorImpl<Value> &metadata) const {
  auto type = cast<RankedTensorType>(dense.getType());
  auto list = ListRowsOp::create(b, getListedRowsType(type, count(*this, type)),
                                 getListOffsetsType(type), mask);
  metadata.append({list.getRows(), list.getOffsets()});
  return buildSample(b, dense, metadata);
}

Value UnstructuredAttr::buildSample(ImplicitLocOpBuilder &b, Value dense,
                                    ValueRange metadata) const {
  auto type = cast<RankedTensorType>(dense.getType());
  return GatherListedOp::create(b, getSlots(type), dense, metadata[0],
                                metadata[1]);
}

Value UnstructuredAttr::buildExpand(ImplicitLocOpBuilder &b,
                                    RankedTensorType type, Value slots,
                                    ValueRange metadata) const {
  return ScatterListedOp::create(b, type, slots, metadata[0], metadata[1]);
}
