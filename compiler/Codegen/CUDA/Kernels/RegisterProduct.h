//===- RegisterProduct.h - Weights decoded in registers ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_REGISTERPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_REGISTERPRODUCT_H

#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"

namespace dither {

/// Whether `wgmma` multiplies by packed weights as threads decode them: x has
/// 16 bits and few rows, so that what is decoded is multiplied once.
bool isForRegisters(ContractOp op);

/// Emits the kernel of such a product, for sm_90a.
void emitRegisterProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_REGISTERPRODUCT_H
