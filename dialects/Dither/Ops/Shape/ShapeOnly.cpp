//===- ShapeOnly.cpp - Values of which only the shape is read -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace dither;

bool dither::readsShapeAlone(OpOperand &use) {
  Operation *op = use.getOwner();
  bool hasLike = isa<BroadcastOp, EmbedOp>(op) ||
                 isa<RandomBitsOp, UniformOp, CentredUniformOp, ExponentialOp,
                     NormalOp, GumbelOp, RademacherOp, BernoulliOp>(op);
  return isa<CountOp>(op) || (hasLike && use.getOperandNumber() == 1);
}

/// Whether a value is there anyway.
static bool isFree(Value value) {
  if (isa<BlockArgument>(value))
    return isa<func::FuncOp>(value.getParentBlock()->getParentOp());
  return isa<ConstantOp, IotaOp>(value.getDefiningOp());
}

/// An argument of the function that `accept` takes; null if there is none.
static Value findArgument(Value value,
                          function_ref<bool(RankedTensorType)> accept) {
  auto function = value.getParentRegion()->getParentOfType<func::FuncOp>();
  if (function)
    for (Value argument : function.getArguments())
      if (auto type = dyn_cast<RankedTensorType>(argument.getType());
          type && accept(type))
        return argument;
  return {};
}

/// Another value of the same shape that need not be computed: all dynamic
/// extents of a function are one number. Null if there is none.
static Value findSameShape(PatternRewriter &rewriter, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.hasStaticShape())
    return ConstantOp::create(
        rewriter, value.getLoc(),
        DenseElementsAttr::get(
            RankedTensorType::get(type.getShape(), rewriter.getI1Type()),
            false));
  return findArgument(value, [&](RankedTensorType candidate) {
    return candidate.getShape() == type.getShape();
  });
}

namespace {
/// What is computed for its shape alone is not computed.
struct ReadOtherShape : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    Value like = op.getLike();
    if (isFree(like) || !llvm::all_of(like.getUses(), readsShapeAlone))
      return failure();
    Value other = findSameShape(rewriter, like);
    if (!other)
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.getLikeMutable().assign(other); });
    return success();
  }
};

/// Random numbers of known rows read no other tensor, and those of as many rows
/// as another tensor has, one that is there anyway.
struct ReadOtherRows : OpRewritePattern<RandomBitsOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(RandomBitsOp op,
                                PatternRewriter &rewriter) const override {
    Value like = op.getLike();
    auto hasDynamicRows = [](RankedTensorType type) {
      return type.getRank() > 0 && type.isDynamicDim(0);
    };
    if (!like)
      return failure();
    Value other;
    if (hasDynamicRows(op.getType())) {
      if (isFree(like))
        return failure();
      other = findArgument(like, hasDynamicRows);
      if (!other)
        return failure();
    }
    rewriter.modifyOpInPlace(op, [&] {
      if (other)
        op.getLikeMutable().assign(other);
      else
        op.getLikeMutable().clear();
    });
    return success();
  }
};
} // namespace

void RandomBitsOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                               MLIRContext *context) {
  patterns.add<ReadOtherRows>(context);
}

void BroadcastOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<ReadOtherShape>(context);
}
