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

static bool readsShape(OpOperand &use) {
  return isa<CountOp>(use.getOwner()) ||
         (isa<BroadcastOp, EmbedOp>(use.getOwner()) &&
          use.getOperandNumber() == 1);
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
  for (Region *region = value.getParentRegion(); region;
       region = region->getParentRegion()) {
    auto function = dyn_cast<func::FuncOp>(region->getParentOp());
    if (!function)
      continue;
    for (Value argument : function.getArguments()) {
      auto candidate = dyn_cast<RankedTensorType>(argument.getType());
      if (candidate && candidate.getShape() == type.getShape())
        return argument;
    }
  }
  return {};
}

namespace {
/// What is computed for its shape alone is not computed.
struct ReadOtherShape : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    Value like = op.getLike();
    bool isFree = isa<BlockArgument>(like)
                      ? isa<func::FuncOp>(like.getParentBlock()->getParentOp())
                      : isa<ConstantOp, IotaOp>(like.getDefiningOp());
    if (isFree || !llvm::all_of(like.getUses(), readsShape))
      return failure();
    Value other = findSameShape(rewriter, like);
    if (!other)
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.getLikeMutable().assign(other); });
    return success();
  }
};
} // namespace

void BroadcastOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<ReadOtherShape>(context);
}
