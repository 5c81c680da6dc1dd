//===- AssignScratch.cpp - Memory for staged matrices ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/ContractEmitter.h"
#include "compiler/Codegen/CPU/Staging.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace dither {
#define GEN_PASS_DEF_ASSIGNSCRATCH
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct AssignScratch : dither::impl::AssignScratchBase<AssignScratch> {
  using AssignScratchBase::AssignScratchBase;

  void runOnOperation() override {
    int64_t staged = 0, bytes = 0;
    getOperation()->walk([&](ContractOp op) {
      if (!isStaged(op))
        return;
      OpBuilder b(op);
      auto type = MemRefType::get(
          {getScratchElements(op, isWorthThreads(op, parallelFlops))},
          b.getF32Type());
      op.getScratchMutable().assign(
          memref::AllocOp::create(b, op.getLoc(), type).getResult());
      ++staged;
      bytes += 4 * type.getNumElements();
    });
    reportCounts(*this, getOperation(), {{"staged", staged}, {"bytes", bytes}});
  }

private:
  bool isStaged(ContractOp op) const {
    if (op.getDense() || op.getScratch())
      return false;
    auto matrix = dyn_cast<MemRefType>(op.getParts()[0].getType());
    auto result = dyn_cast<MemRefType>(op.getInit().getType());
    if (!matrix || !result || !matrix.hasStaticShape() ||
        matrix.getNumElements() == 0 || !matrix.getElementType().isF32())
      return false;
    if (op.getTransposeW())
      return true;
    bool isFew = !result.isDynamicDim(0) && result.getDimSize(0) < minRows;
    return !isFew && 4 * matrix.getNumElements() >= minBytes;
  }
};
} // namespace
