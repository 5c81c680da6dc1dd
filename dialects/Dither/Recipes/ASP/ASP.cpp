//===- ASP.cpp - One-shot pruning by magnitude ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult ASPAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                              int64_t start) {
  if (start < 0)
    return emitError() << "(C1) `start` is " << start
                       << "; it must not be negative";
  return success();
}

SmallVector<std::pair<std::string, RankedTensorType>>
ASPAttr::getStates(RankedTensorType type) const {
  return {{"mask", withElement(type, IntegerType::get(getContext(), 8))}};
}

Value ASPAttr::buildMask(ImplicitLocOpBuilder &b, PatternAttrInterface pattern,
                         Value weight, ValueRange states, Value step,
                         SmallVectorImpl<Value> &newStates) const {
  // Steps count from 1: those up to `start` are dense, the next one prunes.
  Value isDense = CompareOp::create(b, Predicate::le, step,
                                    buildScalarLike(b, getStart(), step));
  Value isPruning = CompareOp::create(b, Predicate::eq, step,
                                      buildScalarLike(b, getStart() + 1, step));
  Value chosen = pattern.buildMask(b, AbsOp::create(b, weight));
  Value kept = CompareOp::create(b, Predicate::ne, states[0],
                                 buildScalarLike(b, 0, states[0]));
  Value sparse = SelectOp::create(b, isPruning, chosen, kept);
  Value mask = OrOp::create(b, isDense, sparse);
  newStates.push_back(CastOp::create(b, states[0].getType(), mask));
  return mask;
}

Value ASPAttr::buildGradient(ImplicitLocOpBuilder &b, Value, Value mask,
                             Value gradient) const {
  return ApplyMaskOp::create(b, gradient.getType(), gradient, mask);
}
