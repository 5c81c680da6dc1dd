//===- Staging.cpp - A dense matrix in the order of its kernel ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Staging.h"
#include "compiler/Codegen/CPU/PackedFields.h"
#include "compiler/Codegen/CPU/WeightPanels.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// A block is half of a second cache of 512 KiB, and a panel of x of that depth
/// half of a first one.
static constexpr int64_t kColumns = 128, kDepth = 512;
/// Of each element of the contraction, a transposed x has these rows side by
/// side, in some cache lines; another element may be a page away. Together they
/// take a sixteenth of a second cache of 2 MiB.
static constexpr int64_t kRows = 64;
/// Multiples of any target's tile and vector, so that blocks hold whole ones.
static constexpr int64_t kWidth = 32, kLanes = 16;

StagingBlocks dither::getStagingBlocks(ContractOp op) {
  auto x = dyn_cast<MemRefType>(op.getX().getType());
  bool isStaged = op.getTransposeX() && x && x.isLastDimUnitStride() &&
                  x.getElementType().isF32();
  return {kColumns,
          std::min<int64_t>(kDepth, llvm::alignTo(op.getDepth(), kLanes)),
          isStaged ? kRows : 0};
}

int64_t dither::getScratchElements(ContractOp op, bool forThreads) {
  auto matrix = cast<ShapedType>(op.getParts()[0].getType());
  int64_t columns =
      llvm::alignTo(matrix.getDimSize(op.getTransposeW() ? 0 : 1), kWidth);
  // One thread works on one block at a time, threads on any of them at once.
  if (!forThreads)
    columns = std::min(columns, kColumns);
  StagingBlocks blocks = getStagingBlocks(op);
  int64_t rows = llvm::divideCeil(columns, kColumns) * blocks.rows;
  return (columns + rows) * blocks.depth;
}

bool dither::hasScratchForThreads(ContractOp op) {
  auto scratch = cast<ShapedType>(op.getScratch()[0].getType());
  return scratch.getNumElements() >= getScratchElements(op, true);
}

namespace {
class StagingEmitter {
public:
  StagingEmitter(ImplicitLocOpBuilder &b, ContractOp op,
                 const StagedPanel &panel)
      : b(b), op(op), panel(panel), matrix(op.getParts()[0]),
        type(VectorType::get({panel.lanes}, b.getF32Type())) {
    auto shape = cast<MemRefType>(matrix.getType()).getShape();
    columns = shape[op.getTransposeW() ? 0 : 1];
    isRagged = columns % panel.width != 0;
  }

  void emit() {
    int64_t step = op.getTransposeW() ? panel.lanes : 1;
    auto loop = scf::ForOp::create(b, panel.from, panel.to, emitIndex(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    for (int64_t lane = 0; lane < panel.width; lane += panel.lanes)
      op.getTransposeW() ? emitTransposed(loop.getInductionVar(), lane)
                         : emitRow(loop.getInductionVar(), lane);
  }

private:
  Value emitIndex(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  Value emitAdd(Value value, int64_t offset) {
    return arith::AddIOp::create(b, value, emitIndex(offset));
  }
  /// The first `count` lanes.
  Value emitMask(Value count) {
    auto mask = VectorType::get(type.getShape(), b.getI1Type());
    return vector::CreateMaskOp::create(b, mask, count);
  }
  Value emitLoad(Value row, Value column, Value mask) {
    Value loaded =
        dither::emitLoad(b, matrix, {row, column}, mask, panel.lanes);
    if (loaded.getType() == type)
      return loaded;
    return arith::ExtFOp::create(b, type, loaded);
  }
  void emitStore(Value k, int64_t lane, Value value) {
    Value row = arith::SubIOp::create(b, k, panel.from);
    Value at = arith::MulIOp::create(b, row, emitIndex(panel.width));
    at = emitAdd(arith::AddIOp::create(b, at, panel.base), lane);
    vector::StoreOp::create(b, value, op.getScratch()[0], at);
  }

  void emitRow(Value k, int64_t lane) {
    Value row = emitMatrixRow(b, op, k);
    Value column = emitAdd(panel.column, lane), mask;
    if (isRagged)
      mask = emitMask(arith::SubIOp::create(b, emitIndex(columns), column));
    emitStore(k, lane, emitLoad(row, column, mask));
  }

  /// A square of the matrix, transposed in registers. It may reach beyond the
  /// block's depth, where scratch memory is aligned and nobody reads.
  void emitTransposed(Value k, int64_t lane) {
    Value left = arith::SubIOp::create(b, panel.to, k);
    SmallVector<Value> square;
    for (int64_t i = 0; i < panel.lanes; ++i)
      square.push_back(emitLine(emitAdd(panel.column, lane + i), k, left));
    emitTranspose(b, square);
    for (int64_t i = 0; i < panel.lanes; ++i)
      emitStore(emitAdd(k, i), lane, square[i]);
  }

  /// `left` elements of a column of the product's matrix, from k on. A column
  /// that does not exist is read as nothing of the last one.
  Value emitLine(Value column, Value k, Value left) {
    if (isRagged) {
      Value exists = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, column,
                                           emitIndex(columns));
      left = arith::SelectOp::create(b, exists, left, emitIndex(0));
      column = arith::MinUIOp::create(b, column, emitIndex(columns - 1));
    }
    return emitLoad(column, k, emitMask(left));
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  StagedPanel panel;
  Value matrix;
  VectorType type;
  int64_t columns = 0;
  bool isRagged = false;
};
} // namespace

/// Interleaving the first half of the rows with the second, log2(lanes) times,
/// transposes.
void dither::emitTranspose(ImplicitLocOpBuilder &b,
                           SmallVectorImpl<Value> &square) {
  auto lanes = int64_t(square.size()), half = lanes / 2;
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < half; ++i) {
    low.append({i, i + lanes});
    high.append({i + half, i + half + lanes});
  }
  for (int64_t round = 1; round < lanes; round *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < half; ++i)
      for (ArrayRef<int64_t> order : {ArrayRef(low), ArrayRef(high)})
        next.push_back(
            vector::ShuffleOp::create(b, square[i], square[i + half], order));
    square.assign(next);
  }
}

void dither::emitStaging(ImplicitLocOpBuilder &b, ContractOp op,
                         const StagedPanel &panel) {
  StagingEmitter(b, op, panel).emit();
}
