//===- MoveBF16.cpp - Vectors of bf16 as integers -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace dither {
#define GEN_PASS_DEF_MOVEBF16
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Whether a value is a bf16 or a vector of them.
static bool isBF16(Value value) {
  return getElementTypeOrSelf(value.getType()).isBF16();
}

/// The same type of other elements.
static Type changeElement(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? vector.clone(element) : element;
}

static Value castTo(OpBuilder &b, Location loc, Value value, Type element) {
  return LLVM::BitcastOp::create(
      b, loc, changeElement(value.getType(), element), value);
}

template <typename Op> static void loadIntegers(Op op) {
  Value result = op.getRes();
  if (!isBF16(result))
    return;
  OpBuilder b(op);
  Type bf16 = b.getBF16Type(), i16 = b.getI16Type();
  for (OpOperand &operand : op->getOpOperands())
    if (isBF16(operand.get()))
      operand.set(castTo(b, op.getLoc(), operand.get(), i16));
  result.setType(changeElement(result.getType(), i16));
  b.setInsertionPointAfter(op);
  Value floats = castTo(b, op.getLoc(), result, bf16);
  result.replaceAllUsesExcept(floats, floats.getDefiningOp());
}

template <typename Op> static void storeIntegers(Op op) {
  OpBuilder b(op);
  if (isBF16(op.getValue()))
    op.getValueMutable().assign(
        castTo(b, op.getLoc(), op.getValue(), b.getI16Type()));
}

namespace {
struct MoveBF16 : dither::impl::MoveBF16Base<MoveBF16> {
  void runOnOperation() override {
    getOperation()->walk(loadIntegers<LLVM::MaskedLoadOp>);
    getOperation()->walk(loadIntegers<LLVM::LoadOp>);
    getOperation()->walk(storeIntegers<LLVM::MaskedStoreOp>);
    getOperation()->walk(storeIntegers<LLVM::StoreOp>);
  }
};
} // namespace
