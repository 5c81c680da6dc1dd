//===- BlockedSchedule.cpp - Products by blocks of the matrix -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// for each block of columns, shared among threads
//   for each block of the contraction
//     stage the block of the matrix: panels of a tile's width, row after row
//     for each tile of rows, for each panel: accumulate into the result
//
// A panel of x then stays in the first cache, the block in the second, and the
// inner loop reads nothing but consecutive memory. Partial sums wait in the
// result, so that every sum runs over the contraction in one order, whatever
// the blocks.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/ContractEmitter.h"
#include "compiler/Codegen/CPU/Staging.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

namespace {
/// A tile's columns of the staged block: [k][width] from `base` on.
class StagedPanels : public WeightPanels {
public:
  StagedPanels(ContractOp op, KernelOptions options, Value base, int64_t width)
      : WeightPanels(op, options), base(base), width(width) {}
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
};

class BlockedSchedule : public ContractEmitter {
public:
  BlockedSchedule(ContractOp op, const ContractOptions &options)
      : ContractEmitter(op, options), lanes(options.kernel.lanes),
        width(options.tilePanels * lanes), blocks(getStagingBlocks(op)),
        isShared(hasScratchForThreads(op)) {}

  void emit() override {
    auto emitBlocks = [&](Value column) {
      Value end = emitMinimum(emitAdd(column, blocks.columns), columns);
      emitLoop(emitIndex(0), depth, blocks.depth, [&](Value from) {
        Value to = emitMinimum(emitAdd(from, blocks.depth), depth);
        emitBlock(column, end, from, to);
      });
    };
    if (isShared)
      emitParallelLoop(emitIndex(0), columns, blocks.columns, emitBlocks);
    else
      emitLoop(emitIndex(0), columns, blocks.columns, emitBlocks);
  }

private:
  void emitBlock(Value column, Value end, Value from, Value to) {
    first = column;
    emitLoop(column, end, width, [&](Value panel) {
      emitStaging(b, op, {panel, from, to, emitBase(panel), width, lanes});
    });
    Value accumulates =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ne, from, emitIndex(0));
    if (getStatic(from)) // The only block.
      accumulates = Value();
    emitRows([&](Value row, int64_t count) {
      Tile tile;
      tile.row = row;
      tile.count = count;
      tile.from = from;
      tile.to = to;
      tile.accumulates = accumulates;
      emitPanels(tile, column, end);
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
    for (int64_t p = 0; p < options.tilePanels; ++p) {
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
    emitTile(weights, tile);
  }

  /// Where the panel of a column lies. Blocks that threads work on at the same
  /// time lie side by side, others at the same place.
  Value emitBase(Value column) {
    if (!isShared)
      column = arith::SubIOp::create(b, column, first);
    return arith::MulIOp::create(b, column, emitIndex(blocks.depth));
  }

  /// Blocks begin at multiples of the width, so that this one is inside.
  Value emitLastMultiple(Value end) { return emitFloor(end, width); }

  int64_t lanes, width;
  StagingBlocks blocks;
  /// Whether threads share the blocks.
  bool isShared;
  /// First column of the current block.
  Value first;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeBlockedSchedule(ContractOp op, const ContractOptions &options) {
  return std::make_unique<BlockedSchedule>(op, options);
}
