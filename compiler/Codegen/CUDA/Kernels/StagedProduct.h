//===- StagedProduct.h - Products by way of shared memory -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_STAGEDPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_STAGEDPRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Emits a kernel in which a block of threads makes a block of the result: tile
/// after tile along the contraction, x and the decoded weights are put into
/// shared memory, from which each thread reads the rows and columns that it
/// sums. It asks the representation of the weights for rows of a tile and knows
/// nothing else of it.
void emitStagedProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_STAGEDPRODUCT_H
