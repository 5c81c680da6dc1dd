//===- Explain.cpp - What the compiler knows of a model -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Explain/Explain.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Specialize/Specialize.h"

using namespace mlir;
using namespace dither;

static std::string print(Attribute attr) {
  std::string text;
  if (attr)
    llvm::raw_string_ostream(text) << attr;
  return text;
}

int64_t dither::getTensorBytes(RankedTensorType type) {
  return type.getNumElements() *
         HostTensor::elementBytes(type.getElementType());
}

SourcePlace dither::getSourcePlace(Location location) {
  auto place = location->findInstanceOf<FileLineColLoc>();
  if (!place)
    return {};
  return {place.getFilename().str(), place.getLine(), place.getColumn()};
}

static ParameterReport explainParameter(ParamOp param) {
  ParameterReport report;
  RankedTensorType type = param.getTensorType();
  report.name = param.getSymName().str();
  llvm::raw_string_ostream(report.type) << type;
  report.pattern = print(param.getPatternAttr());
  report.format = print(param.getFormatAttr());
  report.recipe = print(param.getRecipeAttr());
  report.estimator = print(param.getEstimatorAttr());
  if (EstimatorAttrInterface estimator = param.getEstimatorInterface())
    report.isUnbiased = estimator.isUnbiased();
  report.elements = type.getNumElements();
  report.denseBytes = report.packedBytes = getTensorBytes(type);
  if (!param.isRepresented())
    return report;
  report.packedBytes = 0;
  for (const PackedPart &part : getPackedParts(
           type, param.getPatternInterface(), param.getFormatInterface()))
    report.packedBytes += getTensorBytes(part.second);
  return report;
}

//===- Estimators and memory ----------------------------------------------===//

/// What the exact derivative keeps: the first operand.
static int64_t getExactBytes(Operation *op) {
  if (isa<RepresentOp>(op))
    return 0;
  return getTensorBytes(cast<RankedTensorType>(op->getOperand(0).getType()));
}

static void explainEstimator(EstimatedOpInterface op, StringRef training,
                             ModelReport &report) {
  EstimatorAttrInterface estimator = op.getEstimatorAttrInterface();
  if (!estimator)
    return;
  EstimatorReport entry;
  entry.training = training.str();
  entry.place = getSourcePlace(op->getLoc());
  entry.op = op->getName().getStringRef().str();
  llvm::raw_string_ostream(entry.op) << " " << op->getOperand(0).getType();
  entry.estimator = print(estimator);
  entry.isUnbiased = estimator.isUnbiased();
  entry.keptBytes = estimator.getResidualBytes(op);
  entry.exactBytes = getExactBytes(op);
  report.estimators.push_back(entry);
}

static LogicalResult explainEstimators(ModuleOp source, ModelReport &report) {
  for (TrainOp train : findModel(source).getOps<TrainOp>()) {
    // Declarations may share a loss and differ in their batch.
    OwningOpRef<ModuleOp> module = source.clone();
    auto loss =
        SymbolTable(findModel(*module)).lookup<func::FuncOp>(train.getLoss());
    if (failed(prepareForGradients(loss)) ||
        failed(specialize(loss, train.getBatch())))
      return failure();
    loss.walk([&](EstimatedOpInterface op) {
      explainEstimator(op, train.getSymName(), report);
    });
  }
  return success();
}

/// The same model with exact gradients.
static OwningOpRef<ModuleOp> stripEstimators(ModuleOp source) {
  OwningOpRef<ModuleOp> module = source.clone();
  module->walk([](EstimatedOpInterface op) {
    if (isa<RepresentOp>(op))
      return;
    op->removeAttr("residual");
    op->removeAttr("backward");
  });
  return module;
}

/// Bytes of the arenas of all functions, by name.
using ArenaBytes = std::map<std::string, int64_t>;

static int64_t getPeak(const ManifestFunction &function, int64_t batch) {
  return function.arenaFixed + function.arenaPerBatch * batch;
}

static FailureOr<ArenaBytes>
planArenas(ModuleOp source, const CompileOptions &options, int64_t batch) {
  auto functions = planFunctions(source, options);
  if (failed(functions))
    return failure();
  ArenaBytes bytes;
  for (const ManifestFunction &function : *functions)
    bytes[function.name] = getPeak(function, batch);
  return bytes;
}

static void explainRecomputed(ArrayRef<Recomputation> recomputed,
                              MemoryReport &entry) {
  for (const Recomputation &recomputation : recomputed) {
    if (recomputation.function != entry.function)
      continue;
    entry.operationsBefore = recomputation.operationsBefore;
    entry.operationsAfter = recomputation.operationsAfter;
    for (const Recomputation::Op &op : recomputation.ops)
      entry.recomputed.push_back(
          {op.name, op.type, getSourcePlace(op.location), op.operations});
  }
}

static LogicalResult explainMemory(ModuleOp source, ParameterMode mode,
                                   std::optional<int64_t> memoryBudget,
                                   ModelReport &report) {
  CompileOptions unlimited;
  unlimited.mode = mode;
  CompileOptions options = unlimited;
  options.memoryBudget = memoryBudget;
  bool isTraining = mode == ParameterMode::train;
  std::vector<Recomputation> recomputed;
  auto functions = planFunctions(source, options, &recomputed);
  if (failed(functions))
    return failure();
  FailureOr<ArenaBytes> exact, free;
  if (isTraining && failed(exact = planArenas(*stripEstimators(source),
                                              unlimited, report.batch)))
    return failure();
  if (memoryBudget &&
      failed(free = planArenas(source, unlimited, report.batch)))
    return failure();
  for (const ManifestFunction &function : *functions) {
    if (isTraining && !StringRef(function.name).ends_with(".step"))
      continue;
    MemoryReport entry;
    entry.function = function.name;
    entry.arenaFixed = function.arenaFixed;
    entry.arenaPerBatch = function.arenaPerBatch;
    entry.peak = getPeak(function, report.batch);
    if (isTraining)
      entry.withoutEstimators = (*exact)[function.name];
    if (memoryBudget)
      entry.withoutBudget = (*free)[function.name];
    explainRecomputed(recomputed, entry);
    report.memory.push_back(entry);
  }
  return success();
}

FailureOr<ModelReport>
dither::explainModel(ModuleOp module, std::optional<int64_t> memoryBudget) {
  ModelOp model = findModel(module);
  if (!model)
    return failure();
  ModelReport report;
  for (ParamOp param : model.getOps<ParamOp>())
    report.parameters.push_back(explainParameter(param));
  auto trainings = model.getOps<TrainOp>();
  bool isTrained = !trainings.empty();
  if (isTrained)
    report.batch = (*trainings.begin()).getBatch();
  if (failed(explainContractions(module, ParameterMode::deploy, report)) ||
      failed(
          explainMemory(module, ParameterMode::deploy, memoryBudget, report)))
    return failure();
  if (isTrained &&
      (failed(explainContractions(module, ParameterMode::train, report)) ||
       failed(explainEstimators(module, report)) ||
       failed(
           explainMemory(module, ParameterMode::train, memoryBudget, report))))
    return failure();
  return report;
}
