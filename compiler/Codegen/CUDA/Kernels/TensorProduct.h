//===- TensorProduct.h - Products by tensor cores ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_TENSORPRODUCT_H
#define DITHER_CODEGEN_CUDA_KERNELS_TENSORPRODUCT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Whether a packed matrix is decoded in steps that tiles are multiples of. Its
/// weights are then rounded to an x of 16 bits.
bool isDecodedToTiles(mlir::RankedTensorType dense,
                      PatternAttrInterface pattern, FormatAttrInterface format);

/// Whether x has 16 bits, and so has a dense matrix, or a packed one
/// `isDecodedToTiles`.
bool isForTensorCores(ContractOp op);

/// Emits a kernel over a ring of tiles, into which x and a dense matrix are
/// copied asynchronously, and a packed one is decoded, while earlier ones are
/// multiplied by `mma.sync`. Decoded weights are rounded to
/// the type of x; sums are f32.
void emitTensorProduct(mlir::ImplicitLocOpBuilder &b, ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_TENSORPRODUCT_H
