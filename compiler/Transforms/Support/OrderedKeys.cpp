//===- OrderedKeys.cpp - Floats as integers in their order ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Support/OrderedKeys.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace dither;

Value dither::emitOrderedKey(ImplicitLocOpBuilder &b, Value element) {
  auto integer = [&](uint32_t value) -> Value {
    return arith::ConstantOp::create(b, b.getI32IntegerAttr(int32_t(value)));
  };
  if (element.getType().getIntOrFloatBitWidth() < 32)
    element = arith::ExtFOp::create(b, b.getF32Type(), element);
  // Makes the zeros equal.
  Value zero = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
  element = arith::AddFOp::create(b, element, zero);
  Value bits = arith::BitcastOp::create(b, b.getI32Type(), element);
  // Negative numbers are in reverse order, below the others.
  Value sign = arith::ShRSIOp::create(b, bits, integer(31));
  Value flip = arith::OrIOp::create(b, sign, integer(uint32_t(1) << 31));
  Value key = arith::XOrIOp::create(b, bits, flip);
  Value isNaN =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, element, element);
  return arith::SelectOp::create(b, isNaN, integer(~uint32_t(0)), key);
}
