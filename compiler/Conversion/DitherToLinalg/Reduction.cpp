//===- Reduction.cpp - Reductions to linalg -------------------------------===//
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

static bool isMinMax(ReduceKind kind) {
  return kind == ReduceKind::max || kind == ReduceKind::min;
}

Value dither::createNeutral(OpBuilder &b, Location loc, ReduceKind kind,
                            Type type) {
  // Of truth values true is the larger one, though as a number it is -1.
  if (isMinMax(kind) && type.isInteger(1))
    kind = kind == ReduceKind::max ? ReduceKind::bitOr : ReduceKind::bitAnd;
  bool isMax = kind == ReduceKind::max;
  TypedAttr attr;
  if (!isMinMax(kind)) {
    int64_t value = kind == ReduceKind::product  ? 1
                    : kind == ReduceKind::bitAnd ? -1
                                                 : 0;
    if (isa<FloatType>(type))
      attr = b.getFloatAttr(type, double(value));
    else
      attr = b.getIntegerAttr(
          type, APInt(type.getIntOrFloatBitWidth(), uint64_t(value),
                      /*isSigned=*/true, /*implicitTrunc=*/true));
  } else if (auto floatType = dyn_cast<FloatType>(type)) {
    attr = b.getFloatAttr(
        type, APFloat::getInf(floatType.getFloatSemantics(), isMax));
  } else {
    attr = b.getIntegerAttr(
        type, isMax ? APInt::getSignedMinValue(type.getIntOrFloatBitWidth())
                    : APInt::getSignedMaxValue(type.getIntOrFloatBitWidth()));
  }
  return arith::ConstantOp::create(b, loc, attr);
}

Value dither::widen(OpBuilder &b, Location loc, Value x, Type type) {
  return x.getType() == type ? x : arith::ExtFOp::create(b, loc, type, x);
}

template <typename FloatOp, typename IntOp>
static Value createByKind(OpBuilder &b, Location loc, Value acc, Value x) {
  if (isa<FloatType>(x.getType()))
    return FloatOp::create(b, loc, acc, x);
  return IntOp::create(b, loc, acc, x);
}

/// Sums and products may be reassociated, which lets them be vectorized; the
/// order is fixed when the code is made.
Value dither::createCombine(OpBuilder &b, Location loc, ReduceKind kind,
                            Value x, Value acc) {
  x = widen(b, loc, x, acc.getType());
  bool isFloat = isa<FloatType>(x.getType());
  constexpr auto anyOrder = arith::FastMathFlags::reassoc;
  switch (kind) {
  case ReduceKind::sum:
    if (isFloat)
      return arith::AddFOp::create(b, loc, acc, x, anyOrder);
    return arith::AddIOp::create(b, loc, acc, x);
  case ReduceKind::product:
    if (isFloat)
      return arith::MulFOp::create(b, loc, acc, x, anyOrder);
    return arith::MulIOp::create(b, loc, acc, x);
  case ReduceKind::max:
    if (x.getType().isInteger(1))
      return arith::OrIOp::create(b, loc, acc, x);
    return createByKind<arith::MaximumFOp, arith::MaxSIOp>(b, loc, acc, x);
  case ReduceKind::min:
    if (x.getType().isInteger(1))
      return arith::AndIOp::create(b, loc, acc, x);
    return createByKind<arith::MinimumFOp, arith::MinSIOp>(b, loc, acc, x);
  case ReduceKind::bitAnd:
    return arith::AndIOp::create(b, loc, acc, x);
  case ReduceKind::bitOr:
    return arith::OrIOp::create(b, loc, acc, x);
  }
  llvm_unreachable("all kinds are covered");
}

AffineMap dither::getReducedMap(int64_t rank, ArrayRef<int64_t> dims, bool keep,
                                MLIRContext *context) {
  SmallVector<AffineExpr> exprs;
  for (int64_t d = 0; d < rank; ++d) {
    if (!llvm::is_contained(dims, d))
      exprs.push_back(getAffineDimExpr(d, context));
    else if (keep)
      exprs.push_back(getAffineConstantExpr(0, context));
  }
  return AffineMap::get(rank, 0, exprs, context);
}

Value dither::createReducedEmpty(OpBuilder &b, Location loc,
                                 RankedTensorType type, Value x,
                                 AffineMap map) {
  SmallVector<Value> extents;
  for (auto [d, expr] : llvm::enumerate(map.getResults()))
    if (type.isDynamicDim(d))
      extents.push_back(tensor::DimOp::create(
          b, loc, x, cast<AffineDimExpr>(expr).getPosition()));
  return tensor::EmptyOp::create(b, loc, type, extents);
}

/// Gives a result its reduced dimensions back, with extent 1.
static Value createKept(OpBuilder &b, Location loc, RankedTensorType type,
                        Value reduced, ArrayRef<int64_t> dims) {
  bool hasInnerDynamic =
      llvm::any_of(type.getShape().drop_front(), ShapedType::isDynamic);
  if (!hasInnerDynamic)
    return ReshapeOp::create(b, loc, type, reduced);
  // Each remaining dimension takes those before it, the last one those behind.
  SmallVector<ReassociationIndices> groups(1);
  for (int64_t d = 0, last = type.getRank() - 1; d <= last; ++d) {
    bool isEnd = !groups.back().empty() &&
                 !llvm::is_contained(dims, groups.back().back());
    bool remains = llvm::any_of(llvm::seq(d, last + 1), [&](int64_t later) {
      return !llvm::is_contained(dims, later);
    });
    if (isEnd && remains)
      groups.emplace_back();
    groups.back().push_back(d);
  }
  return tensor::ExpandShapeOp::create(b, loc, type, reduced, groups);
}

namespace {
struct LowerReduce : OpRewritePattern<ReduceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReduceOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto x = cast<RankedTensorType>(op.getX().getType());
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<int64_t> dims = op.getReducedDims();
    // Loops over the kept dimensions with extent 1 would hide the reduction:
    // reduce without them and reshape behind.
    AffineMap map = getReducedMap(x.getRank(), dims, false, getContext());
    SmallVector<int64_t> shape;
    for (AffineExpr expr : map.getResults())
      shape.push_back(x.getDimSize(cast<AffineDimExpr>(expr).getPosition()));
    Type element = getWideElement(x.getElementType());
    auto reduced = RankedTensorType::get(shape, element);
    Value init = createReducedEmpty(rewriter, loc, reduced, op.getX(), map);
    Value neutral = createNeutral(rewriter, loc, op.getKind(), element);
    init = linalg::FillOp::create(rewriter, loc, neutral, init).getResult(0);
    SmallVector<utils::IteratorType> iterators = getParallel(x.getRank());
    for (int64_t d : dims)
      iterators[d] = utils::IteratorType::reduction;
    SmallVector<AffineMap> maps = {
        AffineMap::getMultiDimIdentityMap(x.getRank(), getContext()), map};
    Value result =
        linalg::GenericOp::create(
            rewriter, loc, TypeRange(reduced), ValueRange(op.getX()),
            ValueRange(init), maps, iterators,
            [&](OpBuilder &b, Location loc, ValueRange v) {
              linalg::YieldOp::create(
                  b, loc, createCombine(b, loc, op.getKind(), v[0], v[1]));
            })
            .getResult(0);
    reduced = reduced.clone(type.getElementType());
    if (result.getType() != reduced)
      result = CastOp::create(rewriter, loc, reduced, result);
    if (reduced != type)
      result = createKept(rewriter, loc, type, result, dims);
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct LowerCount : OpRewritePattern<CountOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CountOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type element = getElementTypeOrSelf(op.getType());
    Value count = arith::ConstantIndexOp::create(rewriter, loc, 1);
    for (int64_t dim : op.getDims())
      count = arith::MulIOp::create(
          rewriter, loc, count,
          tensor::DimOp::create(rewriter, loc, op.getX(), dim));
    Value number =
        arith::IndexCastOp::create(rewriter, loc, rewriter.getI64Type(), count);
    if (isa<FloatType>(element))
      number = arith::SIToFPOp::create(rewriter, loc, element, number);
    else if (element.getIntOrFloatBitWidth() < 64)
      number = arith::TruncIOp::create(rewriter, loc, element, number);
    rewriter.replaceOpWithNewOp<tensor::FromElementsOp>(op, op.getType(),
                                                        number);
    return success();
  }
};

struct LowerArgmax : OpRewritePattern<ArgmaxOp> {
  using OpRewritePattern::OpRewritePattern;

  /// Larger, or the first NaN.
  static Value createIsBetter(OpBuilder &b, Location loc, Value x, Value held) {
    if (x.getType().isInteger(1)) // The sign of true would be that of -1.
      return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ugt, x, held);
    if (!isa<FloatType>(x.getType()))
      return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, x, held);
    using P = arith::CmpFPredicate;
    Value larger = arith::CmpFOp::create(b, loc, P::OGT, x, held);
    Value isNaN = arith::CmpFOp::create(b, loc, P::UNO, x, x);
    Value heldIsNumber = arith::CmpFOp::create(b, loc, P::ORD, held, held);
    Value first = arith::AndIOp::create(b, loc, isNaN, heldIsNumber);
    return arith::OrIOp::create(b, loc, larger, first);
  }

  LogicalResult matchAndRewrite(ArgmaxOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto x = cast<RankedTensorType>(op.getX().getType());
    auto indexType = cast<RankedTensorType>(op.getType());
    auto valueType =
        RankedTensorType::get(indexType.getShape(), x.getElementType());
    int64_t last = x.getRank() - 1;
    AffineMap map = getReducedMap(x.getRank(), {last}, false, getContext());
    auto fill = [&](RankedTensorType type, Value value) -> Value {
      Value empty = createReducedEmpty(rewriter, loc, type, op.getX(), map);
      return linalg::FillOp::create(rewriter, loc, value, empty).getResult(0);
    };
    Value values = fill(valueType, createNeutral(rewriter, loc, ReduceKind::max,
                                                 x.getElementType()));
    Value indices =
        fill(indexType, arith::ConstantOp::create(
                            rewriter, loc, rewriter.getI32IntegerAttr(0)));
    SmallVector<utils::IteratorType> iterators = getParallel(x.getRank());
    iterators[last] = utils::IteratorType::reduction;
    auto generic = linalg::GenericOp::create(
        rewriter, loc, TypeRange{valueType, indexType}, ValueRange(op.getX()),
        ValueRange{values, indices},
        ArrayRef<AffineMap>{
            AffineMap::getMultiDimIdentityMap(x.getRank(), getContext()), map,
            map},
        iterators, [&](OpBuilder &b, Location loc, ValueRange v) {
          Value isBetter = createIsBetter(b, loc, v[0], v[1]);
          Value position = linalg::IndexOp::create(b, loc, last);
          Value index =
              arith::IndexCastOp::create(b, loc, b.getI32Type(), position);
          Value best = arith::SelectOp::create(b, loc, isBetter, v[0], v[1]);
          Value where = arith::SelectOp::create(b, loc, isBetter, index, v[2]);
          linalg::YieldOp::create(b, loc, ValueRange{best, where});
        });
    rewriter.replaceOp(op, generic.getResult(1));
    return success();
  }
};
} // namespace

void dither::populateReductionToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerReduce, LowerCount, LowerArgmax>(patterns.getContext());
}
