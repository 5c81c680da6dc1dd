//===- IntegerProduct.h - Products of bytes ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_INTEGERPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_INTEGERPRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Emits a kernel over a ring of tiles whose bytes `mma.sync` multiplies, for
/// what `isForIntegerCores`. Sums of a group of the matrix are exact, whatever
/// their order; then they get its scale.
void emitIntegerProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_INTEGERPRODUCT_H
