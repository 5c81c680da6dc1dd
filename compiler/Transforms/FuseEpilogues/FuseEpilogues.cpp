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
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
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

/// The product that an op reads: as it is, or with rows that several dimensions
/// count, such as the positions of images. Null if nothing else may follow it.
static ContractOp getProduct(Value value) {
  auto expand = value.getDefiningOp<tensor::ExpandShapeOp>();
  bool isExpanded = expand && expand->hasOneUse() &&
                    expand.getReassociationIndices().size() == 2 &&
                    expand.getReassociationIndices()[1].size() == 1;
  if (isExpanded)
    value = expand.getSrc();
  auto contract = value.getDefiningOp<ContractOp>();
  bool isFree = contract && contract->hasOneUse() &&
                contract.getEpilogue().empty() && !contract.getTransposeX();
  return isFree ? contract : ContractOp();
}

/// Whether all else that an op reads is there before the product. Or the
/// product would wait, with what it reads, for a tensor that may be as large.
static bool isReadBefore(linalg::GenericOp op, OpOperand *product,
                         ContractOp contract) {
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

/// Whether a map of an op over the dimensions that count rows, and columns,
/// names elements by all of the former, or none, and by the latter, or not.
static bool isByRowsAndColumns(AffineMap map) {
  unsigned columns = map.getNumDims() - 1;
  if (columns == 1)
    return ContractOp::isFusedMap(map, map.getNumResults());
  SmallVector<AffineExpr> wanted;
  for (unsigned dim = 0; dim <= columns; ++dim) {
    if (dim == columns ? map.isFunctionOfDim(dim) : map.isFunctionOfDim(0))
      wanted.push_back(getAffineDimExpr(dim, map.getContext()));
  }
  return map.getResults() == ArrayRef(wanted) && !wanted.empty();
}

/// Whether a kernel can store a product as a narrower type: it does not keep
/// sums in the result meanwhile.
static bool mayNarrow(ContractOp contract, RankedTensorType type,
                      RankedTensorType result, bool hasFloatTiles) {
  Type element = result.getElementType();
  if (type.getShape() != result.getShape() ||
      !(element.isBF16() || element.isF16()) || contract.getTransposeW())
    return false;
  if (contract.getDense())
    return !isa_and_present<ListPatternAttrInterface>(
        contract.getPatternAttr());
  auto isHalf = [](Value matrix) {
    return getElementTypeOrSelf(matrix.getType()).isBF16();
  };
  return hasFloatTiles && isHalf(contract.getX()) &&
         isHalf(contract.getParts()[0]) && !contract.getRows();
}

/// The operand of an elementwise op that is a product which nothing else reads,
/// and which it can follow in a kernel; null if there is none.
static OpOperand *findProduct(linalg::GenericOp op, bool hasFloatTiles) {
  if (op.getNumLoops() < 2 || op.getNumLoops() != op.getNumParallelLoops() ||
      op.getNumResults() != 1 || !ContractOp::isElementwise(*op.getBody()) ||
      !op.getRegionOutputArgs()[0].use_empty() ||
      !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity())
    return nullptr;
  auto result = dyn_cast<RankedTensorType>(op.getResult(0).getType());
  if (!result)
    return nullptr;
  OpOperand *product = nullptr;
  for (OpOperand *input : op.getDpsInputOperands()) {
    auto type = dyn_cast<RankedTensorType>(input->get().getType());
    if (!type || !isElement(type.getElementType()) ||
        !isByRowsAndColumns(op.getMatchingIndexingMap(input)) ||
        isStrided(input->get()))
      return nullptr;
    ContractOp contract = getProduct(input->get());
    if (contract && contract->getBlock() == op->getBlock() &&
        op.getMatchingIndexingMap(input).isIdentity() &&
        (type == result || mayNarrow(contract, type, result, hasFloatTiles)) &&
        isReadBefore(op, input, contract))
      product = input;
  }
  return product;
}

/// Makes an op over the dimensions that count the rows of a product one over
/// its rows; as it is where there is but one. Null if that cannot be.
static linalg::GenericOp flatten(RewriterBase &rewriter, linalg::GenericOp op,
                                 OpOperand *product) {
  auto expand = product->get().getDefiningOp<tensor::ExpandShapeOp>();
  if (!expand)
    return op;
  SmallVector<ReassociationIndices> groups = expand.getReassociationIndices();
  if (!linalg::areDimSequencesPreserved(op.getIndexingMapsArray(), groups))
    return {};
  unsigned number = product->getOperandNumber();
  rewriter.setInsertionPoint(op);
  auto collapsed = linalg::collapseOpIterationDims(op, groups, rewriter);
  if (failed(collapsed))
    return {};
  rewriter.replaceOp(op, collapsed->results);
  auto flat = cast<linalg::GenericOp>(collapsed->collapsedOp);
  // What was expanded is collapsed again.
  Operation *collapse = flat->getOperand(number).getDefiningOp();
  flat->setOperand(number, expand.getSrc());
  rewriter.eraseOp(collapse);
  // Its extents, which were asked for meanwhile, are known.
  SmallVector<OpFoldResult> extents = expand.getMixedOutputShape();
  for (Operation *user : llvm::make_early_inc_range(expand->getUsers())) {
    auto dim = cast<tensor::DimOp>(user);
    rewriter.setInsertionPoint(dim);
    rewriter.replaceOp(
        dim, getValueOrCreateConstantIndexOp(rewriter, dim.getLoc(),
                                             extents[*dim.getConstantIndex()]));
  }
  rewriter.eraseOp(expand);
  return flat;
}

/// Returns whether the product has the op as its epilogue now.
static bool fuse(RewriterBase &rewriter, linalg::GenericOp op,
                 OpOperand *input) {
  auto contract = input->get().getDefiningOp<ContractOp>();
  Type type = op.getResult(0).getType();
  // A narrower result is where that of the op would have been.
  Value init = op.getDpsInitOperand(0)->get();
  bool isNarrow = type != contract.getY().getType();
  if (isNarrow && failed(moveValueDefinitions(rewriter, init, contract)))
    return false;
  OpBuilder b(contract);
  SmallVector<Value> fused;
  SmallVector<AffineMap> maps;
  SmallVector<BlockArgument> arguments = {op.getMatchingBlockArgument(input)};
  for (OpOperand *other : op.getDpsInputOperands()) {
    if (other == input)
      continue;
    // Flattened beside the op, of something that is there before.
    auto collapse = other->get().getDefiningOp<tensor::CollapseShapeOp>();
    if (collapse && contract->isBeforeInBlock(collapse))
      collapse->moveBefore(contract);
    fused.push_back(other->get());
    maps.push_back(op.getMatchingIndexingMap(other));
    arguments.push_back(op.getMatchingBlockArgument(other));
  }
  auto result = cast<ContractOp>(b.clone(*contract));
  if (isNarrow) {
    result.getInitMutable().assign(init);
    result.getY().setType(cast<RankedTensorType>(type));
  }
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
  return true;
}

namespace {
struct FuseEpilogues : dither::impl::FuseEpiloguesBase<FuseEpilogues> {
  using FuseEpiloguesBase::FuseEpiloguesBase;

  void runOnOperation() override {
    int64_t fused = 0;
    SmallVector<linalg::GenericOp> ops;
    getOperation()->walk([&](linalg::GenericOp op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::GenericOp op : ops) {
      OpOperand *product = findProduct(op, floatTiles);
      if (!product)
        continue;
      unsigned number = product->getOperandNumber();
      linalg::GenericOp flat = flatten(rewriter, op, product);
      if (!flat)
        continue;
      fused += fuse(rewriter, flat, &flat->getOpOperand(number));
    }
    reportCounts(*this, getOperation(), {{"fused", fused}});
  }
};
} // namespace
