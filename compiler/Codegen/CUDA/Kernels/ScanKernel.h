//===- ScanKernel.h - Reductions that store what they have on their way -*- C++
//-*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_SCANKERNEL_H
#define DITHER_CODEGEN_CUDA_KERNELS_SCANKERNEL_H

#include "compiler/Codegen/CUDA/Kernels/GenericBody.h"

namespace dither {

/// Emits the kernel of an op with one loop that is reduced, of whose results
/// some have an element for each iteration: a running sum, or what the body
/// makes of it. What is carried from one iteration to the next is combined by
/// one associative operation. A thread has a row, or, of few rows of many
/// elements, a warp, or a block. None, and nothing emitted, if the op is
/// another one.
std::optional<ElementKernelKind> emitScanKernel(mlir::ImplicitLocOpBuilder &b,
                                                mlir::linalg::GenericOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_SCANKERNEL_H
