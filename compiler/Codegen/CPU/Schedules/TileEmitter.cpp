//===- TileEmitter.cpp - What schedules of AMX tiles share ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/TileEmitter.h"
#include "Dither/Ops/Representation/Layout.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// Bytes of copied rows that are not worth the start of threads.
static constexpr int64_t kFewBytes = 64 << 10;

int64_t dither::getRowTiles(ContractOp op) {
  int64_t rows = cast<ShapedType>(op.getX().getType()).getDimSize(0);
  return !ShapedType::isDynamic(rows) && rows <= kTileRows ? 1 : 2;
}

int64_t dither::getTileStep(Type x) {
  return kTileRowBytes * 8 / getElementTypeOrSelf(x).getIntOrFloatBitWidth();
}

bool dither::areRowsInPlace(ContractOp op) {
  auto x = cast<ShapedType>(op.getX().getType());
  return x.getDimSize(1) % getTileStep(x) == 0;
}

int64_t dither::getTileRowBytes(ContractOp op) {
  auto x = cast<ShapedType>(op.getX().getType());
  int64_t bytes =
      llvm::divideCeil(x.getDimSize(1), getTileStep(x)) * kTileRowBytes;
  // Rows of copies are not multiples of a page apart, so that the first cache
  // holds more than a few of them.
  return areRowsInPlace(op) ? bytes : bytes | kTileRowBytes;
}

SmallVector<MemRefType, 2> dither::getRowScratch(ContractOp op) {
  int64_t rows = cast<ShapedType>(op.getX().getType()).getDimSize(0);
  int64_t block = getRowTiles(op) * kTileRows;
  auto make = [&](int64_t count) {
    return MemRefType::get({count, getTileRowBytes(op)},
                           IntegerType::get(op.getContext(), 8));
  };
  bool isKnown = !ShapedType::isDynamic(rows);
  SmallVector<MemRefType, 2> types;
  if (!areRowsInPlace(op))
    types.push_back(make(isKnown ? llvm::alignTo(rows, block) : rows));
  // Tiles of few rows have as many as there are; half of a block has a row of
  // tiles less.
  bool isWhole = isKnown && (rows % kTileRows == 0 || rows <= kTileRows);
  if (!isKnown || (areRowsInPlace(op) && !isWhole))
    types.push_back(make(block));
  return types;
}

TileEmitter::TileEmitter(ContractOp op, const ContractOptions &options)
    : ContractEmitter(op, options),
      weights(makeTileWeights(op, options.kernel)),
      step(getTileStep(op.getX().getType())), rowBytes(getTileRowBytes(op)),
      extent(*getStatic(depth)), rowTiles(getRowTiles(op)),
      columnTiles(kBlockTiles / rowTiles), blockRows(rowTiles * kTileRows) {
  isScaledOnce = weights->getScaledDepth() == extent;
  if (rowTiles == 1)
    usedRows = std::max<int64_t>(1, *getStatic(rows));
  size_t copies = getRowScratch(op).size();
  auto scratch = op.getScratch();
  if (!isShared())
    work = emitAddress(b, scratch[copies]);
  scratch = scratch.take_front(copies);
  if (areRowsInPlace(op)) {
    xBase = emitAddress(b, op.getX());
  } else {
    xBase = emitAddress(b, scratch.front());
    scratch = scratch.drop_front();
  }
  if (!scratch.empty())
    xLast = emitAddress(b, scratch.front());
}

void TileEmitter::emitFor(Value to, int64_t step, Body body) {
  isShared() ? void(emitParallelLoop(emitIndex(0), to, step, body))
             : emitLoop(emitIndex(0), to, step, body);
}

Value TileEmitter::emitStack(int64_t bytes) {
  auto type = MemRefType::get({bytes}, b.getI8Type());
  return emitAddress(
      b, memref::AllocaOp::create(b, type, b.getI64IntegerAttr(kTileRowBytes)));
}

//===- x ------------------------------------------------------------------===//

Value TileEmitter::emitXAddress(Value row) {
  Value bytes = arith::MulIOp::create(b, row, emitIndex(rowBytes));
  Value address = emitAddress(b, xBase, bytes);
  if (!xLast)
    return address;
  Value isWhole = arith::CmpIOp::create(b, arith::CmpIPredicate::ule,
                                        emitAdd(row, blockRows), rows);
  return arith::SelectOp::create(b, isWhole, address, xLast);
}

void TileEmitter::emitRowsOfX() {
  if (!areRowsInPlace(op)) {
    auto emitBlock = [&](Value row) { emitCopiedBlock(row); };
    std::optional<int64_t> count = getStatic(rows);
    return count && *count * rowBytes <= kFewBytes
               ? emitLoop(emitIndex(0), rows, blockRows, emitBlock)
               : emitFor(rows, blockRows, emitBlock);
  }
  if (!xLast)
    return;
  Value inside = arith::RemUIOp::create(b, rows, emitIndex(blockRows));
  emitLoop(arith::SubIOp::create(b, rows, inside), rows, blockRows,
           [&](Value row) { emitCopiedBlock(row); });
}

/// Copies the rows of a register block, from `first` on. Rows that do not exist
/// are the last one again: their results go nowhere.
void TileEmitter::emitCopiedBlock(Value first) {
  Value tiles = emitXAddress(first);
  emitLoop(emitIndex(0), emitIndex(blockRows), 1, [&](Value r) {
    Value row = emitClamped(first, r);
    Value at =
        emitAddress(b, tiles, arith::MulIOp::create(b, r, emitIndex(rowBytes)));
    int64_t full = extent / step * step;
    emitLoop(emitIndex(0), emitIndex(full), step, [&](Value k) {
      emitLineStore(b, emitXLine(row, k, Value()),
                    emitAfter(at, k, kTileRowBytes));
    });
    if (full == extent)
      return;
    auto type = VectorType::get({step}, b.getI1Type());
    Value mask =
        vector::CreateMaskOp::create(b, type, emitIndex(extent - full));
    emitLineStore(b, emitXLine(row, emitIndex(full), mask),
                  emitAfter(at, emitIndex(full), kTileRowBytes));
  });
}

Value TileEmitter::emitXLine(Value row, Value k, Value mask) {
  int64_t bytes = kTileRowBytes / step;
  Value element = arith::AddIOp::create(
      b, arith::MulIOp::create(b, row, emitIndex(extent)), k);
  Value address =
      emitAddress(b, emitAddress(b, op.getX()),
                  arith::MulIOp::create(b, element, emitIndex(bytes)));
  Type integer = b.getIntegerType(8 * bytes);
  return emitLoadAt(b, VectorType::get({step}, integer), address, mask);
}

Value TileEmitter::emitClamped(Value first, Value offset) {
  Value row = arith::AddIOp::create(b, first, offset);
  Value last = arith::SubIOp::create(b, rows, emitIndex(1));
  return arith::MinUIOp::create(b, row, last);
}

Value TileEmitter::emitAfter(Value address, Value k, int64_t bytes) {
  Value steps = arith::DivUIOp::create(b, k, emitIndex(step));
  return emitAddress(b, address,
                     arith::MulIOp::create(b, steps, emitIndex(bytes)));
}

Value TileEmitter::emitInside(Value address, Value k, int64_t stepBytes,
                              int64_t bytes) {
  address = emitAfter(address, k, stepBytes);
  Value inside = arith::RemUIOp::create(b, k, emitIndex(step));
  Value words =
      arith::DivUIOp::create(b, inside, emitIndex(weights->getWordElements()));
  return emitAddress(b, address,
                     arith::MulIOp::create(b, words, emitIndex(bytes)));
}

//===- Words and products -------------------------------------------------===//

Panel TileEmitter::getPanel(Value column, int64_t number) {
  Panel panel{emitAdd(column, number * kTileLanes), Value(), number};
  if (*getStatic(columns) % kTilePanelWidth != 0)
    panel.mask = emitMask(panel.column);
  return panel;
}

TileWords TileEmitter::getDecodedWords(Value at) {
  TileWords words;
  for (int64_t v = 0; v < kTilePanelWidth / kTileLanes; ++v)
    words.addresses.push_back(emitAddress(b, at, emitIndex(v * kTileBytes)));
  return words;
}

TileWords TileEmitter::getWordsInMemory(Value column, Value k) {
  auto part = cast<MemRefType>(op.getParts()[0].getType());
  int64_t width = getPanelColumns(part, /*words=*/true);
  TileWords words{{}, 4 * width, kTileRows * 4 * width};
  for (int64_t v = 0; v < kTilePanelWidth / kTileLanes; ++v) {
    Value first = emitAdd(column, v * kTileLanes);
    // Of columns that do not exist, others serve: their results go nowhere.
    if (part.getDimSize(1) % kTilePanelWidth != 0)
      first = emitMinimum(first, emitIndex(part.getDimSize(1) - kTileLanes));
    words.addresses.push_back(
        emitAfter(emitWordsOfPart(b, op.getParts()[0], first), k, words.step));
  }
  return words;
}

void TileEmitter::emitUnit(Value at, Value column, Value k, int64_t count) {
  int64_t unit = getTileUnit(op);
  for (int64_t v = 0; v < kTilePanelWidth / kTileLanes; ++v) {
    SmallVector<Value> words =
        weights->emitWords(b, k, count, getPanel(column, v));
    // What x has no elements for must not be a NaN.
    words.resize(unit / weights->getWordElements(), emitZeroWords());
    for (auto [i, word] : llvm::enumerate(words))
      emitLineStore(b, word, at,
                    int64_t(i) / kTileRows * kWordsStep + v * kTileBytes +
                        int64_t(i) % kTileRows * kTileRowBytes);
  }
}

void TileEmitter::emitDots(Value number, Value x, const TileWords &w,
                           MutableArrayRef<Value> tiles) {
  auto at = [&](Value base, int64_t bytes) {
    return emitAddress(b, base,
                       arith::MulIOp::create(b, number, emitIndex(bytes)));
  };
  TileMemory xs = getXTile(at(x, kTileRowBytes));
  int64_t rows = int64_t(tiles.size()) / columnTiles;
  SmallVector<Value, 2> left;
  for (int64_t r = 0; r < rows; ++r)
    left.push_back(emitTileLoad(b, xs, r * kTileRows * rowBytes));
  // Two before their products: a register that is loaded again waits for those
  // that have read it before.
  for (int64_t c = 0; c < columnTiles; c += 2) {
    SmallVector<Value, 2> right;
    for (int64_t i = c; i < c + 2; ++i)
      right.push_back(emitTileLoad(b, {at(w.addresses[i], w.step), w.stride}));
    for (int64_t i = 0; i < 2; ++i)
      for (int64_t r = 0; r < rows; ++r) {
        Value &sum = tiles[r * columnTiles + c + i];
        sum = emitDot(sum, left[r], right[i]);
      }
  }
}

SmallVector<Value> TileEmitter::emitColumnScales(Value column) {
  SmallVector<Value> scales(kTilePanelWidth / kTileLanes);
  if (isScaledOnce)
    for (auto [v, scale] : llvm::enumerate(scales))
      scale = weights->emitScale(b, emitIndex(0), getPanel(column, int64_t(v)));
  return scales;
}

void TileEmitter::emitRowResult(Value row, Panel panel, Value at,
                                int64_t offset, Value scale) {
  Value result;
  if (isScaledOnce) {
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(getVectorType()));
    Value sum = emitLineLoad(b, getWords(), at, offset);
    if (Value start = weights->emitStart(b, row))
      sum = arith::AddIOp::create(b, sum, start);
    result = weights->emitScaled(b, sum, scale, zero);
  } else {
    result = emitLineLoad(b, getVectorType(), at, offset);
  }
  emitResult(row, panel, weights->emitResult(b, row, result));
}

VectorType TileEmitter::getWords() {
  return VectorType::get({kTileLanes}, b.getI32Type());
}

Value TileEmitter::emitZeroWords() {
  return arith::ConstantOp::create(b, b.getZeroAttr(getWords()));
}
