//===- SketchedLinear.cpp - A linear layer's sketched backward ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Estimators/Support/Rows.h"
#include "Dither/IR/Dither.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace dither;

LogicalResult
SketchedLinearAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           FloatAttr ratio, SketchKind) {
  double value = ratio.getValueAsDouble();
  if (!(value > 0 && value <= 1))
    return emitError() << "(C1) `ratio` is " << value
                       << "; it must be in (0, 1]";
  return success();
}

LogicalResult SketchedLinearAttr::verifyOn(Operation *op) const {
  return verifyLinear(op, *this);
}

bool SketchedLinearAttr::isUnbiased() const { return true; }

/// Rows of the sketch of a batch.
static int64_t countRows(SketchedLinearAttr sketch, int64_t batch) {
  return countKeptRows(sketch.getRatio().getValueAsDouble(), batch);
}

/// S' of shape [k, batch], entries of variance 1/k. The same for the same
/// `rng` and `stream`, so that the backward pass makes it again.
static Value buildSketchMatrix(ImplicitLocOpBuilder &b,
                               SketchedLinearAttr sketch, Type x, Value rng,
                               int64_t stream) {
  auto type = cast<RankedTensorType>(x);
  int64_t batch = type.getDimSize(0), rows = countRows(sketch, batch);
  auto shape = RankedTensorType::get({rows, batch}, b.getF32Type());
  Value matrix;
  if (sketch.getKind() == SketchKind::gaussian)
    matrix = NormalOp::create(b, shape, rng, stream);
  else
    matrix = RademacherOp::create(b, shape, rng, stream);
  matrix = CastOp::create(b, withElement(shape, type.getElementType()), matrix);
  return MulOp::create(b, matrix,
                       buildScalarLike(b, 1 / std::sqrt(double(rows)), matrix));
}

/// The rows that are chosen, as positions.
static Value buildRows(ImplicitLocOpBuilder &b, SketchedLinearAttr sketch,
                       Type x, const EstimatorContext &context) {
  int64_t batch = cast<RankedTensorType>(x).getDimSize(0);
  auto type = RankedTensorType::get({countRows(sketch, batch)}, b.getF32Type());
  Value uniform = UniformOp::create(b, type, context.rng, context.stream);
  Value rows =
      MulOp::create(b, uniform, buildScalarLike(b, double(batch), uniform));
  return CastOp::create(b, withElement(type, b.getI32Type()), rows);
}

SmallVector<Value>
SketchedLinearAttr::buildResiduals(ImplicitLocOpBuilder &b, Operation *op,
                                   const EstimatorContext &context) const {
  Value x = cast<LinearOp>(op).getX();
  if (failed(verifyStaticRows(op, x.getType(), *this)))
    return {Value()};
  if (getKind() == SketchKind::rows) {
    int64_t batch = cast<RankedTensorType>(x.getType()).getDimSize(0);
    Value chosen =
        GatherOp::create(b, x, buildRows(b, *this, x.getType(), context));
    // The factors of both sketches.
    double scale = double(batch) / double(countRows(*this, batch));
    return {MulOp::create(b, chosen, buildScalarLike(b, scale, chosen))};
  }
  Value matrix =
      buildSketchMatrix(b, *this, x.getType(), context.rng, context.stream);
  return {MatmulOp::create(b, matrix, x)};
}

SmallVector<Value> SketchedLinearAttr::buildBackward(
    ImplicitLocOpBuilder &b, Operation *op, ValueRange residuals,
    ValueRange resultGradients, EstimatorContext &context) const {
  auto linear = cast<LinearOp>(op);
  Value dy = resultGradients[0];
  Value dx = MatmulOp::create(b, dy, linear.getW(), /*transpose_x=*/false,
                              /*transpose_y=*/true);
  // Only the type of x is needed: its values are gone.
  Type x = linear.getX().getType();
  Value sketched;
  if (getKind() == SketchKind::rows)
    sketched = GatherOp::create(b, dy, buildRows(b, *this, x, context));
  else
    sketched = MatmulOp::create(
        b, buildSketchMatrix(b, *this, x, context.rng, context.stream), dy);
  Value dw = MatmulOp::create(b, residuals[0], sketched, /*transpose_x=*/true,
                              /*transpose_y=*/false);
  SmallVector<Value> gradients = {dx, dw};
  if (linear.getB())
    gradients.push_back(
        ReduceOp::create(b, ReduceKind::sum, dy, b.getDenseI64ArrayAttr({0})));
  return gradients;
}

int64_t SketchedLinearAttr::getResidualBytes(Operation *op) const {
  auto type = cast<RankedTensorType>(cast<LinearOp>(op).getX().getType());
  return countRows(*this, type.getDimSize(0)) * type.getDimSize(1) *
         HostTensor::elementBytes(type.getElementType());
}

std::string SketchedLinearAttr::getCheckProgram() const {
  return printLinearProgram(*this);
}
