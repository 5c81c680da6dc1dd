//===- Product.h - Kernels of products --------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_PRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_PRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Emits the kernel of a `dither.contract` or a `dither.sampled_contract` on
/// buffers before it, of instructions that `chip` has.
llvm::LogicalResult emitProduct(mlir::ImplicitLocOpBuilder &b,
                                mlir::Operation *op, llvm::StringRef chip);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_PRODUCT_H
