//===- DirectSchedule.cpp - Products straight from the matrix -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace dither;

namespace {
class DirectSchedule : public ContractEmitter {
public:
  DirectSchedule(ContractOp op, const ContractOptions &options)
      : ContractEmitter(op, options),
        weights(makeWeightPanels(op, options.kernel)) {
    isStriped = options.plan.getSchedule() == KernelSchedule::strips;
    width = isStriped ? directPanels * options.kernel.lanes
                      : options.plan.getColumns();
  }

  void emit() override {
    Value full = emitFloor(columns, width);
    if (isStriped)
      return emitStrips(full);
    std::optional<int64_t> known = getStatic(columns);
    if (isShared() && known && *known > width && *known % width != 0)
      return emitTasks(columns, width, [&](Value column, RowRange range) {
        emitIfEqual(
            column, full, [&] { emitEdge(full, range); },
            [&] { emitFull(column, range); });
      });
    emitTasks(full, width,
              [&](Value column, RowRange range) { emitFull(column, range); });
    // The ragged edge, together where it is known.
    if (!known)
      return emitLoop(full, columns, options.kernel.lanes, [&](Value column) {
        emitRagged(Panel{column, emitMask(column)}, {emitIndex(0), rows});
      });
    if (*known % width != 0)
      emitTasks(emitIndex(width), width,
                [&](Value, RowRange range) { emitEdge(full, range); });
  }

private:
  /// Threads share strips of columns. What a thread has of them, it visits as
  /// one strip: the longer it reads along a row, the better does hardware read
  /// ahead.
  void emitStrips(Value full) {
    if (!isShared())
      return emitStrip(emitIndex(0), full, full);
    int64_t half = llvm::alignTo(*getStatic(full) / 2, width);
    int64_t step = std::min(options.plan.getColumns(), half);
    Operation *loop =
        emitParallelLoop(emitIndex(0), full, step, [&](Value column) {
          emitStrip(column, emitMinimum(emitAdd(column, step), full), full);
        });
    if (loop)
      loop->setAttr("dither.common_loop", b.getUnitAttr());
  }

  /// Panel after panel of the columns [column, end), of each all rows, for a
  /// part of the contraction before the next one. The last of the full panels
  /// brings the ragged ones.
  void emitStrip(Value column, Value end, Value full) {
    int64_t part = options.plan.getDepth();
    emitLoop(emitIndex(0), depth, part, [&](Value begin) {
      from = begin;
      to = emitMinimum(emitAdd(begin, part), depth);
      emitLoop(column, end, width,
               [&](Value panel) { emitFull(panel, {emitIndex(0), rows}); });
      if (*getStatic(columns) % width != 0)
        emitIfEqual(
            end, full, [&] { emitEdge(full, {emitIndex(0), rows}); }, [] {});
    });
    from = to = Value();
  }

  void emitIfEqual(Value a, Value other, function_ref<void()> body,
                   function_ref<void()> otherwise) {
    if (a == other)
      return body();
    Value holds = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, a, other);
    auto branch = scf::IfOp::create(b, holds, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    body();
    b.setInsertionPointToStart(branch.elseBlock());
    otherwise();
  }

  /// The columns behind the full panels.
  void emitEdge(Value full, RowRange range) {
    emitRagged(getPanels(full, *getStatic(columns) % width), range);
  }

  void emitFull(Value column, RowRange range) {
    int64_t lanes = options.kernel.lanes;
    emitRows(range, [&](Value row, int64_t count) {
      int64_t step = std::min(width, getMostPanels(count) * lanes);
      auto emitPart = [&](Value first) {
        emitPanels(row, count, getPanels(first, step));
      };
      if (step == width)
        emitPart(column);
      else
        emitLoop(column, emitAdd(column, width), step, emitPart);
    });
  }

  Value getDepth() {
    std::optional<int64_t> covered = weights->getDepth();
    return covered ? emitIndex(*covered) : depth;
  }

  /// The panels of `count` columns; the last one may be masked.
  SmallVector<Panel> getPanels(Value column, int64_t count) {
    SmallVector<Panel> panels;
    int64_t lanes = options.kernel.lanes;
    for (int64_t done = 0; done < count; done += lanes) {
      Panel panel{emitAdd(column, done), Value(), int64_t(panels.size())};
      if (done + lanes > count)
        panel.mask = emitMask(panel.column);
      panels.push_back(panel);
    }
    return panels;
  }

  /// As many as registers hold sums of, whether of rows or of panels; a power
  /// of two, which divides the panels of a column tile. One row leaves all.
  int64_t getMostPanels(int64_t rows) {
    if (rows == 1)
      return width / options.kernel.lanes;
    auto most = uint64_t(std::max<int64_t>(1, options.plan.getSums() / rows));
    return int64_t(llvm::bit_floor(most));
  }

  void emitRagged(ArrayRef<Panel> panels, RowRange range) {
    emitRows(range, [&](Value row, int64_t count) {
      ArrayRef<Panel> left = panels;
      while (!left.empty()) {
        size_t most = std::min<size_t>(left.size(), getMostPanels(count));
        emitPanels(row, count, left.take_front(most));
        left = left.drop_front(most);
      }
    });
  }

  void emitPanels(Value row, int64_t count, ArrayRef<Panel> panels) {
    Tile tile;
    tile.row = row;
    tile.count = count;
    tile.panels = panels;
    tile.from = from ? from : emitIndex(0);
    tile.to = to ? to : getDepth();
    if (!getStatic(tile.from))
      tile.accumulates = arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                               tile.from, emitIndex(0));
    if (isStriped)
      tile.waiting = op.getScratch()[0];
    emitTile(*weights, tile);
  }

  std::unique_ptr<WeightPanels> weights;
  /// Of a column tile.
  int64_t width;
  bool isStriped;
  /// The part of the contraction that is being visited; null says all.
  Value from, to;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeDirectSchedule(ContractOp op, const ContractOptions &options) {
  return std::make_unique<DirectSchedule>(op, options);
}
