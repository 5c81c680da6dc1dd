//===- Permutes.h - Elements of registers by indices ------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_PERMUTES_H
#define DITHER_CODEGEN_CPU_WEIGHTS_PERMUTES_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// Register operations that find an element of `size` for each of 8 lanes
/// (AVX2) or 16 (AVX-512); 0 if no permute does.
int64_t countPermuteOps(int64_t lanes, int64_t size);

/// Emits, for each lane, the element of `group` (vector of f32) at `indices`
/// (vector of i32). What lies above the bits that count the elements does not
/// matter.
mlir::Value emitPermute(mlir::ImplicitLocOpBuilder &b, mlir::Value group,
                        mlir::Value indices);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_PERMUTES_H
