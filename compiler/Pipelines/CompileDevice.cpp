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

/// What is emulated where nobody says it: the kernels that most chips run.
static constexpr StringLiteral emulatedChip = "sm_80";

LogicalResult dither::lowerToLaunches(ModuleOp module,
                                      const CompileOptions &options,
                                      StringRef generation) {
  auto plan = [&](ModuleOp each, const TensorOrder &order) {
    PassManager pm(each.getContext());
    setPrinting(pm, options);
    pm.nest<func::FuncOp>().addPass(createKeepDeviceOps());
    addBufferPasses(pm, /*narrows=*/true, order);
    FormKernelsOptions forming;
    forming.chip = generation.str();
    pm.nest<func::FuncOp>().addPass(createFormKernels(forming));
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createCSEPass());
    pm.nest<func::FuncOp>().addPass(createPlanMemory());
    pm.nest<func::FuncOp>().addPass(createOrderLaunches());
    return pm.run(each);
  };
  return planOrders(module, options, plan);
}

/// Kernels to the NVVM dialect.
static void addKernelPasses(PassManager &pm, bool isEmulated) {
  pm.addPass(createOutlineKernels());
  // Devices round to bf16 by an instruction.
  addArithmeticPasses(pm, /*expandsBf16=*/isEmulated);
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
  addKernelPasses(pm, options.device == emulatorTarget);
  addHostPasses(pm);
  return pm.run(module);
}

/// What launches kernels runs on any host; what emulates them, on this one.
static CompileOptions getHostOptions(CompileOptions options) {
  if (options.device != emulatorTarget && options.targets.empty())
    options.targets = {"x86-64-v3"};
  return options;
}

/// The chips that there is code for, all of which exist.
static FailureOr<SmallVector<std::string>>
getChips(const CompileOptions &options, Location location) {
  bool isEmulated = options.device == emulatorTarget;
  SmallVector<std::string> chips = options.chips;
  if (chips.empty() && isEmulated)
    chips.push_back(emulatedChip.str());
  else if (chips.empty())
    chips.assign(std::begin(defaultChips), std::end(defaultChips));
  if (isEmulated && chips.size() > 1)
    return emitError(location)
           << "the emulator is one chip, and --chips names " << chips.size()
           << "; name one of them, such as --chips=" << chips.front();
  if (failed(verifyChips(chips, location)))
    return failure();
  return chips;
}

/// A version for each generation of the chips, in their order.
static std::vector<DeviceVersion>
groupByGeneration(ArrayRef<std::string> chips) {
  std::vector<DeviceVersion> versions;
  for (const std::string &chip : chips) {
    StringRef generation = getGeneration(chip);
    auto found = llvm::find_if(versions, [&](const DeviceVersion &version) {
      return version.generation == generation;
    });
    if (found == versions.end()) {
      versions.emplace_back();
      versions.back().generation = generation.str();
      found = std::prev(versions.end());
    }
    found->chips.push_back(chip);
  }
  return versions;
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
  auto chips = getChips(options, module.getLoc());
  if (failed(chips))
    return failure();
  std::vector<DeviceVersion> versions = groupByGeneration(*chips);
  // Of kernels, only the first version's are printed.
  if (stage == EmitStage::buffers || stage == EmitStage::kernels ||
      stage == EmitStage::ptx)
    versions.resize(1);
  for (DeviceVersion &version : versions) {
    version.module = module.clone();
    if (failed(lowerToLaunches(*version.module, options, version.generation)))
      return failure();
    if (stage == EmitStage::buffers)
      return printModule(*version.module);
    version.functions = collectFunctions(*version.module);
    if (failed(lowerLaunchesToLLVMDialect(*version.module, options)))
      return failure();
  }
  return finishForDevice(versions, options, stage, constants, model);
}

/// Takes the kernels out of a version's module: as code of its chips, or as
/// functions of the host that the emulator runs.
static LogicalResult packKernels(DeviceVersion &version,
                                 const CompileOptions &options,
                                 DevicePackage &device) {
  ModuleOp module = *version.module;
  auto kernels = collectKernels(module);
  if (failed(kernels))
    return failure();
  for (ManifestKernel &kernel : *kernels) {
    kernel.version = version.generation;
    device.kernels.push_back(std::move(kernel));
  }
  if (options.device == emulatorTarget) {
    PassManager pm(module.getContext());
    setPrinting(pm, options);
    pm.addPass(createEmulateKernels());
    return pm.run(module);
  }
  auto images = emitImages(module, version.chips, version.generation);
  if (failed(images))
    return failure();
  llvm::append_range(device.images, std::move(*images));
  for (auto kernels :
       llvm::make_early_inc_range(module.getOps<gpu::GPUModuleOp>()))
    kernels.erase();
  return success();
}

FailureOr<SmallVector<char, 0>>
dither::finishForDevice(MutableArrayRef<DeviceVersion> versions,
                        const CompileOptions &options, EmitStage stage,
                        const ConstantMap &constants, StringRef model) {
  DeviceVersion &first = versions.front();
  Location location = first.module->getLoc();
  auto targets = createTargets(getHostOptions(options), location);
  if (failed(targets))
    return failure();
  CpuTarget &host = targets->front();
  if (stage == EmitStage::kernels)
    return printModule(*first.module);
  if (stage == EmitStage::ptx)
    return asBytes(emitPtx(*first.module, first.chips.front()));
  DevicePackage device{options.device, {}, {}};
  std::vector<ManifestVersion> described;
  SmallVector<VersionCode> codes;
  for (DeviceVersion &version : versions) {
    described.push_back({version.generation, host.features, version.functions});
    codes.push_back({version.generation, *version.module, host.machine.get()});
    if (failed(verifySameArguments(described.front(), described.back(),
                                   location)) ||
        failed(packKernels(version, options, device)))
      return failure();
  }
  llvm::LLVMContext context;
  auto joined = joinVersions(codes, context);
  if (failed(joined))
    return failure();
  llvm::Module &code = **joined;
  embedPackage(code,
               makePackage(model, code.getTargetTriple().str(), described,
                           constants, options.device),
               described, device);
  if (stage == EmitStage::llvmIR) {
    SmallVector<char, 0> text;
    llvm::raw_svector_ostream stream(text);
    code.print(stream, nullptr);
    return text;
  }
  return emitCode(code, *host.machine,
                  stage == EmitStage::assembly
                      ? llvm::CodeGenFileType::AssemblyFile
                      : llvm::CodeGenFileType::ObjectFile,
                  location);
}
