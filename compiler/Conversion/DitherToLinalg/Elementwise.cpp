//===- Elementwise.cpp - Elementwise ops to linalg ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace dither;

Value dither::createEmpty(OpBuilder &b, Location loc, RankedTensorType type,
                          ValueRange sources) {
  SmallVector<Value> extents;
  for (int64_t d = 0; d < type.getRank(); ++d) {
    if (!type.isDynamicDim(d))
      continue;
    for (Value source : sources) {
      auto sourceType = cast<RankedTensorType>(source.getType());
      int64_t sd = d - type.getRank() + sourceType.getRank();
      if (sd < 0 || !sourceType.isDynamicDim(sd))
        continue;
      extents.push_back(tensor::DimOp::create(b, loc, source, sd));
      break;
    }
  }
  return tensor::EmptyOp::create(b, loc, type, extents);
}

AffineMap dither::getBroadcastMap(RankedTensorType type,
                                  ArrayRef<int64_t> loopShape,
                                  MLIRContext *context) {
  SmallVector<AffineExpr> exprs;
  int64_t shift = int64_t(loopShape.size()) - type.getRank();
  for (int64_t d = 0; d < type.getRank(); ++d)
    exprs.push_back(type.getDimSize(d) == 1 && loopShape[d + shift] != 1
                        ? getAffineConstantExpr(0, context)
                        : getAffineDimExpr(d + shift, context));
  return AffineMap::get(loopShape.size(), 0, exprs, context);
}

SmallVector<utils::IteratorType> dither::getParallel(int64_t rank) {
  return SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel);
}

/// The element of a splat constant, or null.
static TypedAttr getSplat(Value value) {
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)) && elements.isSplat())
    return cast<TypedAttr>(elements.getSplatValue<Attribute>());
  return {};
}

namespace {
struct LowerElementwise : OpInterfaceRewritePattern<ElementwiseOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ElementwiseOpInterface op,
                                PatternRewriter &rewriter) const override {
    Location loc = op->getLoc();
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    SmallVector<TypedAttr> splats;
    for (Value operand : op->getOperands()) {
      splats.push_back(getSplat(operand));
      if (splats.back())
        continue;
      inputs.push_back(operand);
      maps.push_back(getBroadcastMap(cast<RankedTensorType>(operand.getType()),
                                     type.getShape(), getContext()));
    }
    maps.push_back(
        AffineMap::getMultiDimIdentityMap(type.getRank(), getContext()));
    Value init = createEmpty(rewriter, loc, type, op->getOperands());
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(type), inputs, ValueRange(init), maps,
        getParallel(type.getRank()),
        [&](OpBuilder &b, Location loc, ValueRange arguments) {
          SmallVector<Value> operands;
          size_t next = 0;
          for (TypedAttr splat : splats)
            operands.push_back(
                splat ? arith::ConstantOp::create(b, loc, splat).getResult()
                      : arguments[next++]);
          Value result =
              op.buildScalar(b, loc, operands, type.getElementType());
          linalg::YieldOp::create(b, loc, result);
        });
    return success();
  }
};

struct LowerConstant : OpRewritePattern<ConstantOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ConstantOp op,
                                PatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, cast<TypedAttr>(op.getValue()));
    return success();
  }
};
} // namespace

void dither::populateElementwiseToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerElementwise, LowerConstant>(patterns.getContext());
}
