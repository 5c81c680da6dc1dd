//===- Contraction.cpp - Matrix products ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

/// Two extents that must agree, where a dynamic one agrees with all.
static bool agree(int64_t a, int64_t b) {
  return a == b || ShapedType::isDynamic(a) || ShapedType::isDynamic(b);
}

//===- Matmul -------------------------------------------------------------===//

LogicalResult
MatmulOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<MatmulOp>(operands, attributes, properties, regions);
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto y = cast<RankedTensorType>(op.getY().getType());
  if (x.getRank() != 2 || y.getRank() != 2)
    return emitOptionalError(location, "(C1) needs matrices, got ", x, " and ",
                             y);
  bool tx = op.getTransposeX(), ty = op.getTransposeY();
  if (!agree(x.getDimSize(tx ? 0 : 1), y.getDimSize(ty ? 1 : 0)))
    return emitOptionalError(
        location, "(C2) contracted extents differ: ", x.getDimSize(tx ? 0 : 1),
        " and ", y.getDimSize(ty ? 1 : 0));
  if (x.getElementType() != y.getElementType())
    return emitOptionalError(
        location, "(C3) element types differ: ", x.getElementType(), " and ",
        y.getElementType(), "; convert one with dither.cast");
  types.push_back(RankedTensorType::get(
      {x.getDimSize(tx ? 1 : 0), y.getDimSize(ty ? 0 : 1)},
      x.getElementType()));
  return success();
}

SmallVector<SmallVector<int64_t>>
MatmulOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  return {{operands[0].getShape()[getTransposeX() ? 1 : 0],
           operands[1].getShape()[getTransposeY() ? 0 : 1]}};
}

LogicalResult MatmulOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0], &y = operands[1];
  HostTensor &z = results[0];
  bool tx = getTransposeX(), ty = getTransposeY();
  int64_t rows = z.getShape()[0], columns = z.getShape()[1];
  int64_t depth = x.getShape()[tx ? 0 : 1];
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < depth; ++k)
        sum += x.getDouble(tx ? k * rows + i : i * depth + k) *
               y.getDouble(ty ? j * depth + k : k * columns + j);
      z.set(i * columns + j, Scalar::of(sum));
    }
  return success();
}

SmallVector<Value> MatmulOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dzs) {
  Value dz = dzs[0], x = getX(), y = getY();
  bool tx = getTransposeX(), ty = getTransposeY();
  // x' = op(x), y' = op(y): dx' = dz y'', dy' = x'' dz, then the transposes.
  Value dx = tx ? MatmulOp::create(b, y, dz, ty, true)
                : MatmulOp::create(b, dz, y, false, !ty);
  Value dy = ty ? MatmulOp::create(b, dz, x, true, tx)
                : MatmulOp::create(b, x, dz, !tx, false);
  return {dx, dy};
}

namespace {
/// Takes a transpose of an operand into the product's own flag.
struct FoldTranspose : OpRewritePattern<MatmulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(MatmulOp op,
                                PatternRewriter &rewriter) const override {
    auto x = op.getX().getDefiningOp<TransposeOp>();
    auto y = op.getY().getDefiningOp<TransposeOp>();
    auto isSwap = [](TransposeOp t) {
      return t && t.getPermutation() == ArrayRef<int64_t>{1, 0};
    };
    if (!isSwap(x) && !isSwap(y))
      return failure();
    rewriter.replaceOpWithNewOp<MatmulOp>(
        op, isSwap(x) ? x.getX() : op.getX(), isSwap(y) ? y.getX() : op.getY(),
        op.getTransposeX() != isSwap(x), op.getTransposeY() != isSwap(y));
    return success();
  }
};
} // namespace

void MatmulOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *context) {
  patterns.add<FoldTranspose>(context);
}

//===- Linear -------------------------------------------------------------===//

LogicalResult
LinearOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                           ValueRange operands, DictionaryAttr attributes,
                           OpaqueProperties properties, RegionRange regions,
                           SmallVectorImpl<Type> &types) {
  auto op =
      makeInferenceAdaptor<LinearOp>(operands, attributes, properties, regions);
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto w = cast<RankedTensorType>(op.getW().getType());
  auto b = op.getB() ? cast<RankedTensorType>(op.getB().getType())
                     : RankedTensorType();
  if (x.getRank() != 2 || w.getRank() != 2 || (b && b.getRank() != 1))
    return emitOptionalError(location,
                             "(C1) needs x [batch, in], w [in, out] and b "
                             "[out], got ",
                             x, " and ", w);
  if (!agree(x.getDimSize(1), w.getDimSize(0)))
    return emitOptionalError(location, "(C2) x has ", x.getDimSize(1),
                             " columns, w has ", w.getDimSize(0), " rows");
  if (b && !agree(b.getDimSize(0), w.getDimSize(1)))
    return emitOptionalError(location, "(C2) b has ", b.getDimSize(0),
                             " elements, w has ", w.getDimSize(1), " columns");
  if (x.getElementType() != w.getElementType() ||
      (b && b.getElementType() != w.getElementType()))
    return emitOptionalError(
        location, "(C3) element types differ; convert with dither.cast");
  types.push_back(RankedTensorType::get({x.getDimSize(0), w.getDimSize(1)},
                                        x.getElementType()));
  return success();
}

LogicalResult LinearOp::verify() {
  return verifyEstimator(*this, getBackwardAttr());
}

EstimatorAttrInterface LinearOp::getEstimatorAttrInterface() {
  return dyn_cast_if_present<EstimatorAttrInterface>(getBackwardAttr());
}

SmallVector<Value> LinearOp::decompose(ImplicitLocOpBuilder &b) {
  Value y = MatmulOp::create(b, getX(), getW(), false, false);
  if (getB())
    y = AddOp::create(b, y, getB());
  return {y};
}

SmallVector<Value> LinearOp::buildGradients(ImplicitLocOpBuilder &b,
                                            ValueRange dys) {
  SmallVector<Value> gradients = {
      MatmulOp::create(b, dys[0], getW(), false, true),
      MatmulOp::create(b, getX(), dys[0], true, false)};
  if (getB())
    gradients.push_back(ReduceOp::create(b, ReduceKind::sum, dys[0],
                                         b.getDenseI64ArrayAttr({0}), false));
  return gradients;
}
