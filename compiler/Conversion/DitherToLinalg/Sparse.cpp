//===- Sparse.cpp - Largest elements and lists to loops -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What runs when a parameter is packed: simple loops, one element at a time.
// Products with lists have kernels.
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/LoopBuilder.h"
#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "compiler/Transforms/Support/OrderedKeys.h"

using namespace mlir;
using namespace dither;

namespace {
struct LowerListRows : OpRewritePattern<ListRowsOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ListRowsOp op,
                                PatternRewriter &rewriter) const override {
    LoopBuilder l(op.getLoc(), rewriter);
    auto rows = cast<RankedTensorType>(op.getRows().getType());
    auto offsets = cast<RankedTensorType>(op.getOffsets().getType());
    auto mask = cast<RankedTensorType>(op.getMask().getType());
    Value zero = l.index(0), one = l.index(1);
    Value most = l.index(rows.getDimSize(0));
    auto emitElement = [&](Value k, Value j, Value count,
                           Value list) -> SmallVector<Value> {
      ImplicitLocOpBuilder &b = l.b;
      Value hasRoom = l.compare(arith::CmpIPredicate::ult, count, most);
      Value isListed =
          arith::AndIOp::create(b, hasRoom, l.extract(op.getMask(), {k, j}));
      auto choice = scf::IfOp::create(
          b, isListed,
          [&](OpBuilder &builder, Location loc) {
            Value row = arith::IndexCastOp::create(builder, loc,
                                                   rows.getElementType(), k);
            Value added =
                tensor::InsertOp::create(builder, loc, row, list, count);
            Value next = arith::AddIOp::create(builder, loc, count, one);
            scf::YieldOp::create(builder, loc, ValueRange{next, added});
          },
          [&](OpBuilder &builder, Location loc) {
            scf::YieldOp::create(builder, loc, ValueRange{count, list});
          });
      return SmallVector<Value>(choice.getResults());
    };
    auto results =
        l.loop(zero, l.index(mask.getDimSize(1)),
               {zero, l.zeros(rows), l.zeros(offsets)},
               [&](Value j, ValueRange outer) -> SmallVector<Value> {
                 SmallVector<Value> next = l.loop(
                     zero, l.index(mask.getDimSize(0)), outer.take_front(2),
                     [&](Value k, ValueRange inner) {
                       return emitElement(k, j, inner[0], inner[1]);
                     });
                 Value end =
                     arith::IndexCastOp::create(l.b, l.b.getI32Type(), next[0]);
                 Value at = arith::AddIOp::create(l.b, j, one);
                 next.push_back(l.insert(end, outer[2], at));
                 return next;
               });
    rewriter.replaceOp(op, ArrayRef<Value>(results).drop_front());
    return success();
  }
};

struct LowerGatherListed : OpRewritePattern<GatherListedOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(GatherListedOp op,
                                PatternRewriter &rewriter) const override {
    LoopBuilder l(op.getLoc(), rewriter);
    Value zeros = l.zeros(cast<RankedTensorType>(op.getSlots().getType()));
    auto copy = [&](Value p, Value k, Value j, Value slots) {
      return l.insert(l.extract(op.getX(), {k, j}), slots, p);
    };
    rewriter.replaceOp(op,
                       l.listLoop(op.getRows(), op.getOffsets(), zeros, copy));
    return success();
  }
};

struct LowerScatterListed : OpRewritePattern<ScatterListedOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ScatterListedOp op,
                                PatternRewriter &rewriter) const override {
    LoopBuilder l(op.getLoc(), rewriter);
    Value zeros = l.zeros(cast<RankedTensorType>(op.getX().getType()));
    auto copy = [&](Value p, Value k, Value j, Value dense) {
      return l.insert(l.extract(op.getSlots(), p), dense, {k, j});
    };
    rewriter.replaceOp(op,
                       l.listLoop(op.getRows(), op.getOffsets(), zeros, copy));
    return success();
  }
};

/// Finds the `count`-th largest key bit by bit, from the highest one on: 32
/// passes over the keys. Keys are unsigned integers in the order of the
/// elements.
class TopMaskLowering {
public:
  TopMaskLowering(TopMaskOp op, OpBuilder &builder)
      : l(op.getLoc(), builder), b(l.b), x(op.getX()), wanted(op.getCount()) {}

  Value emit() {
    auto type = cast<RankedTensorType>(x.getType());
    SmallVector<ReassociationIndices> all(1);
    for (int64_t d = 0; d < type.getRank(); ++d)
      all[0].push_back(d);
    size = type.getNumElements();
    wanted = std::min(wanted, size);
    if (type.getRank() > 1)
      x = tensor::CollapseShapeOp::create(b, x, all);
    emitKeys();
    Value mask = emitMask(emitThreshold());
    if (type.getRank() > 1)
      mask = tensor::ExpandShapeOp::create(b, withElement(type, b.getI1Type()),
                                           mask, all);
    return mask;
  }

private:
  void emitKeys() {
    AffineMap map = b.getMultiDimIdentityMap(1);
    Value empty = tensor::EmptyOp::create(b, ArrayRef{size}, b.getI32Type());
    keys = linalg::GenericOp::create(
               b, TypeRange(empty.getType()), ValueRange(x), ValueRange(empty),
               ArrayRef{map, map}, getParallel(1),
               [&](OpBuilder &builder, Location loc, ValueRange elements) {
                 ImplicitLocOpBuilder inner(loc, builder);
                 linalg::YieldOp::create(inner,
                                         emitOrderedKey(inner, elements[0]));
               })
               .getResult(0);
  }

  /// Emits the number of keys for which the comparison with `bound` holds, by
  /// way of `cell`, a tensor of one number.
  std::pair<Value, Value> emitCount(arith::CmpIPredicate predicate, Value bound,
                                    Value cell) {
    Value zero = l.integer(0);
    Value start = linalg::FillOp::create(b, zero, cell).getResult(0);
    MLIRContext *context = b.getContext();
    SmallVector<AffineMap> maps = {b.getMultiDimIdentityMap(1),
                                   AffineMap::get(1, 0, context)};
    Value sum =
        linalg::GenericOp::create(
            b, TypeRange(cell.getType()), ValueRange(keys), ValueRange(start),
            maps, ArrayRef{utils::IteratorType::reduction},
            [&](OpBuilder &builder, Location loc, ValueRange elements) {
              Value holds = arith::CmpIOp::create(builder, loc, predicate,
                                                  elements[0], bound);
              Value one = arith::ExtUIOp::create(builder, loc,
                                                 builder.getI32Type(), holds);
              Value next =
                  arith::AddIOp::create(builder, loc, elements[1], one);
              linalg::YieldOp::create(builder, loc, next);
            })
            .getResult(0);
    return {l.extract(sum, {}), sum};
  }

  /// The largest number that `wanted` keys reach.
  Value emitThreshold() {
    cell = l.zeros(RankedTensorType::get({}, b.getI32Type()));
    auto results = l.loop(
        l.index(0), l.index(32), {l.integer(0), cell},
        [&](Value i, ValueRange carried) -> SmallVector<Value> {
          Value shift = arith::IndexCastOp::create(b, b.getI32Type(), i);
          Value bit =
              arith::ShRUIOp::create(b, l.integer(int64_t(1) << 31), shift);
          Value candidate = arith::OrIOp::create(b, carried[0], bit);
          auto [count, sum] =
              emitCount(arith::CmpIPredicate::uge, candidate, carried[1]);
          Value isReached =
              l.compare(arith::CmpIPredicate::uge, count, l.integer(wanted));
          return {arith::SelectOp::create(b, isReached, candidate, carried[0]),
                  sum};
        });
    cell = results[1];
    return results[0];
  }

  /// All keys above the threshold, and the first of those that equal it.
  Value emitMask(Value threshold) {
    Value above = emitCount(arith::CmpIPredicate::ugt, threshold, cell).first;
    Value left = arith::SubIOp::create(b, l.integer(wanted), above);
    Value mask = tensor::EmptyOp::create(b, ArrayRef{size}, b.getI1Type());
    auto emitElement = [&](Value i, ValueRange carried) -> SmallVector<Value> {
      Value key = l.extract(keys, i);
      Value isAbove = l.compare(arith::CmpIPredicate::ugt, key, threshold);
      Value isEqual = l.compare(arith::CmpIPredicate::eq, key, threshold);
      Value isLeft =
          l.compare(arith::CmpIPredicate::sgt, carried[0], l.integer(0));
      Value isTaken = arith::AndIOp::create(b, isEqual, isLeft);
      Value taken = arith::ExtUIOp::create(b, b.getI32Type(), isTaken);
      Value kept = arith::OrIOp::create(b, isAbove, isTaken);
      return {arith::SubIOp::create(b, carried[0], taken),
              l.insert(kept, carried[1], i)};
    };
    return l.loop(l.index(0), l.index(size), {left, mask}, emitElement)[1];
  }

  LoopBuilder l;
  ImplicitLocOpBuilder &b;
  Value x, keys, cell;
  int64_t wanted, size = 0;
};

struct LowerTopMask : OpRewritePattern<TopMaskOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TopMaskOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, TopMaskLowering(op, rewriter).emit());
    return success();
  }
};
} // namespace

void dither::populateSparseToLinalg(RewritePatternSet &patterns) {
  patterns
      .add<LowerListRows, LowerGatherListed, LowerScatterListed, LowerTopMask>(
          patterns.getContext());
}
