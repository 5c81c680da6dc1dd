//===- Indexing.cpp - Rows by position, to linalg and loops ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// An i32 position as an index in [0, count).
static Value createClamped(OpBuilder &b, Location loc, Value position,
                           Value count) {
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value last = arith::SubIOp::create(b, loc, count, one);
  Value index = arith::IndexCastOp::create(b, loc, b.getIndexType(), position);
  index = arith::MaxSIOp::create(b, loc, index, zero);
  return arith::MinSIOp::create(b, loc, index, last);
}

namespace {
struct LowerGather : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(GatherOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Value> extents;
    for (int64_t d = 0; d < type.getRank(); ++d)
      if (type.isDynamicDim(d))
        extents.push_back(tensor::DimOp::create(
            rewriter, loc, d == 0 ? op.getRows() : op.getX(), d));
    Value init = tensor::EmptyOp::create(rewriter, loc, type, extents);
    Value count = arith::ConstantIndexOp::create(
        rewriter, loc,
        cast<RankedTensorType>(op.getX().getType()).getDimSize(0));
    AffineMap all = rewriter.getMultiDimIdentityMap(type.getRank());
    AffineMap row = AffineMap::get(type.getRank(), 0,
                                   rewriter.getAffineDimExpr(0), getContext());
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(type), ValueRange(op.getRows()), ValueRange(init),
        ArrayRef<AffineMap>{row, all}, getParallel(type.getRank()),
        [&](OpBuilder &b, Location loc, ValueRange v) {
          SmallVector<Value> at = {createClamped(b, loc, v[0], count)};
          for (int64_t d = 1; d < type.getRank(); ++d)
            at.push_back(linalg::IndexOp::create(b, loc, d));
          Value element = tensor::ExtractOp::create(b, loc, op.getX(), at);
          linalg::YieldOp::create(b, loc, element);
        });
    return success();
  }
};

/// Rows are written one after the other, into the memory of x where nothing
/// else reads it later.
struct LowerScatter : OpRewritePattern<ScatterOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ScatterOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    int64_t updates =
        cast<RankedTensorType>(op.getRows().getType()).getDimSize(0);
    auto index = [&](int64_t value) -> Value {
      return arith::ConstantIndexOp::create(rewriter, loc, value);
    };
    auto type = cast<RankedTensorType>(op.getType());
    if (type.getNumElements() == 0) {
      rewriter.replaceOp(op, op.getX());
      return success();
    }
    Value count = index(type.getDimSize(0));
    auto loop = scf::ForOp::create(
        rewriter, loc, index(0), index(updates), index(1),
        ValueRange(op.getX()),
        [&](OpBuilder &b, Location loc, Value i, ValueRange state) {
          Value row = tensor::ExtractOp::create(b, loc, op.getRows(), i);
          row = arith::IndexCastOp::create(b, loc, b.getIndexType(), row);
          Value exists = arith::CmpIOp::create(
              b, loc, arith::CmpIPredicate::ult, row, count);
          // A loop, once or not at all: a copy of x that it needs is made
          // before it. A branch would make it inside, where no plan finds it.
          Value times =
              arith::IndexCastUIOp::create(b, loc, b.getIndexType(), exists);
          auto branch = scf::ForOp::create(
              b, loc, index(0), times, index(1), state,
              [&](OpBuilder &b, Location loc, Value, ValueRange state) {
                Value written = createReplaced(b, loc, op, i, row, state[0]);
                scf::YieldOp::create(b, loc, written);
              });
          scf::YieldOp::create(b, loc, branch.getResults());
        });
    rewriter.replaceOp(op, loop.getResults());
    return success();
  }

private:
  /// `state` with row i of the updates as its row `row`.
  static Value createReplaced(OpBuilder &b, Location loc, ScatterOp op, Value i,
                              Value row, Value state) {
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<OpFoldResult> from(type.getRank(), b.getIndexAttr(0)),
        strides(type.getRank(), b.getIndexAttr(1)), sizes;
    for (int64_t extent : type.getShape())
      sizes.push_back(b.getIndexAttr(extent));
    sizes[0] = b.getIndexAttr(1);
    from[0] = i;
    Value update = tensor::ExtractSliceOp::create(b, loc, op.getUpdates(), from,
                                                  sizes, strides);
    from[0] = row;
    return tensor::InsertSliceOp::create(b, loc, update, state, from, sizes,
                                         strides);
  }
};
} // namespace

void dither::populateIndexingToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerGather, LowerScatter>(patterns.getContext());
}
