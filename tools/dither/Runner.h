//===- Runner.h - Functions, compiled and interpreted --------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_RUNNER_H
#define DITHER_TOOLS_DITHER_RUNNER_H

#include "compiler/Check/Kernels.h"
#include "tools/dither/Execute.h"

namespace dither {

/// Compiles into artifacts and opens them. Parameters are as initialized.
class ArtifactRunner : public KernelRunner {
public:
  /// `target` and `chips` as of setTarget.
  ArtifactRunner(uint64_t seed, uint32_t threads, std::string target,
                 std::vector<std::string> chips)
      : seed(seed), threads(threads), target(std::move(target)),
        chips(std::move(chips)) {}

  llvm::LogicalResult load(mlir::ModuleOp module) override;
  /// The functions of the model, of core ops: arguments say what they are.
  mlir::ModuleOp getCore() { return *core; }
  llvm::FailureOr<Tensors> call(llvm::StringRef function,
                                const Tensors &inputs) override;
  /// The same, of the core ops.
  llvm::FailureOr<Tensors> interpret(llvm::StringRef function,
                                     const Tensors &inputs);

private:
  uint64_t seed;
  uint32_t threads;
  std::string target;
  std::vector<std::string> chips;
  mlir::OwningOpRef<mlir::ModuleOp> core;
  std::unique_ptr<LiveSession> session;
  ConstantMap constants;
};

} // namespace dither

#endif // DITHER_TOOLS_DITHER_RUNNER_H
