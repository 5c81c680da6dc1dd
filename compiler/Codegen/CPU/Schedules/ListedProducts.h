//===- ListedProducts.h - Products with listed elements ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_LISTEDPRODUCTS_H
#define DITHER_CODEGEN_CPU_LISTEDPRODUCTS_H

#include "Dither/IR/Dither.h"

namespace dither {

struct ListedOptions {
  /// f32 elements of a vector register.
  int64_t lanes = 16;
  /// Operations of a dense product from which on threads share it.
  int64_t parallelFlops = 0;
};

/// Whether the matrix of a product lists its elements.
bool isListed(ContractOp op);

/// Emits x w, or x w', for a matrix of listed values.
void emitListedProduct(ContractOp op, const ListedOptions &options);

/// Emits the listed elements of x' y.
void emitSampledProduct(SampledContractOp op, const ListedOptions &options);

/// Elements of f32 of the scratch memory that a product needs on any target.
int64_t getListedScratch(ContractOp op, int64_t parallelFlops);
int64_t getListedScratch(SampledContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_LISTEDPRODUCTS_H
