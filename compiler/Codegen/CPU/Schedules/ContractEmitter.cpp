//===- ContractEmitter.cpp - The register tile ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"
#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Schedules/Epilogue.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/bit.h"
#include <map>

using namespace mlir;
using namespace dither;

/// Products of a group under one scale that are written one after the other.
static constexpr int64_t kUnrolledProducts = 64;

ContractEmitter::ContractEmitter(ContractOp op, const ContractOptions &options)
    : op(op), b(op.getLoc(), op), options(options),
      tileRows(options.plan.getRows()) {
  rows = emitExtent(op.getInit(), 0);
  columns = emitExtent(op.getInit(), 1);
  depth = emitExtent(op.getX(), op.getTransposeX() ? 0 : 1);
}

Value ContractEmitter::emitIndex(int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

Value ContractEmitter::emitAdd(Value value, int64_t offset) {
  if (offset == 0)
    return value;
  if (std::optional<int64_t> known = getStatic(value))
    return emitIndex(*known + offset);
  return arith::AddIOp::create(b, value, emitIndex(offset));
}

Value ContractEmitter::emitExtent(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return emitIndex(type.getDimSize(dim));
  return memref::DimOp::create(b, memref, dim);
}

Value ContractEmitter::emitFloor(Value extent, int64_t step) {
  if (std::optional<int64_t> known = getStatic(extent))
    return emitIndex(*known / step * step);
  Value count = arith::DivUIOp::create(b, extent, emitIndex(step));
  return arith::MulIOp::create(b, count, emitIndex(step));
}

Value ContractEmitter::emitMinimum(Value value, Value limit) {
  std::optional<int64_t> known = getStatic(value), most = getStatic(limit);
  if (known && most)
    return emitIndex(std::min(*known, *most));
  return arith::MinUIOp::create(b, value, limit);
}

Value ContractEmitter::emitMask(Value column) {
  Value left = arith::SubIOp::create(b, columns, column);
  return vector::CreateMaskOp::create(
      b, VectorType::get({options.kernel.lanes}, b.getI1Type()), left);
}

VectorType ContractEmitter::getVectorType() {
  return VectorType::get({options.kernel.lanes}, b.getF32Type());
}

//===- Loops --------------------------------------------------------------===//

void ContractEmitter::emitLoop(Value from, Value to, int64_t step, Body body) {
  std::optional<int64_t> low = getStatic(from), high = getStatic(to);
  if (low && high && *low >= *high)
    return;
  if (low && high && *low + step >= *high)
    return body(from);
  auto loop = scf::ForOp::create(b, from, to, emitIndex(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

Operation *ContractEmitter::emitParallelLoop(Value from, Value to, int64_t step,
                                             Body body) {
  std::optional<int64_t> low = getStatic(from), high = getStatic(to);
  if (!low || !high || *low + step >= *high) {
    emitLoop(from, to, step, body);
    return nullptr;
  }
  auto loop = scf::ParallelOp::create(b, from, to, emitIndex(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVars()[0]);
  return loop;
}

void ContractEmitter::emitRows(function_ref<void(Value, int64_t)> body) {
  if (std::optional<int64_t> known = getStatic(rows); known && *known > 0) {
    int64_t tiles = llvm::divideCeil(*known, tileRows);
    int64_t count = *known / tiles, longer = *known % tiles * (count + 1);
    emitLoop(emitIndex(0), emitIndex(longer), count + 1,
             [&](Value row) { body(row, count + 1); });
    return emitLoop(emitIndex(longer), rows, count,
                    [&](Value row) { body(row, count); });
  }
  Value done = emitFloor(rows, tileRows);
  emitLoop(emitIndex(0), done, tileRows,
           [&](Value row) { body(row, tileRows); });
  emitLastRows(done, body);
}

void ContractEmitter::emitRows(RowRange range,
                               function_ref<void(Value, int64_t)> body) {
  if (range.end == rows && getStatic(range.begin) == 0)
    return emitRows(body);
  Value full = emitMinimum(range.end, emitFloor(rows, tileRows));
  emitLoop(range.begin, full, tileRows,
           [&](Value row) { body(row, tileRows); });
  if (std::optional<int64_t> known = getStatic(rows);
      known && *known % tileRows == 0)
    return;
  Value done = arith::MaxUIOp::create(b, full, range.begin);
  Value isLeft =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, done, range.end);
  auto branch = scf::IfOp::create(b, isLeft, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  emitLastRows(done, body);
}

int64_t ContractEmitter::countRowChunks(int64_t columnTasks) {
  int64_t chunks = llvm::divideCeil(options.plan.getTasks(), columnTasks);
  std::optional<int64_t> known = getStatic(rows);
  int64_t tiles = llvm::divideCeil(known ? *known : assumedRows, tileRows);
  chunks = std::clamp<int64_t>(tiles, 1, chunks);
  // As equal ones as can be.
  int64_t each = llvm::divideCeil(tiles, chunks);
  for (int64_t less = each; known && less > each / 2; --less)
    if (tiles % less == 0)
      return tiles / less;
  return chunks;
}

void ContractEmitter::emitTasks(Value end, int64_t step,
                                function_ref<void(Value, RowRange)> body) {
  std::optional<int64_t> known = getStatic(end);
  int64_t tasks = known ? llvm::divideCeil(*known, step) : 0;
  int64_t chunks = isShared() && tasks > 0 ? countRowChunks(tasks) : 1;
  if (!isShared() || tasks * chunks < 2)
    return emitLoop(emitIndex(0), end, step,
                    [&](Value column) { body(column, {emitIndex(0), rows}); });
  Value tiles =
      arith::CeilDivUIOp::create(b, rows, emitIndex(chunks * tileRows));
  Value each = arith::MulIOp::create(b, tiles, emitIndex(tileRows));
  emitParallelLoop(emitIndex(0), emitIndex(tasks * chunks), 1, [&](Value task) {
    Value column = arith::MulIOp::create(
        b, arith::DivUIOp::create(b, task, emitIndex(chunks)), emitIndex(step));
    if (chunks == 1)
      return body(column, {emitIndex(0), rows});
    Value chunk = arith::RemUIOp::create(b, task, emitIndex(chunks));
    Value begin = emitMinimum(arith::MulIOp::create(b, chunk, each), rows);
    Value next = arith::AddIOp::create(b, begin, each);
    body(column, {begin, emitMinimum(next, rows)});
  });
}

void ContractEmitter::emitLastRows(Value done,
                                   function_ref<void(Value, int64_t)> body) {
  if (std::optional<int64_t> known = getStatic(rows)) {
    if (*known % tileRows != 0)
      body(done, *known % tileRows);
    return;
  }
  // At most one tile of each smaller power of two.
  auto count = int64_t(llvm::bit_floor(uint64_t(tileRows - 1)));
  for (; count > 0; count /= 2) {
    Value next = rows;
    if (count > 1) {
      Value left = arith::SubIOp::create(b, rows, done);
      next = arith::AddIOp::create(b, done, emitFloor(left, count));
    }
    emitLoop(done, next, count, [&](Value row) { body(row, count); });
    done = next;
  }
}

//===- Tile ---------------------------------------------------------------===//

void ContractEmitter::emitTile(WeightPanels &weights, const Tile &tile) {
  sumParts = weights.startTile(tile.count * int64_t(tile.panels.size()));
  SmallVector<Value> sums;
  for (int64_t r = 0; r < tile.count; ++r)
    for (Panel panel : tile.panels)
      sums.push_back(emitInitial(tile, emitAdd(tile.row, r), panel));
  if (weights.getScaledDepth() > 0)
    emitScaledGroups(weights, tile, sums);
  else
    emitSteps(weights, tile, tile.from, tile.to, sums);
  auto emitSums = [&](auto emit) {
    ArrayRef<Value> left = sums;
    for (int64_t r = 0; r < tile.count; ++r)
      for (Panel panel : tile.panels) {
        Value row = emitAdd(tile.row, r);
        emit(row, panel, weights.emitResult(b, row, left.front()));
        left = left.drop_front();
      }
  };
  auto emitLast = [&] {
    emitSums([&](Value row, Panel panel, Value sum) {
      emitResult(row, panel, sum);
    });
  };
  if (!tile.accumulates || (op.getEpilogue().empty() && !tile.waiting))
    return emitLast();
  // Sums wait until the last ones are there.
  Value isLast =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, tile.to, depth);
  auto branch = scf::IfOp::create(b, isLast, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  emitLast();
  b.setInsertionPointToStart(branch.elseBlock());
  emitSums([&](Value row, Panel panel, Value sum) {
    if (!tile.waiting)
      return emitStore(row, panel, sum);
    vector::StoreOp::create(b, sum, tile.waiting, emitPlace(row, panel));
  });
}

Value ContractEmitter::emitPlace(Value row, Panel panel) {
  Value line = arith::MulIOp::create(b, row, emitIndex(options.kernel.lanes));
  return arith::AddIOp::create(b, arith::MulIOp::create(b, panel.column, rows),
                               line);
}

void ContractEmitter::emitResult(Value row, Panel panel, Value product) {
  if (!op.getEpilogue().empty())
    product = emitEpilogue(b, op, row, panel, product);
  emitStore(row, panel, product);
}

void ContractEmitter::emitSteps(WeightPanels &weights, const Tile &tile,
                                Value from, Value to,
                                SmallVectorImpl<Value> &sums) {
  int64_t step = weights.getStep();
  bool isWhole = weights.getScaledDepth() > 0 && !getStatic(to);
  Value full = step == 1 || isWhole ? to : emitFloor(to, step);
  std::optional<int64_t> knownFull = getStatic(full);
  if (!knownFull || *knownFull > 0) {
    auto loop = scf::ForOp::create(b, from, full, emitIndex(step), sums);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> next(loop.getRegionIterArgs());
    emitStep(weights, tile, loop.getInductionVar(), step, next);
    scf::YieldOp::create(b, next);
    sums.assign(loop.getResults().begin(), loop.getResults().end());
  }
  // A packed matrix has a static depth, so that its last step is known.
  std::optional<int64_t> knownTo = getStatic(to);
  if (knownTo && *knownTo % step != 0)
    emitStep(weights, tile, full, *knownTo % step, sums);
}

void ContractEmitter::emitScaledGroups(WeightPanels &weights, const Tile &tile,
                                       SmallVectorImpl<Value> &sums) {
  int64_t group = weights.getScaledDepth();
  if (getStatic(tile.to) == group) // One scale for all.
    return emitScaledGroup(weights, tile, tile.from, sums);
  auto loop = scf::ForOp::create(b, tile.from, tile.to, emitIndex(group), sums);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next(loop.getRegionIterArgs());
  emitScaledGroup(weights, tile, loop.getInductionVar(), next);
  scf::YieldOp::create(b, next);
  sums.assign(loop.getResults().begin(), loop.getResults().end());
}

void ContractEmitter::emitScaledGroup(WeightPanels &weights, const Tile &tile,
                                      Value k, MutableArrayRef<Value> sums) {
  int64_t group = weights.getScaledDepth(), step = weights.getStep();
  for (Panel panel : tile.panels)
    weights.enterScaled(b, k, panel);
  SmallVector<Value> partial;
  for (int64_t r = 0; r < tile.count; ++r) {
    SmallVector<Value> start = weights.emitStart(b, emitAdd(tile.row, r), k);
    for (size_t p = 0; p < tile.panels.size(); ++p)
      llvm::append_range(partial, start);
  }
  // Without a loop where that is short: the groups of a loop around it then
  // overlap, since each begins with new sums.
  if (group * tile.count * int64_t(tile.panels.size()) <= kUnrolledProducts)
    for (int64_t done = 0; done < group; done += step)
      emitStep(weights, tile, emitAdd(k, done), std::min(step, group - done),
               partial);
  else
    emitSteps(weights, tile, k, emitAdd(k, group), partial);
  for (auto [p, panel] : llvm::enumerate(tile.panels)) {
    Value scale = weights.emitScale(b, k, panel);
    for (int64_t r = 0; r < tile.count; ++r) {
      size_t i = r * tile.panels.size() + p;
      ValueRange parts = ArrayRef(partial).slice(i * sumParts, sumParts);
      sums[i] = weights.emitScaled(b, parts, scale, sums[i]);
    }
  }
}

Value ContractEmitter::emitInitial(const Tile &tile, Value row, Panel panel) {
  VectorType type = getVectorType();
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  if (!tile.accumulates)
    return zero;
  auto maskType = VectorType::get(type.getShape(), b.getI1Type());
  Value mask = vector::BroadcastOp::create(b, maskType, tile.accumulates);
  if (tile.waiting)
    return vector::MaskedLoadOp::create(b, type, tile.waiting,
                                        emitPlace(row, panel), mask, zero);
  if (panel.mask)
    mask = arith::AndIOp::create(b, mask, panel.mask);
  return vector::MaskedLoadOp::create(
      b, type, op.getInit(), ValueRange{row, panel.column}, mask, zero);
}

void ContractEmitter::emitStep(WeightPanels &weights, const Tile &tile, Value k,
                               int64_t covered, MutableArrayRef<Value> sums) {
  // Of a row, by the first element and the length.
  std::map<std::tuple<int64_t, void *, int64_t, int64_t>, Value> groups;
  SmallVector<Value> pending(sums.size());
  auto emitProduct = [&](int64_t r, size_t p, const Term &term) {
    Value &group =
        groups[{r, term.base.getAsOpaquePointer(), term.offset, term.length}];
    if (!group)
      group = weights.emitRead(b, emitAdd(tile.row, r),
                               emitAdd(term.base ? term.base : k, term.offset),
                               term);
    size_t place = (r * tile.panels.size() + p) * sumParts + term.part;
    sums[place] =
        weights.emitMultiplyAdd(b, term, group, sums[place], pending[place]);
  };
  // One term of each panel waits for all rows, or what was read of all rows
  // would wait for all panels: the fewer registers, the larger tiles can be.
  bool isSingle = weights.getStep() == 1;
  SmallVector<Term> first;
  for (auto [p, panel] : llvm::enumerate(tile.panels)) {
    SmallVector<Term> terms = weights.emitStep(b, k, covered, panel);
    if (isSingle)
      first.push_back(terms.front());
    else
      for (const Term &term : terms)
        for (int64_t r = 0; r < tile.count; ++r)
          emitProduct(r, p, term);
  }
  for (int64_t r = 0; isSingle && r < tile.count; ++r)
    for (auto [p, term] : llvm::enumerate(first))
      emitProduct(r, p, term);
}

void ContractEmitter::emitStore(Value row, Panel panel, Value sum) {
  SmallVector<Value, 2> position = {row, panel.column};
  if (panel.mask)
    vector::MaskedStoreOp::create(b, op.getInit(), position, panel.mask, sum);
  else
    vector::StoreOp::create(b, sum, op.getInit(), position);
}
