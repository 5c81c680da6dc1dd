//===- Counts.cpp - What a pass did, as a remark --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Support/Counts.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;

void dither::reportCounts(const Pass &pass, FunctionOpInterface function,
                          ArrayRef<Count> counts) {
  if (llvm::all_of(counts, [](const Count &c) { return c.second == 0; }))
    return;
  auto remark = remark::passed(function.getLoc(),
                               remark::RemarkOpts::name(pass.getArgument())
                                   .category("dither")
                                   .function(function.getName()));
  for (auto [name, value] : counts)
    remark << remark::metric(name, value);
}
