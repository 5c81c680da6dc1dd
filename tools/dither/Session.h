//===- Session.h - What the commands share ----------------------*- C++ -*-===//
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
#include "mlir/IR/Diagnostics.h"
#include "runtime/io/Buffer.h"
#include "runtime/io/Element.h"
#include "tools/dither/Commands.h"
#include "llvm/Support/SourceMgr.h"

namespace dither {

/// Prints "error: ..." and returns the exit status of a failure.
int reportError(const llvm::Twine &message);
/// The same for the runtime's errors; frees the status. 0 if there is none.
int reportStatus(DitherStatus *status);

/// Sets what code is made for: CPUs by name, or one of the devices "cuda" and
/// "cuda-emulator" and some of its chips. An error is reported.
llvm::LogicalResult setTargets(CompileOptions &options,
                               llvm::ArrayRef<std::string> targets,
                               llvm::ArrayRef<std::string> chips);
/// The same of one target, or none.
inline llvm::LogicalResult setTarget(CompileOptions &options,
                                     const std::string &target,
                                     llvm::ArrayRef<std::string> chips) {
  llvm::ArrayRef<std::string> targets = target;
  return setTargets(options, target.empty() ? targets.drop_front() : targets,
                    chips);
}

/// A parsed model description with its context and diagnostics.
class LoadedModel {
public:
  LoadedModel();
  /// Reads a file; diagnostics go to stderr.
  llvm::LogicalResult load(const ModelOptions &options);
  mlir::ModuleOp getModule() { return *module; }
  ModelOp getModel() { return model; }
  /// The training declaration of a name, or the only one; null after an error.
  TrainOp getTraining(const std::string &name = "");

private:
  // In this order: diagnostics point into the sources, ops into the context.
  mlir::DialectRegistry registry;
  std::unique_ptr<mlir::MLIRContext> context;
  llvm::SourceMgr sources;
  std::unique_ptr<mlir::SourceMgrDiagnosticHandler> diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ModelOp model;
};

/// A compiled artifact and a session on it.
class LiveSession {
public:
  LiveSession() = default;
  LiveSession(const LiveSession &) = delete;
  ~LiveSession();
  /// Compiles into a temporary artifact and opens it.
  llvm::LogicalResult compile(mlir::ModuleOp module,
                              const CompileOptions &options, uint32_t threads);
  llvm::LogicalResult open(const std::string &path, uint32_t threads);
  DitherArtifact *getArtifact() { return artifact; }
  DitherSession *get() { return session; }
  /// The index of a function; an error lists those that there are.
  llvm::FailureOr<uint32_t> find(const std::string &function);
  /// Whether the artifact has a tensor: parameters that nothing reads are not
  /// part of it.
  bool hasTensor(const std::string &name);

private:
  DitherArtifact *artifact = nullptr;
  DitherSession *session = nullptr;
};

/// Whether a file is an artifact: those are ELF files; all else is taken for a
/// model description.
bool isArtifact(const std::string &path);

/// The element type of a tensor of the runtime.
mlir::Type getMLIRType(DLDataType dtype, mlir::MLIRContext *context);

/// A DLTensor over memory that somebody else owns.
struct TensorRef {
  TensorRef(void *data, DLDataType dtype, std::vector<int64_t> shape);
  TensorRef(HostTensor &tensor);
  /// `count` samples from `first` on, along the first dimension.
  TensorRef slice(int64_t first, int64_t count) const;
  DLTensor get() {
    tensor.shape = shape.data();
    return tensor;
  }

private:
  std::vector<int64_t> shape;
  DLTensor tensor = {};
};

/// Values of a model's parameters: from a checkpoint, or by their initializers.
llvm::FailureOr<llvm::StringMap<HostTensor>>
loadParameters(ModelOp model, const std::string &path);
llvm::FailureOr<llvm::StringMap<HostTensor>>
initializeParameters(ModelOp model, uint64_t seed, const Evaluator &evaluate);

/// Sets the parameters of a session in training, packed where a recipe trains
/// them so. Those that nothing reads are left out.
llvm::LogicalResult setParameters(LiveSession &session, ModelOp model,
                                  const llvm::StringMap<HostTensor> &values,
                                  const Evaluator &evaluate);

/// A tensor in a file's bytes; `where` names it in errors.
struct FileTensor {
  std::string where;
  runtime::Element element;
  llvm::ArrayRef<int64_t> shape;
  runtime::Bytes bytes;
};
llvm::FailureOr<HostTensor> makeTensor(const FileTensor &file,
                                       mlir::MLIRContext *context);

/// A tensor from an .npy file.
llvm::FailureOr<HostTensor> readTensor(const std::string &path,
                                       mlir::MLIRContext *context);
llvm::LogicalResult writeTensor(const std::string &path,
                                const HostTensor &tensor);

/// Writes a file, whole or not at all; "-" and nothing are standard output.
llvm::LogicalResult writeText(const std::string &path, llvm::StringRef text);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_SESSION_H
