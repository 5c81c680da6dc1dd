//===- ContractBufferization.h - How contractions bufferize ------*- C++
//-*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_CONTRACTBUFFERIZATION_H
#define DITHER_CODEGEN_CPU_CONTRACTBUFFERIZATION_H

#include "mlir/IR/DialectRegistry.h"

namespace dither {
/// Lets one-shot bufferization turn dither.contract on tensors into the same
/// op on memrefs.
void registerContractBufferization(mlir::DialectRegistry &registry);
} // namespace dither

#endif // DITHER_CODEGEN_CPU_CONTRACTBUFFERIZATION_H
