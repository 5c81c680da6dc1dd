//===- Lowering.h - The back half of compilation ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_PIPELINES_LOWERING_H
#define DITHER_COMPILER_PIPELINES_LOWERING_H

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Pipelines/Pipelines.h"

namespace dither {

/// What the kernels may use.
struct KernelTarget {
  int64_t lanes = 8;
  bool hasAVX512 = false, hasVNNI = false, hasVBMI = false;
  /// Whether AMX multiplies integers of 8 bits, and bf16.
  bool hasTiles = false, hasFloatTiles = false;
  /// Bytes of a core's caches, of which code depends on features alone: the
  /// least that CPUs with these features have.
  int64_t firstCache = 32 << 10, secondCache = 512 << 10;
};

/// What kernels are planned by on a target.
KernelLimits getKernelLimits(const KernelTarget &target);

/// Core ops to buffers in one arena.
llvm::LogicalResult lowerToBuffers(mlir::ModuleOp module,
                                   const KernelTarget &target,
                                   const CompileOptions &options);

/// Buffers to the LLVM dialect, with an entry point for each function.
llvm::LogicalResult lowerToLLVMDialect(mlir::ModuleOp module,
                                       const KernelTarget &target,
                                       const CompileOptions &options);

} // namespace dither

#endif // DITHER_COMPILER_PIPELINES_LOWERING_H
