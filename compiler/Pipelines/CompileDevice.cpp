//===- CompileDevice.cpp - From core ops to kernels of a device -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Target.h"
#include "compiler/Codegen/CUDA/Images.h"
#include "compiler/Passes.h"
#include "compiler/Pipelines/Lowering.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace dither;

static constexpr StringLiteral emulatorTarget = "cuda-emulator";

static std::string getGeneration(const CompileOptions &options) {
  bool isHopper = !options.chips.empty() && options.chips.front() == "sm_90a";
  return isHopper ? "sm_90a" : "sm_80";
}

LogicalResult dither::lowerToLaunches(ModuleOp module,
                                      const CompileOptions &options) {
  return planInBothOrders(module, [&](ModuleOp each, bool reschedule) {
    PassManager pm(each.getContext());
    setPrinting(pm, options);
    addBufferPasses(pm, /*narrows=*/true, reschedule);
    pm.nest<func::FuncOp>().addPass(createFormKernels({getGeneration(options)}));
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createCSEPass());
    pm.nest<func::FuncOp>().addPass(createPlanMemory());
    return pm.run(each);
  });
}

/// Kernels to the NVVM dialect.
static void addKernelPasses(PassManager &pm) {
  pm.addPass(createOutlineKernels());
  pm.addPass(createApproximateMath());
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  pm.addPass(arith::createArithExpandOpsPass(expand));
  OpPassManager &onKernels = pm.nest<gpu::GPUModuleOp>();
  onKernels.addPass(createTileToNVVM());
  onKernels.addPass(createExpandMasks());
  onKernels.addPass(memref::createFoldMemRefAliasOpsPass());
  onKernels.addPass(memref::createExpandStridedMetadataPass());
  onKernels.addPass(createLowerAffinePass());
  onKernels.addPass(createCanonicalizerPass());
  onKernels.addPass(createCSEPass());
  onKernels.addPass(createLoopInvariantCodeMotionPass());
  onKernels.addPass(createSCFToControlFlowPass());
}

/// What remains of the host: launches and arithmetic on extents.
static void addHostPasses(PassManager &pm) {
  pm.addPass(createLowerLaunches());
  OpPassManager &onKernels = pm.nest<gpu::GPUModuleOp>();
  // Before upstream makes calls of NVIDIA's library of what is left.
  onKernels.addPass(createDeviceMath());
  onKernels.addPass(createConvertGpuOpsToNVVMOps());
  onKernels.addPass(createConvertVectorToLLVMPass());
  onKernels.addPass(createConvertIndexToLLVMPass());
  onKernels.addPass(createArithToLLVMConversionPass());
  onKernels.addPass(createReconcileUnrealizedCastsPass());
  onKernels.addPass(createCanonicalizerPass());
  onKernels.addPass(createCSEPass());
  onKernels.addPass(createPlaceShared());
  pm.nest<func::FuncOp>().addPass(LLVM::createLLVMRequestCWrappersPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  addEntryPasses(pm);
  // Behind all conversions, which drop what they do not know of arguments.
  pm.nest<gpu::GPUModuleOp>().addPass(createPlaceMaps());
}

LogicalResult
dither::lowerLaunchesToLLVMDialect(ModuleOp module,
                                   const CompileOptions &options) {
  PassManager pm(module.getContext());
  setPrinting(pm, options);
  addKernelPasses(pm);
  addHostPasses(pm);
  return pm.run(module);
}

/// What launches kernels runs on any host; what emulates them, on this one.
static CompileOptions getHostOptions(CompileOptions options) {
  if (options.device != emulatorTarget && options.targets.empty())
    options.targets = {"x86-64-v3"};
  return options;
}

static SmallVector<std::string> getChips(const CompileOptions &options) {
  if (!options.chips.empty())
    return options.chips;
  return SmallVector<std::string>(std::begin(defaultChips),
                                  std::end(defaultChips));
}

static FailureOr<SmallVector<char, 0>> asBytes(FailureOr<std::string> text) {
  if (failed(text))
    return failure();
  return SmallVector<char, 0>(text->begin(), text->end());
}

FailureOr<SmallVector<char, 0>>
dither::compileForDevice(ModuleOp module, const CompileOptions &options,
                         EmitStage stage, const ConstantMap &constants,
                         StringRef model) {
  if (failed(verifyChips(getChips(options), module.getLoc())) ||
      failed(lowerToLaunches(module, options)))
    return failure();
  if (stage == EmitStage::buffers)
    return printModule(module);
  std::vector<ManifestFunction> functions = collectFunctions(module);
  if (failed(lowerLaunchesToLLVMDialect(module, options)))
    return failure();
  return finishForDevice(module, options, stage, constants, model, functions);
}

FailureOr<SmallVector<char, 0>>
dither::finishForDevice(ModuleOp module, const CompileOptions &options,
                        EmitStage stage, const ConstantMap &constants,
                        StringRef model, ArrayRef<ManifestFunction> functions) {
  Location location = module.getLoc();
  SmallVector<std::string> chips = getChips(options);
  auto targets = createTargets(getHostOptions(options), location);
  if (failed(targets))
    return failure();
  CpuTarget &host = targets->front();
  std::vector<ManifestVersion> versions = {
      {host.name, host.features, functions.vec()}};
  if (stage == EmitStage::kernels)
    return printModule(module);
  if (stage == EmitStage::ptx)
    return asBytes(emitPtx(module, chips.front()));
  auto kernels = collectKernels(module);
  if (failed(kernels))
    return failure();
  DevicePackage device{options.device, std::move(*kernels), {}};
  if (options.device == emulatorTarget) {
    PassManager pm(module.getContext());
    setPrinting(pm, options);
    pm.addPass(createEmulateKernels());
    if (failed(pm.run(module)))
      return failure();
  } else {
    auto images = emitImages(module, chips);
    if (failed(images))
      return failure();
    device.images = std::move(*images);
    for (auto kernels :
         llvm::make_early_inc_range(module.getOps<gpu::GPUModuleOp>()))
      kernels.erase();
  }
  llvm::LLVMContext context;
  auto code = translateModuleToLLVMIR(module, context);
  if (!code)
    return failure();
  setTarget(*code, *host.machine, "");
  hideFunctions(*code);
  embedPackage(*code,
               makePackage(model, code->getTargetTriple().str(), versions,
                           constants, options.device),
               versions, device);
  if (stage == EmitStage::llvmIR) {
    SmallVector<char, 0> text;
    llvm::raw_svector_ostream stream(text);
    code->print(stream, nullptr);
    return text;
  }
  return emitCode(*code, *host.machine,
                  stage == EmitStage::assembly
                      ? llvm::CodeGenFileType::AssemblyFile
                      : llvm::CodeGenFileType::ObjectFile,
                  location);
}
