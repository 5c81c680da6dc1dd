//===- TileSchedule.cpp - Products by AMX tiles ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// copy rows of x that are no whole rows of tiles to scratch memory
// for each 256 rows and some panels of 64 columns, shared among threads
//   for each block of the contraction
//     for each of the panels
//       decode the panel's words of the block, tile after tile
//       for each 32 rows, for each half of the panel
//         2 by 2 tiles: add the products to the sums
//       (of up to 16 rows: 1 by 4 tiles)
//   make results of the sums
//
// Where one block is all of the contraction, the sums of a register block
// become results at once; and where the words of the matrix lie in memory and
// in the second cache of each core, threads share the rows in smaller parts.
//
// So decoded words of a block stay in the first cache, and the block of x in
// the second while panels take turns. Sums and decoded words are on the stack
// of the thread that works on them, and small enough for it; or in scratch
// memory, where threads do not share the product: many such products may be in
// one function.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/TileSchedule.h"
#include "compiler/Codegen/CPU/Schedules/TileEmitter.h"
#include "compiler/Codegen/CPU/Schedules/TileStream.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <numeric>

using namespace mlir;
using namespace dither;

/// Rows that meet the same words, and bytes of these at a time: decoded ones
/// stay in the first cache, which also holds the sums of groups. The fewer
/// blocks there are, the less often sums are loaded and stored.
static constexpr int64_t kMostRows = 256, kMostBytes = 32 << 10;
static constexpr int64_t kMostBytesInMemory = 512 << 10;
static constexpr int64_t kMostBytesOfGroups = 16 << 10;
/// Bytes of words that are taken to stay in the second cache, and tasks that
/// then share the rows.
static constexpr int64_t kMostBytesInCache = 1 << 20, kRowTasks = 4;
/// Groups with scales of their own that are summed side by side, in a round,
/// and rounds whose sums are kept.
static constexpr int64_t kRound = 2, kPlaces = 2;
/// Panels that take turns, as long as there are so many tasks for threads.
static constexpr int64_t kMostPanels = 4, kTasks = 8;

/// Elements of a block of the contraction: whole units, few enough that their
/// words stay in the first cache if they are decoded, or in the second one.
static int64_t getBlock(ContractOp op) {
  int64_t unit = getTileUnit(op), step = getTileStep(op.getX().getType());
  int64_t all = llvm::alignTo(op.getDepth(), unit);
  bool hasGroups = getScaledElements(op) < op.getDepth();
  int64_t bytes = areWordsInMemory(op) ? kMostBytesInMemory
                  : hasGroups          ? kMostBytesOfGroups
                                       : kMostBytes;
  int64_t most = bytes / kTilePanelWidth / (kTileRowBytes / step);
  return std::min(all, std::max(unit, most / unit * unit));
}

/// Whether sums become results as soon as a register block has them.
static bool isOneBlock(ContractOp op) { return getBlock(op) >= op.getDepth(); }

/// Whether each core's second cache holds all words, where they lie in memory.
static bool areWordsInCache(ContractOp op) {
  if (!areWordsInMemory(op))
    return false;
  auto part = cast<ShapedType>(op.getParts()[0].getType());
  return part.getNumElements() * part.getElementTypeBitWidth() / 8 <=
         kMostBytesInCache;
}

/// Rows that meet the same words at a time. Where words are in the cache,
/// threads share rows rather than columns: they have the ones that they have
/// written themselves, in the loop before.
static int64_t getMostRows(ContractOp op) {
  auto x = cast<ShapedType>(op.getX().getType());
  if (x.isDynamicDim(0))
    return kMostRows;
  int64_t block = getRowTiles(op) * kTileRows;
  int64_t all = llvm::alignTo(x.getDimSize(0), block);
  if (areWordsInCache(op))
    all = llvm::alignTo(llvm::divideCeil(all, kRowTasks), block);
  return std::min(kMostRows, all);
}

/// Panels that take turns.
static int64_t getPanels(ContractOp op) {
  auto y = cast<ShapedType>(op.getInit().getType());
  int64_t down = ShapedType::isDynamic(y.getDimSize(0))
                     ? 1
                     : llvm::divideCeil(y.getDimSize(0), getMostRows(op));
  int64_t panels = kMostPanels;
  while (panels > 1 &&
         down * llvm::divideCeil(y.getDimSize(1), panels * kTilePanelWidth) <
             kTasks)
    panels /= 2;
  return panels;
}

/// Bytes of decoded words of a block.
static int64_t getStageBytes(ContractOp op) {
  if (areWordsInMemory(op))
    return 0;
  return getBlock(op) * kTilePanelWidth *
         (kTileRowBytes / getTileStep(op.getX().getType()));
}

/// Bytes of the sums of a panel, and panels that have some.
static int64_t getSumBytes(ContractOp op) {
  int64_t rows = isOneBlock(op) ? getRowTiles(op) * kTileRows : getMostRows(op);
  return rows * kTilePanelWidth * 4;
}
static int64_t getSummedPanels(ContractOp op) {
  return isOneBlock(op) ? 1 : getPanels(op);
}

/// Bytes of all sums, of those of groups, and of decoded words.
static int64_t getWorkBytes(ContractOp op) {
  return getSummedPanels(op) * getSumBytes(op) + kPlaces * kRound * kTileBytes +
         getStageBytes(op);
}

SmallVector<MemRefType> dither::getTileScratch(ContractOp op) {
  SmallVector<MemRefType> types(getRowScratch(op));
  if (op.getPlan().getTasks() == 0) {
    int64_t bytes = isTileStream(op) ? getStreamBytes(op) : getWorkBytes(op);
    types.push_back(
        MemRefType::get({1, bytes}, IntegerType::get(op.getContext(), 8)));
  }
  return types;
}

namespace {
class TileSchedule : public TileEmitter {
public:
  TileSchedule(ContractOp op, const ContractOptions &options)
      : TileEmitter(op, options) {
    block = getBlock(op);
    // A divisor of the groups of each block, of which the last one may be less.
    int64_t group = std::max<int64_t>(1, weights->getScaledDepth());
    round = std::gcd(std::gcd(kRound, block / group), extent / group);
    mostRows = getMostRows(op);
    panels = getPanels(op);
    sumBytes = getSumBytes(op);
  }

  void emit() override {
    emitRowsOfX();
    int64_t width = panels * kTilePanelWidth;
    int64_t across = llvm::divideCeil(*getStatic(columns), width);
    std::optional<int64_t> known = getStatic(rows);
    // Threads share blocks of rows, too, if their number is known.
    int64_t down = known ? llvm::divideCeil(*known, mostRows) : 1;
    emitFor(emitIndex(down * across), 1, [&](Value task) {
      Value number = arith::RemUIOp::create(b, task, emitIndex(across));
      Value column = arith::MulIOp::create(b, number, emitIndex(width));
      if (!known)
        return emitLoop(emitIndex(0), rows, mostRows,
                        [&](Value row) { emitTask(row, column); });
      number = arith::DivUIOp::create(b, task, emitIndex(across));
      emitTask(arith::MulIOp::create(b, number, emitIndex(mostRows)), column);
    });
  }

private:
  //===- Panels -----------------------------------------------------------===//

  /// The products of `mostRows` rows with some panels.
  void emitTask(Value first, Value column) {
    work = isShared() ? emitStack(getWorkBytes(op)) : work;
    partial = emitAddress(b, work, emitIndex(getSummedPanels(op) * sumBytes));
    Value stage =
        emitAddress(b, partial, emitIndex(kPlaces * kRound * kTileBytes));
    Value end = emitMinimum(emitAdd(first, mostRows), rows);
    Value right =
        emitMinimum(emitAdd(column, panels * kTilePanelWidth), columns);
    auto emitPanels = [&](Body body) {
      emitLoop(column, right, kTilePanelWidth, [&](Value panel) {
        Value before = arith::SubIOp::create(b, panel, column);
        sums =
            emitAddress(b, work,
                        arith::MulIOp::create(
                            b, before, emitIndex(sumBytes / kTilePanelWidth)));
        body(panel);
      });
    };
    if (isOneBlock(op)) {
      sums = work;
      return emitLoop(column, right, kTilePanelWidth, [&](Value panel) {
        TileWords w = emitWeights(stage, panel, emitIndex(0), depth);
        emitRegisterBlocks(first, end, [&](Value row, int64_t used) {
          emitProducts(row, row, panel, emitIndex(0), depth, w, used);
          emitResults(row, emitMinimum(emitAdd(row, used * kTileRows), end),
                      panel);
        });
      });
    }
    auto emitBlock = [&](Value from) {
      Value to = emitMinimum(emitAdd(from, block), depth);
      emitPanels([&](Value panel) {
        TileWords w = emitWeights(stage, panel, from, to);
        emitRegisterBlocks(first, end, [&](Value row, int64_t used) {
          emitProducts(first, row, panel, from, to, w, used);
        });
      });
    };
    hasSums = false;
    emitBlock(emitIndex(0));
    hasSums = true;
    emitLoop(emitIndex(block), depth, block, emitBlock);
    emitPanels([&](Value panel) { emitResults(first, end, panel); });
  }

  /// The words of [from, to), decoded if they do not lie in memory.
  TileWords emitWeights(Value stage, Value column, Value from, Value to) {
    if (areWordsInMemory(op))
      return getWordsInMemory(column, from);
    emitDecoded(stage, column, from, to);
    return getDecodedWords(stage);
  }

  /// Decodes the words of [from, to) to tiles.
  void emitDecoded(Value stage, Value column, Value from, Value to) {
    int64_t unit = getTileUnit(op), left = extent % unit;
    auto emit = [&](Value k, int64_t count) {
      Value done = arith::SubIOp::create(b, k, from);
      emitUnit(emitAfter(stage, done, kWordsStep), column, k, count);
    };
    Value full = left == 0 ? to : emitMinimum(to, emitIndex(extent - left));
    emitLoop(from, full, unit, [&](Value k) { emit(k, unit); });
    if (left != 0)
      emitLoop(full, to, unit, [&](Value k) { emit(k, left); });
  }

  //===- Products ---------------------------------------------------------===//

  /// Calls the body for the rows of register blocks of [first, end), and the
  /// rows of tiles that they use.
  void emitRegisterBlocks(Value first, Value end,
                          function_ref<void(Value, int64_t)> body) {
    if (rowTiles == 1)
      return emitLoop(first, end, blockRows, [&](Value row) { body(row, 1); });
    Value half = emitHalfBlock();
    emitLoop(first, emitMinimum(end, half), blockRows,
             [&](Value row) { body(row, 2); });
    emitLoop(half, end, blockRows, [&](Value row) { body(row, 1); });
  }

  /// Adds the products of a register block's rows from `row` on to their sums,
  /// which are among those of the rows from `first` on.
  void emitProducts(Value first, Value row, Value column, Value from, Value to,
                    const TileWords &w, int64_t used) {
    Value x = emitAfter(emitXAddress(row), from, kTileRowBytes);
    for (int64_t place = 0; place < rowTiles; ++place) {
      int64_t c = place * columnTiles;
      TileWords part = w;
      part.addresses.assign(ArrayRef(w.addresses).slice(c, columnTiles));
      Value at = emitSumsAddress(first, row, place);
      if (isScaledOnce)
        emitSums(at, x, part, arith::SubIOp::create(b, to, from), used);
      else
        emitGroups(emitAdd(column, c * kTileLanes), from, to, at, x, part,
                   used);
    }
  }

  /// The first row of the last block if one row of tiles is enough for it, or
  /// that behind all.
  Value emitHalfBlock() {
    Value rest = arith::RemUIOp::create(b, rows, emitIndex(blockRows));
    Value isHalf = arith::CmpIOp::create(b, arith::CmpIPredicate::ule, rest,
                                         emitIndex(kTileRows));
    return arith::SelectOp::create(b, isHalf,
                                   arith::SubIOp::create(b, rows, rest), rows);
  }

  /// Adds the products of `count` elements to the sums at `at`, if there are
  /// any, of `used` rows of tiles.
  void emitSums(Value at, Value x, const TileWords &w, Value count,
                int64_t used) {
    SmallVector<Value> tiles;
    for (int64_t i = 0; i < used * columnTiles; ++i)
      tiles.push_back(hasSums ? emitTileLoad(b, getSumTile(at), i * kTileBytes)
                              : emitZeroTile());
    Value steps = arith::CeilDivUIOp::create(b, count, emitIndex(step));
    auto loop = scf::ForOp::create(b, emitIndex(0), steps, emitIndex(1), tiles);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> next(loop.getRegionIterArgs());
      emitDots(loop.getInductionVar(), x, w, next);
      scf::YieldOp::create(b, next);
    }
    for (auto [i, tile] : llvm::enumerate(loop.getResults()))
      emitTileStore(b, tile, getSumTile(at), int64_t(i) * kTileBytes);
  }

  /// The groups of [from, to), some at a time, of a tile of x and one of the
  /// matrix, whose scaled sums are at `at`.
  struct Rounds {
    Value from, to, x, w;
    Panel panel;
    Value at;
  };

  /// The products of each group of [from, to), scaled and added to the sums at
  /// `at`, which registers hold meanwhile: those of one tile at a time.
  void emitGroups(Value column, Value from, Value to, Value at, Value x,
                  const TileWords &w, int64_t used) {
    for (int64_t r = 0; r < used; ++r)
      for (int64_t c = 0; c < columnTiles; ++c)
        emitRounds(
            {from, to, emitAddress(b, x, emitIndex(r * kTileRows * rowBytes)),
             w.addresses[c], getPanel(column, c),
             emitAddress(b, at,
                         emitIndex((r * columnTiles + c) * kTileBytes))});
  }

  /// Each round is summed an iteration before it is scaled: what a tile has
  /// stored can be loaded when it has come to the cache, and not before.
  void emitRounds(const Rounds &rounds) {
    emitSumsOfRound(rounds, rounds.from);
    SmallVector<Value> results;
    for (int64_t i = 0; i < usedRows; ++i)
      results.push_back(
          hasSums
              ? emitLineLoad(b, getVectorType(), rounds.at, i * kTileRowBytes)
              : arith::ConstantOp::create(b, b.getZeroAttr(getVectorType())));
    int64_t length = round * weights->getScaledDepth();
    Value last = arith::SubIOp::create(b, rounds.to, emitIndex(length));
    auto loop =
        scf::ForOp::create(b, rounds.from, last, emitIndex(length), results);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> sums(loop.getRegionIterArgs());
      emitScaledRound(rounds, loop.getInductionVar(), sums);
      emitSumsOfRound(rounds, emitAdd(loop.getInductionVar(), length));
      scf::YieldOp::create(b, sums);
    }
    results.assign(loop.getResults().begin(), loop.getResults().end());
    emitScaledRound(rounds, last, results);
    for (int64_t i = 0; i < usedRows; ++i)
      emitLineStore(b, results[i], rounds.at, i * kTileRowBytes);
  }

  /// Where the sums of the round lie that begins with `k`: rounds take turns.
  Value emitPlaceOfRound(const Rounds &rounds, Value k) {
    Value number =
        arith::DivUIOp::create(b, arith::SubIOp::create(b, k, rounds.from),
                               emitIndex(round * weights->getScaledDepth()));
    Value turn = arith::RemUIOp::create(b, number, emitIndex(kPlaces));
    return emitAddress(
        b, partial,
        arith::MulIOp::create(b, turn, emitIndex(round * kTileBytes)));
  }

  /// The products of the groups side by side: a tile register that is loaded
  /// again waits for who has read it before.
  void emitSumsOfRound(const Rounds &rounds, Value k) {
    int64_t group = weights->getScaledDepth(), part = std::gcd(group, step);
    int64_t bytes = part * kTileRowBytes / step;
    SmallVector<Value> tiles;
    for (int64_t i = 0; i < round; ++i)
      tiles.push_back(emitZeroTile());
    for (int64_t done = 0; done < group; done += part) {
      SmallVector<std::pair<Value, Value>> factors;
      for (int64_t i = 0; i < round; ++i) {
        Value at =
            arith::SubIOp::create(b, emitAdd(k, i * group + done), rounds.from);
        TileMemory rows =
            getXTile(emitInside(rounds.x, at, kTileRowBytes, 4), bytes);
        TileMemory columns{emitInside(rounds.w, at, kWordsStep, kTileRowBytes),
                           kTileRowBytes, bytes / 4, kTileRowBytes};
        factors.emplace_back(emitTileLoad(b, rows), emitTileLoad(b, columns));
      }
      for (auto [tile, factor] : llvm::zip(tiles, factors))
        tile = emitDot(tile, factor.first, factor.second, bytes);
    }
    Value place = emitPlaceOfRound(rounds, k);
    for (auto [i, tile] : llvm::enumerate(tiles))
      emitTileStore(b, tile, getSumTile(place), int64_t(i) * kTileBytes);
  }

  void emitScaledRound(const Rounds &rounds, Value k,
                       MutableArrayRef<Value> results) {
    Value place = emitPlaceOfRound(rounds, k);
    for (int64_t i = 0; i < round; ++i) {
      Value scale = weights->emitScale(
          b, emitAdd(k, i * weights->getScaledDepth()), rounds.panel);
      for (auto [row, result] : llvm::enumerate(results)) {
        int64_t offset = i * kTileBytes + int64_t(row) * kTileRowBytes;
        result = weights->emitScaled(
            b, emitLineLoad(b, getWords(), place, offset), scale, result);
      }
    }
  }

  //===- Sums -------------------------------------------------------------===//

  /// Of a register block, bytes to row `r` of its first column of tiles.
  Value emitLineOffset(Value r) {
    Value rows = emitIndex(kTileRows);
    Value tile = arith::DivUIOp::create(b, r, rows);
    Value line = arith::RemUIOp::create(b, r, rows);
    return arith::AddIOp::create(
        b, arith::MulIOp::create(b, tile, emitIndex(columnTiles * kTileBytes)),
        arith::MulIOp::create(b, line, emitIndex(kTileRowBytes)));
  }

  /// Of the block of rows that begins with `first`, the sums of a register
  /// block: those with `row`, at a place among the columns.
  Value emitSumsAddress(Value first, Value row, int64_t place) {
    Value blocks = arith::DivUIOp::create(
        b, arith::SubIOp::create(b, row, first), emitIndex(blockRows));
    int64_t perBlock = blockRows * kTilePanelWidth * 4;
    Value bytes = arith::MulIOp::create(b, blocks, emitIndex(perBlock));
    return emitAddress(b, sums,
                       emitAdd(bytes, place * kBlockTiles * kTileBytes));
  }

  void emitResults(Value first, Value end, Value column) {
    SmallVector<Value> scales = emitColumnScales(column);
    emitLoop(first, end, 1, [&](Value row) {
      Value inside = arith::RemUIOp::create(
          b, arith::SubIOp::create(b, row, first), emitIndex(blockRows));
      Value line = emitLineOffset(inside);
      for (int64_t v = 0; v < kTilePanelWidth / kTileLanes; ++v) {
        Value at =
            emitAddress(b, emitSumsAddress(first, row, v / columnTiles), line);
        emitRowResult(row, getPanel(column, v), at,
                      v % columnTiles * kTileBytes, scales[v]);
      }
    });
  }

  /// Elements of a block of the contraction, and whether the block for which
  /// code is made comes after another one, whose sums are there.
  int64_t block;
  bool hasSums = false;
  /// Groups that are summed before they are scaled.
  int64_t round;
  /// The rows that have sums at a time.
  int64_t mostRows;
  /// That take turns, and the bytes of the sums of each.
  int64_t panels, sumBytes;
  /// The sums of a panel, and behind those of all panels the ones of rounds.
  Value sums, partial;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeTileSchedule(ContractOp op, const ContractOptions &options) {
  if (isTileStream(op))
    return makeTileStream(op, options);
  return std::make_unique<TileSchedule>(op, options);
}
