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

/// The groups of dimensions that make a matrix of a tensor: all but the last
/// count rows.
static SmallVector<ReassociationIndices> getRowGroups(int64_t rank) {
  ReassociationIndices rows =
      llvm::to_vector<2>(llvm::seq<int64_t>(0, rank - 1));
  return {rows, {rank - 1}};
}

/// Whether a tensor has no rows, though some extents are dynamic: their product
/// is dynamic for tensors and static for memrefs, so it becomes no matrix.
static bool hasNoRows(Value x) {
  auto type = cast<RankedTensorType>(x.getType());
  return type.getRank() > 2 && !type.hasStaticShape() &&
         llvm::is_contained(type.getShape().drop_back(), 0);
}

/// What a product over no rows, or of none, is.
static Value createZeros(OpBuilder &b, Location loc, RankedTensorType type,
                         ValueRange extents) {
  Value zero =
      arith::ConstantOp::create(b, loc, b.getZeroAttr(type.getElementType()));
  Value init = tensor::EmptyOp::create(b, loc, type, extents);
  return linalg::FillOp::create(b, loc, zero, init).getResult(0);
}

/// A tensor of rank 2 or more as a matrix.
static Value createMatrix(OpBuilder &b, Location loc, Value x) {
  int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
  if (rank == 2)
    return x;
  return tensor::CollapseShapeOp::create(b, loc, x, getRowGroups(rank));
}

/// Calls `create` with the type and the initial value of a matrix, and gives
/// its result the shape of `type`. `extents` are the dynamic ones.
static Value
createAsMatrix(OpBuilder &b, Location loc, RankedTensorType type,
               ValueRange extents,
               function_ref<Value(RankedTensorType, Value)> create) {
  Value init = tensor::EmptyOp::create(b, loc, type, extents);
  SmallVector<OpFoldResult> shape = tensor::getMixedSizes(b, loc, init);
  init = createMatrix(b, loc, init);
  Value matrix = create(cast<RankedTensorType>(init.getType()), init);
  if (matrix.getType() == type)
    return matrix;
  return tensor::ExpandShapeOp::create(b, loc, type, matrix,
                                       getRowGroups(type.getRank()), shape);
}

/// The dynamic extents of the rows of x.
static SmallVector<Value> getRowExtents(OpBuilder &b, Location loc, Value x) {
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<Value> extents;
  for (int64_t d = 0; d + 1 < type.getRank(); ++d)
    if (type.isDynamicDim(d))
      extents.push_back(tensor::DimOp::create(b, loc, x, d));
  return extents;
}

/// The gather whose rows a product reads where they are; null if it reads a
/// matrix of its own.
static GatherOp getGatheredRows(MatmulOp op) {
  auto gather = op.getY().getDefiningOp<GatherOp>();
  if (!gather || op.getTransposeY())
    return {};
  auto type = cast<RankedTensorType>(gather.getX().getType());
  auto rows = cast<RankedTensorType>(gather.getRows().getType());
  bool isKnown = type.hasStaticShape() && type.getRank() == 2 &&
                 rows.hasStaticShape() && rows.getRank() == 1;
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
    bool isStaged = type.hasStaticShape() && type.getNumElements() > 0 &&
                    !type.getElementType().isF64();
    if (transposed && !isStaged) {
      w = TransposeOp::create(rewriter, loc, w,
                              rewriter.getDenseI64ArrayAttr({1, 0}));
      transposed = false;
    }
    // Sums are f32, whatever is multiplied.
    auto result = cast<RankedTensorType>(op.getType());
    auto sums = result.clone(rewriter.getF32Type());
    Value x = op.getX();
    SmallVector<Value> extents;
    auto addExtent = [&](Value value, int64_t dim) {
      if (cast<RankedTensorType>(value.getType()).isDynamicDim(dim))
        extents.push_back(tensor::DimOp::create(rewriter, loc, value, dim));
    };
    if (op.getTransposeX())
      addExtent(x, cast<RankedTensorType>(x.getType()).getRank() - 1);
    else
      extents = getRowExtents(rewriter, loc, x);
    addExtent(
        w, transposed ? 0 : cast<RankedTensorType>(w.getType()).getRank() - 1);
    if (hasNoRows(x)) {
      rewriter.replaceOp(op, createZeros(rewriter, loc, result, extents));
      return success();
    }
    x = createMatrix(rewriter, loc, x);
    w = createMatrix(rewriter, loc, w);
    Value product = createAsMatrix(
        rewriter, loc, sums, extents, [&](RankedTensorType type, Value init) {
          return ContractOp::create(rewriter, loc, type, x, ValueRange(),
                                    ValueRange(w), rows, init,
                                    op.getTransposeX(), transposed)
              .getY();
        });
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
    Location loc = op.getLoc();
    auto result = cast<RankedTensorType>(op.getType());
    SmallVector<Value> extents = getRowExtents(rewriter, loc, op.getX());
    if (hasNoRows(op.getX())) {
      rewriter.replaceOp(op, createZeros(rewriter, loc, result, extents));
      return success();
    }
    Value x = createMatrix(rewriter, loc, op.getX());
    auto sums = result.clone(rewriter.getF32Type());
    Value product = createAsMatrix(
        rewriter, loc, sums, extents, [&](RankedTensorType type, Value init) {
          return ContractOp::create(rewriter, loc, type, x, op.getXParts(),
                                    op.getParts(), Value(), init,
                                    /*transposeX=*/false, op.getTransposeW(),
                                    op.getDenseAttr(), op.getPatternAttr(),
                                    op.getFormatAttr())
              .getY();
        });
    if (sums != result)
      product = CastOp::create(rewriter, loc, result, product);
    rewriter.replaceOp(op, product);
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
    if (hasNoRows(op.getX())) {
      rewriter.replaceOp(op, createZeros(rewriter, op.getLoc(), type, {}));
      return success();
    }
    Value init = tensor::EmptyOp::create(rewriter, op.getLoc(), type.getShape(),
                                         type.getElementType());
    rewriter.replaceOpWithNewOp<SampledContractOp>(
        op, type, createMatrix(rewriter, op.getLoc(), op.getX()),
        createMatrix(rewriter, op.getLoc(), op.getY()), op.getMetadata()[0],
        op.getMetadata()[1], init, Value());
    return success();
  }
};
} // namespace

void dither::populateContractionToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerMatmul, LowerPackedMatmul, LowerSampledMatmul>(
      patterns.getContext());
}
