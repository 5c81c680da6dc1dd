//===- VectorBody.h - Elementwise arithmetic on vectors ------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_LOOPS_VECTORBODY_H
#define DITHER_CODEGEN_CPU_LOOPS_VECTORBODY_H

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// Emits a block of elementwise ops for registers of `lanes`, and gives what
/// its terminator does. Arguments are mapped to vectors; a scalar, of the
/// mapping or from outside, is the same for all lanes. Ops whose results are
/// mapped are left out.
llvm::SmallVector<mlir::Value> emitVectorBody(mlir::ImplicitLocOpBuilder &b,
                                              mlir::Block &body, int64_t lanes,
                                              mlir::IRMapping &mapping);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_LOOPS_VECTORBODY_H
