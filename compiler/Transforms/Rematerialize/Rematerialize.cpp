//===- Rematerialize.cpp - Computes values again to save memory -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/Rematerialize/Operations.h"
#include "compiler/Transforms/Rematerialize/Search.h"
#include "compiler/Transforms/Support/Counts.h"
#include "compiler/Transforms/Support/InlineCalls.h"

namespace dither {
#define GEN_PASS_DEF_REMATERIALIZE
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct Rematerialize : dither::impl::RematerializeBase<Rematerialize> {
  using RematerializeBase::RematerializeBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (failed(checkStraightLine(function)))
      return signalPassFailure();
    if (failed(checkOptions(function)))
      return signalPassFailure();
    auto ops = std::make_shared<Ops>(function, batch);
    Timeline timeline(ops);
    int64_t before = timeline.measure().peak;
    int64_t operations = timeline.getOperations();
    reducePeak(timeline, budget);
    int64_t peak = timeline.measure().peak;
    if (budget > 0 && peak > budget && !bestEffort) {
      function.emitError("needs ")
          << before << " bytes at once, more than the budget of "
          << int64_t(budget)
          << "; computing values again, the least that was reached is " << peak
          << ": raise the budget to that, or lower the batch";
      return signalPassFailure();
    }
    int64_t after = timeline.getOperations();
    SmallVector<Operation *> copies = timeline.write();
    annotate(function, {before, peak}, {operations, after}, copies);
    reportCounts(*this, function,
                 {{"recomputed", copies.size()},
                  {"bytes-saved", before - peak},
                  {"operations", after - operations}});
  }

  LogicalResult checkOptions(func::FuncOp function) {
    if (batch < 1)
      return function.emitError("a batch of ") << int64_t(batch) << " is none";
    if (budget < 0)
      return function.emitError("a budget of ")
             << int64_t(budget) << " bytes is none";
    return success();
  }

  using Pair = std::pair<int64_t, int64_t>;

  void annotate(func::FuncOp function, Pair peaks, Pair operations,
                ArrayRef<Operation *> copies) {
    Builder b(&getContext());
    function->setAttr("dither.peak_before", b.getI64IntegerAttr(peaks.first));
    function->setAttr("dither.peak", b.getI64IntegerAttr(peaks.second));
    function->setAttr(
        "dither.operations",
        b.getDenseI64ArrayAttr({operations.first, operations.second}));
    SmallVector<Attribute> described;
    for (Operation *copy : copies)
      if (Attribute entry = describe(b, copy))
        described.push_back(entry);
    function->setAttr("dither.recomputed", b.getArrayAttr(described));
  }

  /// What of a copy a user wants to know; null if that is nothing.
  Attribute describe(Builder &b, Operation *copy) {
    int64_t operations = countOperations(copy, batch);
    if (operations == 0)
      return {};
    return b.getDictionaryAttr(
        {b.getNamedAttr("location", copy->getLoc()),
         b.getNamedAttr("op", b.getStringAttr(copy->getName().getStringRef())),
         b.getNamedAttr("operations", b.getI64IntegerAttr(operations)),
         b.getNamedAttr("type", TypeAttr::get(copy->getResult(0).getType()))});
  }
};
} // namespace
