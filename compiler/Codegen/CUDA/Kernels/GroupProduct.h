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

/// Whether `wgmma` multiplies it: 16 bits, in matrices whose rows begin where
/// TMA reads them, or in weights that threads decode to tiles.
bool isForGroups(ContractOp op);

/// Emits the kernel of such a product, for sm_90a.
void emitGroupProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

/// Emits what a kernel writes of a tile of sums whose first element is at a row
/// and a column of the result. `isTransposed`: rows of the tile are columns.
void emitGroupResults(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                      mlir::Value sums, mlir::Value firstRow,
                      mlir::Value firstColumn, bool isTransposed);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_GROUPPRODUCT_H
