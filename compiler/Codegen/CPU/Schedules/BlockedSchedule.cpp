//===- BlockedSchedule.cpp - Products by blocks of the matrix -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// for each block of columns
//   for each block of the contraction
//     stage the block of the matrix: panels of a tile's width, row after row
//     for each tile of rows, for each panel: accumulate into the result
//
// Threads stage a block of the contraction of all columns together, and then
// share its tiles; where x is staged, too, each has blocks of its own.
//
// The rows of a transposed x lie as far from each other as its rows are long,
// so that some tiles of them are staged, too, before they are visited.
//
// A panel of x then stays in the first cache, the block in the second, and the
// inner loop reads nothing but consecutive memory. Partial sums wait in the
// result, so that every sum runs over the contraction in one order, whatever
// the blocks.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"
#include "compiler/Codegen/CPU/Schedules/Staging.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// Rows of a dense matrix that are staged together, and columns of it that a
/// thread stages at a time, about; and parts that threads share at least.
static constexpr int64_t kStagedRows = 8, kSharedColumns = 64;
static constexpr int64_t kSharedStages = 8;

namespace {
/// A tile's columns of the staged block: [k][width] from `base` on.
class StagedPanels : public WeightPanels {
public:
  StagedPanels(ContractOp op, KernelOptions options, Value base, int64_t width)
      : WeightPanels(op, options), base(base), width(width) {}
  /// Reads x from scratch memory, where element `from` of row `row` is at
  /// `base`, and the next one after as many rows as a tile has.
  void setStagedX(Value row, Value from, Value base, int64_t rows) {
    stagedX = {row, from, base};
    tileRows = rows;
  }
  Value emitRead(ImplicitLocOpBuilder &b, Value row, Value k,
                 const Term &term) override {
    if (!tileRows)
      return WeightPanels::emitRead(b, row, k, term);
    auto [first, from, start] = stagedX;
    Value at =
        arith::MulIOp::create(b, arith::SubIOp::create(b, k, from),
                              arith::ConstantIndexOp::create(b, tileRows));
    at = arith::AddIOp::create(b, arith::AddIOp::create(b, start, at),
                               arith::SubIOp::create(b, row, first));
    Value element = memref::LoadOp::create(b, op.getScratch()[0], at);
    return vector::BroadcastOp::create(b, getFloats(), element);
  }
  int64_t getStep() const override { return 1; }
  SmallVector<Term> emitStep(ImplicitLocOpBuilder &b, Value k, int64_t,
                             Panel panel) override {
    Value row =
        arith::MulIOp::create(b, k, arith::ConstantIndexOp::create(b, width));
    Value lane =
        arith::ConstantIndexOp::create(b, panel.number * options.lanes);
    Value at =
        arith::AddIOp::create(b, arith::AddIOp::create(b, base, row), lane);
    Term term;
    term.weights =
        vector::LoadOp::create(b, getFloats(), op.getScratch()[0], at);
    return {term};
  }

private:
  Value base;
  int64_t width;
  std::tuple<Value, Value, Value> stagedX;
  int64_t tileRows = 0;
};

class BlockedSchedule : public ContractEmitter {
public:
  BlockedSchedule(ContractOp op, const ContractOptions &options)
      : ContractEmitter(op, options), lanes(options.kernel.lanes),
        tilePanels(options.plan.getSums() / tileRows),
        width(tilePanels * lanes), blocks(getStagingBlocks(op)) {
    if (op.getDense())
      packed = makeWeightPanels(op, options.kernel);
  }

  void emit() override {
    if (isShared() && !blocks.rows)
      return emitShared();
    auto emitBlocks = [&](Value column) {
      Value end = emitMinimum(emitAdd(column, blocks.columns), columns);
      emitLoop(emitIndex(0), depth, blocks.depth, [&](Value from) {
        Value to = emitMinimum(emitAdd(from, blocks.depth), depth);
        emitBlock(column, end, from, to);
      });
    };
    if (isShared())
      emitParallelLoop(emitIndex(0), columns, blocks.columns, emitBlocks);
    else
      emitLoop(emitIndex(0), columns, blocks.columns, emitBlocks);
  }

private:
  /// Threads stage all columns of a block of the contraction, then share its
  /// tiles by columns and by rows.
  void emitShared() {
    emitLoop(emitIndex(0), depth, blocks.depth, [&](Value from) {
      Value to = emitMinimum(emitAdd(from, blocks.depth), depth);
      emitSharedStaging(from, to);
      emitTasks(columns, blocks.columns, [&](Value column, RowRange range) {
        Value end = emitMinimum(emitAdd(column, blocks.columns), columns);
        emitRows(range, [&](Value row, int64_t count) {
          emitTiles(row, count, column, end, from, to);
        });
      });
    });
  }

  /// Some columns at a time; where those are few, some rows of them.
  void emitSharedStaging(Value from, Value to) {
    int64_t width = packed ? blocks.columns : getSharedColumns();
    int64_t across = llvm::divideCeil(*getStatic(columns), width);
    int64_t down = packed ? 1 : llvm::divideCeil(kSharedStages, across);
    int64_t each = llvm::alignTo(llvm::divideCeil(blocks.depth, down), lanes);
    down = llvm::divideCeil(blocks.depth, each);
    emitParallelLoop(
        emitIndex(0), emitIndex(across * down), 1, [&](Value task) {
          Value number = arith::DivUIOp::create(b, task, emitIndex(down));
          Value column = arith::MulIOp::create(b, number, emitIndex(width));
          Value end = emitMinimum(emitAdd(column, width), columns);
          if (packed)
            return emitStaged(column, end, from, to);
          Value part = arith::RemUIOp::create(b, task, emitIndex(down));
          Value skipped = arith::MulIOp::create(b, part, emitIndex(each));
          Value first =
              emitMinimum(arith::AddIOp::create(b, from, skipped), to);
          emitDenseStaging(column, end, from, first,
                           emitMinimum(emitAdd(first, each), to));
        });
  }

  /// Whole panels.
  int64_t getSharedColumns() {
    return std::max(width, kSharedColumns / width * width);
  }

  void emitBlock(Value column, Value end, Value from, Value to) {
    first = column;
    emitStaged(column, end, from, to);
    auto emitAll = [&](Value row, int64_t count) {
      emitTiles(row, count, column, end, from, to);
    };
    if (!blocks.rows)
      return emitRows(emitAll);
    Value full = emitFloor(rows, tileRows);
    emitLoop(emitIndex(0), full, blocks.rows, [&](Value group) {
      Value groupEnd = emitMinimum(emitAdd(group, blocks.rows), full);
      Value base = emitBaseOfX(column);
      emitStagingOfX(group, groupEnd, from, to, base);
      emitLoop(group, groupEnd, tileRows, [&](Value row) {
        baseOfX = emitPlaceOfX(base, group, row);
        emitAll(row, tileRows);
      });
      baseOfX = Value();
    });
    emitLastRows(full, emitAll);
  }

  void emitTiles(Value row, int64_t count, Value column, Value end, Value from,
                 Value to) {
    Tile tile;
    tile.row = row;
    tile.count = count;
    tile.from = from;
    tile.to = to;
    if (!getStatic(from)) // Not the only block.
      tile.accumulates = arith::CmpIOp::create(b, arith::CmpIPredicate::ne,
                                               from, emitIndex(0));
    emitPanels(tile, column, end);
  }

  void emitStaged(Value column, Value end, Value from, Value to) {
    if (packed)
      emitDecodedStaging(
          b, op,
          {column, end, from, to, emitBase(column), width, lanes, blocks.depth},
          *packed);
    else
      emitDenseStaging(column, end, from, from, to);
  }

  /// The rows [first, last) of the block that begins with the row `from`. Some
  /// of them along all panels before the next ones, as the hardware reads
  /// ahead; a transpose panel after panel, whose lines are its columns.
  void emitDenseStaging(Value column, Value end, Value from, Value first,
                        Value last) {
    auto emitPanels = [&](Value begin, Value until) {
      emitLoop(column, end, width, [&](Value panel) {
        Value skipped = arith::MulIOp::create(
            b, arith::SubIOp::create(b, begin, from), emitIndex(width));
        Value base = arith::AddIOp::create(b, emitBase(panel), skipped);
        emitStaging(b, op, {panel, begin, until, base, width, lanes});
      });
    };
    if (op.getTransposeW())
      return emitPanels(first, last);
    emitLoop(first, last, kStagedRows, [&](Value begin) {
      emitPanels(begin, emitMinimum(emitAdd(begin, kStagedRows), last));
    });
  }

  /// Where the rows of x lie that are staged beside a block of columns.
  Value emitBaseOfX(Value column) {
    int64_t all = llvm::alignTo(*getStatic(columns), width);
    if (!isShared())
      return emitIndex(std::min(all, blocks.columns) * blocks.depth);
    Value number = arith::DivUIOp::create(b, column, emitIndex(blocks.columns));
    Value offset =
        arith::MulIOp::create(b, number, emitIndex(blocks.rows * blocks.depth));
    return emitAdd(offset, all * blocks.depth);
  }

  /// Where the tile at `row` lies in a group of them.
  Value emitPlaceOfX(Value base, Value group, Value row) {
    Value offset = arith::MulIOp::create(
        b, arith::SubIOp::create(b, row, group), emitIndex(blocks.depth));
    return arith::AddIOp::create(b, base, offset);
  }

  /// Tile after tile, of each the rows of one element after the other.
  void emitStagingOfX(Value group, Value groupEnd, Value from, Value to,
                      Value base) {
    auto type = VectorType::get({tileRows}, b.getF32Type());
    emitLoop(from, to, 1, [&](Value k) {
      Value skipped = arith::MulIOp::create(
          b, arith::SubIOp::create(b, k, from), emitIndex(tileRows));
      emitLoop(group, groupEnd, tileRows, [&](Value row) {
        Value elements =
            vector::LoadOp::create(b, type, op.getX(), ValueRange{k, row});
        Value at =
            arith::AddIOp::create(b, emitPlaceOfX(base, group, row), skipped);
        vector::StoreOp::create(b, elements, op.getScratch()[0], at);
      });
    });
  }

  /// The panels of [column, end), of which the last one may be ragged.
  void emitPanels(Tile tile, Value column, Value end) {
    bool isRagged = *getStatic(columns) % width != 0;
    Value full = isRagged ? emitLastMultiple(end) : end;
    emitLoop(column, full, width,
             [&](Value panel) { emitPanel(tile, panel, false); });
    if (isRagged)
      emitLoop(full, end, width,
               [&](Value panel) { emitPanel(tile, panel, true); });
  }

  void emitPanel(Tile tile, Value column, bool isRagged) {
    SmallVector<Panel> panels;
    for (int64_t p = 0; p < tilePanels; ++p) {
      Panel panel{emitAdd(column, p * lanes), Value(), p};
      if (isRagged)
        panel.mask = emitMask(panel.column);
      panels.push_back(panel);
    }
    tile.panels = panels;
    // The panel's first row in the block is the contraction's element `from`.
    Value skipped = arith::MulIOp::create(b, tile.from, emitIndex(width));
    Value base = arith::SubIOp::create(b, emitBase(column), skipped);
    StagedPanels weights(op, options.kernel, base, width);
    if (baseOfX)
      weights.setStagedX(tile.row, tile.from, baseOfX, tileRows);
    emitTile(weights, tile);
  }

  /// Where the panel of a column lies. Blocks that threads work on at the same
  /// time lie side by side, others at the same place.
  Value emitBase(Value column) {
    if (!isShared())
      column = arith::SubIOp::create(b, column, first);
    return arith::MulIOp::create(b, column, emitIndex(blocks.depth));
  }

  /// Blocks begin at multiples of the width, so that this one is inside.
  Value emitLastMultiple(Value end) { return emitFloor(end, width); }

  int64_t lanes, tilePanels, width;
  StagingBlocks blocks;
  /// The matrix, where it is packed: its transpose is multiplied.
  std::unique_ptr<WeightPanels> packed;
  /// First column of the current block.
  Value first;
  /// Where the current tile of x is staged; null where it is not.
  Value baseOfX;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeBlockedSchedule(ContractOp op, const ContractOptions &options) {
  return std::make_unique<BlockedSchedule>(op, options);
}
