//===- FuseEpilogues.cpp - What follows a product, in its kernel ----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

namespace dither {
#define GEN_PASS_DEF_FUSEEPILOGUES
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

static bool isElement(Type type) {
  return type.isF32() || type.isF16() || type.isBF16() || type.isInteger(8) ||
         type.isInteger(16) || type.isInteger(32);
}

/// Whether all else that an op reads is there before the product. Or the
/// product would wait, with what it reads, for a tensor that may be as large.
static bool isReadBefore(linalg::GenericOp op, OpOperand *product) {
  Operation *contract = product->get().getDefiningOp();
  llvm::SetVector<Value> values;
  getUsedValuesDefinedAbove(op.getRegion(), values);
  for (OpOperand *input : op.getDpsInputOperands())
    if (input != product)
      values.insert(input->get());
  return llvm::all_of(values, [&](Value value) {
    Operation *source = value.getDefiningOp();
    return !source || (source->getBlock() == contract->getBlock() &&
                       source->isBeforeInBlock(contract));
  });
}

/// Whether a value is every other column of a tensor, or the like, which is not
/// copied: kernels read columns that lie side by side.
static bool isStrided(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
      return !slice.hasUnitStride();
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(
            op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

/// The operand of an elementwise op that is a product which nothing else reads,
/// and which it can follow in a kernel; null if there is none.
static OpOperand *findProduct(linalg::GenericOp op) {
  if (op.getNumLoops() != 2 || op.getNumParallelLoops() != 2 ||
      op.getNumResults() != 1 || !ContractOp::isElementwise(*op.getBody()) ||
      !op.getRegionOutputArgs()[0].use_empty() ||
      !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity())
    return nullptr;
  OpOperand *product = nullptr;
  for (OpOperand *input : op.getDpsInputOperands()) {
    auto type = dyn_cast<RankedTensorType>(input->get().getType());
    AffineMap map = op.getMatchingIndexingMap(input);
    if (!type || !isElement(type.getElementType()) ||
        !ContractOp::isFusedMap(map, type.getRank()) || isStrided(input->get()))
      return nullptr;
    auto contract = input->get().getDefiningOp<ContractOp>();
    if (contract && map.isIdentity() && contract->hasOneUse() &&
        type == op.getResult(0).getType() && contract.getEpilogue().empty() &&
        !contract.getTransposeX() &&
        !isa_and_present<ListPatternAttrInterface>(contract.getPatternAttr()))
      product = input;
  }
  return product && isReadBefore(op, product) ? product : nullptr;
}

static void fuse(linalg::GenericOp op, OpOperand *input) {
  auto contract = input->get().getDefiningOp<ContractOp>();
  OpBuilder b(contract);
  SmallVector<Value> fused;
  SmallVector<AffineMap> maps;
  SmallVector<BlockArgument> arguments = {op.getMatchingBlockArgument(input)};
  for (OpOperand *other : op.getDpsInputOperands()) {
    if (other == input)
      continue;
    fused.push_back(other->get());
    maps.push_back(op.getMatchingIndexingMap(other));
    arguments.push_back(op.getMatchingBlockArgument(other));
  }
  auto result = cast<ContractOp>(b.clone(*contract));
  result.getFusedMutable().assign(fused);
  result.setFusedMapsAttr(b.getAffineMapArrayAttr(maps));
  Block &block = result.getEpilogue().emplaceBlock();
  IRMapping mapping;
  for (BlockArgument argument : arguments)
    mapping.map(argument,
                block.addArgument(argument.getType(), argument.getLoc()));
  b.setInsertionPointToStart(&block);
  for (Operation &o : op.getBody()->without_terminator())
    b.clone(o, mapping);
  Value element = op.getBody()->getTerminator()->getOperand(0);
  YieldOp::create(b, op.getLoc(), mapping.lookupOrDefault(element));
  op.getResult(0).replaceAllUsesWith(result.getY());
  op.erase();
  contract.erase();
}

namespace {
struct FuseEpilogues : dither::impl::FuseEpiloguesBase<FuseEpilogues> {
  void runOnOperation() override {
    int64_t fused = 0;
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) { ops.push_back(op); });
    for (linalg::GenericOp op : ops)
      if (OpOperand *product = findProduct(op)) {
        fuse(op, product);
        ++fused;
      }
    reportCounts(*this, getOperation(), {{"fused", fused}});
  }
};
} // namespace
