//===- Shape.cpp - Ops that move elements, to linalg and tensor -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace dither;

/// A generic that copies `x`, read through `map`, into a tensor like `init`.
static Value createCopy(OpBuilder &b, Location loc, Value x, AffineMap map,
                        Value init) {
  auto type = cast<RankedTensorType>(init.getType());
  SmallVector<AffineMap> maps = {map, b.getMultiDimIdentityMap(type.getRank())};
  return linalg::GenericOp::create(
             b, loc, TypeRange(type), ValueRange(x), ValueRange(init), maps,
             getParallel(type.getRank()),
             [](OpBuilder &b, Location loc, ValueRange v) {
               linalg::YieldOp::create(b, loc, v[0]);
             })
      .getResult(0);
}

namespace {
struct LowerBroadcast : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BroadcastOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    auto x = cast<RankedTensorType>(op.getX().getType());
    Value init = createEmpty(rewriter, op.getLoc(), type, op.getLike());
    rewriter.replaceOp(
        op,
        createCopy(rewriter, op.getLoc(), op.getX(),
                   getBroadcastMap(x, type.getShape(), getContext()), init));
    return success();
  }
};

struct LowerTranspose : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Value> extents;
    SmallVector<AffineExpr> exprs(type.getRank());
    for (auto [d, from] : llvm::enumerate(op.getPermutation())) {
      exprs[from] = rewriter.getAffineDimExpr(d);
      if (type.isDynamicDim(d))
        extents.push_back(
            tensor::DimOp::create(rewriter, op.getLoc(), op.getX(), from));
    }
    Value init = tensor::EmptyOp::create(rewriter, op.getLoc(), type, extents);
    AffineMap map = AffineMap::get(type.getRank(), 0, exprs, getContext());
    rewriter.replaceOp(op,
                       createCopy(rewriter, op.getLoc(), op.getX(), map, init));
    return success();
  }
};

struct LowerReshape : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  /// One group for the leading dimension, one for all others; or one for all.
  static SmallVector<ReassociationIndices> getGroups(int64_t rank, bool split) {
    SmallVector<ReassociationIndices> groups;
    if (rank == 0)
      return groups;
    groups.emplace_back();
    for (int64_t d = 0; d < rank; ++d) {
      if (split && d == 1)
        groups.emplace_back();
      groups.back().push_back(d);
    }
    return groups;
  }

  LogicalResult matchAndRewrite(ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value value = op.getX();
    auto x = cast<RankedTensorType>(value.getType());
    auto y = cast<RankedTensorType>(op.getType());
    bool dynamic = !x.hasStaticShape();
    // Through [batch, rest] where the batch is dynamic, else through [count].
    SmallVector<int64_t> middle;
    if (dynamic) {
      middle = {ShapedType::kDynamic,
                ShapedType::getNumElements(x.getShape().drop_front())};
    } else {
      middle = {x.getNumElements()};
    }
    auto middleType = RankedTensorType::get(middle, x.getElementType());
    if (x.getRank() < int64_t(middle.size())) {
      SmallVector<ReassociationIndices> groups =
          getGroups(x.getRank() == 0 ? 0 : 2, false);
      value = tensor::ExpandShapeOp::create(rewriter, loc, middleType, value,
                                            groups);
    } else if (x.getRank() > int64_t(middle.size())) {
      value = tensor::CollapseShapeOp::create(rewriter, loc, middleType, value,
                                              getGroups(x.getRank(), dynamic));
    }
    if (y.getRank() < int64_t(middle.size()))
      value = tensor::CollapseShapeOp::create(
          rewriter, loc, y, value,
          getGroups(y.getRank() == 0 ? 0 : int64_t(middle.size()), false));
    else if (y.getRank() > int64_t(middle.size()))
      value = tensor::ExpandShapeOp::create(rewriter, loc, y, value,
                                            getGroups(y.getRank(), dynamic));
    rewriter.replaceOp(op, value);
    return success();
  }
};

SmallVector<OpFoldResult> getStatic(OpBuilder &b, ArrayRef<int64_t> values) {
  return llvm::map_to_vector(
      values, [&](int64_t v) -> OpFoldResult { return b.getIndexAttr(v); });
}

struct LowerSlice : OpRewritePattern<SliceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SliceOp op,
                                PatternRewriter &rewriter) const override {
    // Upstream wants the offset inside of the tensor, also for an empty box.
    auto type = cast<RankedTensorType>(op.getType());
    if (llvm::is_contained(type.getShape(), 0)) {
      rewriter.replaceOp(op,
                         createEmpty(rewriter, op.getLoc(), type, op.getX()));
      return success();
    }
    SmallVector<OpFoldResult> sizes = getStatic(rewriter, op.getSizes());
    for (auto [d, size] : llvm::enumerate(op.getSizes()))
      if (size < 0)
        sizes[d] = tensor::DimOp::create(rewriter, op.getLoc(), op.getX(), d)
                       .getResult();
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, type, op.getX(), getStatic(rewriter, op.getOffsets()), sizes,
        getStatic(rewriter, op.getStrides()));
    return success();
  }
};

struct LowerEmbed : OpRewritePattern<EmbedOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(EmbedOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    Value empty = createEmpty(rewriter, loc, type, op.getLike());
    Value zero = arith::ConstantOp::create(
        rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
    Value zeros =
        linalg::FillOp::create(rewriter, loc, zero, empty).getResult(0);
    auto x = cast<RankedTensorType>(op.getX().getType());
    if (llvm::is_contained(x.getShape(), 0)) {
      rewriter.replaceOp(op, zeros);
      return success();
    }
    SmallVector<OpFoldResult> sizes = getStatic(rewriter, x.getShape());
    for (int64_t d = 0; d < x.getRank(); ++d)
      if (x.isDynamicDim(d))
        sizes[d] =
            tensor::DimOp::create(rewriter, loc, op.getX(), d).getResult();
    rewriter.replaceOpWithNewOp<tensor::InsertSliceOp>(
        op, op.getX(), zeros, getStatic(rewriter, op.getOffsets()), sizes,
        getStatic(rewriter, op.getStrides()));
    return success();
  }
};
} // namespace

void dither::populateShapeToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerBroadcast, LowerTranspose, LowerReshape, LowerSlice,
               LowerEmbed>(patterns.getContext());
}
