//===- Target.h - The machine that code is made for -------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_TARGET_H
#define DITHER_CODEGEN_CPU_TARGET_H

#include "compiler/Pipelines/Lowering.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <vector>

namespace dither {

/// One of the targets that an artifact has a version of its code for.
struct CpuTarget {
  std::string name;
  /// What the code needs beyond any x86-64, by the names of the runtime.
  std::vector<std::string> features;
  std::unique_ptr<llvm::TargetMachine> machine;
};

/// The targets that `options` asks for, the best first: one that needs all that
/// another needs, and more, comes before it. Of those whose features kernels
/// cannot tell apart, the first serves all. The features of the host are those
/// of its CPUID bits, less what the user masks (DITHER_CPU_FEATURES); the CPU's
/// name is never asked, since hypervisors hide it.
llvm::FailureOr<std::vector<CpuTarget>>
createTargets(const CompileOptions &options, mlir::Location location);

/// What the contraction generator may use on a machine.
KernelTarget getKernelTarget(const llvm::TargetMachine &target);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_TARGET_H
