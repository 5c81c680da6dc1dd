//===- TileWeights.h - A weight matrix as tiles take it ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_TILEWEIGHTS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_TILEWEIGHTS_H

#include "compiler/Codegen/CPU/Weights/Tiles.h"
#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

/// How the tile schedule sees a weight matrix [K, N]: as words of 32 bits, each
/// of a few elements of a column that follow each other, decoded; and as the
/// arithmetic that makes results of their sums of products with x.
class TileWeights {
public:
  virtual ~TileWeights() = default;

  /// Elements of a word.
  virtual int64_t getWordElements() const = 0;
  /// What multiplies tiles of words, see emitTileDot.
  virtual llvm::StringRef getInstruction() const = 0;

  /// Emits the words of `count` elements from `k` on, which are less than a
  /// unit (getTileUnit) only at the end of K: vectors of 16 columns.
  virtual llvm::SmallVector<mlir::Value>
  emitWords(mlir::ImplicitLocOpBuilder &b, mlir::Value k, int64_t count,
            Panel panel) = 0;

  /// Elements along K whose sum is scaled.
  virtual int64_t getScaledDepth() const = 0;
  /// Emits the scales of a panel for the elements from `k` on.
  virtual mlir::Value emitScale(mlir::ImplicitLocOpBuilder &b, mlir::Value k,
                                Panel panel) = 0;
  /// Emits what a row's sum over all elements lacks (vector of words); null if
  /// that is nothing.
  virtual mlir::Value emitStart(mlir::ImplicitLocOpBuilder &b,
                                mlir::Value row) = 0;
  /// Emits `result` and a sum of scaled elements (vector of words).
  virtual mlir::Value emitScaled(mlir::ImplicitLocOpBuilder &b, mlir::Value sum,
                                 mlir::Value scale, mlir::Value result) = 0;
  /// Emits a row's result from the sum over all scaled ones.
  virtual mlir::Value emitResult(mlir::ImplicitLocOpBuilder &b, mlir::Value row,
                                 mlir::Value sum) = 0;
};

/// Whether an op multiplies codes of x; otherwise tiles multiply bf16.
bool hasCodes(ContractOp op);

/// The tiles of an op that explainNoTiles has nothing against.
std::unique_ptr<TileWeights> makeTileWeights(ContractOp op,
                                             KernelOptions options);
/// Those of codes, and of bf16.
std::unique_ptr<TileWeights> makeIntegerTiles(ContractOp op,
                                              KernelOptions options);
std::unique_ptr<TileWeights> makeFloatTiles(ContractOp op,
                                            KernelOptions options);

/// Elements along K that are decoded at a time: whole rows of tiles, and whole
/// groups under a scale.
int64_t getTileUnit(ContractOp op);
/// The same of codes, and of bf16.
int64_t getIntegerUnit(ContractOp op);
int64_t getFloatUnit(ContractOp op);

/// The address of the words of 16 columns of a part in words, of which `column`
/// is the first: in rows of a panel, which has as many words as getPanelColumns
/// says.
mlir::Value emitWordsOfPart(mlir::ImplicitLocOpBuilder &b, mlir::Value part,
                            mlir::Value column);

/// Whether tiles read the words of a matrix where they are.
bool areWordsInMemory(ContractOp op);
/// The same of codes of 8 bits, and of bf16, of packed matrices.
bool areBytesInMemory(ContractOp op);
bool areFloatsInMemory(ContractOp op);

/// Why tiles cannot multiply what an op on buffers does; empty if they can.
std::string explainNoTiles(ContractOp op);
/// The same of codes, and of floats.
std::string explainNoIntegerTiles(ContractOp op);
std::string explainNoFloatTiles(ContractOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_TILEWEIGHTS_H
