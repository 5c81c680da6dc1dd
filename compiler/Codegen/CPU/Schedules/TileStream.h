//===- TileStream.h - Few rows by AMX tiles ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_TILESTREAM_H
#define DITHER_CODEGEN_CPU_SCHEDULES_TILESTREAM_H

#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"

namespace dither {

/// Whether a product by tiles has so few rows that each word of its matrix,
/// which is decoded, meets but one tile of x.
bool isTileStream(ContractOp op);

/// Bytes for the sums, decoded words and sums of groups of such a product.
int64_t getStreamBytes(ContractOp op);

/// Such a product: the words of some elements are decoded while those before
/// them are multiplied.
std::unique_ptr<ContractEmitter> makeTileStream(ContractOp op,
                                                const ContractOptions &options);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_TILESTREAM_H
