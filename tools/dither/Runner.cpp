//===- Runner.cpp - Functions, compiled and interpreted -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Runner.h"

using namespace mlir;
using namespace dither;

LogicalResult ArtifactRunner::load(ModuleOp module) {
  ModelOp model = findModel(module);
  if (!model)
    return failure();
  auto values = initializeParameters(model, seed, dither::interpret);
  if (failed(values))
    return failure();
  CompileOptions options;
  options.parameters = std::move(*values);
  if (failed(setTarget(options, target, chips)))
    return failure();
  session = std::make_unique<LiveSession>();
  if (failed(session->compile(module, options, threads)))
    return failure();
  auto packed = packParameters(model, options.parameters);
  if (failed(packed))
    return failure();
  constants = std::move(*packed);
  core = module.clone();
  return lowerToCore(*core, options);
}

FailureOr<KernelRunner::Tensors> ArtifactRunner::call(StringRef function,
                                                      const Tensors &inputs) {
  auto results = dither::callCompiled(*session, function.str(), inputs, seed,
                                      core->getContext());
  if (failed(results))
    return failure();
  return std::move(results->values);
}

FailureOr<KernelRunner::Tensors>
ArtifactRunner::interpret(StringRef function, const Tensors &inputs) {
  auto found = SymbolTable(*core).lookup<func::FuncOp>(function);
  auto results = dither::callInterpreted(found, inputs, constants, seed);
  if (failed(results))
    return failure();
  return std::move(results->values);
}
