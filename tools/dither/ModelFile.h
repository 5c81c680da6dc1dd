//===- ModelFile.h - A model description, parsed ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_MODELFILE_H
#define DITHER_TOOLS_DITHER_MODELFILE_H

#include "Dither/IR/Dither.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/SourceMgr.h"

namespace dither {

/// A parsed model description. Diagnostics go to stderr with their lines.
class ModelFile {
public:
  ModelFile();
  /// Reads a file; "-" is the standard input.
  llvm::LogicalResult load(const std::string &path);

  mlir::ModuleOp getModule() { return *module; }
  ModelOp getModel() { return model; }
  mlir::MLIRContext *getContext() { return context.get(); }

  /// The training declaration of a name, or the only one; null after an error.
  TrainOp getTraining(const std::string &name = "");

private:
  // In this order: diagnostics point into the sources, ops into the context.
  std::unique_ptr<mlir::MLIRContext> context;
  llvm::SourceMgr sources;
  std::unique_ptr<mlir::SourceMgrDiagnosticHandler> diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ModelOp model;
};

} // namespace dither

#endif // DITHER_TOOLS_DITHER_MODELFILE_H
