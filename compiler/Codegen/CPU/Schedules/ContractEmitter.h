//===- ContractEmitter.h - What all schedules share -------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_SCHEDULES_CONTRACTEMITTER_H
#define DITHER_CODEGEN_CPU_SCHEDULES_CONTRACTEMITTER_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

struct ContractOptions {
  KernelOptions kernel;
  KernelAttr plan;
};

/// Loops, extents and the register tile. A schedule says in which order the
/// tiles are visited.
class ContractEmitter {
public:
  ContractEmitter(ContractOp op, const ContractOptions &options);
  virtual ~ContractEmitter() = default;
  virtual void emit() = 0;

protected:
  using Body = llvm::function_ref<void(mlir::Value)>;

  /// A register tile: `count` rows from `row` on by some panels, over the
  /// elements [from, to) of the contraction.
  struct Tile {
    mlir::Value row;
    int64_t count = 0;
    llvm::ArrayRef<Panel> panels;
    mlir::Value from, to;
    /// Whether there is a sum of what came before `from`; null says that
    /// nothing did.
    mlir::Value accumulates;
    /// Where sums wait for what comes after `to`, as `emitPlace` says; null
    /// says that they do in the result.
    mlir::Value waiting;
  };
  void emitTile(WeightPanels &weights, const Tile &tile);
  /// Stores elements of the result, made by the epilogue if there is one.
  void emitResult(mlir::Value row, Panel panel, mlir::Value product);

  /// Covers all rows by tiles: where their number is known, by as few and as
  /// equal ones as can be; else by full ones, then what is left.
  void emitRows(llvm::function_ref<void(mlir::Value row, int64_t count)> body);

  /// Rows [begin, end), of which only the last tile of all is not full.
  struct RowRange {
    mlir::Value begin, end;
  };
  /// The same for some of the rows.
  void emitRows(RowRange range,
                llvm::function_ref<void(mlir::Value row, int64_t count)> body);

  /// Visits the columns [0, end), some at a time, with all rows; or, where
  /// threads share them, with some rows if columns alone give too few tasks.
  void emitTasks(mlir::Value end, int64_t step,
                 llvm::function_ref<void(mlir::Value column, RowRange)> body);

  /// What `emitRows` does with the rows from `done` on, less than a full tile.
  void
  emitLastRows(mlir::Value done,
               llvm::function_ref<void(mlir::Value row, int64_t count)> body);

  /// for (i = from; i < to; i += step); nothing where that is known.
  void emitLoop(mlir::Value from, mlir::Value to, int64_t step, Body body);
  /// The same, shared among threads; null where there is but one iteration.
  mlir::Operation *emitParallelLoop(mlir::Value from, mlir::Value to,
                                    int64_t step, Body body);
  mlir::Value emitIndex(int64_t value);
  mlir::Value emitAdd(mlir::Value value, int64_t offset);
  mlir::Value emitExtent(mlir::Value memref, int64_t dim);
  mlir::Value emitMinimum(mlir::Value value, mlir::Value limit);
  /// The largest multiple of `step` that is not above `extent`.
  mlir::Value emitFloor(mlir::Value extent, int64_t step);
  /// The lanes from `column` on that exist.
  mlir::Value emitMask(mlir::Value column);
  mlir::VectorType getVectorType();
  /// Whether threads share the product.
  bool isShared() { return options.plan.getTasks() > 0; }
  static std::optional<int64_t> getStatic(mlir::Value value) {
    return mlir::getConstantIntValue(value);
  }

  ContractOp op;
  mlir::ImplicitLocOpBuilder b;
  ContractOptions options;
  mlir::Value rows, columns, depth;
  /// Of a full register tile.
  int64_t tileRows;

private:
  /// Into how many parts rows are cut beside so many tasks of columns.
  int64_t countRowChunks(int64_t columnTasks);
  /// Adds the products over [from, to) to the sums, one for each row and panel.
  void emitSteps(WeightPanels &weights, const Tile &tile, mlir::Value from,
                 mlir::Value to, llvm::SmallVectorImpl<mlir::Value> &sums);
  /// The same, where sums over a group share a scale.
  void emitScaledGroups(WeightPanels &weights, const Tile &tile,
                        llvm::SmallVectorImpl<mlir::Value> &sums);
  void emitScaledGroup(WeightPanels &weights, const Tile &tile, mlir::Value k,
                       llvm::MutableArrayRef<mlir::Value> sums);
  void emitStep(WeightPanels &weights, const Tile &tile, mlir::Value k,
                int64_t covered, llvm::MutableArrayRef<mlir::Value> sums);
  mlir::Value emitInitial(const Tile &tile, mlir::Value row, Panel panel);
  /// Where a sum waits, if not in the result: those of a vector of columns side
  /// by side, so that a core meets no line that another one writes.
  mlir::Value emitPlace(mlir::Value row, Panel panel);
  void emitStore(mlir::Value row, Panel panel, mlir::Value sum);

  /// Of each sum of the tile that is being emitted.
  int64_t sumParts = 1;
};

/// Tiles straight from the matrix, dense or packed, one after the other.
std::unique_ptr<ContractEmitter>
makeDirectSchedule(ContractOp op, const ContractOptions &options);

/// Blocks of a dense matrix that stay in the second cache, staged to scratch
/// memory in the order in which the tiles read them.
std::unique_ptr<ContractEmitter>
makeBlockedSchedule(ContractOp op, const ContractOptions &options);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_SCHEDULES_CONTRACTEMITTER_H
