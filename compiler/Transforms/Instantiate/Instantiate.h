//===- Instantiate.h - Layers become parts of their models ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef DITHER_COMPILER_TRANSFORMS_INSTANTIATE_INSTANTIATE_H
#define DITHER_COMPILER_TRANSFORMS_INSTANTIATE_INSTANTIATE_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Reads what the models of a module import, and replaces their instances by
/// copies of layers. Imported files are looked for beside the file that the
/// location of the import names, then in `folders`. Failure after diagnostics,
/// which may lie in the files that were read.
llvm::LogicalResult instantiate(mlir::ModuleOp module,
                                llvm::ArrayRef<std::string> folders);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_INSTANTIATE_INSTANTIATE_H
