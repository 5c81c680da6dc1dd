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

Value dither::createClamped(OpBuilder &b, Location loc, Value position,
                            Value count) {
  Value zero = arith::ConstantIndexOp::create(b, loc, 0);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value last = arith::SubIOp::create(b, loc, count, one);
  Value index = arith::IndexCastOp::create(b, loc, b.getIndexType(), position);
  index = arith::MaxSIOp::create(b, loc, index, zero);
  return arith::MinSIOp::create(b, loc, index, last);
}

Value dither::createAdded(OpBuilder &b, Location loc, Value element,
                          Value sum) {
  if (!isa<FloatType>(sum.getType()))
    return arith::AddIOp::create(b, loc, sum, element);
  if (element.getType() != sum.getType())
    element = arith::ExtFOp::create(b, loc, sum.getType(), element);
  return arith::AddFOp::create(b, loc, sum, element);
}

namespace {
struct LowerGather : OpRewritePattern<GatherOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(GatherOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    auto x = cast<RankedTensorType>(op.getX().getType());
    auto rows = cast<RankedTensorType>(op.getRows().getType());
    // The dimensions of the result are those of the rows, and of a row.
    int64_t rank = type.getRank(), outer = rows.getRank();
    SmallVector<Value> extents;
    for (int64_t d = 0; d < rank; ++d)
      if (type.isDynamicDim(d))
        extents.push_back(
            d < outer ? tensor::DimOp::create(rewriter, loc, op.getRows(), d)
                      : tensor::DimOp::create(rewriter, loc, op.getX(),
                                              d - outer + 1));
    Value init = tensor::EmptyOp::create(rewriter, loc, type, extents);
    Value count =
        arith::ConstantIndexOp::create(rewriter, loc, x.getDimSize(0));
    AffineMap all = rewriter.getMultiDimIdentityMap(rank);
    AffineMap position = AffineMap::get(
        rank, 0, all.getResults().take_front(outer), getContext());
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(type), ValueRange(op.getRows()), ValueRange(init),
        ArrayRef<AffineMap>{position, all}, getParallel(rank),
        [&](OpBuilder &b, Location loc, ValueRange v) {
          SmallVector<Value> at = {createClamped(b, loc, v[0], count)};
          for (int64_t d = outer; d < rank; ++d)
            at.push_back(linalg::IndexOp::create(b, loc, d));
          Value element = tensor::ExtractOp::create(b, loc, op.getX(), at);
          linalg::YieldOp::create(b, loc, element);
        });
    return success();
  }
};

/// Rows that are changed one after the other, in the memory of x where nothing
/// else reads it later.
class RowUpdates {
public:
  /// `rows` has rank 1, and `updates` the rank of `x`.
  RowUpdates(OpBuilder &b, Location loc, Value updates, Value x, Value rows)
      : b(b), loc(loc), updates(updates), x(x), rows(rows) {}

  /// `change` makes a row of an update and what was there.
  Value create(function_ref<Value(OpBuilder &, Value, Value)> change) {
    Value zero = index(0), one = index(1);
    Value end = getExtent(b, rows, 0), count = getExtent(b, x, 0);
    auto loop = scf::ForOp::create(
        b, loc, zero, end, one, ValueRange(x),
        [&](OpBuilder &b, Location loc, Value i, ValueRange state) {
          Value row = tensor::ExtractOp::create(b, loc, rows, i);
          row = arith::IndexCastOp::create(b, loc, b.getIndexType(), row);
          Value exists = arith::CmpIOp::create(
              b, loc, arith::CmpIPredicate::ult, row, count);
          // A loop, once or not at all: a copy of x that it needs is made
          // before it. A branch would make it inside, where no plan finds it.
          Value times =
              arith::IndexCastUIOp::create(b, loc, b.getIndexType(), exists);
          auto branch = scf::ForOp::create(
              b, loc, zero, times, one, state,
              [&](OpBuilder &b, Location loc, Value, ValueRange state) {
                Value update = extractRow(b, updates, i);
                Value changed = change(b, update, extractRow(b, state[0], row));
                Value whole = insertRow(b, changed, state[0], row);
                scf::YieldOp::create(b, loc, whole);
              });
          scf::YieldOp::create(b, loc, branch.getResults());
        });
    return loop.getResult(0);
  }

private:
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }
  Value getExtent(OpBuilder &b, Value value, int64_t dim) const {
    return getValueOrCreateConstantIndexOp(
        b, loc, tensor::getMixedSize(b, loc, value, dim));
  }

  /// A row, as a tensor of the same rank.
  struct Box {
    SmallVector<OpFoldResult> offsets, sizes, strides;
  };
  Box getBox(OpBuilder &b, Value position) const {
    int64_t rank = cast<RankedTensorType>(x.getType()).getRank();
    Box box;
    box.offsets.assign(rank, b.getIndexAttr(0));
    box.strides.assign(rank, b.getIndexAttr(1));
    box.sizes = tensor::getMixedSizes(b, loc, x);
    box.sizes[0] = b.getIndexAttr(1);
    box.offsets[0] = position;
    return box;
  }
  Value extractRow(OpBuilder &b, Value whole, Value position) const {
    auto [offsets, sizes, strides] = getBox(b, position);
    return tensor::ExtractSliceOp::create(b, loc, whole, offsets, sizes,
                                          strides);
  }
  Value insertRow(OpBuilder &b, Value row, Value whole, Value position) const {
    auto [offsets, sizes, strides] = getBox(b, position);
    return tensor::InsertSliceOp::create(b, loc, row, whole, offsets, sizes,
                                         strides);
  }

  OpBuilder &b;
  Location loc;
  Value updates, x, rows;
};

struct LowerScatter : OpRewritePattern<ScatterOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ScatterOp op,
                                PatternRewriter &rewriter) const override {
    if (cast<RankedTensorType>(op.getType()).getNumElements() == 0) {
      rewriter.replaceOp(op, op.getX());
      return success();
    }
    RowUpdates updates(rewriter, op.getLoc(), op.getUpdates(), op.getX(),
                       op.getRows());
    rewriter.replaceOp(op, updates.create([](OpBuilder &, Value update, Value) {
      return update;
    }));
    return success();
  }
};

struct LowerScatterAdd : OpRewritePattern<ScatterAddOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ScatterAddOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getType());
    if (llvm::is_contained(type.getShape(), 0)) {
      rewriter.replaceOp(op, op.getX());
      return success();
    }
    // Sums of many elements are rounded once.
    bool isNarrow = isa<FloatType>(type.getElementType()) &&
                    type.getElementTypeBitWidth() < 32;
    Value x = op.getX(), rows = op.getRows();
    if (isNarrow)
      x = CastOp::create(b, withElement(type, b.getF32Type()), x);
    Value updates = flatten(b, op.getUpdates(), rows);
    rows = flatten(b, rows, rows);
    Value sums = RowUpdates(b, b.getLoc(), updates, x, rows)
                     .create([](OpBuilder &b, Value update, Value sum) {
                       return createSum(b, sum.getLoc(), update, sum);
                     });
    if (isNarrow)
      sums = CastOp::create(b, type, sums);
    rewriter.replaceOp(op, sums);
    return success();
  }

private:
  /// `value`, with one dimension instead of its first ones, those of `rows`.
  static Value flatten(ImplicitLocOpBuilder &b, Value value, Value rows) {
    int64_t outer = cast<RankedTensorType>(rows.getType()).getRank();
    int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
    if (outer == 1)
      return value;
    if (outer == 0)
      return createOne(b, value);
    SmallVector<ReassociationIndices> groups(1);
    for (int64_t d = 0; d < rank; ++d) {
      if (d >= outer)
        groups.emplace_back();
      groups.back().push_back(d);
    }
    return tensor::CollapseShapeOp::create(b, value, groups);
  }

  /// One row: `value` with a first dimension of extent 1.
  static Value createOne(ImplicitLocOpBuilder &b, Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.insert(shape.begin(), 1);
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, b.getLoc(), value);
    sizes.insert(sizes.begin(), b.getIndexAttr(1));
    SmallVector<ReassociationIndices> groups;
    for (int64_t d = 0; d < type.getRank(); ++d)
      groups.push_back({d + 1});
    if (!groups.empty())
      groups.front().insert(groups.front().begin(), 0);
    return tensor::ExpandShapeOp::create(b, type.clone(shape), value, groups,
                                         sizes);
  }

  static Value createSum(OpBuilder &b, Location loc, Value update, Value sum) {
    auto type = cast<RankedTensorType>(sum.getType());
    AffineMap map = b.getMultiDimIdentityMap(type.getRank());
    return linalg::GenericOp::create(
               b, loc, TypeRange(type), ValueRange(update), ValueRange(sum),
               ArrayRef{map, map}, getParallel(type.getRank()),
               [](OpBuilder &b, Location loc, ValueRange v) {
                 linalg::YieldOp::create(b, loc,
                                         createAdded(b, loc, v[0], v[1]));
               })
        .getResult(0);
  }
};
} // namespace

void dither::populateIndexingToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerGather, LowerScatter, LowerScatterAdd>(
      patterns.getContext());
}
