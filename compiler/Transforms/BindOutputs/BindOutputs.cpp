//===- BindOutputs.cpp - Gives each result its buffer ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/BindOutputs/BindCarried.h"
#include "compiler/Transforms/Support/Counts.h"
#include "compiler/Transforms/Support/InlineCalls.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace dither {
#define GEN_PASS_DEF_BINDOUTPUTS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// The state argument of a name, or null.
static BlockArgument findState(func::FuncOp function, StringRef name) {
  for (BlockArgument argument : function.getArguments()) {
    unsigned i = argument.getArgNumber();
    auto kind = function.getArgAttrOfType<StringAttr>(i, "dither.kind");
    auto argName = function.getArgAttrOfType<StringAttr>(i, "dither.name");
    if (kind && kind == "state" && argName && argName == name)
      return argument;
  }
  return {};
}

/// Appends an argument for a result that the caller receives.
static BlockArgument addOutput(func::FuncOp function, unsigned result) {
  Builder b(function.getContext());
  auto name = function.getResultAttrOfType<StringAttr>(result, "dither.name");
  if (!name)
    name = b.getStringAttr(std::to_string(result));
  auto attributes = b.getDictionaryAttr(
      {b.getNamedAttr("dither.kind", b.getStringAttr("output")),
       b.getNamedAttr("dither.name", name)});
  unsigned position = function.getNumArguments();
  (void)function.insertArgument(position, function.getResultTypes()[result],
                                attributes, function.getLoc());
  return function.getArgument(position);
}

/// The operand in whose memory the last step to a value is made, if that is a
/// loop or a slice that is inserted: what bufferization does with all others
/// needs no help. Behind such a step, any op that writes into an operand is
/// one; null if there is none.
static OpOperand *findStep(Value value, bool isLast) {
  if (auto loop = value.getDefiningOp<scf::ForOp>())
    return loop.getTiedLoopInit(cast<OpResult>(value));
  if (auto insert = value.getDefiningOp<tensor::InsertSliceOp>())
    return &insert.getDestMutable();
  auto styled = value.getDefiningOp<DestinationStyleOpInterface>();
  return isLast || !styled ? nullptr
                           : styled.getTiedOpOperand(cast<OpResult>(value));
}

/// What a value is made from, step by step, of which nothing else sees any but
/// the last; null if no step is known.
static OpOperand *findStart(Value value) {
  OpOperand *start = nullptr;
  while (!start || value.hasOneUse()) {
    OpOperand *step = findStep(value, /*isLast=*/!start);
    if (!step)
      break;
    start = step;
    value = step->get();
  }
  return start;
}

/// Whether a value is made in the memory of the target, after all else that
/// reads it. To say so once more would be a conflict for bufferization.
static bool isMadeInPlace(Value value, BlockArgument target) {
  OpOperand *start = findStart(value);
  if (!start || start->get() != target)
    return false;
  Block *block = target.getOwner();
  return llvm::all_of(target.getUsers(), [&](Operation *user) {
    Operation *op = block->findAncestorOpInBlock(*user);
    return user == start->getOwner() ||
           op->isBeforeInBlock(start->getOwner()) ||
           op == block->getTerminator();
  });
}

/// What starts from nothing starts from a new output. If that were left to
/// bufferization, it would find the conflict.
static void startFrom(Value value, BlockArgument output) {
  OpOperand *start = findStart(value);
  if (start && start->get().getDefiningOp<tensor::EmptyOp>())
    start->set(output);
}

static void markReadOnly(func::FuncOp function) {
  Builder b(function.getContext());
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto kind = function.getArgAttrOfType<StringAttr>(i, "dither.kind");
    bool writable = kind && (kind == "state" || kind == "output");
    function.setArgAttr(i, "bufferization.writable", b.getBoolAttr(writable));
  }
}

namespace {
struct BindOutputs : dither::impl::BindOutputsBase<BindOutputs> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (failed(checkStraightLine(function)))
      return signalPassFailure();
    auto terminator =
        cast<func::ReturnOp>(function.getBody().front().getTerminator());
    ImplicitLocOpBuilder b(terminator.getLoc(), terminator);
    int64_t updates = 0;
    DenseMap<Value, Value> copies;
    for (unsigned i = 0; i < function.getNumResults(); ++i) {
      BlockArgument target;
      if (auto state =
              function.getResultAttrOfType<StringAttr>(i, "dither.updates")) {
        target = findState(function, state);
        if (!target) {
          function.emitError() << "result " << i << " updates state " << state
                               << ", which is no argument of the function";
          return signalPassFailure();
        }
        ++updates;
      } else {
        target = addOutput(function, i);
        startFrom(terminator.getOperand(i), target);
      }
      Value value = terminator.getOperand(i);
      if (value == target || isMadeInPlace(value, target))
        continue;
      // What is returned twice is made in place of the first of its outputs,
      // and copied from there: made in both, it would conflict with itself.
      auto copy = copies.find(value);
      Value written = bufferization::MaterializeInDestinationOp::create(
                          b, TypeRange(value.getType()),
                          copy == copies.end() ? value : copy->second, target)
                          .getResult();
      copies.try_emplace(value, written);
      terminator.setOperand(i, written);
    }
    int64_t carried = bindCarried(function);
    markReadOnly(function);
    reportCounts(*this, function,
                 {{"updates", updates},
                  {"outputs", function.getNumResults() - updates},
                  {"carried", carried}});
  }
};
} // namespace
