//===- ListedProducts.h - Products with listed elements ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_LISTEDPRODUCTS_H
#define DITHER_CODEGEN_CPU_SCHEDULES_LISTEDPRODUCTS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Whether the matrix of a product lists its elements.
bool isListed(ContractOp op);

/// Whether threads pay off for such a product, if they do from so many
/// operations of a dense one on.
bool isListedWorthThreads(ContractOp op, int64_t parallelFlops);

/// Emits x w, or x w', for a matrix of listed values, as planned, for vectors
/// of `lanes` elements of f32.
void emitListedProduct(ContractOp op, int64_t lanes);

/// Emits the listed elements of x' y. Threads share what is as much as a dense
/// product of `parallelFlops` operations.
void emitSampledProduct(SampledContractOp op, int64_t lanes,
                        int64_t parallelFlops);

/// Elements of f32 of the scratch memory that a product needs on any target.
int64_t getListedScratch(ContractOp op);
int64_t getListedScratch(SampledContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_LISTEDPRODUCTS_H
