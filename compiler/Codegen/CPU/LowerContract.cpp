//===- LowerContract.cpp - The contraction generator ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/WeightPanels.h"
#include "compiler/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace dither {
#define GEN_PASS_DEF_LOWERCONTRACT
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
/// Emits the kernel of one product.
class ContractEmitter {
public:
  ContractEmitter(ContractOp op, KernelOptions options, int64_t tileRows,
                  int64_t tilePanels, int64_t parallelFlops)
      : op(op), b(op.getLoc(), op), options(options), tileRows(tileRows),
        tilePanels(tilePanels), parallelFlops(parallelFlops),
        weights(makeWeightPanels(op, options)) {
    rows = emitExtent(op.getInit(), 0);
    columns = emitExtent(op.getInit(), 1);
    depth = emitExtent(op.getX(), op.getTransposeX() ? 0 : 1);
  }

  void emit() {
    int64_t width = tilePanels * options.lanes;
    Value full = emitFloor(columns, width);
    emitColumnLoop(emitIndex(0), full, width, [&](Value column) {
      emitRows(column, tilePanels, nullptr);
    });
    // The ragged edge: one masked panel after the other.
    if (std::optional<int64_t> extent = getStatic(columns);
        extent && *extent % width == 0)
      return;
    emitLoop(full, columns, options.lanes, [&](Value column) {
      Value left = arith::SubIOp::create(b, columns, column);
      Value mask = vector::CreateMaskOp::create(
          b, VectorType::get({options.lanes}, b.getI1Type()), left);
      emitRows(column, 1, mask);
    });
  }

private:
  using Body = function_ref<void(Value)>;

  Value emitIndex(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  static std::optional<int64_t> getStatic(Value value) {
    return getConstantIntValue(value);
  }
  Value emitExtent(Value memref, int64_t dim) {
    auto type = cast<MemRefType>(memref.getType());
    if (!type.isDynamicDim(dim))
      return emitIndex(type.getDimSize(dim));
    return memref::DimOp::create(b, memref, dim);
  }
  /// The largest multiple of `step` that is not above `extent`.
  Value emitFloor(Value extent, int64_t step) {
    if (std::optional<int64_t> known = getStatic(extent))
      return emitIndex(*known / step * step);
    Value count = arith::DivUIOp::create(b, extent, emitIndex(step));
    return arith::MulIOp::create(b, count, emitIndex(step));
  }

  /// for (i = from; i < to; i += step); nothing where that is known.
  void emitLoop(Value from, Value to, int64_t step, Body body) {
    std::optional<int64_t> low = getStatic(from), high = getStatic(to);
    if (low && high && *low >= *high)
      return;
    auto loop = scf::ForOp::create(b, from, to, emitIndex(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  /// The outer loop, cut among threads where the work is worth it.
  void emitColumnLoop(Value from, Value to, int64_t step, Body body) {
    std::optional<int64_t> m = getStatic(rows), n = getStatic(columns),
                           k = getStatic(depth);
    bool known = m && n && k;
    bool isLarge = known ? 2 * *m * *n * *k >= parallelFlops
                         : n && k && 2 * 64 * *n * *k >= parallelFlops;
    if (!isLarge || !n || *n < 2 * step)
      return emitLoop(from, to, step, body);
    auto loop = scf::ParallelOp::create(b, from, to, emitIndex(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVars()[0]);
  }

  /// All rows of a panel: full tiles, then what is left.
  void emitRows(Value column, int64_t panels, Value mask) {
    Value full = emitFloor(rows, tileRows);
    emitLoop(emitIndex(0), full, tileRows,
             [&](Value row) { emitTile(row, tileRows, column, panels, mask); });
    if (std::optional<int64_t> known = getStatic(rows)) {
      if (*known % tileRows != 0)
        emitTile(full, *known % tileRows, column, panels, mask);
      return;
    }
    emitLoop(full, rows, 1,
             [&](Value row) { emitTile(row, 1, column, panels, mask); });
  }

  VectorType getVectorType() {
    return VectorType::get({options.lanes}, b.getF32Type());
  }

  /// A register tile over the whole depth.
  void emitTile(Value row, int64_t count, Value column, int64_t panelCount,
                Value mask) {
    SmallVector<Panel> panels;
    for (int64_t p = 0; p < panelCount; ++p)
      panels.push_back({emitAdd(column, p * options.lanes), mask});
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(getVectorType()));
    SmallVector<Value> sums(count * panelCount, zero);
    int64_t step = weights->getStep();
    Value full = emitFloor(depth, step);
    std::optional<int64_t> knownFull = getStatic(full);
    if (!knownFull || *knownFull > 0) {
      auto loop =
          scf::ForOp::create(b, emitIndex(0), full, emitIndex(step), sums);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> next(loop.getRegionIterArgs());
      emitStep(loop.getInductionVar(), step, row, count, panels, next);
      scf::YieldOp::create(b, next);
      sums.assign(loop.getResults().begin(), loop.getResults().end());
    }
    // A packed matrix has a static depth, so that its last step is known.
    std::optional<int64_t> knownDepth = getStatic(depth);
    if (step > 1 && knownDepth && *knownDepth % step != 0)
      emitStep(full, *knownDepth % step, row, count, panels, sums);
    for (int64_t r = 0; r < count; ++r)
      for (int64_t p = 0; p < panelCount; ++p)
        emitStore(emitAdd(row, r), panels[p], sums[r * panelCount + p]);
  }

  Value emitAdd(Value value, int64_t offset) {
    if (offset == 0)
      return value;
    return arith::AddIOp::create(b, value, emitIndex(offset));
  }

  void emitStep(Value k, int64_t covered, Value row, int64_t count,
                ArrayRef<Panel> panels, MutableArrayRef<Value> sums) {
    DenseMap<std::pair<int64_t, int64_t>, Value> groups;
    for (auto [p, panel] : llvm::enumerate(panels)) {
      for (const Term &term : weights->emitStep(b, k, covered, panel)) {
        for (int64_t r = 0; r < count; ++r) {
          Value &group = groups[{r, term.offset}];
          if (!group)
            group = emitRead(emitAdd(row, r), emitAdd(k, term.offset), term);
          Value x = term.indices ? weights->emitSelect(b, group, term.indices)
                                 : group;
          Value &sum = sums[r * panels.size() + p];
          sum = vector::FMAOp::create(b, x, term.weights, sum);
        }
      }
    }
  }

  /// The elements of x of a term: one for all lanes, or a group to select from.
  Value emitRead(Value row, Value k, const Term &term) {
    bool transposed = op.getTransposeX();
    SmallVector<Value> position = {row, k};
    if (transposed)
      std::swap(position[0], position[1]);
    if (!term.indices) {
      Value element = memref::LoadOp::create(b, op.getX(), position);
      return vector::BroadcastOp::create(b, getVectorType(), element);
    }
    auto type = VectorType::get({term.length}, b.getF32Type());
    return vector::LoadOp::create(b, type, op.getX(), position);
  }

  void emitStore(Value row, Panel panel, Value sum) {
    SmallVector<Value, 2> position = {row, panel.column};
    if (panel.mask)
      vector::MaskedStoreOp::create(b, op.getInit(), position, panel.mask, sum);
    else
      vector::StoreOp::create(b, sum, op.getInit(), position);
  }

  ContractOp op;
  ImplicitLocOpBuilder b;
  KernelOptions options;
  int64_t tileRows, tilePanels, parallelFlops;
  std::unique_ptr<WeightPanels> weights;
  Value rows, columns, depth;
};

struct LowerContract : dither::impl::LowerContractBase<LowerContract> {
  using LowerContractBase::LowerContractBase;

  void runOnOperation() override {
    SmallVector<ContractOp> ops;
    getOperation()->walk([&](ContractOp op) { ops.push_back(op); });
    for (ContractOp op : ops) {
      if (!cast<ShapedType>(op.getInit().getType()).getElementType().isF32()) {
        op.emitError("the contraction generator multiplies f32, not ")
            << op.getInit().getType() << "; convert with dither.cast";
        return signalPassFailure();
      }
      KernelOptions options{lanes, permute};
      // Packed weights are decoded once for all rows of a tile, one panel at
      // a time: more panels would only need more registers.
      bool isPacked = bool(op.getDense());
      (isPacked ? numPacked : numDense) += 1;
      ContractEmitter(op, options, rows, isPacked ? 1 : panels, parallelFlops)
          .emit();
      op.erase();
    }
  }
};
} // namespace
