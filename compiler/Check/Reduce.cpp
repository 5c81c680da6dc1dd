//===- Reduce.cpp - The smallest program that still fails -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Reduce.h"
#include "compiler/Check/Cases.h"
#include "compiler/Check/Variants.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace dither;

using Edit = function_ref<bool(func::FuncOp)>;

namespace {
class Reducer {
public:
  Reducer(func::FuncOp function, function_ref<bool(func::FuncOp)> fails)
      : best(function.clone()), fails(fails) {}

  OwningOpRef<func::FuncOp> run();

private:
  bool attempt(Edit edit);
  bool attemptEach(size_t count, function_ref<bool(func::FuncOp, size_t)> edit);
  bool returnOne();
  bool returnFewer();
  bool dropOps();
  bool mergeArguments();
  bool fixArguments();
  bool fixBatch();
  bool shrinkExtents();

  Block &body() { return best->getBody().front(); }
  size_t countOps() { return body().getOperations().size() - 1; }

  OwningOpRef<func::FuncOp> best;
  function_ref<bool(func::FuncOp)> fails;
  /// That are left: each may cost a compilation.
  int64_t numTrials = 600;
};
} // namespace

static Operation *getOp(func::FuncOp function, size_t n) {
  return &*std::next(function.getBody().front().begin(), n);
}

/// Erases what no result depends on.
static void cleanUp(func::FuncOp function) {
  Block &body = function.getBody().front();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&op))
      op.erase();
  llvm::BitVector unused(function.getNumArguments());
  for (BlockArgument argument : function.getArguments())
    unused[argument.getArgNumber()] = argument.use_empty();
  (void)function.eraseArguments(unused);
}

/// Keeps an edit of the function, which says whether it applies, if what it
/// leaves is valid and fails.
bool Reducer::attempt(Edit edit) {
  OwningOpRef<func::FuncOp> trial = best->clone();
  {
    ScopedDiagnosticHandler silence(best->getContext(),
                                    [](Diagnostic &) { return success(); });
    if (!edit(*trial))
      return false;
    updateType(*trial);
    cleanUp(*trial);
    if (failed(verify(*trial)))
      return false;
  }
  if (numTrials == 0)
    return false;
  --numTrials;
  if (!fails(*trial))
    return false;
  best = std::move(trial);
  return true;
}

/// Edits from the last to the first, so that one that is kept leaves the
/// numbers of those to come.
bool Reducer::attemptEach(size_t count,
                          function_ref<bool(func::FuncOp, size_t)> edit) {
  bool changed = false;
  for (size_t n = count; n-- > 0;)
    changed |= attempt([&](func::FuncOp f) {
      Block &block = f.getBody().front();
      // Others may have gone with it.
      return n < std::max(block.getOperations().size() - 1,
                          size_t(block.getNumArguments())) &&
             edit(f, n);
    });
  return changed;
}

/// Leaves out results, halves of them first.
bool Reducer::returnFewer() {
  bool changed = false;
  size_t size = body().getTerminator()->getNumOperands() / 2;
  for (; size > 0; size /= 2)
    for (size_t first = 0;
         first + size <= body().getTerminator()->getNumOperands();)
      if (attempt([&](func::FuncOp f) {
            f.getBody().front().getTerminator()->eraseOperands(first, size);
            return true;
          }))
        changed = true;
      else
        first += size;
  return changed;
}

/// One value: the earliest that fails.
bool Reducer::returnOne() {
  Operation *end = body().getTerminator();
  for (size_t n = 0; n < countOps(); ++n)
    for (unsigned k = 0; k < getOp(*best, n)->getNumResults(); ++k) {
      if (end->getNumOperands() == 1 &&
          end->getOperand(0) == getOp(*best, n)->getResult(k))
        return false;
      if (attempt([&](func::FuncOp f) {
            f.getBody().front().getTerminator()->setOperands(
                getOp(f, n)->getResult(k));
            return true;
          }))
        return true;
    }
  return false;
}

/// An op gives way to an operand of its type, or to an argument.
bool Reducer::dropOps() {
  bool changed = attemptEach(countOps(), [](func::FuncOp f, size_t n) {
    Operation *op = getOp(f, n);
    if (op->getNumResults() != 1)
      return false;
    for (Value operand : op->getOperands())
      if (operand.getType() == op->getResult(0).getType()) {
        op->getResult(0).replaceAllUsesWith(operand);
        return true;
      }
    return false;
  });
  changed |= attemptEach(countOps(), [](func::FuncOp f, size_t n) {
    Operation *op = getOp(f, n);
    if (n >= f.getBody().front().getOperations().size() - 1 ||
        op->getNumOperands() == 0)
      return false;
    for (Value result : op->getResults())
      result.replaceAllUsesWith(
          f.getBody().front().addArgument(result.getType(), op->getLoc()));
    return true;
  });
  return changed;
}

bool Reducer::mergeArguments() {
  return attemptEach(best->getNumArguments(), [](func::FuncOp f, size_t n) {
    if (n >= f.getNumArguments())
      return false;
    BlockArgument argument = f.getArgument(n);
    for (BlockArgument other : f.getArguments().take_front(n))
      if (other.getType() == argument.getType()) {
        argument.replaceAllUsesWith(other);
        return true;
      }
    return false;
  });
}

/// Ones in place of an argument.
bool Reducer::fixArguments() {
  return attemptEach(best->getNumArguments(), [](func::FuncOp f, size_t n) {
    if (n >= f.getNumArguments())
      return false;
    BlockArgument argument = f.getArgument(n);
    auto type = cast<RankedTensorType>(argument.getType());
    if (!type.hasStaticShape())
      return false;
    Type element = type.getElementType();
    OpBuilder b = OpBuilder::atBlockBegin(&f.getBody().front());
    Attribute one = isa<FloatType>(element)
                        ? Attribute(b.getFloatAttr(element, 1))
                        : Attribute(b.getIntegerAttr(element, 1));
    argument.replaceAllUsesWith(
        ConstantOp::create(b, f.getLoc(), SplatElementsAttr::get(type, one)));
    return true;
  });
}

bool Reducer::fixBatch() {
  if (!hasBatch(*best))
    return false;
  for (int64_t batch : {1, 2, 3, 5, 8, 13, 33, 0})
    if (attempt(
            [&](func::FuncOp f) { return succeeded(specialize(f, batch)); }))
      return true;
  return false;
}

bool Reducer::shrinkExtents() {
  bool changed = false;
  for (int64_t from : llvm::reverse(getExtents(*best)))
    for (int64_t to : {int64_t(1), int64_t(2), int64_t(3), from / 2, from - 1})
      if (to >= 1 && to < from && attempt([&](func::FuncOp f) {
            auto shrunk = resize(f, [&](int64_t extent) {
              return extent == from ? to : extent;
            });
            if (!shrunk)
              return false;
            f.getBody().takeBody(shrunk->getBody());
            return true;
          })) {
        changed = true;
        break;
      }
  return changed;
}

OwningOpRef<func::FuncOp> Reducer::run() {
  // What leaves much out comes first, and again as long as it does.
  bool changed = true;
  while (changed) {
    while (returnOne() || returnFewer())
      ;
    changed = fixBatch();
    changed |= dropOps();
    changed |= mergeArguments();
    if (changed)
      continue;
    changed |= shrinkExtents();
    changed |= fixArguments();
  }
  return std::move(best);
}

OwningOpRef<func::FuncOp>
dither::reduceFunction(func::FuncOp function,
                       function_ref<bool(func::FuncOp)> fails) {
  return Reducer(function, fails).run();
}
