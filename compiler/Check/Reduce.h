//===- Reduce.h - The smallest program that still fails ------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_REDUCE_H
#define DITHER_COMPILER_CHECK_REDUCE_H

#include "Dither/IR/Dither.h"
#include "mlir/IR/OwningOpRef.h"

namespace dither {

/// Makes a function of one block smaller as long as `fails` accepts the
/// result: returns less, drops ops, takes arguments or constants for values,
/// shrinks extents. Every function that `fails` sees is valid.
mlir::OwningOpRef<mlir::func::FuncOp>
reduceFunction(mlir::func::FuncOp function,
               llvm::function_ref<bool(mlir::func::FuncOp)> fails);

} // namespace dither

#endif // DITHER_COMPILER_CHECK_REDUCE_H
