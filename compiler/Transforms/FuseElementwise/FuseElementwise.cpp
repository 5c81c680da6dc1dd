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

/// Of more operations, a load costs less than doing them again; random bits
/// take a hundred.
static constexpr int64_t kCheapOps = 24;

static bool isExpensive(linalg::GenericOp op) {
  int64_t count = 0;
  for (Operation &o : op.getBody()->without_terminator()) {
    if (isa<math::MathDialect>(o.getDialect()) || isa<arith::DivFOp>(o))
      return true;
    count += !isa<arith::ConstantOp>(o);
  }
  return count > kCheapOps;
}

/// Whether a tensor is larger than all that it is made of, such as a comparison
/// of each element with each other: it is made again, never stored.
static bool isExpansion(linalg::GenericOp op) {
  auto count = [](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return type && type.hasStaticShape() ? type.getNumElements() : -1;
  };
  if (op.getNumResults() != 1 || op.getNumReductionLoops() > 0 ||
      op.getNumDpsInputs() < 2)
    return false;
  int64_t inputs = 0;
  for (Value input : op.getDpsInputs()) {
    if (count(input) < 0)
      return false;
    inputs += count(input);
  }
  return count(op.getResult(0)) > 2 * inputs;
}

/// Bytes of an element where it lies in memory.
static int64_t getBytes(Value value) {
  return llvm::divideCeil(
      getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth(), 8);
}

/// Whether an operation or two make a tensor from others of its shape that take
/// hardly more bytes: to make it again for each reader spares the writing.
static bool isTrivial(linalg::GenericOp op) {
  auto ops = llvm::make_filter_range(
      op.getBody()->without_terminator(),
      [](Operation &o) { return !isa<arith::ConstantOp>(o); });
  if (llvm::range_size(ops) > 2 || isExpensive(op) || op.getNumResults() != 1 ||
      op.getNumReductionLoops() > 0 || op.getNumDpsInputs() == 0)
    return false;
  int64_t bytes = 0;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (!op.getMatchingIndexingMap(input).isPermutation())
      return false;
    bytes += getBytes(input->get());
  }
  return 2 * bytes <= 3 * getBytes(op.getResult(0));
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
  if (isCopy(producer))
    return true;
  if (!isReadOnce(operand) && isExpensive(producer))
    return false;
  return isGenerator(producer) || producer->hasOneUse() ||
         (isExpansion(producer) && !isExpensive(producer)) ||
         isTrivial(producer);
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
