//===- ProductResult.h - What a kernel writes of a product ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_PRODUCTRESULT_H
#define DITHER_CODEGEN_CUDA_KERNELS_PRODUCTRESULT_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

/// Columns that a thread decodes, and multiplies, together: four floats are the
/// widest access to memory.
constexpr int64_t productLanes = 4;

/// How representations decode on a device, whose kernels round by themselves.
constexpr KernelOptions productOptions = {productLanes, /*permute=*/false,
                                          /*dots=*/false, /*rounds=*/false};

/// The panel of `lanes` columns at a column of `count`; of the last one, some
/// may not exist.
Panel emitPanel(mlir::ImplicitLocOpBuilder &b, mlir::Value column,
                mlir::Value count, int64_t lanes = productLanes);

/// Emits an element of x as f32; a code without its scale, which the sum gets.
mlir::Value emitActivation(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                           mlir::Value row, mlir::Value k);

/// Emits what a sum becomes, with the scales of codes of x and the epilogue,
/// and stores it.
void emitProductResult(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                       mlir::Value row, Panel panel, mlir::Value sum);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_PRODUCTRESULT_H
