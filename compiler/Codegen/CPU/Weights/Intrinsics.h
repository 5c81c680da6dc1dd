//===- Intrinsics.h - Instructions by their names in LLVM -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_INTRINSICS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_INTRINSICS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// Emits the call of an intrinsic with one result.
inline mlir::Value emitIntrinsic(mlir::ImplicitLocOpBuilder &b, mlir::Type type,
                                 llvm::StringRef name,
                                 mlir::ValueRange operands) {
  return mlir::LLVM::CallIntrinsicOp::create(b, type, b.getStringAttr(name),
                                             operands)
      .getResult(0);
}

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_INTRINSICS_H
