//===- BlockProduct.cpp - Products with blocks that are kept --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/BlockProduct.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

namespace {
/// Emits the kernel of one product.
class BlockProduct {
public:
  BlockProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), weights(makePackedPanels(op, productOptions)) {}

  void emit() {
    Value rows = emitDim(b, op.getInit(), 0);
    Value columns = emitDim(b, op.getInit(), 1);
    Value panels = emitParts(b, columns, productLanes);
    Value count = emitMul(b, rows, panels);
    Launch launch(b, emitParts(b, count, blockThreads));
    Value number =
        emitAdd(b, emitMul(b, launch.block[0], emitConstant(b, blockThreads)),
                launch.thread);
    emitIf(b, emitLess(b, number, count), [&] {
      row = b.createOrFold<arith::DivUIOp>(number, panels);
      Value column = emitMul(b, b.createOrFold<arith::RemUIOp>(number, panels),
                             emitConstant(b, productLanes));
      Panel panel = emitPanel(b, column, columns);
      emitProductResult(b, op, row, panel, emitSum(panel));
    });
  }

private:
  Value emitSum(Panel panel) {
    auto floats = VectorType::get({productLanes}, b.getF32Type());
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(floats));
    int64_t depth = *weights->getDepth(), step = weights->getStep();
    int64_t full = depth / step * step;
    Value sum =
        emitFor(b, emitConstant(b, 0), emitConstant(b, full), step, zero,
                [&](Value k, ValueRange carried) -> SmallVector<Value> {
                  return {emitStep(k, step, panel, carried[0])};
                })[0];
    if (full == depth)
      return sum;
    return emitStep(emitConstant(b, full), depth - full, panel, sum);
  }

  Value emitStep(Value k, int64_t count, Panel panel, Value sum) {
    weights->enterScaled(b, k, panel);
    SmallVector<Term> terms = weights->emitStep(b, k, count, panel);
    Value scale;
    if (weights->getScaledDepth() > 0)
      scale = weights->emitScale(b, k, panel);
    for (const Term &term : terms) {
      Value x = emitActivation(
          b, op, row, emitAdd(b, term.base, emitConstant(b, term.offset)));
      Value w = term.weights;
      if (scale)
        w = arith::MulFOp::create(b, w, scale);
      x = vector::BroadcastOp::create(b, w.getType(), x);
      sum = vector::FMAOp::create(b, x, w, sum);
    }
    return sum;
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  std::unique_ptr<WeightPanels> weights;
  Value row;
};
} // namespace

void dither::emitBlockProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  BlockProduct(b, op).emit();
}
