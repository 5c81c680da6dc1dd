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

namespace dither {

/// A target machine for x86-64 with the given features (LLVM's notation;
/// empty: those of the host, from its CPUID bits). The CPU's name is never
/// asked: hypervisors mask it.
llvm::FailureOr<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const std::string &features, mlir::Location location);

/// What the contraction generator may use on a machine.
KernelTarget getKernelTarget(const llvm::TargetMachine &target);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_TARGET_H
