//===- FewBit.cpp - A few bits of an activation's derivative --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Estimators/FewBit/FewBit.h"
#include "Dither/Estimators/Support/Residuals.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace dither;

LogicalResult FewBitAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t bits) {
  if (bits < 1 || bits > 4)
    return emitError() << "(C1) `bits` is " << bits << "; it must be 1 to 4";
  return success();
}

LogicalResult FewBitAttr::verifyOn(Operation *op) const {
  if (!isa<ActivationOpInterface>(op))
    return op->emitOpError()
           << *this << " serves activations, such as dither.gelu";
  return verifyPackable(op, op->getOperand(0).getType(), *this);
}

bool FewBitAttr::isUnbiased() const { return false; }

static StepFunction approximate(ActivationOpInterface op, int64_t bits) {
  return approximateDerivative(
      [&](double x) { return op.evaluateDerivative(x); }, bits);
}

/// The number of boundaries below each element: its code.
static Value buildCodes(ImplicitLocOpBuilder &b, Value x,
                        ArrayRef<double> boundaries) {
  auto type = withElement(x.getType(), b.getI8Type());
  Value codes;
  for (double boundary : boundaries) {
    Value isAbove =
        CompareOp::create(b, Predicate::gt, x, buildScalarLike(b, boundary, x));
    Value term = CastOp::create(b, type, isAbove);
    codes = codes ? AddOp::create(b, codes, term).getResult() : term;
  }
  return codes;
}

/// The level of each code: a tree of selections, one row for each bit.
static Value buildLevels(ImplicitLocOpBuilder &b, Value codes,
                         ArrayRef<double> levels, Type element) {
  auto nodes = llvm::map_to_vector(levels, [&](double level) -> Value {
    return buildScalar(b, level, element);
  });
  for (int64_t bit = 1; nodes.size() > 1; bit <<= 1) {
    Value field = AndOp::create(b, codes, buildScalarLike(b, bit, codes));
    Value isSet = CompareOp::create(b, Predicate::ne, field,
                                    buildScalarLike(b, 0, field));
    for (size_t i = 0; i < nodes.size() / 2; ++i)
      nodes[i] = SelectOp::create(b, isSet, nodes[2 * i + 1], nodes[2 * i]);
    nodes.truncate(nodes.size() / 2);
  }
  return nodes.front();
}

SmallVector<Value> FewBitAttr::buildResiduals(ImplicitLocOpBuilder &b,
                                              Operation *op,
                                              const EstimatorContext &) const {
  StepFunction steps = approximate(cast<ActivationOpInterface>(op), getBits());
  Value codes = buildCodes(b, op->getOperand(0), steps.boundaries);
  return {buildPackedResidual(b, codes, getBits())};
}

SmallVector<Value> FewBitAttr::buildBackward(ImplicitLocOpBuilder &b,
                                             Operation *op,
                                             ValueRange residuals,
                                             ValueRange resultGradients,
                                             EstimatorContext &) const {
  StepFunction steps = approximate(cast<ActivationOpInterface>(op), getBits());
  Value dy = resultGradients[0];
  Value codes = buildUnpackedResidual(b, residuals[0], dy.getType(), getBits());
  Value levels =
      buildLevels(b, codes, steps.levels, getElementTypeOrSelf(dy.getType()));
  return {MulOp::create(b, dy, levels)};
}

/// The exact derivative, from which the steps lie as far as the tolerance.
SmallVector<Value>
FewBitAttr::buildExpectation(ImplicitLocOpBuilder &b, Operation *op,
                             ValueRange resultGradients) const {
  Value derivative =
      cast<ActivationOpInterface>(op).buildDerivative(b, op->getOperand(0));
  return {MulOp::create(b, resultGradients[0], derivative)};
}

/// Of the activation of the check program.
double FewBitAttr::getExpectationTolerance() const {
  Block block;
  Location loc = UnknownLoc::get(getContext());
  OpBuilder b(getContext());
  b.setInsertionPointToEnd(&block);
  Value x = block.addArgument(RankedTensorType::get({}, b.getF32Type()), loc);
  auto op = GeluOp::create(b, loc, x.getType(), x, Attribute());
  StepFunction steps = approximate(op, getBits());
  double tolerance = 0;
  constexpr int64_t count = 1 << 14;
  for (int64_t i = -count; i <= count; ++i) {
    double t = 8.0 * i / count;
    tolerance = std::max(
        tolerance, std::fabs(op.evaluateDerivative(t) - steps.evaluate(t)));
  }
  // Between these numbers the derivative changes by less than their distance;
  // the rest of it covers the rounding of f32.
  return tolerance + 8.0 / count;
}

int64_t FewBitAttr::getResidualBytes(Operation *op) const {
  return getPackedResidualBytes(op->getOperand(0).getType(), getBits());
}

std::string FewBitAttr::getCheckProgram() const {
  std::string program;
  llvm::raw_string_ostream(program)
      << "func.func @f(%x: tensor<6x11xf32>) -> tensor<6x11xf32> {\n"
      << "  %y = dither.gelu %x {residual = " << *this
      << "} : tensor<6x11xf32>\n"
      << "  return %y : tensor<6x11xf32>\n}\n";
  return program;
}
