//===- SharedLayouts.h - Tiles in shared memory -----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layouts (offset) -> (row, column) of a tile, offsets counting elements, and
// what follows from them for accesses by (register, lane, warp).
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TILE_LAYOUT_SHAREDLAYOUTS_H
#define DITHER_TILE_LAYOUT_SHAREDLAYOUTS_H

#include "Tile/Layout/LinearLayout.h"
#include <tuple>

namespace dither::tile {

/// Which elements of a tile are consecutive: those of a row, or of a column.
enum class Order { RowMajor, ColumnMajor };

/// The `bits` bits of a byte address from bit `source` on are added, by
/// exclusive or, to those from bit `target` on. Bits from 4 on say which chunk
/// of 16 bytes it is; bits 2 to 6 which bank.
struct Swizzle {
  unsigned bits = 0, target = 4, source = 7;

  bool operator==(const Swizzle &other) const {
    return bits == other.bits && target == other.target &&
           source == other.source;
  }
};

/// That of TMA and wgmma for rows of 32, 64 or 128 bytes; none for 0.
llvm::FailureOr<Swizzle> getTmaSwizzle(unsigned modeBytes, std::string &reason);
/// The one with which the fewest accesses conflict: 16 bytes a lane along rows,
/// and ldmatrix of any eight consecutive rows, do not. (Rows are columns if
/// these are consecutive.) For rows of up to 128 bytes, it is TMA's.
llvm::FailureOr<Swizzle> chooseSwizzle(uint64_t rows, uint64_t columns,
                                       unsigned elementBytes, Order order,
                                       std::string &reason);

/// One row after the other, then swizzled.
llvm::FailureOr<LinearLayout> getSharedLayout(uint64_t rows, uint64_t columns,
                                              unsigned elementBytes,
                                              const Swizzle &swizzle,
                                              Order order, std::string &reason);
/// As TMA writes it and wgmma reads it: panels whose rows have `modeBytes`
/// bytes, one after the other, each with the swizzle of this mode.
llvm::FailureOr<LinearLayout> getTmaLayout(uint64_t rows, uint64_t columns,
                                           unsigned elementBytes,
                                           unsigned modeBytes, Order order,
                                           std::string &reason);

/// What one instruction of a warp takes of shared memory.
struct SharedTraffic {
  /// Each reads or writes every bank once at most.
  unsigned transactions;
  /// The least for accesses of this width: 1, 2 for 8 bytes, 4 for 16.
  unsigned least;

  unsigned getConflicts() const { return transactions - least; }
};

/// Counts what it takes to move a tile between registers and shared memory, by
/// `vectorElements` at once. It is the same for all instructions of all warps,
/// since they differ by an exclusive or with a constant, which permutes banks.
/// Accesses of 8 bytes are served by half a warp at a time, of 16 by a quarter;
/// lanes that meet in one word of a bank share it.
llvm::FailureOr<SharedTraffic> countBankConflicts(const LinearLayout &registers,
                                                  const LinearLayout &shared,
                                                  unsigned elementBytes,
                                                  unsigned vectorElements,
                                                  std::string &reason);

/// How ldmatrix or stmatrix moves a tile.
struct MatrixAccess {
  /// The instruction has `.trans`.
  bool transposed;
  /// How many matrices at once: 1, 2 or 4. They are consecutive registers.
  unsigned count;
  /// (lane, register, ...) -> offset. `lane` says where the row is whose
  /// address that lane gives; `register` counts instructions.
  LinearLayout addresses;
};
/// Fails with the reason why loads of single lanes have to do it.
llvm::FailureOr<MatrixAccess> matchMatrixAccess(const LinearLayout &registers,
                                                const LinearLayout &shared,
                                                unsigned elementBytes,
                                                std::string &reason);
/// Counts for one instruction; each of its matrices is a transaction at least.
SharedTraffic countBankConflicts(const MatrixAccess &access,
                                 unsigned elementBytes);

/// What it takes a warp to move all of a tile.
struct SharedCost {
  unsigned transactions, instructions;

  bool operator<(const SharedCost &other) const {
    return std::tie(transactions, instructions) <
           std::tie(other.transactions, other.instructions);
  }
};
/// By ldmatrix or stmatrix where they can, otherwise by the widest vectors.
llvm::FailureOr<SharedCost> getSharedCost(const LinearLayout &registers,
                                          const LinearLayout &shared,
                                          unsigned elementBytes,
                                          std::string &reason);
/// The cheapest swizzle for a tile that is written and read by these layouts:
/// list all, since it may cut what is not listed. Of equal ones, it is that
/// without accesses, if that is among them.
llvm::FailureOr<Swizzle> chooseSwizzle(uint64_t rows, uint64_t columns,
                                       unsigned elementBytes, Order order,
                                       llvm::ArrayRef<LinearLayout> accesses,
                                       std::string &reason);

} // namespace dither::tile

#endif // DITHER_TILE_LAYOUT_SHAREDLAYOUTS_H
