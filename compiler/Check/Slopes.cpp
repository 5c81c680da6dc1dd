//===- Slopes.cpp - Gradients against finite differences ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Slopes.h"
#include "compiler/Check/Cases.h"
#include "compiler/Interpreter/Interpreter.h"
#include "compiler/Transforms/Decompose/Decompose.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "mlir/IR/OwningOpRef.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace dither;

using Tensors = SmallVector<HostTensor>;

/// Of an argument with more elements, so many are varied one by one, and then
/// all together. A gradient as a function is long, and wrong where it is wrong
/// in most directions.
static constexpr int64_t maxFirstElements = 16, maxSecondElements = 4;
/// Streams of what is drawn here, beyond those of arguments.
static constexpr uint32_t weightStream = 1u << 30, directionStream = 3u << 29;

static bool isFloat(Type type) {
  return isa<FloatType>(getElementTypeOrSelf(type));
}

//===- Slopes -------------------------------------------------------------===//

double dither::extrapolateSlope(function_ref<double(double)> getDifference) {
  // Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", 1982: row by
  // row, each column drops one more even power of the step.
  constexpr int rounds = 8;
  constexpr double firstStep = 0x1p-5, shrink = 4, enough = 1e-10;
  std::vector<double> last, row;
  double best = NAN, bestError = std::numeric_limits<double>::infinity();
  double step = firstStep;
  for (int round = 0; round < rounds; ++round, step /= shrink) {
    row = {getDifference(step)};
    double power = 1;
    for (int k = 1; k <= round; ++k) {
      power *= shrink * shrink;
      row.push_back((power * row[k - 1] - last[k - 1]) / (power - 1));
      double error = std::max(std::abs(row[k] - row[k - 1]),
                              std::abs(row[k] - last[k - 1]));
      if (error < bestError) {
        bestError = error;
        best = row[k];
      }
    }
    if (bestError <= enough * std::abs(best))
      break;
    last = row;
  }
  return best;
}

//===- Functions ----------------------------------------------------------===//

/// Adds `<name>.loss`: the sum of all floating-point results, each element
/// weighted by that of one more argument.
static func::FuncOp addLoss(func::FuncOp function) {
  func::FuncOp loss = function.clone();
  loss.setName((function.getName() + ".loss").str());
  function->getBlock()->getOperations().insertAfter(function->getIterator(),
                                                    loss);
  Operation *end = loss.getBody().front().getTerminator();
  ImplicitLocOpBuilder b(loss.getLoc(), end);
  Value sum;
  for (Value result : end->getOperands()) {
    if (!isFloat(result.getType()))
      continue;
    unsigned position = loss.getNumArguments();
    (void)loss.insertArgument(position, result.getType(), DictionaryAttr(),
                              loss.getLoc());
    Value product = MulOp::create(b, result, loss.getArgument(position));
    Value part = ReduceOp::create(b, ReduceKind::sum, product,
                                  DenseI64ArrayAttr(), false);
    sum = sum ? AddOp::create(b, sum, part).getResult() : part;
  }
  end->setOperands(sum ? ValueRange(sum) : ValueRange());
  loss.setFunctionType(b.getFunctionType(loss.getArgumentTypes(),
                                         TypeRange(end->getOperandTypes())));
  return loss;
}

/// Leaves, of the results of a gradient function, the gradients of the first
/// `count` of its arguments.
static void keepGradients(func::FuncOp gradient, unsigned count) {
  Operation *end = gradient.getBody().front().getTerminator();
  SmallVector<Value> kept;
  unsigned position = 1; // The loss comes first.
  for (Type type : gradient.getArgumentTypes().take_front(count))
    if (isFloat(type))
      kept.push_back(end->getOperand(position++));
  end->setOperands(kept);
  gradient.setFunctionType(FunctionType::get(gradient.getContext(),
                                             gradient.getArgumentTypes(),
                                             TypeRange(ValueRange(kept))));
}

//===- Comparison ---------------------------------------------------------===//

namespace {
/// A function and the point where it is differentiated. Of its arguments, those
/// behind the first `numVaried` are constants.
class Point {
public:
  Point(func::FuncOp function, Tensors arguments, unsigned numVaried,
        int64_t batch, uint64_t seed)
      : arguments(std::move(arguments)), numVaried(numVaried), batch(batch),
        seed(seed) {
    module = ModuleOp::create(function.getLoc());
    module->push_back(this->function = function.clone());
  }

  /// The largest error of the gradient, which is left in `getGradient`. Of an
  /// argument, `numElements` are varied one by one.
  FailureOr<double> compare(bool isStatic, int64_t numElements);
  /// The gradient as a function, and its point.
  Point getGradient() {
    return Point(gradient, gradientArguments, numVaried, batch, seed);
  }

private:
  LogicalResult differentiate(bool isStatic);
  LogicalResult prepare();
  FailureOr<Tensors> evaluate(unsigned argument, const HostTensor &direction,
                              double step);
  FailureOr<double> getSlope(unsigned argument, const HostTensor &direction);
  FailureOr<double> compareArgument(unsigned argument,
                                    const HostTensor &gradient,
                                    int64_t numElements);
  std::vector<HostTensor> getDirections(const HostTensor &argument,
                                        int64_t numElements);

  Tensors arguments, gradientArguments;
  unsigned numVaried;
  int64_t batch;
  uint64_t seed;
  OwningOpRef<ModuleOp> module;
  /// As given; of core ops with the batch known; its gradient.
  func::FuncOp function, prepared, gradient;
};
} // namespace

LogicalResult Point::differentiate(bool isStatic) {
  func::FuncOp loss = addLoss(function);
  if (isStatic && failed(specialize(loss, batch)))
    return failure();
  gradient = buildGradientFunction(loss);
  if (!gradient)
    return failure();
  gradientArguments = arguments;
  for (unsigned i = arguments.size(); i < gradient.getNumArguments(); ++i)
    gradientArguments.push_back(
        drawTensor(cast<RankedTensorType>(
                       specializeType(gradient.getArgumentTypes()[i], batch)),
                   0.5, 1.5, seed, weightStream + i));
  keepGradients(gradient, numVaried);
  return success();
}

/// So that what is evaluated many times is specialized and decomposed once.
LogicalResult Point::prepare() {
  prepared = function.clone();
  prepared.setName((function.getName() + ".prepared").str());
  module->push_back(prepared);
  return failure(failed(specialize(prepared, batch)) ||
                 failed(decomposeAll(prepared)));
}

/// The results a step from the point in a direction along one argument.
FailureOr<Tensors> Point::evaluate(unsigned argument,
                                   const HostTensor &direction, double step) {
  Tensors moved = arguments;
  HostTensor x(direction.getElementType(), direction.getShape());
  for (int64_t i = 0; i < x.getNumElements(); ++i)
    x.set(i, Scalar::of(arguments[argument].getDouble(i) +
                        step * direction.getDouble(i)));
  moved[argument] = x;
  return interpret(prepared, moved);
}

FailureOr<double> Point::getSlope(unsigned argument,
                                  const HostTensor &direction) {
  bool hasFailed = false;
  double slope = extrapolateSlope([&](double step) {
    auto right = evaluate(argument, direction, step);
    auto left = evaluate(argument, direction, -step);
    if (failed(right) || failed(left)) {
      hasFailed = true;
      return 0.0;
    }
    double sum = 0;
    size_t weights = arguments.size();
    for (auto [a, b] : llvm::zip_equal(*right, *left)) {
      if (!isFloat(a.getElementType()))
        continue;
      const HostTensor &weight = gradientArguments[weights++];
      for (int64_t i = 0; i < a.getNumElements(); ++i)
        sum += weight.getDouble(i) * (a.getDouble(i) - b.getDouble(i));
    }
    return sum / (2 * step);
  });
  if (hasFailed)
    return failure();
  return slope;
}

/// Single elements, and one direction in which all change.
std::vector<HostTensor> Point::getDirections(const HostTensor &argument,
                                             int64_t numElements) {
  int64_t count = argument.getNumElements();
  numElements = std::min(count, numElements);
  std::vector<HostTensor> directions;
  if (count == 0)
    return directions;
  auto type =
      RankedTensorType::get(argument.getShape(), argument.getElementType());
  for (int64_t n = 0; n < numElements; ++n) {
    directions.emplace_back(argument.getElementType(), argument.getShape());
    directions.back().set(n * count / numElements, Scalar::of(1));
  }
  directions.push_back(drawTensor(type, -1, 1, seed, directionStream));
  return directions;
}

FailureOr<double> Point::compareArgument(unsigned argument,
                                         const HostTensor &found,
                                         int64_t numElements) {
  // Where all slopes are tiny, so may their rounding errors be.
  double size = 1e-3, worst = 0;
  for (const HostTensor &direction :
       getDirections(arguments[argument], numElements)) {
    FailureOr<double> slope = getSlope(argument, direction);
    if (failed(slope))
      return failure();
    double along = 0;
    for (int64_t i = 0; i < found.getNumElements(); ++i)
      along += found.getDouble(i) * direction.getDouble(i);
    double difference = std::abs(along - *slope);
    if (std::isnan(difference))
      return std::numeric_limits<double>::infinity();
    size = std::max(size, std::abs(*slope));
    worst = std::max(worst, difference);
  }
  return worst / size;
}

FailureOr<double> Point::compare(bool isStatic, int64_t numElements) {
  if (failed(differentiate(isStatic)) || failed(prepare()))
    return failure();
  auto gradients = interpret(gradient, gradientArguments);
  if (failed(gradients))
    return failure();
  double worst = 0;
  size_t position = 0;
  for (unsigned i = 0; i < numVaried; ++i) {
    if (!isFloat(arguments[i].getElementType()))
      continue;
    const HostTensor &found = (*gradients)[position++];
    if (found.getShape() != arguments[i].getShape())
      return function.emitError("has a gradient of another shape than "
                                "argument ")
             << i;
    // Slopes of f32 are too rough to say anything.
    if (!arguments[i].getElementType().isF64())
      continue;
    FailureOr<double> error = compareArgument(i, found, numElements);
    if (failed(error))
      return failure();
    worst = std::max(worst, *error);
  }
  return worst;
}

FailureOr<GradientErrors> dither::checkGradients(func::FuncOp function,
                                                 ArrayRef<HostTensor> arguments,
                                                 int64_t batch, bool isSmooth,
                                                 uint64_t seed) {
  GradientErrors errors;
  for (bool isStatic : {false, true}) {
    if (isStatic && !hasBatch(function))
      break;
    Point point(function, Tensors(arguments), arguments.size(), batch, seed);
    FailureOr<double> first = point.compare(isStatic, maxFirstElements);
    if (failed(first))
      return failure();
    errors.first = std::max(errors.first, *first);
    // Once more with the batch known would tell nothing new.
    if (!isSmooth || isStatic)
      continue;
    Point gradient = point.getGradient();
    FailureOr<double> second = gradient.compare(isStatic, maxSecondElements);
    if (failed(second))
      return failure();
    errors.second = std::max(errors.second.value_or(0), *second);
  }
  return errors;
}
