//===- BuildTrainingStep.cpp - One step of training -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/BindParameters/Arguments.h"
#include "compiler/Transforms/BindParameters/BindParameters.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "compiler/Transforms/Support/InlineCalls.h"

namespace dither {
#define GEN_PASS_DEF_BUILDTRAININGSTEP
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
/// Turns a clone of a loss function into the step of a training declaration.
class StepBuilder : private EstimatorStates {
public:
  StepBuilder(TrainOp train, func::FuncOp step)
      : train(train), step(step), b(train.getLoc(), train.getContext()) {}
  LogicalResult build();

private:
  using NamedValue = std::pair<std::string, Value>;

  LogicalResult checkBatch();
  LogicalResult bind();
  FailureOr<SmallVector<Value>> differentiate();
  LogicalResult update(BoundParameter &bound, Value gradient);
  LogicalResult returnUpdates();

  bool needsSamples();
  Value getSamples() override { return samples; }
  Value add(const std::string &name, RankedTensorType type,
            Location loc) override {
    return addArgument(step, type, stateKind, name, loc);
  }
  void update(const std::string &name, Value value) override {
    estimatorUpdates.push_back({name, value});
  }

  Block &getBlock() { return step.getBody().front(); }
  Value getLoss() { return getBlock().getTerminator()->getOperand(0); }

  TrainOp train;
  func::FuncOp step;
  ImplicitLocOpBuilder b;
  BlockArgument rate, samples;
  Value rng, count;
  SmallVector<BoundParameter> parameters;
  /// New values by the name of the state: those of parameters and recipes,
  /// those of estimators, and those of the optimizer.
  SmallVector<NamedValue> updates, estimatorUpdates, optimizerUpdates;
};
} // namespace

/// The loss's own leading extents must not contradict the declaration.
LogicalResult StepBuilder::checkBatch() {
  for (auto [i, type] : llvm::enumerate(step.getArgumentTypes())) {
    int64_t extent = cast<RankedTensorType>(type).getDimSize(0);
    if (!ShapedType::isDynamic(extent) && extent != int64_t(train.getBatch()))
      return train.emitOpError("has batch ")
             << train.getBatch() << ", but argument " << i
             << " of its loss has the batch " << extent;
  }
  return success();
}

/// Whether an estimator remembers something, by the numbers of samples.
bool StepBuilder::needsSamples() {
  auto estimated = getBlock().getOps<EstimatedOpInterface>();
  return llvm::any_of(estimated, [&](EstimatedOpInterface op) {
    EstimatorAttrInterface estimator = op.getEstimatorAttrInterface();
    return estimator && !estimator.getStates(op, train.getBatch()).empty();
  });
}

LogicalResult StepBuilder::bind() {
  nameInputs(step);
  auto scalar = RankedTensorType::get({}, b.getF32Type());
  rate = addArgument(step, scalar, inputKind, "rate", train.getLoc());
  if (needsSamples())
    samples = addArgument(
        step,
        RankedTensorType::get({int64_t(train.getBatch())}, b.getI32Type()),
        inputKind, "samples", train.getLoc());
  rng = getOrAddRng(step);
  auto bound = bindForTraining(step, train->getParentOfType<ModelOp>());
  if (failed(bound))
    return failure();
  parameters = *bound;
  return success();
}

static bool isTrained(const BoundParameter &bound) {
  return !ParamOp(bound.param).getFrozen();
}

FailureOr<SmallVector<Value>> StepBuilder::differentiate() {
  SmallVector<Value> wrt;
  for (const BoundParameter &bound : parameters)
    if (isTrained(bound))
      wrt.push_back(bound.value);
  if (wrt.empty())
    return train.emitOpError("trains nothing: ")
           << train.getLossAttr() << " reads no parameter that is not frozen";
  StepContext context = {rng, this};
  return buildReverse(step, getLoss(), wrt, &context);
}

LogicalResult StepBuilder::update(BoundParameter &bound, Value gradient) {
  ParamOp param = bound.param;
  if (RecipeAttrInterface recipe = param.getRecipeInterface();
      recipe && !param.isTrainedPacked())
    gradient = recipe.buildGradient(b, bound.value, bound.mask, gradient);
  auto optimizer = cast<OptimizerAttrInterface>(train.getOptimizer());
  SmallVector<Value> states, newStates;
  SmallVector<std::string> names;
  for (auto &[suffix, type] :
       optimizer.getStates(cast<RankedTensorType>(bound.value.getType()))) {
    names.push_back(bound.name + "." + suffix);
    states.push_back(
        addArgument(step, type, stateKind, names.back(), param.getLoc()));
  }
  Value value = optimizer.buildUpdate(b, bound.value, gradient, states, rate,
                                      count, newStates);
  if (!value || newStates.size() != states.size())
    return train.emitOpError("has an optimizer with ")
           << states.size() << " states that gives " << newStates.size();
  updates.push_back({bound.name, value});
  for (auto [name, state] : llvm::zip_equal(names, newStates))
    optimizerUpdates.push_back({name, state});
  return success();
}

LogicalResult StepBuilder::returnUpdates() {
  SmallVector<Value> results = {getLoss()};
  SmallVector<Attribute> attrs = {
      b.getDictionaryAttr(b.getNamedAttr(nameAttr, b.getStringAttr("loss")))};
  updates.append(estimatorUpdates);
  updates.append(optimizerUpdates);
  for (auto &[name, value] : updates) {
    results.push_back(value);
    attrs.push_back(b.getDictionaryAttr(
        b.getNamedAttr(updatesAttr, b.getStringAttr(name))));
  }
  getBlock().getTerminator()->setOperands(results);
  step.setFunctionType(b.getFunctionType(step.getArgumentTypes(),
                                         TypeRange(ValueRange(results))));
  step.setResAttrsAttr(b.getArrayAttr(attrs));
  return checkNames(step);
}

LogicalResult StepBuilder::build() {
  if (failed(prepareForGradients(step)) || failed(checkBatch()) ||
      failed(specialize(step, train.getBatch())) || failed(bind()))
    return failure();
  FailureOr<SmallVector<Value>> gradients = differentiate();
  if (failed(gradients))
    return failure();
  b.setInsertionPoint(getBlock().getTerminator());
  count = buildStep(b, rng);
  auto *next = gradients->begin();
  for (BoundParameter &bound : parameters) {
    if (isTrained(bound) && failed(update(bound, *next++)))
      return failure();
    llvm::append_range(updates, bound.recipeStates);
  }
  // Calls that waited for their gradients.
  return failure(failed(returnUpdates()) || failed(inlineCalls(step)));
}

/// Adds the step of a declaration behind it.
static LogicalResult buildStepFunction(TrainOp train) {
  auto loss = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      train, train.getLossAttr());
  func::FuncOp step = loss.clone();
  step.setName((train.getSymName() + ".step").str());
  step.setPublic();
  train->getBlock()->getOperations().insertAfter(train->getIterator(), step);
  if (succeeded(StepBuilder(train, step).build()))
    return success();
  step.erase();
  return failure();
}

namespace {
struct BuildTrainingStepPass
    : dither::impl::BuildTrainingStepBase<BuildTrainingStepPass> {
  using BuildTrainingStepBase::BuildTrainingStepBase;

  void runOnOperation() override {
    auto declarations = llvm::to_vector(getOperation().getOps<TrainOp>());
    for (TrainOp train : declarations)
      if (failed(buildStepFunction(train)))
        return signalPassFailure();
  }
};
} // namespace
