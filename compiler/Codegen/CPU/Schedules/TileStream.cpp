//===- TileStream.cpp - Few rows by AMX tiles -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// copy rows of x that are no whole rows of tiles to scratch memory
// for each panel of 64 columns, shared among threads
//   for each unit of the contraction
//     decode the words of the unit after the next one
//     multiply the next one: sums of its groups
//     scale the sums of this one, and add them to the results
//
// What one part stores, tiles or registers load in the next iteration: a tile
// cannot be loaded from lines, nor lines from a tile, before they have come to
// the cache. So the three overlap, and memory is read all the time. Where one
// scale serves a column, sums stay in tiles, and the last part is not there.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/TileStream.h"
#include "compiler/Codegen/CPU/Schedules/TileEmitter.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <numeric>

using namespace mlir;
using namespace dither;

/// Elements of a unit at most: two of them are decoded, and wait.
static constexpr int64_t kMostUnit = 256;

bool dither::isTileStream(ContractOp op) {
  if (!op.getDense() || getRowTiles(op) != 1 || getTileUnit(op) > kMostUnit)
    return false;
  return !areWordsInMemory(op);
}

/// Bytes of the words of a unit, and of the sums of its groups.
static int64_t getWordBytes(ContractOp op) {
  return getTileUnit(op) / getTileStep(op.getX().getType()) * kWordsStep;
}
static int64_t getPartialBytes(ContractOp op) {
  int64_t group = getScaledElements(op);
  if (group == op.getDepth()) // Sums stay in tiles.
    return 0;
  return getTileUnit(op) / group * kBlockTiles * kTileBytes;
}

int64_t dither::getStreamBytes(ContractOp op) {
  return kBlockTiles * kTileBytes +
         2 * (getWordBytes(op) + getPartialBytes(op));
}

namespace {
class TileStream : public TileEmitter {
public:
  TileStream(ContractOp op, const ContractOptions &options)
      : TileEmitter(op, options), unit(getTileUnit(op)),
        group(getScaledElements(op)), full(extent / unit * unit),
        left(extent - full) {}

  void emit() override {
    emitRowsOfX();
    emitFor(columns, kTilePanelWidth, [&](Value column) { emitPanel(column); });
  }

private:
  void emitPanel(Value column) {
    sums = isShared() ? emitStack(getStreamBytes(op)) : work;
    stage = emitAddress(b, sums, emitIndex(kBlockTiles * kTileBytes));
    partial = emitAddress(b, stage, emitIndex(2 * getWordBytes(op)));
    x = emitXAddress(emitIndex(0));
    isScaledOnce ? emitSummed(column) : emitScaledGroups(column);
    emitResults(column);
  }

  /// Of two places, that of the unit that begins with `k`.
  Value emitPlace(Value base, Value k, int64_t bytes) {
    Value number = arith::DivUIOp::create(b, k, emitIndex(unit));
    Value turn = arith::RemUIOp::create(b, number, emitIndex(2));
    return emitAddress(b, base,
                       arith::MulIOp::create(b, turn, emitIndex(bytes)));
  }

  void emitWords(Value column, Value k, int64_t count) {
    emitUnit(emitPlace(stage, k, getWordBytes(op)), column, k, count);
  }

  //===- One scale for a column -------------------------------------------===//

  void emitSummed(Value column) {
    SmallVector<Value> tiles;
    for (int64_t c = 0; c < kBlockTiles; ++c)
      tiles.push_back(emitZeroTile());
    if (full > 0) {
      emitWords(column, emitIndex(0), unit);
      Value last = emitIndex(full - unit);
      auto loop =
          scf::ForOp::create(b, emitIndex(0), last, emitIndex(unit), tiles);
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(loop.getBody());
        SmallVector<Value> next(loop.getRegionIterArgs());
        emitWords(column, emitAdd(loop.getInductionVar(), unit), unit);
        emitProducts(loop.getInductionVar(), unit, next);
        scf::YieldOp::create(b, next);
      }
      tiles.assign(loop.getResults().begin(), loop.getResults().end());
      if (left > 0)
        emitWords(column, emitIndex(full), left);
      emitProducts(last, unit, tiles);
    } else {
      emitWords(column, emitIndex(0), left);
    }
    if (left > 0)
      emitProducts(emitIndex(full), left, tiles);
    for (auto [c, tile] : llvm::enumerate(tiles))
      emitTileStore(b, tile, getSumTile(sums), int64_t(c) * kTileBytes);
  }

  void emitProducts(Value k, int64_t count, MutableArrayRef<Value> tiles) {
    TileWords w = getDecodedWords(emitPlace(stage, k, getWordBytes(op)));
    Value xs = emitAfter(x, k, kTileRowBytes);
    auto steps = int64_t(llvm::divideCeil(count, step));
    for (int64_t s = 0; s < steps; ++s)
      emitDots(emitIndex(s), xs, w, tiles);
  }

  //===- Groups -----------------------------------------------------------===//

  void emitScaledGroups(Value column) {
    Value zero = emitZeroWords();
    for (int64_t c = 0; c < kBlockTiles; ++c)
      for (int64_t row = 0; row < usedRows; ++row)
        emitLineStore(b, zero, sums, c * kTileBytes + row * kTileRowBytes);
    int64_t units = llvm::divideCeil(extent, unit), first = -2;
    auto getCount = [&](int64_t number) {
      if (number < 0 || number >= units)
        return int64_t(0);
      return number * unit < full ? unit : left;
    };
    // A stage of the pipeline: a unit is scaled, the next one multiplied, and
    // the one after it decoded, if they exist.
    auto emitStage = [&](Value k, int64_t number) {
      // The parts in the order that is the fastest by a tenth: loads then meet
      // the fewest stores to the same place of another page.
      if (int64_t count = getCount(number))
        emitScaled(column, k, count);
      if (int64_t count = getCount(number + 1))
        emitGroups(emitAdd(k, unit), count);
      if (int64_t count = getCount(number + 2))
        emitWords(column, emitAdd(k, 2 * unit), count);
    };
    for (; first < 0; ++first)
      emitStage(emitIndex(first * unit), first);
    if (full > 2 * unit) {
      emitLoop(emitIndex(0), emitIndex(full - 2 * unit), unit,
               [&](Value k) { emitStage(k, 0); });
      first = full / unit - 2;
    }
    for (; first < units; ++first)
      emitStage(emitIndex(first * unit), first);
  }

  /// Where the sums of a group lie, of those of the unit at `place`.
  static int64_t getOffset(int64_t number, int64_t c) {
    return (number * kBlockTiles + c) * kTileBytes;
  }

  /// The sums of the groups of a unit. A tile of x serves all columns.
  void emitGroups(Value k, int64_t count) {
    Value w = emitPlace(stage, k, getWordBytes(op));
    Value place = emitPlace(partial, k, getPartialBytes(op));
    Value xs = emitAfter(x, k, kTileRowBytes);
    int64_t part = std::gcd(group, step), bytes = part * kTileRowBytes / step;
    for (int64_t number = 0; number < count / group; ++number) {
      SmallVector<Value> tiles;
      for (int64_t c = 0; c < kBlockTiles; ++c)
        tiles.push_back(emitZeroTile());
      for (int64_t done = 0; done < group; done += part) {
        Value at = emitIndex(number * group + done);
        Value rows = emitTileLoad(
            b, getXTile(emitInside(xs, at, kTileRowBytes, 4), bytes));
        Value words = emitInside(w, at, kWordsStep, kTileRowBytes);
        for (int64_t c = 0; c < kBlockTiles; ++c) {
          Value columns =
              emitTileLoad(b, {words, kTileRowBytes, bytes / 4, kTileRowBytes},
                           c * kTileBytes);
          tiles[c] = emitDot(tiles[c], rows, columns, bytes);
        }
      }
      for (int64_t c = 0; c < kBlockTiles; ++c)
        emitTileStore(b, tiles[c], getSumTile(place), getOffset(number, c));
    }
  }

  void emitScaled(Value column, Value k, int64_t count) {
    Value place = emitPlace(partial, k, getPartialBytes(op));
    for (int64_t c = 0; c < kBlockTiles; ++c) {
      Panel panel = getPanel(column, c);
      SmallVector<Value> scales;
      for (int64_t number = 0; number < count / group; ++number)
        scales.push_back(
            weights->emitScale(b, emitAdd(k, number * group), panel));
      for (int64_t row = 0; row < usedRows; ++row) {
        int64_t line = row * kTileRowBytes, at = c * kTileBytes + line;
        Value result = emitLineLoad(b, getVectorType(), sums, at);
        for (auto [number, scale] : llvm::enumerate(scales))
          result = weights->emitScaled(
              b,
              emitLineLoad(b, getWords(), place,
                           getOffset(int64_t(number), c) + line),
              scale, result);
        emitLineStore(b, result, sums, at);
      }
    }
  }

  //===- Results ----------------------------------------------------------===//

  void emitResults(Value column) {
    SmallVector<Value> scales = emitColumnScales(column);
    emitLoop(emitIndex(0), rows, 1, [&](Value row) {
      Value line = emitAddress(
          b, sums, arith::MulIOp::create(b, row, emitIndex(kTileRowBytes)));
      for (int64_t c = 0; c < kBlockTiles; ++c)
        emitRowResult(row, getPanel(column, c), line, c * kTileBytes,
                      scales[c]);
    });
  }

  /// Elements that are decoded at a time, and of a group; elements of whole
  /// units, and of the last one.
  int64_t unit, group, full, left;
  /// Of the panel: four tiles of sums, words of two units, sums of groups of
  /// two units, and the tiles of x.
  Value sums, stage, partial, x;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeTileStream(ContractOp op, const ContractOptions &options) {
  return std::make_unique<TileStream>(op, options);
}
