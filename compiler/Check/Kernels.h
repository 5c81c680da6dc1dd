//===- Kernels.h - Compiled code against the interpreter ------ -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_KERNELS_H
#define DITHER_COMPILER_CHECK_KERNELS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Compiles a model and calls its functions. Whoever can load an artifact
/// implements it; failures have said why.
class KernelRunner {
public:
  using Tensors = std::vector<HostTensor>;

  virtual ~KernelRunner();
  /// Compiles a module with one model, which stays as it is.
  virtual llvm::LogicalResult load(mlir::ModuleOp module) = 0;
  virtual llvm::FailureOr<Tensors> call(llvm::StringRef function,
                                        const Tensors &inputs) = 0;
};

/// Loads functions, as those of one model.
llvm::LogicalResult loadFunctions(llvm::ArrayRef<mlir::func::FuncOp> functions,
                                  KernelRunner &runner);

/// Interprets a function whose dither.rng is a seed, in the first step.
llvm::FailureOr<KernelRunner::Tensors>
interpretSeeded(mlir::func::FuncOp function, llvm::ArrayRef<HostTensor> inputs,
                uint64_t seed);

/// What compiled code may differ by.
struct KernelTolerance {
  /// Of the larger of 1 and the magnitude. Above 0, results of 16 bits may
  /// also be rounded another way, and an overflow may come an operation
  /// earlier or later.
  double relative = 1e-4;

  bool agree(Scalar found, Scalar expected, double spacing) const;
  /// Says where two tensors differ; empty if nowhere.
  std::string compare(const HostTensor &found,
                      const HostTensor &expected) const;
};

/// The largest difference of elements, relative to the larger of 1 and the
/// magnitude; infinite where one alone is NaN or infinite.
double getLargestDifference(const HostTensor &found,
                            const HostTensor &expected);

} // namespace dither

#endif // DITHER_COMPILER_CHECK_KERNELS_H
