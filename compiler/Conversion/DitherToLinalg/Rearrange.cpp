//===- Rearrange.cpp - Elements in other places, to linalg and tensor -----===//
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

/// `x` as the box of `target` that begins at `offsets`.
static Value createInserted(OpBuilder &b, Location loc, Value x, Value target,
                            ArrayRef<int64_t> offsets) {
  SmallVector<OpFoldResult> strides(offsets.size(), b.getIndexAttr(1));
  return tensor::InsertSliceOp::create(
      b, loc, x, target, getAsIndexOpFoldResult(b.getContext(), offsets),
      tensor::getMixedSizes(b, loc, x), strides);
}

static bool hasNoElements(Value x) {
  return llvm::is_contained(cast<RankedTensorType>(x.getType()).getShape(), 0);
}

namespace {
/// A chain of copies into one tensor, where those who make the parts may make
/// them at once.
struct LowerConcat : OpRewritePattern<ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConcatOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    Value y = createEmpty(rewriter, loc, type, op.getXs());
    SmallVector<int64_t> offsets(type.getRank(), 0);
    for (Value x : op.getXs()) {
      if (!hasNoElements(x))
        y = createInserted(rewriter, loc, x, y, offsets);
      offsets[op.getDim()] +=
          cast<RankedTensorType>(x.getType()).getDimSize(op.getDim());
    }
    rewriter.replaceOp(op, y);
    return success();
  }
};

struct LowerPad : OpRewritePattern<PadOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PadOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    Value value = arith::ConstantOp::create(rewriter, loc, getElement(op));
    Value empty = createEmpty(rewriter, loc, type, op.getX());
    Value y = linalg::FillOp::create(rewriter, loc, value, empty).getResult(0);
    if (!hasNoElements(op.getX()))
      y = createInserted(rewriter, loc, op.getX(), y, op.getLow());
    rewriter.replaceOp(op, y);
    return success();
  }

private:
  static TypedAttr getElement(PadOp op) {
    Builder b(op.getContext());
    Type element = getElementTypeOrSelf(op.getType());
    double value = op.getValue().convertToDouble();
    if (isa<FloatType>(element))
      return b.getFloatAttr(element, value);
    return b.getIntegerAttr(element, int64_t(value));
  }
};

struct LowerReverse : OpRewritePattern<ReverseOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReverseOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    Value init = createEmpty(rewriter, op.getLoc(), type, op.getX());
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(type), ValueRange(), ValueRange(init),
        ArrayRef{rewriter.getMultiDimIdentityMap(type.getRank())},
        getParallel(type.getRank()),
        [&](OpBuilder &b, Location loc, ValueRange) {
          Value element = tensor::ExtractOp::create(b, loc, op.getX(),
                                                    getSource(b, loc, op));
          linalg::YieldOp::create(b, loc, element);
        });
    return success();
  }

private:
  /// Where the element of an iteration comes from.
  static SmallVector<Value> getSource(OpBuilder &b, Location loc,
                                      ReverseOp op) {
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Value> source;
    for (int64_t d = 0; d < type.getRank(); ++d) {
      Value index = linalg::IndexOp::create(b, loc, d);
      if (llvm::is_contained(op.getDims(), d)) {
        Value last =
            arith::ConstantIndexOp::create(b, loc, type.getDimSize(d) - 1);
        index = arith::SubIOp::create(b, loc, last, index);
      }
      source.push_back(index);
    }
    return source;
  }
};
} // namespace

void dither::populateRearrangeToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerConcat, LowerPad, LowerReverse>(patterns.getContext());
}
