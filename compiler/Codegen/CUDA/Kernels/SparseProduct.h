//===- SparseProduct.h - Products by sparse tensor cores --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_SPARSEPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_SPARSEPRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Emits a kernel that makes the transpose of a block of the result, since the
/// sparse operand of the instruction is the first one: the kept weights are
/// decoded to tiles, their positions to its metadata, and `mma.sp` skips what
/// they skip of x. Otherwise as emitTensorProduct.
void emitSparseProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_SPARSEPRODUCT_H
