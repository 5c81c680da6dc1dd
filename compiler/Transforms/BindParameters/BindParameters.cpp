//===- BindParameters.cpp - Parameters as arguments -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/BindParameters/BindParameters.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/BindParameters/Arguments.h"
#include "compiler/Transforms/Support/Counts.h"
#include "compiler/Transforms/Support/InlineCalls.h"

namespace dither {
#define GEN_PASS_DEF_BINDPARAMETERS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

//===- Reads --------------------------------------------------------------===//

namespace {
/// A parameter and its reads in one function.
struct ReadParameter {
  ParamOp param;
  SmallVector<ReadOp> reads;

  void replaceBy(Value value) {
    for (ReadOp read : reads)
      read.replaceAllUsesWith(value);
  }
};
} // namespace

/// The parameters that a function reads, in the order of the model.
static SmallVector<ReadParameter> collectReads(func::FuncOp function,
                                               ModelOp model) {
  DenseMap<StringAttr, SmallVector<ReadOp>> reads;
  function.walk([&](ReadOp read) {
    reads[read.getParamAttr().getAttr()].push_back(read);
  });
  SmallVector<ReadParameter> result;
  for (auto param : model.getOps<ParamOp>())
    if (auto it = reads.find(param.getSymNameAttr()); it != reads.end())
      result.push_back({param, it->second});
  return result;
}

/// Last, as builders stand in front of the first op, which may be a read.
static void eraseReads(ArrayRef<ReadParameter> parameters) {
  for (const ReadParameter &parameter : parameters)
    for (ReadOp read : parameter.reads)
      read.erase();
}

/// What comes before the reads are replaced, whatever they become.
static LogicalResult prepare(func::FuncOp function, bool keepCustom = false) {
  if (failed(inlineCalls(function, keepCustom)))
    return failure();
  nameInputs(function);
  nameResults(function);
  SmallVector<RngOp> uses;
  function.walk([&](RngOp rng) { uses.push_back(rng); });
  if (uses.empty())
    return success();
  Value rng = getOrAddRng(function);
  for (RngOp use : uses) {
    use.replaceAllUsesWith(rng);
    use.erase();
  }
  return success();
}

//===- Training -----------------------------------------------------------===//

namespace {
/// Builds, at the start of a function, the states of its parameters.
class StateBinder {
public:
  explicit StateBinder(func::FuncOp function)
      : function(function), b(function.getLoc(), function.getContext()) {
    b.setInsertionPointToStart(&function.getBody().front());
  }
  FailureOr<BoundParameter> bind(ReadParameter &read);

private:
  Value getStep();
  /// The packed parts as states, and the dense value that they stand for.
  Value bindPacked(BoundParameter &bound);
  LogicalResult buildMask(BoundParameter &bound);
  LogicalResult buildRecipeMask(BoundParameter &bound);

  func::FuncOp function;
  ImplicitLocOpBuilder b;
  Value step;
};
} // namespace

Value StateBinder::getStep() {
  if (!step)
    step = buildStep(b, getOrAddRng(function));
  return step;
}

LogicalResult StateBinder::buildRecipeMask(BoundParameter &bound) {
  ParamOp param = bound.param;
  RecipeAttrInterface recipe = param.getRecipeInterface();
  SmallVector<Value> states, newStates;
  SmallVector<std::string> names;
  for (auto &[suffix, type] : recipe.getStates(param.getTensorType())) {
    names.push_back((param.getSymName() + "." + suffix).str());
    states.push_back(
        addArgument(function, type, stateKind, names.back(), param.getLoc()));
  }
  bound.mask = recipe.buildMask(b, param.getPatternInterface(), bound.value,
                                states, getStep(), newStates);
  if (newStates.size() != states.size())
    return param.emitOpError("has a recipe with ")
           << states.size() << " states that gives " << newStates.size();
  for (auto [name, value] : llvm::zip_equal(names, newStates))
    bound.recipeStates.push_back({name, value});
  return success();
}

LogicalResult StateBinder::buildMask(BoundParameter &bound) {
  PatternAttrInterface pattern = bound.param.getPatternInterface();
  if (!pattern)
    return success();
  if (bound.param.getRecipeInterface()) {
    if (failed(buildRecipeMask(bound)))
      return failure();
  } else {
    bound.mask = pattern.buildMask(b, AbsOp::create(b, bound.value));
  }
  return success(bool(bound.mask));
}

Value StateBinder::bindPacked(BoundParameter &bound) {
  ParamOp param = bound.param;
  SmallVector<Value> parts;
  for (auto &[suffix, type] :
       getPackedParts(param.getTensorType(), param.getPatternInterface(),
                      param.getFormatInterface())) {
    std::string name = (param.getSymName() + "." + suffix).str();
    BlockArgument part =
        addArgument(function, type, stateKind, name, param.getLoc());
    // The values come first.
    if (parts.empty())
      std::tie(bound.value, bound.name) = std::pair(part, name);
    parts.push_back(part);
  }
  return UnpackOp::create(b, param.getTensorType(), parts,
                          param.getPatternAttr(), param.getFormatAttr());
}

FailureOr<BoundParameter> StateBinder::bind(ReadParameter &read) {
  ParamOp param = read.param;
  b.setLoc(param.getLoc());
  BoundParameter bound{param, {}, param.getSymName().str(), {}, {}};
  if (param.isPackedInTraining()) {
    read.replaceBy(bindPacked(bound));
    return bound;
  }
  bound.value = addArgument(function, param.getTensorType(), stateKind,
                            param.getSymName(), param.getLoc());
  if (failed(buildMask(bound)))
    return failure();
  Value value = bound.value;
  if (param.isRepresented())
    value =
        RepresentOp::create(b, value.getType(), value, bound.mask,
                            param.getFormatAttr(), param.getEstimatorAttr());
  read.replaceBy(value);
  return bound;
}

FailureOr<SmallVector<BoundParameter>>
dither::bindForTraining(func::FuncOp function, ModelOp model) {
  // Calls with a gradient of their own wait for it.
  if (failed(prepare(function, /*keepCustom=*/true)))
    return failure();
  StateBinder binder(function);
  SmallVector<BoundParameter> result;
  SmallVector<ReadParameter> reads = collectReads(function, model);
  for (ReadParameter &read : reads) {
    FailureOr<BoundParameter> bound = binder.bind(read);
    if (failed(bound))
      return failure();
    result.push_back(*bound);
  }
  eraseReads(reads);
  return result;
}

//===- Deployment ---------------------------------------------------------===//

static Value bindConstant(func::FuncOp function, ImplicitLocOpBuilder &b,
                          ParamOp param) {
  RankedTensorType type = param.getTensorType();
  if (!param.isRepresented())
    return addArgument(function, type, constantKind, param.getSymName(),
                       param.getLoc());
  SmallVector<Value> parts;
  for (auto &[suffix, part] : getPackedParts(type, param.getPatternInterface(),
                                             param.getFormatInterface()))
    parts.push_back(addArgument(function, part, constantKind,
                                (param.getSymName() + "." + suffix).str(),
                                param.getLoc()));
  return UnpackOp::create(b, type, parts, param.getPatternAttr(),
                          param.getFormatAttr());
}

FailureOr<unsigned> dither::bindForDeployment(func::FuncOp function,
                                              ModelOp model) {
  if (failed(prepare(function)))
    return failure();
  ImplicitLocOpBuilder b(function.getLoc(), function.getContext());
  b.setInsertionPointToStart(&function.getBody().front());
  SmallVector<ReadParameter> reads = collectReads(function, model);
  for (ReadParameter &read : reads) {
    b.setLoc(read.param.getLoc());
    read.replaceBy(bindConstant(function, b, read.param));
  }
  eraseReads(reads);
  return unsigned(reads.size());
}

//===- Pass ---------------------------------------------------------------===//

/// Drops the seed and step of a function that does not draw: recipes ask for
/// the step, but few look at it.
static void dropUnusedRng(func::FuncOp function) {
  BlockArgument rng = findRng(function);
  if (!rng)
    return;
  auto users = llvm::to_vector(rng.getUsers());
  for (Operation *user : users) {
    auto step = user->hasOneUse() ? dyn_cast<ReshapeOp>(*user->user_begin())
                                  : ReshapeOp();
    if (isa<SliceOp>(user) && step && step->use_empty()) {
      step.erase();
      user->erase();
    }
  }
  if (rng.use_empty())
    (void)function.eraseArgument(rng.getArgNumber());
}

namespace {
struct BindParametersPass
    : dither::impl::BindParametersBase<BindParametersPass> {
  using BindParametersBase::BindParametersBase;

  LogicalResult bind(func::FuncOp function) {
    if (mode == "deploy") {
      FailureOr<unsigned> count = bindForDeployment(function, getOperation());
      if (failed(count))
        return failure();
      reportCounts(*this, function, {{"bound", *count}});
    } else {
      bool hadRng = bool(findRng(function));
      auto bound = bindForTraining(function, getOperation());
      if (failed(bound))
        return failure();
      reportCounts(*this, function, {{"bound", bound->size()}});
      if (!hadRng)
        dropUnusedRng(function);
    }
    return checkNames(function);
  }

  void runOnOperation() override {
    if (mode != "train" && mode != "deploy") {
      getOperation().emitError("cannot bind parameters in mode '")
          << mode << "'; it is train or deploy";
      return signalPassFailure();
    }
    // Inlining reads other functions as they were written: callers come first.
    auto functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp function : orderByCalls(functions))
      if (failed(inlineCalls(function)))
        return signalPassFailure();
    // Private functions were there to be called.
    llvm::erase_if(functions, [&](func::FuncOp function) {
      if (!function.isPrivate() ||
          !SymbolTable::symbolKnownUseEmpty(function, getOperation()))
        return false;
      function.erase();
      return true;
    });
    for (func::FuncOp function : functions)
      if (failed(bind(function)))
        return signalPassFailure();
  }
};
} // namespace
