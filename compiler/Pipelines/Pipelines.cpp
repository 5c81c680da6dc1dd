//===- Pipelines.cpp - From a model to core ops, kernels and LLVM ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Pipelines.h"
#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CPU/ContractBufferization.h"
#include "compiler/Passes.h"
#include "compiler/Pipelines/Lowering.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace dither;

void dither::registerCompilerDialects(DialectRegistry &registry) {
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerAllToLLVMIRTranslations(registry);
  registry.insert<DitherDialect, tile::TileDialect>();
  registerContractBufferization(registry);
}

ModelOp dither::findModel(ModuleOp module) {
  auto models = module.getOps<ModelOp>();
  if (models.empty()) {
    module.emitError("holds no dither.model; a model description is a "
                     "dither.model with parameters and functions");
    return {};
  }
  if (std::next(models.begin()) != models.end()) {
    (*std::next(models.begin()))
        .emitError("second model; one is compiled at "
                   "a time");
    return {};
  }
  return *models.begin();
}

/// Drops the functions that were not asked for.
static LogicalResult selectFunctions(ModelOp model,
                                     const CompileOptions &options) {
  if (options.functions.empty())
    return success();
  SymbolTable table(model);
  llvm::StringSet<> wanted;
  for (const std::string &name : options.functions) {
    if (!table.lookup<func::FuncOp>(name)) {
      auto diagnostic = model.emitError("has no function @")
                        << name << "; it has ";
      llvm::interleaveComma(model.getOps<func::FuncOp>(), diagnostic,
                            [&](func::FuncOp function) {
                              diagnostic << "@" << function.getName();
                            });
      return diagnostic;
    }
    wanted.insert(name);
  }
  for (auto function : llvm::make_early_inc_range(model.getOps<func::FuncOp>()))
    if (!wanted.contains(function.getName()))
      function.erase();
  return success();
}

/// Functions leave the model: from here on they need nothing of it.
static void hoistFunctions(ModelOp model) {
  for (auto function : llvm::make_early_inc_range(model.getOps<func::FuncOp>()))
    function->moveBefore(model);
  model.erase();
}

void dither::setPrinting(PassManager &pm, const CompileOptions &options) {
  if (!options.printIR)
    return;
  pm.getContext()->disableMultithreading();
  pm.enableIRPrinting();
}

LogicalResult dither::lowerToCore(ModuleOp module,
                                  const CompileOptions &options) {
  ModelOp model = findModel(module);
  if (!model)
    return failure();
  bool isTraining = options.mode == ParameterMode::train;
  if (options.memoryBudget)
    noteBatch(module, model);
  PassManager first(module.getContext());
  setPrinting(first, options);
  OpPassManager &onModel = first.nest<ModelOp>();
  if (isTraining)
    onModel.addPass(createBuildTrainingStep());
  onModel.addPass(createBindParameters({isTraining ? "train" : "deploy"}));
  if (failed(first.run(module)) || failed(selectFunctions(model, options)))
    return failure();
  hoistFunctions(model);

  PassManager second(module.getContext());
  setPrinting(second, options);
  OpPassManager &onFunction = second.nest<func::FuncOp>();
  onFunction.addPass(createDecompose(
      {{"dither.represent", "dither.dequantize", "dither.unpack",
        "dither.packed_matmul", "dither.sample", "dither.sampled_matmul"}}));
  onFunction.addPass(createCanonicalizerPass());
  onFunction.addPass(createCSEPass());
  onFunction.addPass(
      createPlanRepresentation({/*device=*/!options.device.empty()}));
  onFunction.addPass(
      createDecompose({{"dither.packed_matmul", "dither.sampled_matmul"}}));
  onFunction.addPass(createCanonicalizerPass());
  onFunction.addPass(createCSEPass());
  onFunction.addPass(createRecomputeRandom());
  return second.run(module);
}

KernelLimits dither::getKernelLimits(const KernelTarget &target) {
  KernelLimits limits;
  limits.lanes = target.lanes;
  limits.rows = target.hasAVX512 ? 12 : 6;
  limits.hasTiles = target.hasTiles;
  limits.hasFloatTiles = target.hasFloatTiles;
  limits.hasLookups = target.hasVNNI && target.hasVBMI;
  limits.firstCache = target.firstCache;
  limits.secondCache = target.secondCache;
  return limits;
}

void dither::addBufferPasses(PassManager &pm, bool narrows,
                             const TensorOrder &order) {
  OpPassManager &onFunction = pm.nest<func::FuncOp>();
  onFunction.addPass(createDitherToLinalg());
  onFunction.addPass(createCanonicalizerPass());
  onFunction.addPass(createFuseElementwise());
  onFunction.addPass(createCanonicalizerPass());
  onFunction.addPass(createFuseEpilogues({narrows}));
  onFunction.addPass(createCanonicalizerPass());
  if (order.reschedule)
    onFunction.addPass(createScheduleMemory());
  // Behind all that might merge copies, and before bufferization.
  if (order.budget)
    onFunction.addPass(
        createRematerialize({*order.budget, order.batch, /*bestEffort=*/true}));
  onFunction.addPass(createBindOutputs());
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(bufferize));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createCanonicalizerPass());
}

/// Core ops to a memory plan.
static LogicalResult planBuffers(ModuleOp module, const KernelTarget &target,
                                 const CompileOptions &options,
                                 const TensorOrder &order) {
  PassManager pm(module.getContext());
  setPrinting(pm, options);
  addBufferPasses(pm, target.hasFloatTiles, order);
  pm.nest<func::FuncOp>().addPass(createFuseRows());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  KernelLimits limits = getKernelLimits(target);
  PlanKernelsOptions plan;
  plan.lanes = limits.lanes;
  plan.rows = limits.rows;
  plan.tiles = limits.hasTiles;
  plan.floatTiles = limits.hasFloatTiles;
  plan.lookups = limits.hasLookups;
  plan.firstCache = limits.firstCache;
  plan.secondCache = limits.secondCache;
  pm.nest<func::FuncOp>().addPass(createPlanKernels(plan));
  pm.nest<func::FuncOp>().addPass(createAssignScratch());
  pm.nest<func::FuncOp>().addPass(createPlanMemory());
  return pm.run(module);
}

LogicalResult dither::lowerToBuffers(ModuleOp module,
                                     const KernelTarget &target,
                                     const CompileOptions &options) {
  return planOrders(module, options,
                    [&](ModuleOp each, const TensorOrder &order) {
                      return planBuffers(each, target, options, order);
                    });
}

void dither::addEntryPasses(PassManager &pm) {
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createMoveBF16());
  pm.addPass(createEntryPoints());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void dither::addArithmeticPasses(PassManager &pm, bool expandsBf16) {
  pm.addPass(createApproximateMath());
  arith::ArithEmulateUnsupportedFloatsOptions emulate;
  emulate.sourceTypeStrs = {"bf16"};
  pm.addPass(arith::createArithEmulateUnsupportedFloats(emulate));
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = expandsBf16;
  pm.addPass(arith::createArithExpandOpsPass(expand));
}

LogicalResult dither::lowerToLLVMDialect(ModuleOp module,
                                         const KernelTarget &target,
                                         const CompileOptions &options) {
  PassManager pm(module.getContext());
  setPrinting(pm, options);
  LowerContractOptions contract;
  contract.lanes = target.lanes;
  contract.dots = target.hasVNNI;
  pm.nest<func::FuncOp>().addPass(createLowerContract(contract));
  pm.nest<func::FuncOp>().addPass(createLowerLoops({target.lanes}));
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(createOutlineParallel());
  pm.nest<func::FuncOp>().addPass(LLVM::createLLVMRequestCWrappersPass());
  pm.addPass(memref::createFoldMemRefAliasOpsPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createCanonicalizerPass());
  addArithmeticPasses(pm, /*expandsBf16=*/true);
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  addEntryPasses(pm);
  return pm.run(module);
}
