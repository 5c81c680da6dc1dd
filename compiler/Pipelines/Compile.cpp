//===- Compile.cpp - From a model to object code --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Artifact/Artifact.h"
#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Target.h"
#include "compiler/Pipelines/Lowering.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

using namespace mlir;
using namespace dither;

/// Says of each function what it is compiled for, so that versions can share a
/// module. 512-bit vectors are worth their clock here: loops are long and
/// memory is close.
static void setTarget(llvm::Module &module, const llvm::TargetMachine &target,
                      StringRef suffix) {
  module.setTargetTriple(target.getTargetTriple());
  module.setDataLayout(target.createDataLayout());
  SmallVector<llvm::Function *> functions;
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      functions.push_back(&function);
  // The longest first: no new name is one that is still taken.
  llvm::stable_sort(functions, [](llvm::Function *a, llvm::Function *b) {
    return a->getName().size() > b->getName().size();
  });
  for (llvm::Function *function : functions) {
    function->setName(function->getName() + suffix);
    function->addFnAttr("target-cpu", target.getTargetCPU());
    function->addFnAttr("target-features", target.getTargetFeatureString());
    function->addFnAttr("prefer-vector-width", "512");
  }
}

/// Only `dither_embedded` is seen from outside.
static void hideFunctions(llvm::Module &module) {
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
}

LogicalResult dither::verifySameArguments(const ManifestVersion &a,
                                          const ManifestVersion &b,
                                          Location location) {
  auto isSameArgument = [](const ManifestArgument &x,
                           const ManifestArgument &y) {
    return x.kind == y.kind && x.name == y.name && x.type == y.type;
  };
  auto isSame = [&](const ManifestFunction &x, const ManifestFunction &y) {
    return x.name == y.name &&
           llvm::equal(x.arguments, y.arguments, isSameArgument);
  };
  if (llvm::equal(a.functions, b.functions, isSame))
    return success();
  return emitError(location)
         << "functions take other arguments for the target '" << a.name
         << "' than for '" << b.name << "'; compile an artifact for each";
}

FailureOr<SmallVector<char, 0>> dither::emitCode(llvm::Module &module,
                                                 llvm::TargetMachine &target,
                                                 llvm::CodeGenFileType type,
                                                 Location location) {
  if (llvm::Error error = makeOptimizingTransformer(2, 0, &target)(&module)) {
    emitError(location) << "optimization failed: "
                        << llvm::toString(std::move(error));
    return failure();
  }
  SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  if (target.addPassesToEmitFile(passes, stream, nullptr, type)) {
    emitError(location) << "the target emits no code of this kind";
    return failure();
  }
  passes.run(module);
  return bytes;
}

SmallVector<char, 0> dither::printModule(ModuleOp module) {
  SmallVector<char, 0> text;
  llvm::raw_svector_ostream stream(text);
  module->print(stream);
  stream << "\n";
  return text;
}

FailureOr<std::unique_ptr<llvm::Module>>
dither::joinVersions(ArrayRef<VersionCode> versions,
                     llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> whole;
  for (VersionCode version : versions) {
    auto code = translateModuleToLLVMIR(version.module, context);
    if (!code)
      return failure();
    setTarget(*code, *version.machine,
              versions.size() > 1 ? getVersionSuffix(version.name) : "");
    if (!whole)
      whole = std::move(code);
    else if (llvm::Linker::linkModules(*whole, std::move(code)))
      return emitError(version.module.getLoc())
             << "the code for '" << version.name
             << "' does not link with that for other targets";
  }
  hideFunctions(*whole);
  return whole;
}

/// Gives versions the plans that were measured on their features.
static LogicalResult setTuning(MutableArrayRef<OwningOpRef<ModuleOp>> versions,
                               ArrayRef<CpuTarget> targets,
                               const CompileOptions &options,
                               Location location) {
  if (!options.tuning)
    return success();
  const Tuning &tuning = *options.tuning;
  bool isUsed = false;
  for (auto [version, target] : llvm::zip_equal(versions, targets)) {
    if (!tuning.features.empty() && tuning.features != target.features)
      continue;
    (*version)->setAttr(tunedAttrName,
                        tuning.getAttribute(version->getContext()));
    isUsed = true;
  }
  if (isUsed)
    return success();
  return emitError(location)
         << "kernels were measured for CPUs with '"
         << llvm::join(tuning.features, ",")
         << "', which no target is; measure again with 'dither tune' on such a "
            "machine, or compile without --tuning";
}

FailureOr<SmallVector<char, 0>> dither::compileTo(ModuleOp source,
                                                  const CompileOptions &options,
                                                  EmitStage stage) {
  OwningOpRef<ModuleOp> module = source.clone();
  ModelOp model = findModel(*module);
  if (!model)
    return failure();
  Location location = model.getLoc();
  std::string name = model.getSymName().str();
  ConstantMap constants;
  if (options.mode == ParameterMode::deploy && stage >= EmitStage::llvmIR) {
    auto packed = packParameters(model, options.parameters, options.evaluate);
    if (failed(packed))
      return failure();
    constants = std::move(*packed);
  }
  auto targets = createTargets(options, location);
  if (failed(targets) || failed(lowerToCore(*module, options)))
    return failure();
  if (stage == EmitStage::core)
    return printModule(*module);
  if (!options.device.empty())
    return compileForDevice(*module, options, stage, constants, name);
  if (stage == EmitStage::kernels || stage == EmitStage::ptx)
    return emitError(location, "kernels of a device are asked for, and the "
                               "target is the CPU; give --target=cuda");
  SmallVector<OwningOpRef<ModuleOp>> modules;
  std::vector<ManifestVersion> versions;
  SmallVector<char, 0> text;
  for (size_t i = 0; i < targets->size(); ++i)
    modules.push_back(module->clone());
  if (failed(setTuning(modules, *targets, options, location)))
    return failure();
  for (auto [target, owned] : llvm::zip_equal(*targets, modules)) {
    ModuleOp version = *owned;
    if (failed(
            lowerToBuffers(version, getKernelTarget(*target.machine), options)))
      return failure();
    if (stage == EmitStage::buffers)
      llvm::append_range(text, printModule(version));
    versions.push_back(
        {target.name, target.features, collectFunctions(version)});
    if (failed(
            verifySameArguments(versions.front(), versions.back(), location)))
      return failure();
  }
  if (stage == EmitStage::buffers)
    return text;
  SmallVector<VersionCode> codes;
  for (auto [target, owned] : llvm::zip_equal(*targets, modules)) {
    if (failed(lowerToLLVMDialect(*owned, getKernelTarget(*target.machine),
                                  options)))
      return failure();
    codes.push_back({target.name, *owned, target.machine.get()});
  }
  llvm::LLVMContext context;
  auto code = joinVersions(codes, context);
  if (failed(code))
    return failure();
  embedPackage(
      **code,
      makePackage(name, (*code)->getTargetTriple().str(), versions, constants),
      versions);
  if (stage == EmitStage::llvmIR) {
    text.clear();
    llvm::raw_svector_ostream stream(text);
    (*code)->print(stream, nullptr);
    return text;
  }
  return emitCode(**code, *targets->front().machine,
                  stage == EmitStage::assembly
                      ? llvm::CodeGenFileType::AssemblyFile
                      : llvm::CodeGenFileType::ObjectFile,
                  location);
}

/// The first version, with a memory plan.
static FailureOr<OwningOpRef<ModuleOp>>
planFirst(ModuleOp source, const CompileOptions &options,
          std::vector<CpuTarget> &targets) {
  auto created = createTargets(options, source.getLoc());
  if (failed(created))
    return failure();
  targets = std::move(*created);
  SmallVector<OwningOpRef<ModuleOp>> modules;
  modules.push_back(source.clone());
  if (failed(lowerToCore(*modules[0], options)))
    return failure();
  for (size_t i = 1; i < targets.size(); ++i)
    modules.push_back(modules[0]->clone());
  if (failed(setTuning(modules, targets, options, source.getLoc())) ||
      failed(lowerToBuffers(
          *modules[0], getKernelTarget(*targets.front().machine), options)))
    return failure();
  return std::move(modules[0]);
}

FailureOr<std::vector<ManifestFunction>>
dither::planFunctions(ModuleOp source, const CompileOptions &options,
                      std::vector<Recomputation> *recomputed) {
  std::vector<CpuTarget> targets;
  auto module = planFirst(source, options, targets);
  if (failed(module))
    return failure();
  if (recomputed)
    *recomputed = collectRecomputed(**module);
  return collectFunctions(**module);
}

FailureOr<ProductPlans> dither::planProducts(ModuleOp source,
                                             const CompileOptions &options) {
  std::vector<CpuTarget> targets;
  auto module = planFirst(source, options, targets);
  if (failed(module))
    return failure();
  KernelLimits limits =
      getKernelLimits(getKernelTarget(*targets.front().machine));
  ProductPlans result;
  result.features = targets.front().features;
  result.lanes = limits.lanes;
  (*module)->walk([&](ContractOp op) {
    auto function = op->getParentOfType<func::FuncOp>();
    result.products.push_back({function.getName().str(), getProductKey(op),
                               op.getPlan(),
                               listNeighbours(op, op.getPlan(), limits)});
  });
  return result;
}

FailureOr<SmallVector<char, 0>>
dither::compileToObject(ModuleOp module, const CompileOptions &options) {
  return compileTo(module, options, EmitStage::object);
}
