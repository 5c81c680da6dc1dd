//===- DirectSchedule.cpp - Products straight from the matrix -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/ContractEmitter.h"

using namespace mlir;
using namespace dither;

namespace {
class DirectSchedule : public ContractEmitter {
public:
  DirectSchedule(ContractOp op, const ContractOptions &options)
      : ContractEmitter(op, options),
        weights(makeWeightPanels(op, options.kernel)) {}

  void emit() override {
    int64_t lanes = options.kernel.lanes, width = options.tilePanels * lanes;
    Value full = emitFloor(columns, width);
    auto emitFull = [&](Value column) {
      SmallVector<Panel> panels;
      for (int64_t p = 0; p < options.tilePanels; ++p)
        panels.push_back({emitAdd(column, p * lanes), Value(), p});
      emitPanels(panels);
    };
    if (isWorthThreads(op, options.parallelFlops))
      emitParallelLoop(emitIndex(0), full, width, emitFull);
    else
      emitLoop(emitIndex(0), full, width, emitFull);
    // The ragged edge: one masked panel after the other.
    emitLoop(full, columns, lanes, [&](Value column) {
      emitPanels(Panel{column, emitMask(column)});
    });
  }

private:
  void emitPanels(ArrayRef<Panel> panels) {
    emitRows([&](Value row, int64_t count) {
      Tile tile;
      tile.row = row;
      tile.count = count;
      tile.from = emitIndex(0);
      tile.to = depth;
      // As many sums as registers hold, whether of rows or of panels.
      size_t most = std::max<int64_t>(1, options.tileSums / count);
      for (ArrayRef<Panel> left = panels; !left.empty();
           left = left.drop_front(tile.panels.size())) {
        tile.panels = left.take_front(most);
        emitTile(*weights, tile);
      }
    });
  }

  std::unique_ptr<WeightPanels> weights;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeDirectSchedule(ContractOp op, const ContractOptions &options) {
  return std::make_unique<DirectSchedule>(op, options);
}
