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

/// The gather whose rows a product reads where they are; null if it reads a
/// matrix of its own.
static GatherOp getGatheredRows(MatmulOp op) {
  auto gather = op.getY().getDefiningOp<GatherOp>();
  if (!gather || op.getTransposeY())
    return {};
  auto type = cast<RankedTensorType>(gather.getX().getType());
  bool isKnown = type.hasStaticShape() &&
                 cast<RankedTensorType>(gather.getType()).hasStaticShape();
  return isKnown && type.getElementType().isF32() ? gather : GatherOp();
}

/// Positions that exist, as the kernel wants them.
static Value clampRows(ImplicitLocOpBuilder b, GatherOp gather) {
  Value rows = gather.getRows();
  int64_t count = cast<RankedTensorType>(gather.getX().getType()).getDimSize(0);
  rows = MaxOp::create(b, rows, buildScalarLike(b, 0, rows));
  return MinOp::create(b, rows, buildScalarLike(b, double(count - 1), rows));
}

namespace {
struct LowerMatmul : OpRewritePattern<MatmulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(MatmulOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value w = op.getY(), rows;
    // Gathered rows are not copied; the copy, if nobody else reads it, goes.
    if (GatherOp gather = getGatheredRows(op)) {
      rows = clampRows({loc, rewriter}, gather);
      w = gather.getX();
    }
    bool transposed = op.getTransposeY();
    // The kernel transposes what it stages: matrices of known extents.
    auto type = cast<RankedTensorType>(w.getType());
    bool isStaged =
        type.hasStaticShape() && type.getNumElements() > 0 &&
        (type.getElementType().isF32() || type.getElementType().isBF16());
    if (transposed && !isStaged) {
      w = TransposeOp::create(rewriter, loc, w,
                              rewriter.getDenseI64ArrayAttr({1, 0}));
      transposed = false;
    }
    // Sums are f32, whatever is multiplied.
    auto result = cast<RankedTensorType>(op.getType());
    auto sums = result.clone(rewriter.getF32Type());
    Value x = op.getX();
    if (type.getElementType().isF16()) {
      auto widen = [&](Value value) {
        auto wide = cast<RankedTensorType>(value.getType());
        return CastOp::create(rewriter, loc, wide.clone(rewriter.getF32Type()),
                              value);
      };
      x = widen(x);
      w = widen(w);
    }
    Value init =
        createResult(rewriter, loc, sums, x, op.getTransposeX() ? 1 : 0, w,
                     transposed ? 0 : 1);
    Value product =
        ContractOp::create(rewriter, loc, sums, x, ValueRange(), ValueRange(w),
                           rows, init, ValueRange(), op.getTransposeXAttr(),
                           transposed ? rewriter.getUnitAttr() : UnitAttr(),
                           TypeAttr(), Attribute(), Attribute())
            .getY();
    if (sums != result)
      product = CastOp::create(rewriter, loc, result, product);
    rewriter.replaceOp(op, product);
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
        op, op.getType(), op.getX(), op.getXParts(), op.getParts(), Value(),
        init, ValueRange(), UnitAttr(), op.getTransposeWAttr(),
        op.getDenseAttr(), op.getPatternAttr(), op.getFormatAttr());
    return success();
  }
};

/// Only patterns that list elements come here: others are decomposed.
struct LowerSampledMatmul : OpRewritePattern<SampledMatmulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SampledMatmulOp op,
                                PatternRewriter &rewriter) const override {
    if (!isa<ListPatternAttrInterface>(op.getPattern()))
      return rewriter.notifyMatchFailure(op, "the pattern lists no elements");
    auto type = cast<RankedTensorType>(op.getSlots().getType());
    Value init = tensor::EmptyOp::create(rewriter, op.getLoc(), type.getShape(),
                                         type.getElementType());
    rewriter.replaceOpWithNewOp<SampledContractOp>(
        op, type, op.getX(), op.getY(), op.getMetadata()[0],
        op.getMetadata()[1], init, Value());
    return success();
  }
};
} // namespace

void dither::populateContractionToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerMatmul, LowerPackedMatmul, LowerSampledMatmul>(
      patterns.getContext());
}
