//===- ScanLoops.h - Scans on buffers as loops over rows --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_LOOPS_SCANLOOPS_H
#define DITHER_CODEGEN_CPU_LOOPS_SCANLOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace dither {

/// Emits loops for an op that carries states along its innermost loop and
/// stores others on the way. The states are in registers, those of several
/// rows side by side. Fails if the op is none; does not erase it.
llvm::LogicalResult lowerToScanLoops(mlir::RewriterBase &rewriter,
                                     mlir::linalg::LinalgOp op, bool parallel);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_LOOPS_SCANLOOPS_H
