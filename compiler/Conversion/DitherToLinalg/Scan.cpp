//===- Scan.cpp - Scans and recurrences to linalg -------------------------===//
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

/// The elements along a dimension from the last to the first. Where the extent
/// is known the order is a map, so that ops which read the result can read the
/// operand instead.
static Value createFlip(OpBuilder &b, Location loc, Value x, int64_t dim) {
  auto type = cast<RankedTensorType>(x.getType());
  int64_t rank = type.getRank(), extent = type.getDimSize(dim);
  if (extent == 0 || extent == 1)
    return x;
  Value init = createEmpty(b, loc, type, x);
  AffineMap all = b.getMultiDimIdentityMap(rank);
  if (!type.isDynamicDim(dim)) {
    SmallVector<AffineExpr> from(all.getResults());
    from[dim] = b.getAffineConstantExpr(extent - 1) - from[dim];
    return linalg::GenericOp::create(
               b, loc, TypeRange(type), ValueRange(x), ValueRange(init),
               ArrayRef<AffineMap>{
                   AffineMap::get(rank, 0, from, b.getContext()), all},
               getParallel(rank),
               [](OpBuilder &b, Location loc, ValueRange v) {
                 linalg::YieldOp::create(b, loc, v[0]);
               })
        .getResult(0);
  }
  Value last =
      arith::SubIOp::create(b, loc, tensor::DimOp::create(b, loc, x, dim),
                            arith::ConstantIndexOp::create(b, loc, 1));
  return linalg::GenericOp::create(
             b, loc, TypeRange(type), ValueRange(), ValueRange(init),
             ArrayRef<AffineMap>{all}, getParallel(rank),
             [&](OpBuilder &b, Location loc, ValueRange) {
               SmallVector<Value> at;
               for (int64_t d = 0; d < rank; ++d)
                 at.push_back(linalg::IndexOp::create(b, loc, d));
               at[dim] = arith::SubIOp::create(b, loc, last, at[dim]);
               Value element = tensor::ExtractOp::create(b, loc, x, at);
               linalg::YieldOp::create(b, loc, element);
             })
      .getResult(0);
}

/// Makes a state of the one before it and of elements.
using NextState = function_ref<Value(OpBuilder &, Location, ValueRange, Value)>;

/// One loop that carries the state and stores it on its way: a reduction with
/// a second result. The state before the first is an element, or a tensor.
static Value createStates(OpBuilder &b, Location loc, ValueRange operands,
                          int64_t dim, bool reverse, bool exclusive,
                          Value first, NextState next) {
  SmallVector<Value> inputs(operands);
  if (reverse)
    for (Value &input : inputs)
      input = createFlip(b, loc, input, dim);
  auto type = cast<RankedTensorType>(inputs[0].getType());
  int64_t rank = type.getRank();
  AffineMap all = b.getMultiDimIdentityMap(rank);
  AffineMap kept = getReducedMap(rank, {dim}, false, b.getContext());
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + dim);
  Type state = getElementTypeOrSelf(first.getType());
  auto stateType = RankedTensorType::get(shape, state);
  Value states = first;
  if (state == first.getType()) {
    states = createReducedEmpty(b, loc, stateType, inputs[0], kept);
    states = linalg::FillOp::create(b, loc, first, states).getResult(0);
  }
  Value init = createEmpty(b, loc, type, inputs[0]);
  SmallVector<utils::IteratorType> iterators = getParallel(rank);
  iterators[dim] = utils::IteratorType::reduction;
  SmallVector<AffineMap> maps(inputs.size(), all);
  maps.append({kept, all});
  auto generic = linalg::GenericOp::create(
      b, loc, TypeRange{stateType, type}, inputs, ValueRange{states, init},
      maps, iterators, [&](OpBuilder &b, Location loc, ValueRange v) {
        Value before = v[inputs.size()];
        Value after = next(b, loc, v.take_front(inputs.size()), before);
        Value stored = exclusive ? before : after;
        if (type.getElementType() != state)
          stored =
              arith::TruncFOp::create(b, loc, type.getElementType(), stored);
        linalg::YieldOp::create(b, loc, ValueRange{after, stored});
      });
  Value result = generic.getResult(1);
  return reverse ? createFlip(b, loc, result, dim) : result;
}

/// log(exp(x) + exp(y)); of equal ones, which may be infinite, nothing is
/// subtracted.
static Value createLogSumExp(OpBuilder &b, Location loc, Value x, Value y) {
  Type type = y.getType();
  auto constant = [&](double value) -> Value {
    return arith::ConstantOp::create(b, loc, b.getFloatAttr(type, value));
  };
  Value isEqual =
      arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, x, y);
  Value distance =
      math::AbsFOp::create(b, loc, arith::SubFOp::create(b, loc, x, y));
  Value exponent = arith::SelectOp::create(
      b, loc, isEqual, constant(0), arith::NegFOp::create(b, loc, distance));
  Value sum = arith::AddFOp::create(
      b, loc, math::ExpOp::create(b, loc, exponent), constant(1));
  Value larger = arith::MaximumFOp::create(b, loc, y, x);
  return arith::AddFOp::create(b, loc, larger,
                               math::LogOp::create(b, loc, sum));
}

namespace {
struct LowerScan : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ScanOp op,
                                PatternRewriter &rewriter) const override {
    Type state = getWideElement(op.getType());
    std::optional<ReduceKind> kind = op.getReduceKind();
    Value first = createNeutral(rewriter, op.getLoc(),
                                kind.value_or(ReduceKind::max), state);
    rewriter.replaceOp(
        op, createStates(rewriter, op.getLoc(), op.getX(), int64_t(op.getDim()),
                         op.getReverse(), op.getExclusive(), first,
                         [&](OpBuilder &b, Location loc, ValueRange v,
                             Value before) -> Value {
                           if (kind)
                             return createCombine(b, loc, *kind, v[0], before);
                           return createLogSumExp(
                               b, loc, widen(b, loc, v[0], state), before);
                         }));
    return success();
  }
};

struct LowerRecurrence : OpRewritePattern<RecurrenceOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(RecurrenceOp op,
                                PatternRewriter &rewriter) const override {
    Type state = getWideElement(op.getType());
    Value first = op.getInitial();
    if (!first)
      first = createNeutral(rewriter, op.getLoc(), ReduceKind::sum, state);
    else if (state != getElementTypeOrSelf(first))
      first = CastOp::create(rewriter, op.getLoc(),
                             withElement(first.getType(), state), first);
    auto next = [&](OpBuilder &b, Location loc, ValueRange v,
                    Value before) -> Value {
      if (!isa<FloatType>(state))
        return arith::AddIOp::create(
            b, loc, arith::MulIOp::create(b, loc, v[0], before), v[1]);
      Value product =
          arith::MulFOp::create(b, loc, widen(b, loc, v[0], state), before);
      return arith::AddFOp::create(b, loc, product, widen(b, loc, v[1], state));
    };
    rewriter.replaceOp(op, createStates(rewriter, op.getLoc(),
                                        {op.getA(), op.getB()},
                                        int64_t(op.getDim()), op.getReverse(),
                                        op.getExclusive(), first, next));
    return success();
  }
};
} // namespace

void dither::populateScanToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerScan, LowerRecurrence>(patterns.getContext());
}
