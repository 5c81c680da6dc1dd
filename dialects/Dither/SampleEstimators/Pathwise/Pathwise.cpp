//===- Pathwise.cpp - Reparameterization ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult PathwiseAttr::verifyOn(Operation *op) const {
  auto sample = cast<DrawOp>(op);
  if (!sample.getDistributionInterface().isReparameterized())
    return op->emitOpError("(C4) has ")
           << *this << " (C1) where no gradient passes through draws of "
           << sample.getDistribution()
           << "; #dither.score_function serves every distribution";
  return success();
}

bool PathwiseAttr::isUnbiased() const { return true; }

FailureOr<Value> PathwiseAttr::buildCost(ImplicitLocOpBuilder &b,
                                         Operation *sample, BuildCost rest,
                                         Expectation &) const {
  return rest(b, sample->getResult(0));
}
