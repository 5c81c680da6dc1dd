//===- DirectSchedule.cpp - Products straight from the matrix -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/ContractEmitter.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace dither;

namespace {
class DirectSchedule : public ContractEmitter {
public:
  DirectSchedule(ContractOp op, const ContractOptions &options)
      : ContractEmitter(op, options),
        weights(makeWeightPanels(op, options.kernel)) {}

  void emit() override {
    int64_t lanes = options.kernel.lanes, width = options.directPanels * lanes;
    Value full = emitFloor(columns, width);
    auto emitFull = [&](Value column) {
      emitRows([&](Value row, int64_t count) {
        int64_t step = std::min(width, getMostPanels(count) * lanes);
        auto emitPart = [&](Value from) {
          emitPanels(row, count, getPanels(from, step));
        };
        if (step == width)
          emitPart(column);
        else
          emitLoop(column, emitAdd(column, width), step, emitPart);
      });
    };
    if (isWorthThreads(op, options.parallelFlops))
      emitParallelLoop(emitIndex(0), full, width, emitFull);
    else
      emitLoop(emitIndex(0), full, width, emitFull);
    // The ragged edge, together where it is known.
    if (std::optional<int64_t> known = getStatic(columns))
      return emitRagged(getPanels(full, *known % width));
    emitLoop(full, columns, lanes, [&](Value column) {
      emitRagged(Panel{column, emitMask(column)});
    });
  }

private:
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
  /// of two, which divides the panels of a column tile.
  int64_t getMostPanels(int64_t rows) {
    auto most = uint64_t(std::max<int64_t>(1, options.directSums / rows));
    return int64_t(llvm::bit_floor(most));
  }

  void emitRagged(ArrayRef<Panel> panels) {
    emitRows([&](Value row, int64_t count) {
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
    tile.from = emitIndex(0);
    std::optional<int64_t> covered = weights->getDepth();
    tile.to = covered ? emitIndex(*covered) : depth;
    emitTile(*weights, tile);
  }

  std::unique_ptr<WeightPanels> weights;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeDirectSchedule(ContractOp op, const ContractOptions &options) {
  return std::make_unique<DirectSchedule>(op, options);
}
