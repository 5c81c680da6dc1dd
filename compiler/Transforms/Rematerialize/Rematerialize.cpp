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
#include "llvm/ADT/MapVector.h"

namespace dither {
#define GEN_PASS_DEF_REMATERIALIZE
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

static void reduce(Block &block, int64_t budget, int64_t batch);

/// Lowers the peaks within ops that run while more lives than the budget has;
/// returns whether any fell.
static bool reduceInner(const Timeline &timeline, int64_t budget) {
  const Ops &ops = timeline.getOps();
  Profile profile = timeline.measure();
  llvm::MapVector<Operation *, int64_t> budgets;
  for (auto [step, live] : llvm::zip_equal(timeline.getSteps(), profile.live)) {
    int64_t inner = ops.getInnerBytes(step.op);
    if (inner == 0 || live <= budget)
      continue;
    int64_t allowed = std::max<int64_t>(inner - (live - budget), 1);
    auto *known = budgets.try_emplace(step.op, allowed).first;
    known->second = std::min(known->second, allowed);
  }
  bool hasFallen = false;
  for (auto [op, allowed] : budgets)
    for (Region &region : op->getRegions())
      for (Block &block : region) {
        auto measure = [&, batch = ops.getBatch()] {
          return Timeline(std::make_shared<Ops>(block, batch)).measure().peak;
        };
        int64_t before = measure();
        if (before > allowed)
          reduce(block, allowed, ops.getBatch());
        hasFallen |= measure() < before;
      }
  return hasFallen;
}

/// Computes values of a block again, and where that is not enough, of blocks in
/// its ops.
static void reduce(Block &block, int64_t budget, int64_t batch) {
  while (true) {
    Timeline timeline(std::make_shared<Ops>(block, batch));
    reducePeak(timeline, budget);
    bool isEnough = timeline.measure().peak <= budget;
    if (!isEnough && reduceInner(timeline, budget))
      continue; // What is known of the ops is no longer true.
    return timeline.write();
  }
}

namespace {
/// Of a function: bytes of tensors that live at once, and operations.
struct Measure {
  int64_t peak = 0, operations = 0;
};

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
    Block &block = function.getBody().front();
    Measure before = measure(block);
    reduce(block, budget, batch);
    Measure after = measure(block);
    if (budget > 0 && after.peak > budget && !bestEffort) {
      function.emitError("needs ")
          << before.peak << " bytes at once, more than the budget of "
          << int64_t(budget)
          << "; computing values again, the least that was reached is "
          << after.peak << ": raise the budget to that, or lower the batch";
      return signalPassFailure();
    }
    SmallVector<Operation *> copies = takeCopies(function);
    annotate(function, before, after, copies);
    reportCounts(*this, function,
                 {{"recomputed", copies.size()},
                  {"bytes-saved", before.peak - after.peak},
                  {"operations", after.operations - before.operations}});
  }

  LogicalResult checkOptions(func::FuncOp function) {
    if (batch < 1)
      return function.emitError("a batch of ") << int64_t(batch) << " is none";
    if (budget < 0)
      return function.emitError("a budget of ")
             << int64_t(budget) << " bytes is none";
    return success();
  }

  Measure measure(Block &block) {
    Timeline timeline(std::make_shared<Ops>(block, batch));
    return {timeline.measure().peak, timeline.getOperations()};
  }

  static SmallVector<Operation *> takeCopies(func::FuncOp function) {
    SmallVector<Operation *> copies;
    function.walk([&](Operation *op) {
      if (op->removeAttr(Timeline::copyMark))
        copies.push_back(op);
    });
    return copies;
  }

  void annotate(func::FuncOp function, Measure before, Measure after,
                ArrayRef<Operation *> copies) {
    Builder b(&getContext());
    function->setAttr("dither.peak_before", b.getI64IntegerAttr(before.peak));
    function->setAttr("dither.peak", b.getI64IntegerAttr(after.peak));
    function->setAttr(
        "dither.operations",
        b.getDenseI64ArrayAttr({before.operations, after.operations}));
    SmallVector<Attribute> described;
    for (Operation *copy : copies)
      if (Attribute entry = describe(b, copy))
        described.push_back(entry);
    function->setAttr("dither.recomputed", b.getArrayAttr(described));
  }

  /// What of a copy a user wants to know; null if that is nothing.
  Attribute describe(Builder &b, Operation *copy) {
    int64_t operations = countAllRuns(copy, batch);
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
