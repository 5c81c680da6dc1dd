//===- SRSTE.cpp - Sparse-refined straight-through training ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult SRSTEAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                FloatAttr decay) {
  if (!(decay.getValueAsDouble() >= 0))
    return emitError() << "(C1) `decay` is " << decay.getValueAsDouble()
                       << "; it must not be negative";
  return success();
}

Value SRSTEAttr::buildMask(ImplicitLocOpBuilder &b,
                           PatternAttrInterface pattern, Value weight,
                           ValueRange, Value, SmallVectorImpl<Value> &) const {
  return pattern.buildMask(b, AbsOp::create(b, weight));
}

Value SRSTEAttr::buildGradient(ImplicitLocOpBuilder &b, Value weight,
                               Value mask, Value gradient) const {
  Value pull = MulOp::create(
      b, weight, buildScalarLike(b, getDecay().getValueAsDouble(), weight));
  return SelectOp::create(b, mask, gradient, AddOp::create(b, gradient, pull));
}
