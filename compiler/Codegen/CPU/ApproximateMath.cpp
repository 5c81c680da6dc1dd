//===- ApproximateMath.cpp - Polynomials for f32 math ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "mlir/Dialect/Math/Transforms/Approximation.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace dither {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// The same type with elements of f32.
static Type getWide(Type type) {
  Type wide = Float32Type::get(type.getContext());
  auto vector = dyn_cast<VectorType>(type);
  return vector ? vector.clone(wide) : wide;
}

/// An integer reaches a float of 16 bits through f32, as in the reference;
/// canonicalization may have taken out that step, which rounds once more.
template <typename ToFloat>
static LogicalResult convertThroughF32(ToFloat op, PatternRewriter &rewriter) {
  Type type = op.getType();
  if (getElementTypeOrSelf(type).getIntOrFloatBitWidth() != 16)
    return failure();
  Value value =
      ToFloat::create(rewriter, op.getLoc(), getWide(type), op.getIn());
  rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, type, value);
  return success();
}

/// A square root of 16 bits through f32, which has digits enough for rounding
/// twice to be rounding once. LLVM would take elements one by one.
static LogicalResult takeRootInF32(math::SqrtOp op, PatternRewriter &rewriter) {
  if (getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() != 16)
    return failure();
  Location loc = op.getLoc();
  Value x = arith::ExtFOp::create(rewriter, loc, getWide(op.getType()),
                                  op.getOperand());
  rewriter.replaceOpWithNewOp<arith::TruncFOp>(
      op, op.getType(), math::SqrtOp::create(rewriter, loc, x));
  return success();
}

/// From f64 to 16 bits through f32, which is rounded to odd: what is not exact
/// gets a last bit of one, so that it is no tie, nor on the wrong side of one,
/// when it is rounded again. LLVM would call a library that is not there.
static LogicalResult narrowThroughOdd(arith::TruncFOp op,
                                      PatternRewriter &rewriter) {
  if (!getElementTypeOrSelf(op.getIn().getType()).isF64() ||
      getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() != 16)
    return failure();
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  using P = arith::CmpFPredicate;
  Value x = op.getIn();
  Type wide = getWide(op.getType()), words = b.getI32Type();
  if (auto vector = dyn_cast<VectorType>(wide))
    words = vector.clone(words);
  Value one = arith::ConstantOp::create(b, b.getOneAttr(words));
  Value nearest = arith::TruncFOp::create(b, wide, x);
  Value back = arith::ExtFOp::create(b, x.getType(), nearest);
  Value isInexact = arith::CmpFOp::create(b, P::ONE, back, x);
  Value isBeyond = arith::CmpFOp::create(
      b, P::OGT, math::AbsFOp::create(b, back), math::AbsFOp::create(b, x));
  Value bits = arith::BitcastOp::create(b, words, nearest);
  Value inward = arith::SubIOp::create(
      b, bits, arith::ExtUIOp::create(b, words, isBeyond));
  Value odd = arith::OrIOp::create(b, inward, one);
  bits = arith::SelectOp::create(b, isInexact, odd, bits);
  rewriter.replaceOpWithNewOp<arith::TruncFOp>(
      op, op.getType(), arith::BitcastOp::create(b, wide, bits));
  return success();
}

/// The polynomials of these functions reduce their argument to an integer
/// first. Where there is none, in LLVM's eyes anything may come out: f(x) gives
/// way to x - x, which is NaN, for what is not finite, or only for NaN.
template <typename Op> static void guardArgument(Op op, bool onlyNaN) {
  if (!getElementTypeOrSelf(op.getType()).isF32())
    return;
  ImplicitLocOpBuilder b(op.getLoc(), op->getContext());
  b.setInsertionPointAfter(op);
  Value x = op.getOperand();
  Value none = arith::SubFOp::create(b, x, x);
  Value tested = onlyNaN ? x : none;
  Value isNone =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, tested, tested);
  auto select = arith::SelectOp::create(b, isNone, none, op.getResult());
  op.getResult().replaceAllUsesExcept(select.getResult(), select);
}

namespace {
struct ApproximateMath : dither::impl::ApproximateMathBase<ApproximateMath> {
  void runOnOperation() override {
    getOperation()->walk([](math::SinOp op) { guardArgument(op, false); });
    getOperation()->walk([](math::CosOp op) { guardArgument(op, false); });
    getOperation()->walk([](math::ExpOp op) { guardArgument(op, true); });
    RewritePatternSet patterns(&getContext());
    patterns.add(convertThroughF32<arith::SIToFPOp>);
    patterns.add(convertThroughF32<arith::UIToFPOp>);
    patterns.add(takeRootInF32);
    patterns.add(narrowThroughOdd);
    populateMathPolynomialApproximationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
