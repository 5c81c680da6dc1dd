//===- IntegerGroupProduct.h - Bytes by groups of warps ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_INTEGERGROUPPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_INTEGERGROUPPRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Whether a product is for integer cores, and by `wgmma`: more than a few rows
/// of x, which begin where TMA reads them, and one scale for a column.
bool isForIntegerGroups(ContractOp op);

/// Emits the kernel of such a product, for sm_90a.
void emitIntegerGroupProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_INTEGERGROUPPRODUCT_H
