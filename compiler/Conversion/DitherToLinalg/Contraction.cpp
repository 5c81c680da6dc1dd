//===- Contraction.cpp - Products to dither.contract ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/Patterns.h"

using namespace mlir;
using namespace dither;

/// The uninitialized result of x w.
static Value createResult(OpBuilder &b, Location loc, RankedTensorType type,
                          Value x, int64_t rowDim, Value w, int64_t columnDim) {
  SmallVector<Value> extents;
  if (type.isDynamicDim(0))
    extents.push_back(tensor::DimOp::create(b, loc, x, rowDim));
  if (type.isDynamicDim(1))
    extents.push_back(tensor::DimOp::create(b, loc, w, columnDim));
  return tensor::EmptyOp::create(b, loc, type, extents);
}

namespace {
struct LowerMatmul : OpRewritePattern<MatmulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(MatmulOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value w = op.getY();
    // Lanes run along the columns of w, which must lie side by side. The copy
    // costs 1/rows(x) of the product.
    if (op.getTransposeY())
      w = TransposeOp::create(rewriter, loc, w,
                              rewriter.getDenseI64ArrayAttr({1, 0}));
    Value init =
        createResult(rewriter, loc, cast<RankedTensorType>(op.getType()),
                     op.getX(), op.getTransposeX() ? 1 : 0, w, 1);
    rewriter.replaceOpWithNewOp<ContractOp>(
        op, op.getType(), op.getX(), ValueRange(w), init,
        op.getTransposeXAttr(), TypeAttr(), Attribute(), Attribute());
    return success();
  }
};

struct LowerPackedMatmul : OpRewritePattern<PackedMatmulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PackedMatmulOp op,
                                PatternRewriter &rewriter) const override {
    Value init = createResult(rewriter, op.getLoc(),
                              cast<RankedTensorType>(op.getType()), op.getX(),
                              0, Value(), 0);
    rewriter.replaceOpWithNewOp<ContractOp>(
        op, op.getType(), op.getX(), op.getParts(), init, UnitAttr(),
        op.getDenseAttr(), op.getPatternAttr(), op.getFormatAttr());
    return success();
  }
};
} // namespace

void dither::populateContractionToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerMatmul, LowerPackedMatmul>(patterns.getContext());
}
