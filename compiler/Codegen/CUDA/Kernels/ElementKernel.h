//===- ElementKernel.h - Kernels of linalg ops ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_ELEMENTKERNEL_H
#define DITHER_CODEGEN_CUDA_KERNELS_ELEMENTKERNEL_H

#include "compiler/Codegen/CUDA/Kernels/GenericBody.h"

namespace dither {

/// Emits the kernel of an op on buffers before it. The sums of a warp are those
/// of its lanes, each of every 32nd element, or 256th, added in pairs; of a
/// block, those of its warps in their order: the same bits at each launch.
ElementKernelKind emitElementKernel(mlir::ImplicitLocOpBuilder &b,
                                    mlir::linalg::GenericOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_ELEMENTKERNEL_H
