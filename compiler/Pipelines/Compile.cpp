//===- Compile.cpp - From a model to object code --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Artifact/Artifact.h"
#include "compiler/Codegen/CPU/Target.h"
#include "compiler/Pipelines/Lowering.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

using namespace mlir;
using namespace dither;

/// Only `dither_embedded` is seen from outside. 512-bit vectors are worth their
/// clock here: loops are long and memory is close.
static void finishModule(llvm::Module &module,
                         const llvm::TargetMachine &target) {
  module.setTargetTriple(target.getTargetTriple());
  module.setDataLayout(target.createDataLayout());
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    function.addFnAttr("target-cpu", target.getTargetCPU());
    function.addFnAttr("target-features", target.getTargetFeatureString());
    function.addFnAttr("prefer-vector-width", "512");
  }
}

static FailureOr<SmallVector<char, 0>> emit(llvm::Module &module,
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

FailureOr<SmallVector<char, 0>> dither::compileTo(ModuleOp source,
                                                  const CompileOptions &options,
                                                  EmitStage stage) {
  OwningOpRef<ModuleOp> module = source.clone();
  ModelOp model = findModel(*module);
  if (!model)
    return failure();
  Location location = model.getLoc();
  std::string name = model.getSymName().str();
  auto print = [&]() {
    SmallVector<char, 0> text;
    llvm::raw_svector_ostream stream(text);
    module->print(stream);
    stream << "\n";
    return text;
  };
  ConstantMap constants;
  if (options.mode == ParameterMode::deploy && stage >= EmitStage::llvmIR) {
    auto packed = packParameters(model, options.parameters, options.evaluate);
    if (failed(packed))
      return failure();
    constants = std::move(*packed);
  }
  auto target = createTargetMachine(options.features, location);
  if (failed(target))
    return failure();
  if (failed(lowerToCore(*module, options)))
    return failure();
  if (stage == EmitStage::core)
    return print();
  KernelTarget kernels = getKernelTarget(**target);
  if (failed(lowerToBuffers(*module, kernels, options)))
    return failure();
  if (stage == EmitStage::buffers)
    return print();
  std::vector<ManifestFunction> functions = collectFunctions(*module);
  if (failed(lowerToLLVMDialect(*module, kernels, options)))
    return failure();
  llvm::LLVMContext context;
  auto llvmModule = translateModuleToLLVMIR(*module, context);
  if (!llvmModule)
    return failure();
  finishModule(*llvmModule, **target);
  embedPackage(*llvmModule, makePackage(name, functions, constants, **target),
               functions);
  if (stage == EmitStage::llvmIR) {
    SmallVector<char, 0> text;
    llvm::raw_svector_ostream stream(text);
    llvmModule->print(stream, nullptr);
    return text;
  }
  return emit(*llvmModule, **target,
              stage == EmitStage::assembly ? llvm::CodeGenFileType::AssemblyFile
                                           : llvm::CodeGenFileType::ObjectFile,
              location);
}

FailureOr<std::vector<ManifestFunction>>
dither::planFunctions(ModuleOp source, const CompileOptions &options) {
  OwningOpRef<ModuleOp> module = source.clone();
  auto target = createTargetMachine(options.features, source.getLoc());
  if (failed(target) || failed(lowerToCore(*module, options)) ||
      failed(lowerToBuffers(*module, getKernelTarget(**target), options)))
    return failure();
  return collectFunctions(*module);
}

FailureOr<SmallVector<char, 0>>
dither::compileToObject(ModuleOp module, const CompileOptions &options) {
  return compileTo(module, options, EmitStage::object);
}
