//===- Fuzz.h - Random programs, compiled and interpreted ----- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Compiled code rounds in another way than the interpreter, and where a program
// has a step or a pole, a small difference becomes a large one. So where the
// two differ, the interpreter runs again with noise in every value that is no
// integer: what noise changes that much says nothing, and is left out.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_FUZZ_H
#define DITHER_COMPILER_CHECK_FUZZ_H

#include "compiler/Check/Kernels.h"

namespace dither {

/// What a program has shown.
struct FuzzVerdict {
  /// What is wrong; empty if nothing.
  std::string failure;
  int64_t numElements = 0, numLeftOut = 0;
};

/// Compiles functions as one model, and compares each, at some extents of the
/// batch. Fails where they cannot be compiled together.
llvm::FailureOr<std::vector<FuzzVerdict>>
comparePrograms(llvm::ArrayRef<mlir::func::FuncOp> functions,
                KernelRunner &runner, uint64_t seed);

/// A function with noise behind every op that gives floats, for a batch that
/// is known. Null where it is not valid with that batch.
mlir::OwningOpRef<mlir::func::FuncOp> addNoise(mlir::func::FuncOp function,
                                               int64_t batch, uint64_t seed);

} // namespace dither

#endif // DITHER_COMPILER_CHECK_FUZZ_H
