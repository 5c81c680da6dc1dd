//===- TileSchedule.h - Products by AMX tiles -------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_TILESCHEDULE_H
#define DITHER_CODEGEN_CPU_SCHEDULES_TILESCHEDULE_H

#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"

namespace dither {

/// Blocks of a matrix, decoded to tiles and multiplied by AMX. The op's scratch
/// memory is that of getTileScratch.
std::unique_ptr<ContractEmitter>
makeTileSchedule(ContractOp op, const ContractOptions &options);

/// Memory for copies of rows of x (getRowScratch). A product that threads do
/// not share also has its sums and decoded words there.
llvm::SmallVector<mlir::MemRefType> getTileScratch(ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_TILESCHEDULE_H
