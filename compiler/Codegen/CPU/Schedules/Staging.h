//===- Staging.h - A matrix in the order of its kernel ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_STAGING_H
#define DITHER_CODEGEN_CPU_SCHEDULES_STAGING_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

/// How a [K, N] matrix is cut: `columns` by `depth` elements at a time.
/// Of a transposed x, `rows` are staged beside each block: 0 where x is read as
/// it is.
struct StagingBlocks {
  int64_t columns = 0, depth = 0, rows = 0;
};
/// As planned.
StagingBlocks getStagingBlocks(ContractOp op);

/// Rows of the transpose of a packed matrix that are decoded together, which
/// blocks are multiples of; 1 of a dense one.
int64_t getStagingUnit(ContractOp op);

/// Elements of f32 that one staged block needs, or, where threads share the
/// product, all of them: first the blocks, then the rows of x for each of them.
int64_t getScratchElements(ContractOp op);

/// Elements [from, to) of the contraction of the `width` columns from `column`
/// on, to be stored row after row from `base` on.
struct StagedPanel {
  mlir::Value column, from, to, base;
  int64_t width = 0, lanes = 0;
};
/// Emits the copy from the op's matrix to its scratch memory. Columns that do
/// not exist are zero.
void emitStaging(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                 const StagedPanel &panel);

/// The columns [column, end) of the transpose of a packed matrix, to be stored
/// panel after panel of `width` columns from `base` on.
struct DecodedBlock {
  mlir::Value column, end, from, to, base;
  int64_t width = 0, lanes = 0, depth = 0;
};
/// Emits what decodes a block of the op's matrix to scratch memory.
void emitDecodedStaging(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                        const DecodedBlock &block, WeightPanels &weights);

/// Transposes a square of registers, as many as each has lanes.
void emitTranspose(mlir::ImplicitLocOpBuilder &b,
                   llvm::SmallVectorImpl<mlir::Value> &square);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_STAGING_H
