//===- WindowKernel.h - Sums whose places are sums of loops -----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_WINDOWKERNEL_H
#define DITHER_CODEGEN_CUDA_KERNELS_WINDOWKERNEL_H

#include "compiler/Codegen/CUDA/Kernels/GenericBody.h"

namespace dither {

/// Emits the kernel of an op with a result whose places are sums of multiples
/// of loops, as where the gradients of windows that overlap are added. Loops
/// write to an element more than once. So a thread has an element, and finds
/// the iterations that meet it, in the order of the loops: the bits are those
/// of one thread that does all. False, and nothing emitted, if the op is
/// another one.
bool emitWindowKernel(mlir::ImplicitLocOpBuilder &b,
                      mlir::linalg::GenericOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_WINDOWKERNEL_H
