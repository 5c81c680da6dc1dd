//===- Counts.h - What a pass did, as a remark ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's packages are built without statistics, and what a pass would count in
// them is lost. Remarks are there in every build, and say it function by
// function: dither-opt --remarks-filter=dither.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_TRANSFORMS_SUPPORT_COUNTS_H
#define DITHER_COMPILER_TRANSFORMS_SUPPORT_COUNTS_H

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Pass/Pass.h"

namespace dither {

/// A number under the name that the documentation of the pass gives it.
using Count = std::pair<llvm::StringRef, int64_t>;

/// Reports what a pass did to `function`; nothing where all counts are zero.
void reportCounts(const mlir::Pass &pass, mlir::FunctionOpInterface function,
                  llvm::ArrayRef<Count> counts);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_SUPPORT_COUNTS_H
