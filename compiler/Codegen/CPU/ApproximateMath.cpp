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

/// An integer reaches a float of 16 bits through f32, as in the reference;
/// canonicalization may have taken out that step, which rounds once more.
template <typename ToFloat>
static LogicalResult convertThroughF32(ToFloat op, PatternRewriter &rewriter) {
  Type type = op.getType();
  if (getElementTypeOrSelf(type).getIntOrFloatBitWidth() != 16)
    return failure();
  Type wide = rewriter.getF32Type();
  if (auto vector = dyn_cast<VectorType>(type))
    wide = vector.clone(wide);
  Value value = ToFloat::create(rewriter, op.getLoc(), wide, op.getIn());
  rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, type, value);
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
    populateMathPolynomialApproximationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
