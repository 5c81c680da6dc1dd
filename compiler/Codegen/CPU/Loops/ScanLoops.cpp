//===- ScanLoops.cpp - Scans on buffers as loops over rows ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Loops/ScanLoops.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace dither;

/// Rows side by side: one alone would wait for each of its operations to end.
static constexpr int64_t kRows = 8;

namespace {
class ScanLoops {
public:
  ScanLoops(RewriterBase &rewriter, linalg::LinalgOp op)
      : b(op.getLoc(), rewriter), op(op), body(op->getRegion(0).front()),
        position(op.getNumLoops()) {}

  bool isPossible();
  void emit(bool parallel);

private:
  unsigned getInnermost() { return op.getNumLoops() - 1; }
  bool isCarried(OpOperand &init) {
    return !op.getMatchingIndexingMap(&init).isFunctionOfDim(getInnermost());
  }
  Value emitIndex(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  SmallVector<Value> emitPlace(OpOperand &operand);
  Value emitLoad(OpOperand &operand);
  void emitStore(OpOperand &init, Value value);
  void emitNest(unsigned loop, bool parallel);
  /// Emits a loop whose body goes on from its position.
  void emitLoop(unsigned loop, Value from, Value to, int64_t step,
                bool parallel, function_ref<void()> inner);
  /// Goes along `count` rows from the present one on, which the loop around the
  /// innermost one counts.
  void emitRows(int64_t count);
  /// One element of a row: takes its states and gives the next ones.
  SmallVector<Value> emitElement(ValueRange states);

  ImplicitLocOpBuilder b;
  linalg::LinalgOp op;
  Block &body;
  SmallVector<Value> extents, position;
};
} // namespace

bool ScanLoops::isPossible() {
  if (op.getNumLoops() == 0 || op.getNumReductionLoops() != 1 ||
      op.getIteratorTypesArray().back() != utils::IteratorType::reduction)
    return false;
  auto carries = [&](OpOperand &init) { return isCarried(init); };
  return llvm::any_of(op.getDpsInitsMutable(), carries) &&
         !llvm::all_of(op.getDpsInitsMutable(), carries);
}

SmallVector<Value> ScanLoops::emitPlace(OpOperand &operand) {
  SmallVector<Value> place;
  for (AffineExpr result : op.getMatchingIndexingMap(&operand).getResults())
    place.push_back(getValueOrCreateConstantIndexOp(
        b, op.getLoc(),
        affine::makeComposedFoldedAffineApply(
            b, op.getLoc(), AffineMap::get(position.size(), 0, result),
            getAsOpFoldResult(position))));
  return place;
}

Value ScanLoops::emitLoad(OpOperand &operand) {
  if (!isa<MemRefType>(operand.get().getType()))
    return operand.get();
  return memref::LoadOp::create(b, operand.get(), emitPlace(operand));
}

void ScanLoops::emitStore(OpOperand &init, Value value) {
  memref::StoreOp::create(b, value, init.get(), emitPlace(init));
}

void ScanLoops::emit(bool parallel) {
  for (Range range : op.createLoopRanges(b, op.getLoc()))
    extents.push_back(
        getValueOrCreateConstantIndexOp(b, op.getLoc(), range.size));
  emitNest(0, parallel);
}

void ScanLoops::emitLoop(unsigned loop, Value from, Value to, int64_t step,
                         bool parallel, function_ref<void()> inner) {
  OpBuilder::InsertionGuard guard(b);
  if (parallel) {
    auto nest = scf::ParallelOp::create(b, from, to, emitIndex(step));
    b.setInsertionPointToStart(nest.getBody());
    position[loop] = nest.getInductionVars()[0];
  } else {
    auto nest = scf::ForOp::create(b, from, to, emitIndex(step));
    b.setInsertionPointToStart(nest.getBody());
    position[loop] = nest.getInductionVar();
  }
  inner();
}

void ScanLoops::emitNest(unsigned loop, bool parallel) {
  if (loop == getInnermost())
    return emitRows(1);
  Value zero = emitIndex(0), extent = extents[loop];
  if (loop + 1 < getInnermost())
    return emitLoop(loop, zero, extent, 1, parallel,
                    [&] { emitNest(loop + 1, /*parallel=*/false); });
  std::optional<int64_t> known = getConstantIntValue(extent);
  Value full = emitIndex(known ? *known / kRows * kRows : 0);
  if (!known)
    full = arith::MulIOp::create(
        b, arith::DivUIOp::create(b, extent, emitIndex(kRows)),
        emitIndex(kRows));
  if (!known || *known >= kRows)
    emitLoop(loop, zero, full, kRows, parallel, [&] { emitRows(kRows); });
  if (!known || *known % kRows != 0)
    emitLoop(loop, full, extent, 1, /*parallel=*/false, [&] { emitRows(1); });
}

SmallVector<Value> ScanLoops::emitElement(ValueRange states) {
  IRMapping mapping;
  for (OpOperand *input : op.getDpsInputOperands())
    if (BlockArgument argument = op.getMatchingBlockArgument(input);
        !argument.use_empty())
      mapping.map(argument, emitLoad(*input));
  size_t number = 0;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    BlockArgument argument = op.getMatchingBlockArgument(&init);
    if (isCarried(init))
      mapping.map(argument, states[number++]);
    else if (!argument.use_empty())
      mapping.map(argument, emitLoad(init));
  }
  for (Operation &inner : body.without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      mapping.map(index.getResult(), position[index.getDim()]);
    else
      b.clone(inner, mapping);
  }
  SmallVector<Value> next;
  for (auto [init, yielded] : llvm::zip_equal(
           op.getDpsInitsMutable(), body.getTerminator()->getOperands())) {
    Value value = mapping.lookupOrDefault(yielded);
    if (isCarried(init))
      next.push_back(value);
    else
      emitStore(init, value);
  }
  return next;
}

void ScanLoops::emitRows(int64_t count) {
  unsigned rows = getInnermost() - 1;
  SmallVector<Value> row = {count > 1 ? position[rows] : Value()};
  for (int64_t i = 1; i < count; ++i)
    row.push_back(arith::AddIOp::create(b, row[0], emitIndex(i)));
  auto forEachRow = [&](function_ref<void()> each) {
    for (Value place : row) {
      if (count > 1)
        position[rows] = place;
      each();
    }
  };
  position.back() = emitIndex(0);
  SmallVector<Value> starts;
  forEachRow([&] {
    for (OpOperand &init : op.getDpsInitsMutable())
      if (isCarried(init))
        starts.push_back(emitLoad(init));
  });
  auto loop =
      scf::ForOp::create(b, emitIndex(0), extents.back(), emitIndex(1), starts);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    position.back() = loop.getInductionVar();
    ValueRange states = loop.getRegionIterArgs();
    size_t each = states.size() / count;
    SmallVector<Value> next;
    forEachRow([&] {
      llvm::append_range(next, emitElement(states.take_front(each)));
      states = states.drop_front(each);
    });
    scf::YieldOp::create(b, next);
  }
  position.back() = emitIndex(0);
  ValueRange ends = loop.getResults();
  forEachRow([&] {
    for (OpOperand &init : op.getDpsInitsMutable()) {
      if (!isCarried(init))
        continue;
      emitStore(init, ends.front());
      ends = ends.drop_front();
    }
  });
}

LogicalResult dither::lowerToScanLoops(RewriterBase &rewriter,
                                       linalg::LinalgOp op, bool parallel) {
  ScanLoops loops(rewriter, op);
  if (!loops.isPossible())
    return failure();
  loops.emit(parallel);
  return success();
}
