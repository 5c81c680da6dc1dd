//===- ModelFile.cpp - A model description, parsed ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/ModelFile.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/Parser/Parser.h"
#include "tools/dither/Errors.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace dither;

ModelFile::ModelFile() {
  DialectRegistry registry;
  registerCompilerDialects(registry);
  context = std::make_unique<MLIRContext>(registry);
  context->printOpOnDiagnostic(false);
}

LogicalResult ModelFile::load(const std::string &path) {
  auto file = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (!file)
    return fail(path + ": cannot read the model: " + file.getError().message() +
                "; give the path of a model description (.mlir)");
  if ((*file)->getBuffer().contains('\0'))
    return fail(path + ": is no text; a model description is a text file, an "
                       "artifact is for 'run' and 'bench'");
  sources.AddNewSourceBuffer(std::move(*file), llvm::SMLoc());
  diagnostics =
      std::make_unique<SourceMgrDiagnosticHandler>(sources, context.get());
  module = parseSourceFile<ModuleOp>(sources, context.get());
  if (!module)
    return fail(path + ": is no valid model description; mend what is said "
                       "above");
  model = findModel(*module);
  return success(bool(model));
}

TrainOp ModelFile::getTraining(const std::string &name) {
  TrainOp found;
  std::string names;
  for (TrainOp train : model.getOps<TrainOp>()) {
    names += (names.empty() ? "@" : ", @") + train.getSymName().str();
    if (!name.empty() && train.getSymName() != name)
      continue;
    if (found) {
      (void)fail("model @" + model.getSymName() +
                 ": has several training declarations: @" + found.getSymName() +
                 " and @" + train.getSymName() +
                 "; choose one with --declaration");
      return {};
    }
    found = train;
  }
  if (!found) {
    std::string cause = "has no dither.train; add one that names a loss and an "
                        "optimizer";
    if (!names.empty())
      cause = "has no dither.train @" + name + "; it has " + names;
    (void)fail("model @" + model.getSymName() + ": " + cause);
  }
  return found;
}
