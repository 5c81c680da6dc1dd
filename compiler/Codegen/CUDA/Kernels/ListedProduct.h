//===- ListedProduct.h - Products with listed elements ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_LISTEDPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_LISTEDPRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Emits the kernel of a product with a matrix whose elements are listed. Of
/// x w, a thread has an element of the result and walks down its column's list;
/// of dy w', a warp or a block has a row of the result and walks along all
/// lists, and threads share each.
void emitListedProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

/// Emits the kernels of the listed elements of x' y: a block of threads has a
/// column, each of them some of its elements.
void emitSampledProduct(mlir::ImplicitLocOpBuilder &b, SampledContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_LISTEDPRODUCT_H
