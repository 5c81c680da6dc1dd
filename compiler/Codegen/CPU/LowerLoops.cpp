//===- LowerLoops.cpp - linalg on buffers to loops ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Loops/ScanLoops.h"
#include "compiler/Codegen/CPU/Loops/VectorLoops.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace dither {
#define GEN_PASS_DEF_LOWERLOOPS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Iterations of an op, with a number of rows where that is not known.
static int64_t countIterations(linalg::LinalgOp op) {
  int64_t count = 1;
  for (int64_t extent : op.getStaticLoopRanges())
    count *= ShapedType::isDynamic(extent) ? assumedRows : extent;
  return count;
}

namespace {
struct LowerLoops : dither::impl::LowerLoopsBase<LowerLoops> {
  using LowerLoopsBase::LowerLoopsBase;

  void runOnOperation() override {
    lowerCopies();
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    int64_t parallel = 0, vectors = 0;
    for (linalg::LinalgOp op : ops) {
      rewriter.setInsertionPoint(op);
      bool isParallel =
          op.getNumLoops() > 0 &&
          op.getIteratorTypesArray()[0] == utils::IteratorType::parallel &&
          countIterations(op) >= parallelElements &&
          !op->getParentOfType<scf::ParallelOp>();
      parallel += isParallel;
      if (succeeded(lowerToVectorLoops(rewriter, op, lanes, isParallel))) {
        ++vectors;
        rewriter.eraseOp(op);
        continue;
      }
      if (succeeded(lowerToScanLoops(rewriter, op, isParallel))) {
        rewriter.eraseOp(op);
        continue;
      }
      auto loops = isParallel ? linalg::linalgOpToParallelLoops(rewriter, op)
                              : linalg::linalgOpToLoops(rewriter, op);
      if (failed(loops)) {
        op.emitError("cannot be turned into loops");
        return signalPassFailure();
      }
      rewriter.eraseOp(op);
    }
    reportCounts(
        *this, getOperation(),
        {{"loops", ops.size()}, {"parallel", parallel}, {"vectors", vectors}});
  }

  /// A copy between strided buffers would become a call into a library that
  /// artifacts do not have.
  void lowerCopies() {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](memref::CopyOp copy) {
      rewriter.setInsertionPoint(copy);
      linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(),
                               copy.getTarget());
      rewriter.eraseOp(copy);
    });
  }
};
} // namespace
