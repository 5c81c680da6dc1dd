//===- Reverse.cpp - The reverse sweep ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Support/InlineCalls.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace dither;

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

namespace {
/// One reverse sweep over a block, and sweeps over regions of its ops. Ops are
/// visited only where a gradient reaches them, from the last to the first.
class Reverse : public ReverseSweep {
public:
  Reverse(func::FuncOp function, const StepContext *step);
  FailureOr<SmallVector<Value>> run(ArrayRef<Seed> seeds, ArrayRef<Value> wrt);

  FailureOr<SmallVector<Value>> run(ImplicitLocOpBuilder &at, Region &region,
                                    ValueRange arguments, ArrayRef<Value> dys,
                                    ArrayRef<Value> wanted) override;
  SmallVector<bool> findDependents(Region &region,
                                   ArrayRef<Value> values) override;

private:
  LogicalResult visit(Operation *op);
  LogicalResult visitStructured(StructuredOpInterface op, ValueRange dys);
  /// The gradients of the operands; empty after an error.
  SmallVector<Value> buildOperandGradients(Operation *op, ValueRange dys);
  SmallVector<std::string> addStates(Operation *op,
                                     EstimatorAttrInterface estimator,
                                     EstimatorContext &context);
  SmallVector<Value> buildEstimated(Operation *op,
                                    EstimatorAttrInterface estimator,
                                    ValueRange dys);
  LogicalResult accumulate(Operation *op, Value operand, Value gradient);
  Value getRng();

  /// The gradients of a call with a gradient of its own.
  SmallVector<Value> buildCustom(CustomVjpOp op, ValueRange dys);

  func::FuncOp function;
  /// The training step that is built; null for functions to be differentiated
  /// further.
  const StepContext *step;
  Value rng;
  /// The one that was added for estimators, which may not draw.
  RngOp added;
  SmallVector<Operation *> forward;
  ImplicitLocOpBuilder b;
  /// Values that depend on what is differentiated for, integers among them.
  DenseSet<Value> dependents;
  DenseMap<Value, Value> gradients;
  DenseMap<Operation *, int64_t> streams;
  int64_t firstStream = 0;
  /// How many regions deep.
  unsigned depth = 0;
};
} // namespace

/// What an op reads: operands, unless for their shape alone, and what its
/// regions read from outside.
static SmallVector<Value> findInputs(Operation *op) {
  llvm::SetVector<Value> inputs;
  for (OpOperand &operand : op->getOpOperands())
    if (!readsShapeAlone(operand))
      inputs.insert(operand.get());
  getUsedValuesDefinedAbove(op->getRegions(), inputs);
  return inputs.takeVector();
}

/// Adds to `dependents` what ops make of them.
template <typename Ops>
static void addDependents(Ops &&ops, DenseSet<Value> &dependents) {
  auto isDependent = [&](Value v) { return dependents.contains(v); };
  for (Operation *op : ops)
    if (!isa<StopGradientOp>(op) && llvm::any_of(findInputs(op), isDependent))
      dependents.insert(op->result_begin(), op->result_end());
}

static EstimatorAttrInterface getEstimator(Operation *op) {
  auto estimated = dyn_cast<EstimatedOpInterface>(op);
  return estimated ? estimated.getEstimatorAttrInterface()
                   : EstimatorAttrInterface();
}

int64_t dither::findFreeStream(func::FuncOp function) {
  int64_t stream = firstEstimatorStream;
  function.walk([&](Operation *op) {
    if (auto used = op->getAttrOfType<IntegerAttr>("stream"))
      stream = std::max(stream, used.getInt() + 1);
  });
  return stream;
}

Reverse::Reverse(func::FuncOp function, const StepContext *step)
    : function(function), step(step), rng(step ? step->rng : Value()),
      b(function.getLoc(), function) {
  Block &block = function.getBody().front();
  int64_t stream = firstStream = findFreeStream(function);
  for (Operation &op : block.without_terminator()) {
    forward.push_back(&op);
    if (getEstimator(&op))
      streams[&op] = stream++;
  }
  b.setInsertionPoint(block.getTerminator());
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
  EstimatorStates *states = step ? step->states : nullptr;
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

namespace {
/// Marks the ops that builders insert.
struct EstimateMarker : OpBuilder::Listener {
  void notifyOperationInserted(Operation *op, OpBuilder::InsertPoint) override {
    op->setAttr(estimateAttr, UnitAttr::get(op->getContext()));
  }
};
} // namespace

SmallVector<Value> Reverse::buildCustom(CustomVjpOp op, ValueRange dys) {
  auto backward = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      function, op.getBackwardAttr());
  SmallVector<Value> arguments(op.getInputs());
  for (auto [result, dy] : llvm::zip_equal(op.getResults(), dys))
    if (isFloat(result))
      arguments.push_back(dy ? dy : buildZerosLike(b, result));
  func::FuncOp copy = backward.clone();
  backward->getBlock()->getOperations().insertAfter(backward->getIterator(),
                                                    copy);
  FailureOr<SmallVector<Value>> built = failure();
  if (succeeded(inlineCalls(copy)))
    built = inlineBody(b, op.getLoc(), copy, arguments);
  copy.erase();
  SmallVector<Value> result;
  if (failed(built))
    return result;
  const Value *next = built->begin();
  for (Value input : op.getInputs())
    result.push_back(isFloat(input) ? *next++ : Value());
  return result;
}

SmallVector<Value> Reverse::buildEstimated(Operation *op,
                                           EstimatorAttrInterface estimator,
                                           ValueRange dys) {
  ImplicitLocOpBuilder after(op->getLoc(), op->getContext());
  after.setInsertionPointAfter(op);
  EstimateMarker marker;
  if (!step) {
    after.setListener(&marker);
    b.setListener(&marker);
  }
  EstimatorContext context;
  context.rng = getRng();
  context.stream = streams.lookup(op);
  SmallVector<std::string> names = addStates(op, estimator, context);
  SmallVector<Value> residuals = estimator.buildResiduals(after, op, context);
  if (llvm::is_contained(residuals, Value())) {
    b.setListener(nullptr);
    return {};
  }
  SmallVector<Value> gradients =
      estimator.buildBackward(b, op, residuals, dys, context);
  b.setListener(nullptr);
  if (context.newStates.size() != names.size()) {
    op->emitOpError("has an estimator with ")
        << names.size() << " states that gives " << context.newStates.size();
    return {};
  }
  for (auto [name, value] : llvm::zip_equal(names, context.newStates))
    step->states->update(name, value);
  return gradients;
}

SmallVector<Value> Reverse::buildOperandGradients(Operation *op,
                                                  ValueRange dys) {
  SmallVector<Value> result;
  if (auto custom = dyn_cast<CustomVjpOp>(op))
    return buildCustom(custom, dys);
  EstimatorAttrInterface estimator = getEstimator(op);
  if (op->hasAttr(estimateAttr)) {
    op->emitOpError("is part of the estimate of a gradient, of which the "
                    "derivative says nothing; drop the estimator where "
                    "derivatives of higher order pass");
    return {};
  }
  if (estimator && depth > 0) {
    op->emitOpError("has an estimator in a region that runs again for its "
                    "gradient; estimators stand outside of loops and "
                    "conditions");
    return {};
  }
  if (estimator) {
    result = buildEstimated(op, estimator, dys);
    if (result.empty()) // It has said why.
      return result;
  } else if (auto known = dyn_cast<DifferentiableOpInterface>(op)) {
    result = known.buildGradients(b, dys);
  } else {
    auto diagnostic = op->emitOpError(
        "has no derivative, but a gradient passes through it; ");
    if (op->hasTrait<DifferentiatedByParts>())
      diagnostic << "its estimator serves inside of dither.expect; ";
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
  auto needsGradient = [&](Value input) { return dependents.contains(input); };
  SmallVector<Value> inputs = findInputs(op);
  if (llvm::none_of(dys, isReached) || llvm::none_of(inputs, needsGradient))
    return success();
  if (llvm::none_of(inputs, [&](Value input) {
        return needsGradient(input) && isFloat(input);
      })) {
    return op->emitOpError("depends on what is differentiated for through "
                           "discrete values alone, so that its gradient is "
                           "lost; use dither.surrogate for the gradient of "
                           "another expression, or dither.stop_gradient for "
                           "none");
  }
  b.setLoc(op->getLoc());
  if (auto structured = dyn_cast<StructuredOpInterface>(op))
    return visitStructured(structured, dys);
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

LogicalResult Reverse::visitStructured(StructuredOpInterface op,
                                       ValueRange dys) {
  SmallVector<Value> wanted = llvm::filter_to_vector(
      findInputs(op), [&](Value v) { return dependents.contains(v); });
  FailureOr<SmallVector<Value>> built =
      op.buildRegionGradients(b, dys, wanted, *this);
  if (failed(built))
    return failure();
  for (auto [value, gradient] : llvm::zip_equal(wanted, *built))
    if (gradient && failed(accumulate(op, value, gradient)))
      return failure();
  return success();
}

SmallVector<bool> Reverse::findDependents(Region &region,
                                          ArrayRef<Value> values) {
  DenseSet<Value> found(values.begin(), values.end());
  Block &block = region.front();
  addDependents(llvm::make_pointer_range(block.without_terminator()), found);
  return llvm::map_to_vector(
      block.getTerminator()->getOperands(),
      [&](Value value) { return found.contains(value); });
}

FailureOr<SmallVector<Value>> Reverse::run(ImplicitLocOpBuilder &at,
                                           Region &region, ValueRange arguments,
                                           ArrayRef<Value> dys,
                                           ArrayRef<Value> wanted) {
  // What is known of the values outside waits; `at` may be `b` itself.
  DenseSet<Value> outerDependents(wanted.begin(), wanted.end());
  DenseMap<Value, Value> outerGradients;
  std::swap(dependents, outerDependents);
  std::swap(gradients, outerGradients);
  OpBuilder::InsertionGuard guard(b);
  b.restoreInsertionPoint(at.saveInsertionPoint());
  ++depth;

  Block &block = region.front();
  IRMapping map;
  map.map(block.getArguments(), arguments);
  SmallVector<Operation *> ops;
  for (Operation &op : block.without_terminator())
    ops.push_back(b.clone(op, map));
  addDependents(ops, dependents);
  for (auto [value, dy] :
       llvm::zip_equal(block.getTerminator()->getOperands(), dys)) {
    if (!dy)
      continue;
    Value &sum = gradients[map.lookupOrDefault(value)];
    sum = sum ? AddOp::create(b, sum, dy).getResult() : dy;
  }
  LogicalResult visited = success();
  for (Operation *op : llvm::reverse(ops))
    if (succeeded(visited))
      visited = visit(op);
  auto result = llvm::map_to_vector(
      wanted, [&](Value value) { return gradients.lookup(value); });

  --depth;
  at.restoreInsertionPoint(b.saveInsertionPoint());
  std::swap(dependents, outerDependents);
  std::swap(gradients, outerGradients);
  if (failed(visited))
    return failure();
  return result;
}

FailureOr<SmallVector<Value>> Reverse::run(ArrayRef<Seed> seeds,
                                           ArrayRef<Value> wrt) {
  dependents.insert(wrt.begin(), wrt.end());
  addDependents(forward, dependents);
  for (auto [value, gradient] : seeds) {
    Value &sum = gradients[value];
    sum = sum ? AddOp::create(b, sum, gradient).getResult() : gradient;
  }
  for (Operation *op : llvm::reverse(forward))
    if (failed(visit(op)))
      return failure();
  if (added && added.use_empty())
    added.erase();
  b.setLoc(function.getLoc());
  return llvm::map_to_vector(wrt, [&](Value value) {
    Value gradient = gradients.lookup(value);
    return gradient ? gradient : buildZerosLike(b, value);
  });
}

FailureOr<SmallVector<Value>> dither::buildReverse(func::FuncOp function,
                                                   ArrayRef<Seed> seeds,
                                                   ArrayRef<Value> wrt,
                                                   const StepContext *step) {
  if (failed(checkStraightLine(function)))
    return failure();
  WalkResult walk = function.walk([](func::CallOp call) {
    call.emitOpError("must be inlined before differentiation");
    return WalkResult::interrupt();
  });
  if (walk.wasInterrupted())
    return failure();
  return Reverse(function, step).run(seeds, wrt);
}

FailureOr<SmallVector<Value>> dither::buildReverse(func::FuncOp function,
                                                   Value result,
                                                   ArrayRef<Value> wrt,
                                                   const StepContext *step) {
  auto type = dyn_cast<RankedTensorType>(result.getType());
  if (!type || type.getRank() != 0 || !isFloat(result))
    return function.emitError("has a gradient only for a floating-point "
                              "result of rank 0, not for ")
           << result.getType();
  ImplicitLocOpBuilder b(result.getLoc(),
                         function.getBody().front().getTerminator());
  Seed seed = {result, buildScalarLike(b, 1, result)};
  return buildReverse(function, seed, wrt, step);
}
