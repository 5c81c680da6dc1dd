//===- Compile.cpp - dither compile ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Commands.h"
#include "tools/dither/Execute.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace dither;

static std::optional<EmitStage> getStage(StringRef name) {
  return llvm::StringSwitch<std::optional<EmitStage>>(name)
      .Case("core", EmitStage::core)
      .Case("buffers", EmitStage::buffers)
      .Case("kernels", EmitStage::kernels)
      .Case("llvm", EmitStage::llvmIR)
      .Case("ptx", EmitStage::ptx)
      .Case("asm", EmitStage::assembly)
      .Cases({"obj", "so"}, EmitStage::object)
      .Default(std::nullopt);
}

int dither::runCompile(const CompileCommandOptions &options) {
  std::optional<EmitStage> stage = getStage(options.emit);
  if (!stage)
    return reportError("--emit=" + options.emit +
                       " is unknown; use core, buffers, kernels, llvm, ptx, "
                       "asm, obj or so");
  LoadedModel model;
  if (failed(model.load(options)))
    return 1;
  if (model.getModel().getOps<func::FuncOp>().empty())
    return reportError(options.model + " has no functions; there is nothing to "
                                       "compile");
  CompileOptions compile;
  compile.mode =
      options.training ? ParameterMode::train : ParameterMode::deploy;
  compile.features = options.features;
  if (failed(setTargets(compile, options.targets, options.chips)))
    return 1;
  if (!compile.device.empty() && !options.tuning.empty())
    return reportError("--tuning is for kernels of the CPU; leave it out");
  compile.evaluate = evaluateCompiled;
  compile.printIR = options.printIR;
  compile.memoryBudget = options.memoryBudget;
  compile.functions.assign(options.functions.begin(), options.functions.end());
  if (!options.tuning.empty()) {
    auto tuning = readTuning(options.tuning, model.getModule()->getContext());
    if (failed(tuning))
      return 1;
    compile.tuning = std::move(*tuning);
  }
  if (!options.params.empty() || options.seed) {
    auto values = options.seed
                      ? initializeParameters(model.getModel(), *options.seed,
                                             evaluateCompiled)
                      : loadParameters(model.getModel(), options.params);
    if (failed(values))
      return 1;
    compile.parameters = std::move(*values);
  } else if (!options.training && *stage >= EmitStage::llvmIR &&
             !model.getModel().getOps<ParamOp>().empty()) {
    return reportError("compiling needs the parameters: give --params "
                       "FILE.safetensors, as 'dither train' writes it, or "
                       "--seed N for untrained ones");
  }
  auto code = compileTo(model.getModule(), compile, *stage);
  if (failed(code))
    return 1;
  if (!options.header.empty()) {
    auto header = makeHeader(model.getModule(), compile);
    if (failed(header) || failed(writeText(options.header, *header)))
      return 1;
  }
  if (*stage != EmitStage::object || options.emit == "obj")
    return failed(
        writeText(options.out, StringRef(code->data(), code->size())));
  if (options.out.empty())
    return reportError("give the file to write with -o");
  if (options.executable)
    return failed(writeExecutable(*code, options.out, DITHER_RUNTIME_FOLDER));
  return failed(writeArtifact(*code, options.out));
}
