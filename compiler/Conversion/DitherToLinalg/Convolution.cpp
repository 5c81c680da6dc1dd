//===- Convolution.cpp - Windows over images, to linalg -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Images are padded first, so that every element of a patch exists. A row of a
// window then is one piece of memory, or one for each column where the window
// leaves columns out.
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Convolution/Window.h"
#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace dither;

namespace {
/// The loops that visit all elements of patches: image, position down and
/// across, row of the window, piece of the row, element of the piece.
class PatchLoops {
public:
  PatchLoops(OpBuilder &b, Location loc, const Window &window,
             RankedTensorType images)
      : b(b), loc(loc), window(window), images(images) {
    int64_t channels = images.getDimSize(3);
    pieces = window.dilations[1] == 1 ? 1 : window.kernel[1];
    length = window.kernel[1] / pieces * channels;
  }

  /// Patches, with a dimension for each loop.
  RankedTensorType getPieces() const {
    SmallVector<int64_t, 4> shape = window.getPatchesShape(images.getShape());
    return RankedTensorType::get(
        {shape[0], shape[1], shape[2], window.kernel[0], pieces, length},
        images.getElementType());
  }
  static SmallVector<ReassociationIndices> getPieceGroups() {
    return {{0}, {1}, {2}, {3, 4, 5}};
  }

  /// Padded images.
  RankedTensorType getPadded() const {
    return RankedTensorType::get(
        {images.getDimSize(0), window.getPadded(0, images.getDimSize(1)),
         window.getPadded(1, images.getDimSize(2)), images.getDimSize(3)},
        images.getElementType());
  }
  /// Their rows of elements, as the loops see them.
  static SmallVector<ReassociationIndices> getRowGroups() {
    return {{0}, {1}, {2, 3}};
  }
  AffineMap getRowMap() const {
    int64_t channels = images.getDimSize(3);
    AffineExpr d[6];
    for (unsigned i = 0; i < 6; ++i)
      d[i] = b.getAffineDimExpr(i);
    return AffineMap::get(
        6, 0,
        {d[0], d[1] * window.strides[0] + d[3] * window.dilations[0],
         d[2] * (window.strides[1] * channels) +
             d[4] * (window.dilations[1] * channels) + d[5]},
        b.getContext());
  }

  bool isPadded() const { return getPadded() != images; }
  bool isEmpty() const { return llvm::is_contained(images.getShape(), 0); }

  /// Where the images are in the padded ones, whose batch is that of `source`.
  struct Box {
    SmallVector<OpFoldResult> offsets, sizes, strides;
  };
  Box getBox(Value source) const {
    Box box;
    for (int64_t d = 0; d < 4; ++d) {
      bool isAcross = d == 1 || d == 2;
      box.offsets.push_back(
          b.getIndexAttr(isAcross ? window.getBefore(d - 1) : 0));
      box.sizes.push_back(
          d == 0 ? tensor::getMixedSize(b, loc, source, 0)
                 : OpFoldResult(b.getIndexAttr(images.getDimSize(d))));
      box.strides.push_back(b.getIndexAttr(1));
    }
    return box;
  }

  /// An uninitialized tensor with the batch of `source`.
  Value createEmpty(RankedTensorType type, Value source) const {
    SmallVector<Value> batch;
    if (type.isDynamicDim(0))
      batch.push_back(tensor::DimOp::create(b, loc, source, 0));
    return tensor::EmptyOp::create(b, loc, type, batch);
  }

  /// Zeros of the type of padded images.
  Value createZeros(Value source) const {
    RankedTensorType type = getPadded();
    Value empty = createEmpty(type, source);
    Value zero =
        arith::ConstantOp::create(b, loc, b.getZeroAttr(type.getElementType()));
    return linalg::FillOp::create(b, loc, zero, empty).getResult(0);
  }

private:
  OpBuilder &b;
  Location loc;
  Window window;
  RankedTensorType images;
  int64_t pieces = 0, length = 0;
};

struct LowerPatches : OpRewritePattern<PatchesOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PatchesOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto images = cast<RankedTensorType>(op.getX().getType());
    PatchLoops loops(rewriter, loc, Window::of(op), images);
    Value x = op.getX();
    if (loops.isPadded()) {
      Value zeros = loops.createZeros(x);
      auto [offsets, sizes, strides] = loops.getBox(x);
      x = loops.isEmpty()
              ? zeros
              : tensor::InsertSliceOp::create(rewriter, loc, x, zeros, offsets,
                                              sizes, strides);
    }
    Value rows = tensor::CollapseShapeOp::create(rewriter, loc, x,
                                                 PatchLoops::getRowGroups());
    RankedTensorType pieces = loops.getPieces();
    Value init = loops.createEmpty(pieces, x);
    Value copied =
        linalg::GenericOp::create(
            rewriter, loc, TypeRange(pieces), ValueRange(rows),
            ValueRange(init),
            ArrayRef{loops.getRowMap(), rewriter.getMultiDimIdentityMap(6)},
            getParallel(6),
            [](OpBuilder &b, Location loc, ValueRange v) {
              linalg::YieldOp::create(b, loc, v[0]);
            })
            .getResult(0);
    rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(
        op, op.getType(), copied, PatchLoops::getPieceGroups());
    return success();
  }
};

/// An image is one thread's, which adds to its elements in one order.
struct LowerFold : OpRewritePattern<FoldOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(FoldOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    // Sums of many elements are rounded once.
    RankedTensorType images = type;
    Value patches = op.getP();
    if (type.getElementTypeBitWidth() < 32) {
      images = withElement(type, rewriter.getF32Type());
      patches = CastOp::create(
          rewriter, loc, withElement(patches.getType(), rewriter.getF32Type()),
          patches);
    }
    PatchLoops loops(rewriter, loc, Window::of(op), images);
    if (loops.isEmpty()) {
      rewriter.replaceOp(op, loops.createEmpty(type, patches));
      return success();
    }
    Value zeros = loops.createZeros(patches);
    Value result = createSums(rewriter, loc, loops, patches, zeros);
    if (loops.isPadded()) {
      auto [offsets, sizes, strides] = loops.getBox(patches);
      result = tensor::ExtractSliceOp::create(rewriter, loc, images, result,
                                              offsets, sizes, strides);
    }
    if (images != type)
      result = CastOp::create(rewriter, loc, type, result);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value createSums(OpBuilder &b, Location loc, const PatchLoops &loops,
                          Value patches, Value zeros) {
    RankedTensorType pieces = loops.getPieces();
    SmallVector<OpFoldResult> shape =
        getAsIndexOpFoldResult(b.getContext(), pieces.getShape());
    shape[0] = tensor::getMixedSize(b, loc, patches, 0);
    Value expanded = tensor::ExpandShapeOp::create(
        b, loc, pieces, patches, PatchLoops::getPieceGroups(), shape);
    Value rows = tensor::CollapseShapeOp::create(b, loc, zeros,
                                                 PatchLoops::getRowGroups());
    // Windows overlap, so that their elements are visited in order.
    SmallVector<utils::IteratorType> iterators(6,
                                               utils::IteratorType::reduction);
    iterators.front() = iterators.back() = utils::IteratorType::parallel;
    Value sums =
        linalg::GenericOp::create(
            b, loc, TypeRange(rows.getType()), ValueRange(expanded),
            ValueRange(rows),
            ArrayRef{b.getMultiDimIdentityMap(6), loops.getRowMap()}, iterators,
            [](OpBuilder &b, Location loc, ValueRange v) {
              Value sum = arith::AddFOp::create(b, loc, v[1], v[0]);
              linalg::YieldOp::create(b, loc, sum);
            })
            .getResult(0);
    RankedTensorType padded = loops.getPadded();
    return tensor::ExpandShapeOp::create(b, loc, padded, sums,
                                         PatchLoops::getRowGroups(),
                                         tensor::getMixedSizes(b, loc, zeros));
  }
};
} // namespace

void dither::populateConvolutionToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerPatches, LowerFold>(patterns.getContext());
}
