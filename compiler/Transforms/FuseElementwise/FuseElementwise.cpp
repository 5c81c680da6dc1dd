//===- FuseElementwise.cpp - Fuses elementwise producers ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace dither {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Ops of the body, without the terminator and constants.
static bool isCopy(linalg::GenericOp op) {
  return llvm::all_of(op.getBody()->without_terminator(),
                      [](Operation &o) { return isa<arith::ConstantOp>(o); });
}

/// Random bits and counters read no tensor: they are recomputed, never stored.
static bool isGenerator(linalg::GenericOp op) {
  return op.getNumDpsInputs() == 0 && op.getNumReductionLoops() == 0;
}

static bool hasMath(linalg::GenericOp op) {
  return llvm::any_of(op.getBody()->without_terminator(), [](Operation &o) {
    return isa<math::MathDialect>(o.getDialect()) || isa<arith::DivFOp>(o);
  });
}

/// Whether the consumer reads each element of the operand once.
static bool isReadOnce(OpOperand *operand) {
  auto consumer = cast<linalg::GenericOp>(operand->getOwner());
  AffineMap map = consumer.getMatchingIndexingMap(operand);
  return map.isPermutation();
}

static bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  if (!producer)
    return false;
  if (isCopy(producer) || isGenerator(producer))
    return true;
  if (!producer->hasOneUse())
    return false;
  return isReadOnce(operand) || !hasMath(producer);
}

namespace {
struct FuseElementwise : dither::impl::FuseElementwiseBase<FuseElementwise> {
  void runOnOperation() override {
    int64_t fused = 0;
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(
        patterns, [&](OpOperand *operand) {
          bool fuse = shouldFuse(operand);
          fused += fuse;
          return fuse;
        });
    linalg::populateFoldReshapeOpsByExpansionPatterns(
        patterns, [](OpOperand *operand) {
          auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
          return producer && producer->hasOneUse();
        });
    // An extent is read from what the producer reads, so that it is no use.
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    linalg::GenericOp::getCanonicalizationPatterns(patterns, &getContext());
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns,
                                                         &getContext());
    GreedyRewriteConfig config;
    config.setUseTopDownTraversal(true);
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
    reportCounts(*this, getOperation(), {{"fused", fused}});
  }
};
} // namespace
