//===- CheckOps.h - Every op against its case functions ------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_CHECKOPS_H
#define DITHER_COMPILER_CHECK_CHECKOPS_H

#include "compiler/Check/Cases.h"
#include "compiler/Check/Kernels.h"

namespace dither {

struct CheckOpsOptions {
  uint64_t seed = 0;
  KernelTolerance tolerance;
};

/// What the cases of one op say. Errors are the largest ones.
struct OpReport {
  std::string op;
  int64_t numCases = 0;
  /// The cases, and they with other extents.
  int64_t numVariants = 0;
  /// Of gradients, and of their gradients; none where none was checked.
  std::optional<double> first, second;
  /// Of compiled code from the interpreter.
  double compiled = 0;
  /// What is wrong: "Elementwise/tanh, batch 7: ...".
  std::vector<std::string> failures;
};

/// Checks cases and variants of other extents: gradients where their op has
/// them, and compiled code against the interpreter. One report for each op, in
/// the order of their names. Diagnostics on the way become failures.
std::vector<OpReport> checkOps(mlir::MLIRContext *context,
                               llvm::ArrayRef<CheckCase> cases,
                               KernelRunner &runner,
                               const CheckOpsOptions &options);

} // namespace dither

#endif // DITHER_COMPILER_CHECK_CHECKOPS_H
