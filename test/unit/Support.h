//===- Support.h - Small programs, interpreted ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_UNIT_SUPPORT_H
#define DITHER_TEST_UNIT_SUPPORT_H

#include "compiler/Interpreter/Interpreter.h"
#include "mlir/IR/OwningOpRef.h"

namespace dither::test {

using Tensors = llvm::SmallVector<HostTensor>;

/// A module from text. Diagnostics are collected, not printed.
class Program {
public:
  explicit Program(llvm::StringRef text);
  Program(const Program &) = delete;

  /// Whether the text was valid.
  explicit operator bool() const { return bool(module); }
  mlir::MLIRContext *getContext() { return &context; }
  mlir::ModuleOp getModule() { return *module; }
  /// The function of that name, wherever it stands.
  mlir::func::FuncOp get(llvm::StringRef name);
  /// Runs a function; empty after a failure.
  Tensors run(llvm::StringRef name, llvm::ArrayRef<HostTensor> arguments);
  /// Runs a pipeline on the module.
  llvm::LogicalResult transform(llvm::StringRef pipeline);

  /// All messages so far.
  std::string diagnostics;

private:
  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// Adds the function `<name>.loss`: the sum of the first result, each element
/// weighted by that of one more argument.
mlir::func::FuncOp addWeightedLoss(mlir::func::FuncOp function);

/// Replaces dither.rng by a last argument.
void bindRng(mlir::func::FuncOp function);

/// A tensor of given elements.
HostTensor makeTensor(mlir::Type element, llvm::ArrayRef<int64_t> shape,
                      llvm::ArrayRef<double> values);
/// Reproducible elements, uniform in [low, high]; integers at both ends.
HostTensor makeRandom(mlir::Type type, double low, double high, unsigned seed);
/// Seed and step.
HostTensor makeRng(mlir::MLIRContext *context, int64_t seed, int64_t step);

std::vector<double> toDoubles(const HostTensor &tensor);

} // namespace dither::test

#endif // DITHER_TEST_UNIT_SUPPORT_H
