//===- Gradient.cpp - Ops that steer gradients ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

SmallVector<Value> StopGradientOp::decompose(ImplicitLocOpBuilder &) {
  return {getX()};
}
SmallVector<Value> StopGradientOp::buildGradients(ImplicitLocOpBuilder &,
                                                  ValueRange) {
  return {Value()};
}

SmallVector<Value> SurrogateOp::decompose(ImplicitLocOpBuilder &) {
  return {getValue()};
}
SmallVector<Value> SurrogateOp::buildGradients(ImplicitLocOpBuilder &,
                                               ValueRange dys) {
  return {Value(), dys[0]};
}
