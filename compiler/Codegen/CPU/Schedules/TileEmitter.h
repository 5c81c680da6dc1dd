//===- TileEmitter.h - What schedules of AMX tiles share --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_TILEEMITTER_H
#define DITHER_CODEGEN_CPU_SCHEDULES_TILEEMITTER_H

#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"
#include "compiler/Codegen/CPU/Weights/TileWeights.h"

namespace dither {

/// Columns of a panel, and of a register.
inline constexpr int64_t kTilePanelWidth = 64, kTileLanes = 16;
/// A register block is four tiles: two by two, or one by four of few rows.
inline constexpr int64_t kBlockTiles = 4;
/// Bytes of the decoded words of a step along the contraction.
inline constexpr int64_t kWordsStep = kTilePanelWidth / kTileLanes * kTileBytes;

/// The words of a panel from an element along K on: addresses of the tiles of
/// each 16 columns, bytes from a row of them to the next one, and to those of
/// the next step along K. Decoded ones are tiles that follow each other.
struct TileWords {
  llvm::SmallVector<mlir::Value, 4> addresses;
  int64_t stride = kTileRowBytes, step = kWordsStep;
};

/// Rows of tiles of a register block.
int64_t getRowTiles(ContractOp op);
/// Elements of a row of a tile, by the type of x.
int64_t getTileStep(mlir::Type x);
/// Whether tiles read rows of x where they are, which consist of whole rows of
/// tiles; others are copied.
bool areRowsInPlace(ContractOp op);
/// Bytes from a row of x to the next one, where tiles read them.
int64_t getTileRowBytes(ContractOp op);
/// Copies of rows of x: of all, and of the last register block if it has fewer.
llvm::SmallVector<mlir::MemRefType, 2> getRowScratch(ContractOp op);

/// Rows of x as tiles read them, words, and what becomes of sums.
class TileEmitter : public ContractEmitter {
protected:
  TileEmitter(ContractOp op, const ContractOptions &options);

  /// Calls the body for [0, to), some at a time, shared among threads if they
  /// share the product.
  void emitFor(mlir::Value to, int64_t step, Body body);

  /// Memory on the stack of a thread that works on a panel.
  mlir::Value emitStack(int64_t bytes);

  //===- x ----------------------------------------------------------------===//

  /// Copies what tiles cannot read where it is.
  void emitRowsOfX();
  /// Where the rows of a register block are, from `row` on.
  mlir::Value emitXAddress(mlir::Value row);

  //===- Addresses --------------------------------------------------------===//

  /// The address that many bytes further for each step along K.
  mlir::Value emitAfter(mlir::Value address, mlir::Value k, int64_t bytes);
  /// The address of an element inside of a tile's rows: `bytes` more for each
  /// word of the step that it is in.
  mlir::Value emitInside(mlir::Value address, mlir::Value k, int64_t stepBytes,
                         int64_t bytes);
  //===- Words and products -----------------------------------------------===//

  /// Tiles of x, of which the first `bytes` of a row count, and of sums: of one
  /// row of tiles, they have no more rows than there are.
  TileMemory getXTile(mlir::Value address, int64_t bytes = kTileRowBytes) {
    return {address, rowBytes, usedRows, bytes};
  }
  TileMemory getSumTile(mlir::Value address) {
    return {address, kTileRowBytes, usedRows, kTileRowBytes};
  }
  mlir::Value emitZeroTile() { return emitTileZero(b, usedRows); }
  mlir::Value emitDot(mlir::Value sum, mlir::Value x, mlir::Value w,
                      int64_t bytes = kTileRowBytes) {
    return emitTileDot(b, weights->getInstruction(), sum, x, w, bytes,
                       usedRows);
  }

  /// 16 columns of a panel; those that do not exist are under a mask.
  Panel getPanel(mlir::Value column, int64_t number);
  /// Decoded words that begin at an address.
  TileWords getDecodedWords(mlir::Value at);
  /// The words of a panel from `k` on where they lie in memory.
  TileWords getWordsInMemory(mlir::Value column, mlir::Value k);
  /// Decodes the words of `count` elements from `k` on, a unit or what is left
  /// of it, to tiles: for each step along K, those of each 16 columns.
  void emitUnit(mlir::Value at, mlir::Value column, mlir::Value k,
                int64_t count);
  /// Adds the products of a step, by its number, to a register block, or to the
  /// sums of some of its rows of tiles.
  void emitDots(mlir::Value number, mlir::Value x, const TileWords &w,
                llvm::MutableArrayRef<mlir::Value> tiles);
  /// The scales of a panel's columns, 16 at a time; null where groups have
  /// them.
  llvm::SmallVector<mlir::Value> emitColumnScales(mlir::Value column);
  /// Makes results of a row's sums in 16 columns, and stores them. Where one
  /// scale serves all elements, the sums are integers, and `scale` is given.
  void emitRowResult(mlir::Value row, Panel panel, mlir::Value at,
                     int64_t offset, mlir::Value scale);

  mlir::VectorType getWords();
  mlir::Value emitZeroWords();

  std::unique_ptr<TileWeights> weights;
  /// Elements of a row of a tile; bytes from a row of x to the next one;
  /// elements of the contraction.
  int64_t step, rowBytes, extent;
  /// Of a register block.
  int64_t rowTiles, columnTiles, blockRows;
  /// Of each tile of x.
  int64_t usedRows = kTileRows;
  /// Whether one scale serves all elements of a column.
  bool isScaledOnce;
  /// Memory of the op for sums and words, where threads do not share it.
  mlir::Value work;

private:
  void emitCopiedBlock(mlir::Value first);
  mlir::Value emitXLine(mlir::Value row, mlir::Value k, mlir::Value mask);
  mlir::Value emitClamped(mlir::Value first, mlir::Value offset);

  /// Where the rows of x are, and those of the last block if it is copied.
  mlir::Value xBase, xLast;
};

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_TILEEMITTER_H
