//===- GroupProduct.h - Products by groups of warps -------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_GROUPPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_GROUPPRODUCT_H

#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"

namespace dither {

/// Whether x is known to have no more rows than the instruction, and how many a
/// tile has then.
bool hasFewRows(ContractOp op);
int64_t getFewRows(ContractOp op);

/// Whether `wgmma` multiplies it: 16 bits, in matrices whose rows begin where
/// TMA reads them, or in weights that threads decode to tiles.
bool isForGroups(ContractOp op);

/// Emits the kernel of such a product, for sm_90a.
void emitGroupProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_GROUPPRODUCT_H
