//===- Artifact.h - What an artifact holds, as object code ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_ARTIFACT_ARTIFACT_H
#define DITHER_COMPILER_ARTIFACT_ARTIFACT_H

#include "compiler/Interpreter/Interpreter.h"
#include "runtime/include/dither/abi.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Module.h"

namespace dither {

/// A constant of an artifact by name, such as "w1.codes".
using ConstantMap = std::map<std::string, HostTensor>;

/// Packs the parameters of a model as their annotations say. Fails with a
/// diagnostic if a value is missing or does not fit.
llvm::FailureOr<ConstantMap>
packParameters(ModelOp model, const llvm::StringMap<HostTensor> &values,
               const Evaluator &evaluate = interpret);

/// The states of the parameters in training, by name: the value or, where a
/// recipe trains them, the packed parts.
llvm::FailureOr<ConstantMap>
packStates(ModelOp model, const llvm::StringMap<HostTensor> &values,
           const Evaluator &evaluate = interpret);

/// A compiled function as the manifest describes it.
struct ManifestArgument {
  std::string kind, name;
  mlir::MemRefType type;
};
struct ManifestFunction {
  std::string name;
  std::vector<ManifestArgument> arguments;
  int64_t arenaFixed = 0, arenaPerBatch = 0;
};

/// The functions of a module whose memory is planned.
std::vector<ManifestFunction> collectFunctions(mlir::ModuleOp module);

/// The code of all functions for one target.
struct ManifestVersion {
  std::string name;
  std::vector<std::string> features;
  std::vector<ManifestFunction> functions;
};

/// A kernel for a device, as DitherKernelEntry describes it.
struct ManifestKernel {
  std::string name, version;
  int32_t threads[3] = {1, 1, 1};
  int64_t sharedBytes = 0;
  uint32_t arguments = 0;
  bool isCollective = false;
  std::vector<DitherTensorMap> maps;
};

/// The code of a version's kernels for one chip, as DitherDeviceImage describes
/// it.
struct DeviceImage {
  std::string chip, version;
  DitherImageKind kind;
  uint32_t driver = 0;
  std::string code;
};

/// What an artifact has for a device: the target "cuda" or "cuda-emulator".
struct DevicePackage {
  std::string target;
  std::vector<ManifestKernel> kernels;
  std::vector<DeviceImage> images;
};

/// The symbol of the code of a function before versions are put together, and
/// what is appended to those of a version, if there are several.
std::string getEntrySymbol(llvm::StringRef function);
std::string getVersionSuffix(llvm::StringRef version);

/// Manifest and data of an artifact (docs/artifact.md). All versions have the
/// same functions with the same arguments.
struct Package {
  std::string manifest;
  std::vector<char> data;
};
Package makePackage(llvm::StringRef model, llvm::StringRef triple,
                    llvm::ArrayRef<ManifestVersion> versions,
                    const ConstantMap &constants,
                    llvm::StringRef deviceTarget = "");

/// Adds `dither_embedded` and all that it points to. Kernels that the emulator
/// runs are functions of the module.
void embedPackage(llvm::Module &module, const Package &package,
                  llvm::ArrayRef<ManifestVersion> versions,
                  const DevicePackage &device = {});

} // namespace dither

#endif // DITHER_COMPILER_ARTIFACT_ARTIFACT_H
