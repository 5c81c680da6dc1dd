//===- LookupSchedule.h - Products of vectors by tables ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_LOOKUPSCHEDULE_H
#define DITHER_CODEGEN_CPU_SCHEDULES_LOOKUPSCHEDULE_H

#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"

namespace dither {

/// The memory for the tables of an op that pays for them; null for others.
mlir::MemRefType getLookupTables(ContractOp op);

/// Few rows of codes by vectors whose products are looked up in scratch memory,
/// for targets with AVX-512 VBMI and VNNI.
std::unique_ptr<ContractEmitter>
makeLookupSchedule(ContractOp op, const ContractOptions &options);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_LOOKUPSCHEDULE_H
