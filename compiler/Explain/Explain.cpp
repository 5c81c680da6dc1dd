//===- Explain.cpp - What the compiler knows of a model ---===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Explain/Explain.h"
#include "compiler/Codegen/CPU/WeightPanels.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "compiler/Transforms/Support/InlineCalls.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace dither;

static std::string print(Attribute attr) {
  std::string text;
  if (attr)
    llvm::raw_string_ostream(text) << attr;
  return text;
}

static int64_t getBytes(RankedTensorType type) {
  return type.getNumElements() *
         HostTensor::elementBytes(type.getElementType());
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
  report.elements = type.getNumElements();
  report.denseBytes = report.packedBytes = getBytes(type);
  if (!param.isRepresented())
    return report;
  report.packedBytes = 0;
  for (const PackedPart &part : getPackedParts(
           type, param.getPatternInterface(), param.getFormatInterface()))
    report.packedBytes += getBytes(part.second);
  return report;
}

//===- Contractions -------------------------------------------------------===//

/// By the cost model: a packed weight is read and decoded once for a register
/// tile of rows. Up to one tile the bytes decide; with more rows the decoding
/// is repeated, and the saving is memory rather than time.
static constexpr int64_t kTileRows = 8;

static std::string getBreakEven(const ContractionReport &report, double ratio) {
  return llvm::formatv("reads {0:f1}x fewer bytes; by the cost model saves "
                       "time up to batch {1}, memory beyond",
                       ratio, kTileRows)
      .str();
}

static std::string getShape(int64_t rows, int64_t depth, int64_t columns) {
  std::string m = ShapedType::isDynamic(rows) ? "batch" : std::to_string(rows);
  return llvm::formatv("{0}x{1}x{2}", m, depth, columns).str();
}

static ContractionReport explainDense(MatmulOp op, bool isTraining,
                                      int64_t batch) {
  ContractionReport report;
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto z = cast<RankedTensorType>(op.getType());
  int64_t rows = z.getDimSize(0), columns = z.getDimSize(1);
  int64_t depth = x.getDimSize(op.getTransposeX() ? 0 : 1);
  report.shape = getShape(rows, depth, columns);
  auto extent = [&](int64_t d) { return ShapedType::isDynamic(d) ? batch : d; };
  report.denseFlops = report.doneFlops =
      2 * extent(rows) * extent(depth) * extent(columns);
  report.kernel = "dense_f32";
  if (auto reason = op->getAttrOfType<StringAttr>("dither.fallback"))
    report.rejected = "packed_decode: " + reason.str() +
                      "; the matrix is unpacked to memory first";
  else if (isTraining)
    report.rejected = "packed_decode: in training both operands are dense";
  return report;
}

static ContractionReport explainPacked(PackedMatmulOp op, int64_t batch) {
  ContractionReport report;
  auto x = cast<RankedTensorType>(op.getX().getType());
  auto dense = cast<RankedTensorType>(op.getDense());
  auto pattern = dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr());
  report.shape =
      getShape(x.getDimSize(0), dense.getDimSize(0), dense.getDimSize(1));
  int64_t rows = x.isDynamicDim(0) ? batch : x.getDimSize(0);
  report.denseFlops = 2 * rows * dense.getNumElements();
  report.doneFlops =
      int64_t(report.denseFlops * (pattern ? pattern.getDensity() : 1.0));
  report.kernel = "packed_decode";
  int64_t bytes = 0;
  for (Value part : op.getParts())
    bytes += getBytes(cast<RankedTensorType>(part.getType()));
  report.rejected = llvm::formatv("dense_f32: would hold {0} bytes instead of "
                                  "{1}",
                                  getBytes(dense), bytes)
                        .str();
  report.breakEven = getBreakEven(report, double(getBytes(dense)) / bytes);
  return report;
}

static LogicalResult explainContractions(ModuleOp source, ParameterMode mode,
                                         ModelReport &report) {
  OwningOpRef<ModuleOp> module = source.clone();
  CompileOptions options;
  options.mode = mode;
  if (failed(lowerToCore(*module, options)))
    return failure();
  bool isTraining = mode == ParameterMode::train;
  for (auto function : module->getOps<func::FuncOp>()) {
    // Deployment shows all functions, training its steps.
    if (isTraining && !function.getName().ends_with(".step"))
      continue;
    function.walk([&](Operation *op) {
      ContractionReport entry;
      if (auto matmul = dyn_cast<MatmulOp>(op))
        entry = explainDense(matmul, isTraining, report.batch);
      else if (auto packed = dyn_cast<PackedMatmulOp>(op))
        entry = explainPacked(packed, report.batch);
      else
        return;
      entry.function = function.getName().str();
      report.contractions.push_back(entry);
    });
  }
  return success();
}

//===- Estimators and memory ----------------------------------------------===//

/// What the exact derivative keeps: the first operand.
static int64_t getExactBytes(Operation *op) {
  if (isa<RepresentOp>(op))
    return 0;
  return getBytes(cast<RankedTensorType>(op->getOperand(0).getType()));
}

static LogicalResult explainEstimators(ModuleOp source, ModelReport &report) {
  OwningOpRef<ModuleOp> module = source.clone();
  ModelOp model = findModel(*module);
  for (TrainOp train : model.getOps<TrainOp>()) {
    auto loss = SymbolTable(model).lookup<func::FuncOp>(train.getLoss());
    if (failed(inlineCalls(loss)) || failed(specialize(loss, train.getBatch())))
      return failure();
    loss.walk([&](EstimatedOpInterface op) {
      EstimatorAttrInterface estimator = op.getEstimatorAttrInterface();
      if (!estimator)
        return;
      EstimatorReport entry;
      entry.op = op->getName().getStringRef().str();
      llvm::raw_string_ostream(entry.op) << " " << op->getOperand(0).getType();
      entry.estimator = print(estimator);
      entry.isUnbiased = estimator.isUnbiased();
      entry.keptBytes = estimator.getResidualBytes(op);
      entry.exactBytes = getExactBytes(op);
      report.estimators.push_back(entry);
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

static LogicalResult explainMemory(ModuleOp source, ParameterMode mode,
                                   ModelReport &report) {
  CompileOptions options;
  options.mode = mode;
  auto functions = planFunctions(source, options);
  if (failed(functions))
    return failure();
  bool isTraining = mode == ParameterMode::train;
  std::map<std::string, int64_t> exact;
  if (isTraining) {
    auto stripped = planFunctions(*stripEstimators(source), options);
    if (failed(stripped))
      return failure();
    for (const ManifestFunction &function : *stripped)
      exact[function.name] =
          function.arenaFixed + function.arenaPerBatch * report.batch;
  }
  for (const ManifestFunction &function : *functions) {
    if (isTraining && !StringRef(function.name).ends_with(".step"))
      continue;
    MemoryReport entry{function.name, function.arenaFixed,
                       function.arenaPerBatch, -1};
    if (isTraining)
      entry.withoutEstimators = exact[function.name];
    report.memory.push_back(entry);
  }
  return success();
}

FailureOr<ModelReport> dither::explainModel(ModuleOp module) {
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
      failed(explainMemory(module, ParameterMode::deploy, report)))
    return failure();
  if (isTrained &&
      (failed(explainContractions(module, ParameterMode::train, report)) ||
       failed(explainEstimators(module, report)) ||
       failed(explainMemory(module, ParameterMode::train, report))))
    return failure();
  return report;
}
