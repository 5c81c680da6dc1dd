//===- MutationSupport.h - Kernels with planted bugs ------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_UNIT_MUTATIONSUPPORT_H
#define DITHER_TEST_UNIT_MUTATIONSUPPORT_H

#include "Support.h"
#include "compiler/Pipelines/Pipelines.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace dither::test {

/// Changes kernels in the LLVM and NVVM dialects; false where they have nothing
/// of the kind.
using Mutation = std::function<bool(mlir::ModuleOp)>;

/// What the emulator made of kernels.
struct Outcome {
  enum Kind {
    right,   ///< the result is that of the CPU
    wrong,   ///< it differs
    faulted, ///< DITHER_DEVICE_FAULT
    failed   ///< they were not compiled or not called
  };
  Kind kind;
  std::string message;
  uint64_t schedule = 0;
};
/// For the messages of the test framework.
void PrintTo(const Outcome &outcome, std::ostream *os);

/// The function @f of a model, compiled for the emulator once, and run with
/// changes many times. Inputs and parameters are small integers, so that sums
/// are exact and results do not depend on the order of additions.
class MutableKernels {
public:
  MutableKernels(llvm::StringRef text, llvm::StringRef chip);

  /// Whether the CPU computed the expected result and there are kernels.
  explicit operator bool() const { return isReady; }

  /// Runs kernels under schedules 0 to 7. One outcome where they cannot be run.
  std::vector<Outcome> run(const Mutation &mutate);
  /// All messages so far.
  const std::string &getDiagnostics() const { return program.diagnostics; }

private:
  bool compile();
  bool computeExpected();

  Program program;
  std::string chip;
  CompileOptions options;
  ConstantMap constants;
  mlir::OwningOpRef<mlir::ModuleOp> kernels;
  std::vector<ManifestFunction> functions;
  Tensors inputs, expected;
  bool isReady;
};

} // namespace dither::test

#endif // DITHER_TEST_UNIT_MUTATIONSUPPORT_H
