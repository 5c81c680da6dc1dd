//===- VectorLoops.h - linalg on buffers as loops over vectors --*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_LOOPS_VECTORLOOPS_H
#define DITHER_CODEGEN_CPU_LOOPS_VECTORLOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace dither {

/// Replaces an op by loops whose innermost one takes `lanes` iterations at a
/// time, the last ones under a mask: one element or one lane, the arithmetic is
/// the same. A reduction of the innermost loop has a partial result for each
/// lane, which are combined at the end. Fails, and leaves the op, where the
/// innermost loop does not walk along memory, or the body is not elementwise.
/// `parallel` says that threads share the outermost loop.
llvm::LogicalResult lowerToVectorLoops(mlir::RewriterBase &rewriter,
                                       mlir::linalg::LinalgOp op, int64_t lanes,
                                       bool parallel);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_LOOPS_VECTORLOOPS_H
