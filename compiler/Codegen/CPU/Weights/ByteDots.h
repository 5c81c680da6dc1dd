//===- ByteDots.h - Products of bytes, summed by fours ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_BYTEDOTS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_BYTEDOTS_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

/// Emits `sum` and, in each lane of 32 bits, the products of four unsigned
/// bytes of `weights`, none above `most`, with four signed ones of `x`. Exact,
/// and so the same with any instructions. Where that saves some, products stay
/// in `pending`, which is null before, until one `isLast`.
mlir::Value emitByteDots(mlir::ImplicitLocOpBuilder &b,
                         const KernelOptions &options, mlir::Value weights,
                         int64_t most, mlir::Value x, mlir::Value sum,
                         mlir::Value &pending, bool isLast);

/// Whether that takes few instructions.
bool areByteDotsCheap(const KernelOptions &options, int64_t most);

/// How many of them may be pending together; 1 if none are.
int64_t countPendingDots(const KernelOptions &options, int64_t most);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_BYTEDOTS_H
