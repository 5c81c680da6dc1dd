//===- KeepDeviceOps.cpp - Ops that have kernels keep their names ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/DeviceOps.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace dither {
#define GEN_PASS_DEF_KEEPDEVICEOPS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct KeepDeviceOps : dither::impl::KeepDeviceOpsBase<KeepDeviceOps> {
  void runOnOperation() override {
    int64_t kept = 0;
    getOperation().walk([&](Operation *op) {
      const DeviceOp *found = findDeviceOp(op->getName().getStringRef());
      if (found && llvm::all_of(op->getOperandTypes(), hasElements)) {
        keep(op, *found);
        ++kept;
      }
    });
    reportCounts(*this, getOperation(), {{"kept", kept}});
  }

private:
  /// Whether a type is that of a known number of elements, not none: kernels
  /// of these ops are made for a shape, and of nothing there is no launch.
  static bool hasElements(Type type) {
    auto tensor = cast<RankedTensorType>(type);
    return tensor.hasStaticShape() && tensor.getNumElements() > 0;
  }

  static void keep(Operation *op, const DeviceOp &found) {
    ImplicitLocOpBuilder b(op->getLoc(), op);
    SmallVector<Value> inputs(op->getOperands());
    SmallVector<Value> inits;
    if (found.start == DeviceOp::operand) {
      inits.push_back(inputs[found.operandNumber]);
      inputs.erase(inputs.begin() + found.operandNumber);
    } else {
      for (Type type : op->getResultTypes())
        inits.push_back(createInit(b, cast<RankedTensorType>(type),
                                   found.start == DeviceOp::zeros));
    }
    auto kept = OnDeviceOp::create(b, op->getResultTypes(), found.name, inputs,
                                   inits, op->getAttrDictionary(),
                                   found.start != DeviceOp::nothing);
    op->replaceAllUsesWith(kept);
    op->erase();
  }

  static Value createInit(ImplicitLocOpBuilder &b, RankedTensorType type,
                          bool isZero) {
    Value init =
        tensor::EmptyOp::create(b, type.getShape(), type.getElementType());
    if (!isZero)
      return init;
    Value zero =
        arith::ConstantOp::create(b, b.getZeroAttr(type.getElementType()));
    return linalg::FillOp::create(b, zero, init).getResult(0);
  }
};
} // namespace
