//===- Reverse.cpp - The reverse sweep ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Support/InlineCalls.h"

using namespace mlir;
using namespace dither;

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

namespace {
/// One reverse sweep over a block. Ops are visited only where a gradient
/// reaches them, from the last to the first.
class Reverse {
public:
  Reverse(func::FuncOp function, Value rng, EstimatorStates *states);
  FailureOr<SmallVector<Value>> run(Value result, ArrayRef<Value> wrt);

private:
  void markDependents(ArrayRef<Value> wrt);
  LogicalResult visit(Operation *op);
  /// The gradients of the operands; empty after an error.
  SmallVector<Value> buildOperandGradients(Operation *op, ValueRange dys);
  SmallVector<std::string> addStates(Operation *op,
                                     EstimatorAttrInterface estimator,
                                     EstimatorContext &context);
  SmallVector<Value> buildEstimated(Operation *op,
                                    EstimatorAttrInterface estimator,
                                    ValueRange dys);
  LogicalResult accumulate(Operation *op, Value operand, Value gradient);
  Value buildZeros(Value like);
  Value getRng();

  func::FuncOp function;
  Value rng;
  EstimatorStates *states;
  /// The one that was added for estimators, which may not draw.
  RngOp added;
  SmallVector<Operation *> forward;
  ImplicitLocOpBuilder b;
  /// Values that depend on what is differentiated for, integers among them.
  DenseSet<Value> dependents;
  DenseMap<Value, Value> gradients;
  DenseMap<Operation *, int64_t> streams;
  int64_t firstStream = 0;
};
} // namespace

static EstimatorAttrInterface getEstimator(Operation *op) {
  auto estimated = dyn_cast<EstimatedOpInterface>(op);
  return estimated ? estimated.getEstimatorAttrInterface()
                   : EstimatorAttrInterface();
}

/// The first stream that no random op of a block has, above those of models.
static int64_t findFreeStream(Block &block) {
  int64_t stream = firstEstimatorStream;
  for (Operation &op : block)
    if (auto used = op.getAttrOfType<IntegerAttr>("stream"))
      stream = std::max(stream, used.getInt() + 1);
  return stream;
}

Reverse::Reverse(func::FuncOp function, Value rng, EstimatorStates *states)
    : function(function), rng(rng), states(states),
      b(function.getLoc(), function) {
  Block &block = function.getBody().front();
  int64_t stream = firstStream = findFreeStream(block);
  for (Operation &op : block.without_terminator()) {
    forward.push_back(&op);
    if (getEstimator(&op))
      streams[&op] = stream++;
  }
  b.setInsertionPoint(block.getTerminator());
}

void Reverse::markDependents(ArrayRef<Value> wrt) {
  dependents.insert(wrt.begin(), wrt.end());
  auto isDependent = [&](Value v) { return dependents.contains(v); };
  for (Operation *op : forward) {
    // A count reads the shape alone.
    if (!isa<CountOp>(op) && llvm::any_of(op->getOperands(), isDependent))
      dependents.insert(op->result_begin(), op->result_end());
  }
}

/// The seed and step of the function, in front of everything that may use it.
Value Reverse::getRng() {
  if (rng)
    return rng;
  Block &block = function.getBody().front();
  auto existing = block.getOps<RngOp>();
  if (!existing.empty()) {
    RngOp op = *existing.begin();
    op->moveBefore(&block, block.begin());
    return rng = op;
  }
  OpBuilder start = OpBuilder::atBlockBegin(&block);
  auto type = RankedTensorType::get({2}, start.getI64Type());
  added = RngOp::create(start, function.getLoc(), type);
  return rng = added;
}

/// Of the first estimated op, the state `norms` is named `estimator0.norms`.
SmallVector<std::string> Reverse::addStates(Operation *op,
                                            EstimatorAttrInterface estimator,
                                            EstimatorContext &context) {
  SmallVector<std::string> names;
  if (!states)
    return names;
  auto samples =
      cast_if_present<TypedValue<RankedTensorType>>(states->getSamples());
  if (!samples)
    return names;
  context.samples = samples;
  std::string prefix =
      "estimator" + std::to_string(context.stream - firstStream) + ".";
  for (auto &[suffix, type] :
       estimator.getStates(op, samples.getType().getDimSize(0))) {
    names.push_back(prefix + suffix);
    context.states.push_back(states->add(names.back(), type, op->getLoc()));
  }
  return names;
}

SmallVector<Value> Reverse::buildEstimated(Operation *op,
                                           EstimatorAttrInterface estimator,
                                           ValueRange dys) {
  ImplicitLocOpBuilder after(op->getLoc(), op->getContext());
  after.setInsertionPointAfter(op);
  EstimatorContext context;
  context.rng = getRng();
  context.stream = streams.lookup(op);
  SmallVector<std::string> names = addStates(op, estimator, context);
  SmallVector<Value> residuals = estimator.buildResiduals(after, op, context);
  if (llvm::is_contained(residuals, Value()))
    return {};
  SmallVector<Value> gradients =
      estimator.buildBackward(b, op, residuals, dys, context);
  if (context.newStates.size() != names.size()) {
    op->emitOpError("has an estimator with ")
        << names.size() << " states that gives " << context.newStates.size();
    return {};
  }
  for (auto [name, value] : llvm::zip_equal(names, context.newStates))
    states->update(name, value);
  return gradients;
}

SmallVector<Value> Reverse::buildOperandGradients(Operation *op,
                                                  ValueRange dys) {
  SmallVector<Value> result;
  if (EstimatorAttrInterface estimator = getEstimator(op)) {
    result = buildEstimated(op, estimator, dys);
    if (result.empty()) // It has said why.
      return result;
  } else if (auto known = dyn_cast<DifferentiableOpInterface>(op)) {
    result = known.buildGradients(b, dys);
  } else {
    auto diagnostic = op->emitOpError(
        "has no derivative, but a gradient passes through it; ");
    if (isa<EstimatedOpInterface>(op))
      diagnostic << "give it an estimator, such as #dither.straight_through, "
                    "or ";
    diagnostic << "use dither.surrogate for the gradient of another "
                  "expression, or dither.stop_gradient for none";
    return {};
  }
  if (result.size() != op->getNumOperands()) {
    op->emitOpError("has ") << op->getNumOperands() << " operands, but "
                            << result.size() << " gradients were built";
    return {};
  }
  return result;
}

LogicalResult Reverse::accumulate(Operation *op, Value operand,
                                  Value gradient) {
  if (gradient.getType() != operand.getType())
    return op->emitOpError("has a gradient of ")
           << gradient.getType() << " for an operand of " << operand.getType();
  Value &sum = gradients[operand];
  sum = sum ? AddOp::create(b, sum, gradient).getResult() : gradient;
  return success();
}

LogicalResult Reverse::visit(Operation *op) {
  auto dys = llvm::map_to_vector(
      op->getResults(), [&](Value result) { return gradients.lookup(result); });
  auto isReached = [](Value dy) { return bool(dy); };
  auto needsGradient = [&](Value operand) {
    return dependents.contains(operand);
  };
  if (llvm::none_of(dys, isReached) ||
      llvm::none_of(op->getOperands(), needsGradient))
    return success();
  if (llvm::none_of(op->getOperands(), [&](Value operand) {
        return needsGradient(operand) && isFloat(operand);
      })) {
    return op->emitOpError("depends on what is differentiated for through "
                           "discrete values alone, so that its gradient is "
                           "lost; use dither.surrogate for the gradient of "
                           "another expression, or dither.stop_gradient for "
                           "none");
  }
  b.setLoc(op->getLoc());
  SmallVector<Value> operandGradients = buildOperandGradients(op, dys);
  if (operandGradients.empty())
    return failure();
  for (auto [operand, gradient] :
       llvm::zip_equal(op->getOperands(), operandGradients))
    if (gradient && needsGradient(operand) && isFloat(operand) &&
        failed(accumulate(op, operand, gradient)))
      return failure();
  return success();
}

Value Reverse::buildZeros(Value like) {
  auto type = cast<RankedTensorType>(like.getType());
  Value zero = buildScalarLike(b, 0, like);
  if (type.getRank() == 0)
    return zero;
  if (!type.hasStaticShape())
    return BroadcastOp::create(b, zero, like);
  return ConstantOp::create(
      b, DenseElementsAttr::get(
             type, Attribute(b.getFloatAttr(type.getElementType(), 0))));
}

FailureOr<SmallVector<Value>> Reverse::run(Value result, ArrayRef<Value> wrt) {
  markDependents(wrt);
  b.setLoc(result.getLoc());
  gradients[result] = buildScalarLike(b, 1, result);
  for (Operation *op : llvm::reverse(forward))
    if (failed(visit(op)))
      return failure();
  if (added && added.use_empty())
    added.erase();
  b.setLoc(function.getLoc());
  return llvm::map_to_vector(wrt, [&](Value value) {
    Value gradient = gradients.lookup(value);
    return gradient ? gradient : buildZeros(value);
  });
}

FailureOr<SmallVector<Value>>
dither::buildReverse(func::FuncOp function, Value result, ArrayRef<Value> wrt,
                     Value rng, EstimatorStates *states) {
  if (failed(checkStraightLine(function)))
    return failure();
  auto calls = function.getOps<func::CallOp>();
  if (!calls.empty())
    return (*calls.begin())
        .emitOpError("must be inlined before "
                     "differentiation");
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type || type.getRank() != 0 || !isFloat(result))
    return function.emitError("has a gradient only for a floating-point "
                              "result of rank 0, not for ")
           << result.getType();
  return Reverse(function, rng, states).run(result, wrt);
}
