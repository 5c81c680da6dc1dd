//===- Decompose.cpp - Composite ops to core ops --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Transforms/Decompose/Decompose.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "llvm/ADT/StringSet.h"

namespace dither {
#define GEN_PASS_DEF_DECOMPOSE
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

static LogicalResult decomposeOne(DecomposableOpInterface op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  SmallVector<Value> values = op.decompose(b);
  if (values.size() != op->getNumResults())
    return op->emitOpError("decomposes into ")
           << values.size() << " values for " << op->getNumResults()
           << " results";
  for (auto [value, result] : llvm::zip_equal(values, op->getResults())) {
    if (!value)
      return failure();
    if (value.getType() != result.getType())
      return op->emitOpError("decomposes into ")
             << value.getType() << " where it gives " << result.getType();
  }
  op->replaceAllUsesWith(values);
  op->erase();
  return success();
}

LogicalResult dither::decomposeAll(func::FuncOp function,
                                   function_ref<bool(Operation *)> keep,
                                   unsigned *numDecomposed) {
  // Each round takes what the rounds before have left or made. An op is a few
  // levels deep; a hundred rounds only ever come from an op that makes itself.
  for (int round = 0; round < 100; ++round) {
    SmallVector<DecomposableOpInterface> worklist;
    // What stands in a region of such an op has its meaning from it.
    function.walk<WalkOrder::PreOrder>([&](DecomposableOpInterface op) {
      if (keep && keep(op))
        return WalkResult::advance();
      worklist.push_back(op);
      return WalkResult::skip();
    });
    if (worklist.empty())
      return success();
    for (DecomposableOpInterface op : worklist)
      if (failed(decomposeOne(op)))
        return failure();
    if (numDecomposed)
      *numDecomposed += worklist.size();
  }
  return function.emitError("holds an op that decomposes into itself");
}

namespace {
struct DecomposePass : dither::impl::DecomposeBase<DecomposePass> {
  using DecomposeBase::DecomposeBase;

  void runOnOperation() override {
    llvm::StringSet<> kept;
    for (const std::string &name : keep)
      kept.insert(name);
    unsigned count = 0;
    auto isKept = [&](Operation *op) {
      return kept.contains(op->getName().getStringRef());
    };
    if (failed(decomposeAll(getOperation(), isKept, &count)))
      return signalPassFailure();
    reportCounts(*this, getOperation(), {{"decomposed", count}});
  }
};
} // namespace
