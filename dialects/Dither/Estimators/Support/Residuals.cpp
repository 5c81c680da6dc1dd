//===- Residuals.cpp - Residuals of a few bits ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Estimators/Support/Residuals.h"

using namespace mlir;
using namespace dither;

/// The i8 tensor of the packed fields of a tensor of `type`.
static RankedTensorType getPackedType(Type type, int64_t bits) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(type).getShape());
  shape.back() = packedExtent(shape.back(), bits);
  return RankedTensorType::get(shape, IntegerType::get(type.getContext(), 8));
}

LogicalResult dither::verifyPackable(Operation *op, Type type,
                                     Attribute estimator) {
  auto tensor = cast<RankedTensorType>(type);
  if (tensor.getRank() > 0 && !tensor.isDynamicDim(tensor.getRank() - 1))
    return success();
  return op->emitOpError() << estimator
                           << " packs along the last dimension, which must be "
                           << "static; got " << type;
}

Value dither::buildPackedResidual(ImplicitLocOpBuilder &b, Value fields,
                                  int64_t bits) {
  int64_t last = cast<RankedTensorType>(fields.getType()).getRank() - 1;
  return PackBitsOp::create(b, getPackedType(fields.getType(), bits), fields,
                            bits, last);
}

Value dither::buildUnpackedResidual(ImplicitLocOpBuilder &b, Value packed,
                                    Type type, int64_t bits) {
  int64_t last = cast<RankedTensorType>(type).getRank() - 1;
  return UnpackBitsOp::create(b, withElement(type, b.getI8Type()), packed, bits,
                              last);
}

int64_t dither::getPackedResidualBytes(Type type, int64_t bits) {
  int64_t bytes = 1;
  for (int64_t extent : getPackedType(type, bits).getShape())
    bytes *= ShapedType::isDynamic(extent) ? 1 : extent;
  return bytes;
}
