//===- DeviceMath.cpp - Functions that devices have as instructions -------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

namespace dither {
#define GEN_PASS_DEF_DEVICEMATH
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// The intrinsic that is an instruction, or a few; empty if there is none.
static StringRef getIntrinsic(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case([](math::AbsFOp) { return "llvm.fabs"; })
      .Case([](math::CeilOp) { return "llvm.ceil"; })
      .Case([](math::CopySignOp) { return "llvm.copysign"; })
      .Case([](math::FloorOp) { return "llvm.floor"; })
      .Case([](math::FmaOp) { return "llvm.fma"; })
      .Case([](math::RoundEvenOp) { return "llvm.roundeven"; })
      .Case([](math::RoundOp) { return "llvm.round"; })
      .Case([](math::SqrtOp) { return "llvm.sqrt"; })
      .Case([](math::TruncOp) { return "llvm.trunc"; })
      // Upstream would leave it to the target whether it rounds once or twice.
      .Case([](vector::FMAOp) { return "llvm.fma"; })
      .Default([](Operation *) { return ""; });
}

/// Functions of integers become instructions by upstream's hand.
static bool isInteger(Operation *op) {
  return getElementTypeOrSelf(op->getOperand(0).getType()).isIntOrIndex();
}

namespace {
struct DeviceMath : dither::impl::DeviceMathBase<DeviceMath> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa_and_present<math::MathDialect>(op->getDialect()) ||
          isa<vector::FMAOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      StringRef name = getIntrinsic(op);
      if (name.empty()) {
        if (isInteger(op))
          continue;
        op->emitOpError("of ")
            << op->getOperand(0).getType()
            << " is no instruction of a device; compile for the CPU";
        return signalPassFailure();
      }
      OpBuilder b(op);
      auto call = LLVM::CallIntrinsicOp::create(
          b, op->getLoc(), op->getResult(0).getType(), b.getStringAttr(name),
          op->getOperands());
      op->replaceAllUsesWith(call);
      op->erase();
    }
  }
};
} // namespace
