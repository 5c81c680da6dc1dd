//===- StraightThrough.cpp - The gradient of the identity -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Estimators/Support/Residuals.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace dither;

LogicalResult
StraightThroughAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                            FloatAttr clip) {
  if (clip && !(clip.getValueAsDouble() > 0))
    return emitError() << "(C1) `clip` is " << clip.getValueAsDouble()
                       << "; it must be positive";
  return success();
}

LogicalResult StraightThroughAttr::verifyOn(Operation *op) const {
  if (!isa<RepresentOp>(op))
    return op->emitOpError() << *this << " serves dither.represent";
  if (!getClip())
    return success();
  return verifyPackable(op, op->getOperand(0).getType(), *this);
}

bool StraightThroughAttr::isUnbiased() const { return false; }

SmallVector<Value>
StraightThroughAttr::buildResiduals(ImplicitLocOpBuilder &b, Operation *op,
                                    const EstimatorContext &) const {
  if (!getClip())
    return {};
  Value x = op->getOperand(0);
  Value isInside =
      CompareOp::create(b, Predicate::le, AbsOp::create(b, x),
                        buildScalarLike(b, getClip().getValueAsDouble(), x));
  Value fields =
      CastOp::create(b, withElement(x.getType(), b.getI8Type()), isInside);
  return {buildPackedResidual(b, fields, /*bits=*/1)};
}

SmallVector<Value> StraightThroughAttr::buildBackward(
    ImplicitLocOpBuilder &b, Operation *op, ValueRange residuals,
    ValueRange resultGradients, EstimatorContext &) const {
  // The gradient reaches masked elements, too; the mask itself has none.
  SmallVector<Value> gradients(op->getNumOperands());
  Value dy = resultGradients[0];
  gradients[0] = dy;
  if (!getClip())
    return gradients;
  Value fields =
      buildUnpackedResidual(b, residuals[0], dy.getType(), /*bits=*/1);
  Value isInside = CompareOp::create(b, Predicate::ne, fields,
                                     buildScalarLike(b, 0, fields));
  gradients[0] = SelectOp::create(b, isInside, dy, buildScalarLike(b, 0, dy));
  return gradients;
}

/// dy (.) 1[-c <= x <= c].
SmallVector<Value>
StraightThroughAttr::buildExpectation(ImplicitLocOpBuilder &b, Operation *op,
                                      ValueRange resultGradients) const {
  SmallVector<Value> gradients(op->getNumOperands());
  gradients[0] = resultGradients[0];
  if (!getClip())
    return gradients;
  Value x = op->getOperand(0);
  double clip = getClip().getValueAsDouble();
  Value isLow =
      CompareOp::create(b, Predicate::le, x, buildScalarLike(b, clip, x));
  Value isHigh =
      CompareOp::create(b, Predicate::ge, x, buildScalarLike(b, -clip, x));
  Value indicator =
      CastOp::create(b, x.getType(), AndOp::create(b, isLow, isHigh));
  gradients[0] = MulOp::create(b, gradients[0], indicator);
  return gradients;
}

int64_t StraightThroughAttr::getResidualBytes(Operation *op) const {
  if (!getClip())
    return 0;
  return getPackedResidualBytes(op->getOperand(0).getType(), /*bits=*/1);
}

std::string StraightThroughAttr::getCheckProgram() const {
  std::string program;
  llvm::raw_string_ostream(program)
      << "func.func @f(%x: tensor<16x5xf32>) -> tensor<16x5xf32> {\n"
      << "  %y = dither.represent %x {format = #dither.int<bits = 4, "
      << "group = 8>, estimator = " << *this << "} : tensor<16x5xf32>\n"
      << "  return %y : tensor<16x5xf32>\n}\n";
  return program;
}
