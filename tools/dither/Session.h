//===- Session.h - An artifact and a session on it --------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_SESSION_H
#define DITHER_TOOLS_DITHER_SESSION_H

#include "compiler/Pipelines/Pipelines.h"
#include "dither/runtime.h"

namespace dither {

/// A function of an artifact: its index and what the manifest says of it. The
/// infos live as long as the artifact.
struct FunctionHandle {
  uint32_t index = 0;
  DitherFunctionInfo info = {};
  std::vector<DitherTensorInfo> inputs, outputs;
};

/// An artifact and a session on it.
class Session {
public:
  Session() = default;
  Session(const Session &) = delete;
  ~Session();

  /// Compiles into a temporary artifact and opens it.
  llvm::LogicalResult compile(mlir::ModuleOp module,
                              const CompileOptions &options, uint32_t threads);
  llvm::LogicalResult open(const std::string &path, uint32_t threads);

  DitherArtifact *getArtifact() { return artifact; }
  DitherSession *get() { return session; }

  llvm::FailureOr<FunctionHandle> find(const std::string &function);

  /// Memory for the outputs of a call with these inputs.
  llvm::FailureOr<std::vector<HostTensor>>
  makeOutputs(const FunctionHandle &function,
              llvm::ArrayRef<HostTensor> inputs, mlir::MLIRContext *context);
  llvm::LogicalResult call(const FunctionHandle &function,
                           llvm::ArrayRef<HostTensor> inputs,
                           llvm::ArrayRef<HostTensor> outputs);

private:
  DitherArtifact *artifact = nullptr;
  DitherSession *session = nullptr;
};

/// Whether a file is an artifact, by its first bytes.
bool isArtifact(const std::string &path);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_SESSION_H
