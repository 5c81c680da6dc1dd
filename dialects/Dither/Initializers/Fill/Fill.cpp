//===- Fill.cpp - One value everywhere ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult FillAttr::verify(function_ref<InFlightDiagnostic()>, FloatAttr) {
  return success();
}

Value FillAttr::buildInitial(ImplicitLocOpBuilder &b, RankedTensorType type,
                             Value, int64_t) const {
  double value = getValue().getValueAsDouble();
  Type element = type.getElementType();
  Attribute attr;
  if (isa<FloatType>(element))
    attr = b.getFloatAttr(element, value);
  else
    attr = b.getIntegerAttr(element, int64_t(value));
  return ConstantOp::create(b, DenseElementsAttr::get(type, attr));
}
