//===- BlockProduct.h - Products with blocks that are kept ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_BLOCKPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_BLOCKPRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Emits the kernel of a product with a matrix of which blocks are kept: a
/// thread has a row and four columns of the result, and visits the kept blocks
/// of its columns, with the rows of x that they meet.
void emitBlockProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_BLOCKPRODUCT_H
