//===- StaticSparse.cpp - Training of what is kept at first ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

bool StaticSparseAttr::isPacked() const { return true; }

Value StaticSparseAttr::buildMask(ImplicitLocOpBuilder &b,
                                  PatternAttrInterface pattern, Value weight,
                                  ValueRange, Value,
                                  SmallVectorImpl<Value> &) const {
  return pattern.buildMask(b, AbsOp::create(b, weight));
}

Value StaticSparseAttr::buildGradient(ImplicitLocOpBuilder &, Value, Value,
                                      Value gradient) const {
  return gradient;
}
