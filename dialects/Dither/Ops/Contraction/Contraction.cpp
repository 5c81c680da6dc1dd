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
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto y = cast<RankedTensorType>(op.getY().getType());
  bool tx = op.getTransposeX(), ty = op.getTransposeY();
  int64_t rank = x.getRank();
  if (rank < 2 || y.getRank() != (tx ? rank : 2) || (tx && ty && rank != 2))
    return emitOptionalError(
        location,
        "(C1) needs x of rank 2 or more and a matrix y, or with transpose_x "
        "a y of the rank of x, which with both is 2; got ",
        x, " and ", y);
  // Of x, all dimensions but the last count rows, which transpose_x contracts.
  ArrayRef<int64_t> rows = x.getShape().drop_back();
  SmallVector<int64_t> left = {x.getShape().back()}, right = left;
  if (tx)
    left.assign(rows.begin(), rows.end());
  right.assign(1, y.getDimSize(ty ? 1 : 0));
  if (tx && !ty)
    right.assign(y.getShape().begin(), std::prev(y.getShape().end()));
  for (auto [i, k] : llvm::zip_equal(left, right))
    if (!agree(i, k))
      return emitOptionalError(location, "(C2) contracted extents differ: ", i,
                               " and ", k);
  if (x.getElementType() != y.getElementType())
    return emitOptionalError(
        location, "(C3) element types differ: ", x.getElementType(), " and ",
        y.getElementType(), "; convert one with dither.cast");
  SmallVector<int64_t> shape(rows);
  if (tx)
    shape.assign(1, x.getShape().back());
  shape.push_back(ty ? y.getDimSize(0) : y.getShape().back());
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
  return success();
}

SmallVector<SmallVector<int64_t>>
MatmulOp::evaluateShapes(ArrayRef<HostTensor> operands) {
  ArrayRef<int64_t> x = operands[0].getShape(), y = operands[1].getShape();
  SmallVector<int64_t> shape(x.drop_back());
  if (getTransposeX())
    shape.assign(1, x.back());
  shape.push_back(getTransposeY() ? y.front() : y.back());
  return {shape};
}

LogicalResult MatmulOp::evaluate(ArrayRef<HostTensor> operands,
                                 MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0], &y = operands[1];
  HostTensor &z = results[0];
  bool tx = getTransposeX(), ty = getTransposeY();
  int64_t columns = z.getShape().back();
  int64_t rows = ShapedType::getNumElements(z.getShape().drop_back());
  int64_t depth = tx ? ShapedType::getNumElements(x.getShape().drop_back())
                     : x.getShape().back();
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
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto w = cast<RankedTensorType>(op.getW().getType());
  auto b = op.getB() ? cast<RankedTensorType>(op.getB().getType())
                     : RankedTensorType();
  if (x.getRank() < 2 || w.getRank() != 2 || (b && b.getRank() != 1))
    return emitOptionalError(location,
                             "(C1) needs x [batch, ..., in], w [in, out] and b "
                             "[out], got ",
                             x, " and ", w);
  if (!agree(x.getShape().back(), w.getDimSize(0)))
    return emitOptionalError(location, "(C2) x has ", x.getShape().back(),
                             " columns, w has ", w.getDimSize(0), " rows");
  if (b && !agree(b.getDimSize(0), w.getDimSize(1)))
    return emitOptionalError(location, "(C2) b has ", b.getDimSize(0),
                             " elements, w has ", w.getDimSize(1), " columns");
  if (x.getElementType() != w.getElementType() ||
      (b && b.getElementType() != w.getElementType()))
    return emitOptionalError(
        location, "(C3) element types differ; convert with dither.cast");
  SmallVector<int64_t> shape(x.getShape());
  shape.back() = w.getDimSize(1);
  types.push_back(RankedTensorType::get(shape, x.getElementType()));
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
    gradients.push_back(buildUnbroadcast(b, dys[0], getB()));
  return gradients;
}
