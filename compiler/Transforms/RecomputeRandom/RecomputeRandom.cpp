//===- RecomputeRandom.cpp - Random tensors made again --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace dither {
#define GEN_PASS_DEF_RECOMPUTERANDOM
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

using OpSet = llvm::SetVector<Operation *>;

/// Whether an op may be part of a chain that starts at random bits.
static bool isCheap(Operation *op) {
  return isa<ElementwiseOpInterface, ReshapeOp, TransposeOp, BroadcastOp,
             SliceOp>(op);
}

/// The ops whose values follow from random bits and constants alone.
static OpSet findChains(Block &block) {
  OpSet chains;
  auto isRandom = [&](Value operand) {
    return chains.contains(operand.getDefiningOp());
  };
  auto isFree = [&](Value operand) {
    Operation *op = operand.getDefiningOp();
    return op && (chains.contains(op) || isa<ConstantOp, IotaOp>(op));
  };
  for (Operation &op : block)
    if (isa<RandomBitsOp>(op) ||
        (isCheap(&op) && llvm::any_of(op.getOperands(), isRandom) &&
         llvm::all_of(op.getOperands(), isFree)))
      chains.insert(&op);
  return chains;
}

/// Adds to `slice` the ops of the chains that `op` reads, operands first.
static void collectSlice(Operation *op, const OpSet &chains, OpSet &slice) {
  for (Value operand : op->getOperands()) {
    Operation *producer = operand.getDefiningOp();
    if (!chains.contains(producer) || slice.contains(producer))
      continue;
    collectSlice(producer, chains, slice);
    slice.insert(producer);
  }
}

/// Copies the ops of `slice` in front of `consumer`, which then reads them.
static void copySlice(Operation *consumer, const OpSet &slice) {
  OpBuilder b(consumer);
  IRMapping map;
  for (Operation *op : slice)
    b.clone(*op, map);
  for (OpOperand &operand : consumer->getOpOperands())
    operand.set(map.lookupOrDefault(operand.get()));
}

namespace {
struct RecomputeRandomPass
    : dither::impl::RecomputeRandomBase<RecomputeRandomPass> {
  void runOnOperation() override {
    int64_t recomputed = 0;
    for (Block &block : getOperation().getBody())
      recomputed += runOnBlock(block);
    reportCounts(*this, getOperation(), {{"recomputed", recomputed}});
  }

  /// Returns how many ops there are more than before.
  static int64_t runOnBlock(Block &block) {
    OpSet chains = findChains(block);
    SmallVector<Operation *> consumers;
    for (Operation &op : block)
      if (!chains.contains(&op))
        consumers.push_back(&op);
    int64_t numCopies = 0, numErased = 0;
    for (Operation *consumer : consumers) {
      OpSet slice;
      collectSlice(consumer, chains, slice);
      copySlice(consumer, slice);
      numCopies += slice.size();
    }
    // All consumers have copies: the chains themselves are dead.
    for (Operation *op : llvm::reverse(chains.getArrayRef()))
      if (op->use_empty()) {
        op->erase();
        ++numErased;
      }
    return numCopies - numErased;
  }
};
} // namespace
