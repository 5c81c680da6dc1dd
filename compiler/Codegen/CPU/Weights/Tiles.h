//===- Tiles.h - AMX tile registers -----------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile register holds 16 rows of 64 bytes. LLVM configures, assigns and
// spills them: here they are values, which loops carry like any other.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_TILES_H
#define DITHER_CODEGEN_CPU_WEIGHTS_TILES_H

#include "Dither/IR/Dither.h"

namespace dither {

inline constexpr int64_t kTileRows = 16, kTileRowBytes = 64,
                         kTileBytes = kTileRows * kTileRowBytes;

/// A tile in memory.
struct TileMemory {
  /// Of type i64.
  mlir::Value address;
  /// Bytes from one row to the next.
  int64_t stride = kTileRowBytes;
  int64_t rows = kTileRows, rowBytes = kTileRowBytes;
};

/// The address of a memref's first element.
mlir::Value emitAddress(mlir::ImplicitLocOpBuilder &b, mlir::Value memref);
/// `address` and an offset of type index, in bytes.
mlir::Value emitAddress(mlir::ImplicitLocOpBuilder &b, mlir::Value address,
                        mlir::Value bytes);

/// Whole cache lines, from an address that is a multiple of theirs.
mlir::Value emitLineLoad(mlir::ImplicitLocOpBuilder &b, mlir::VectorType type,
                         mlir::Value address, int64_t offset = 0);
void emitLineStore(mlir::ImplicitLocOpBuilder &b, mlir::Value value,
                   mlir::Value address, int64_t offset = 0);

/// Elements at any address; those under no mask are zero, and need not exist.
mlir::Value emitLoadAt(mlir::ImplicitLocOpBuilder &b, mlir::VectorType type,
                       mlir::Value address, mlir::Value mask);

mlir::Value emitTileZero(mlir::ImplicitLocOpBuilder &b,
                         int64_t rows = kTileRows);
mlir::Value emitTileLoad(mlir::ImplicitLocOpBuilder &b, TileMemory memory,
                         int64_t offset = 0);
void emitTileStore(mlir::ImplicitLocOpBuilder &b, mlir::Value tile,
                   TileMemory memory, int64_t offset = 0);

/// sum + x w by one of the dot-product instructions, such as "tdpbsud": each
/// 32 bits of the result are the sum over the words of a row of x with those
/// of a column of w. A row of x has `bytes`, a column of w as many words; x and
/// the sum have `rows`.
mlir::Value emitTileDot(mlir::ImplicitLocOpBuilder &b,
                        llvm::StringRef instruction, mlir::Value sum,
                        mlir::Value x, mlir::Value w,
                        int64_t bytes = kTileRowBytes,
                        int64_t rows = kTileRows);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_TILES_H
