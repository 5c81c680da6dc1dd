//===- BindCarried.h - Memory of what loops carry ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TRANSFORMS_BINDOUTPUTS_BINDCARRIED_H
#define DITHER_TRANSFORMS_BINDOUTPUTS_BINDCARRIED_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace dither {

/// Lets each run of a loop end by writing what it carries into the memory of
/// what it found, unless it is made there. Returns how many values are copied.
int64_t bindCarried(mlir::func::FuncOp function);

} // namespace dither

#endif // DITHER_TRANSFORMS_BINDOUTPUTS_BINDCARRIED_H
