//===- Staging.cpp - A matrix in the order of its kernel ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/Staging.h"
#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CPU/Weights/WeightPanels.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// Of each element of the contraction, a transposed x has these rows side by
/// side, in some cache lines; another element may be a page away. Together they
/// take a tenth of a second cache of 512 KiB.
static constexpr int64_t kRows = 48;

int64_t dither::getStagingUnit(ContractOp op) {
  if (!op.getDense())
    return 1;
  return getDecodeStep(
      cast<RankedTensorType>(*op.getDense()),
      dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
      dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr()));
}

StagingBlocks dither::getStagingBlocks(ContractOp op) {
  KernelAttr plan = op.getPlan();
  auto x = dyn_cast<MemRefType>(op.getX().getType());
  bool isStaged = op.getTransposeX() && x && x.isLastDimUnitStride() &&
                  x.getElementType().isF32();
  // Whole tiles.
  int64_t tiles = std::max<int64_t>(1, kRows / plan.getRows());
  return {plan.getColumns(), plan.getDepth(),
          isStaged ? tiles * plan.getRows() : 0};
}

int64_t dither::getScratchElements(ContractOp op) {
  StagingBlocks blocks = getStagingBlocks(op);
  // One thread works on one block at a time, threads on any of them at once.
  int64_t count = 1;
  if (op.getPlan().getTasks() > 0)
    count = llvm::divideCeil(
        cast<ShapedType>(op.getInit().getType()).getDimSize(1), blocks.columns);
  return count * (blocks.columns + blocks.rows) * blocks.depth;
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

namespace {
/// Decodes rows of the packed matrix, whose transpose is multiplied, square
/// after square of registers.
class DecodedEmitter {
public:
  DecodedEmitter(ImplicitLocOpBuilder &b, ContractOp op,
                 const DecodedBlock &block, WeightPanels &weights)
      : b(b), op(op), block(block), weights(weights), lanes(block.lanes) {
    auto dense = cast<RankedTensorType>(*op.getDense());
    rows = dense.getDimSize(0);
    isRagged = dense.getDimSize(1) % lanes != 0;
    step = std::lcm(weights.getStep(), block.width);
  }

  /// The elements of the contraction lie in panels of the packed matrix, whose
  /// rows of 64 columns are read as they lie.
  void emit() {
    emitLoop(block.from, block.to, kPanelColumns, [&](Value panel) {
      Value end = arith::MinUIOp::create(
          b, arith::AddIOp::create(b, panel, emitIndex(b, kPanelColumns)),
          block.to);
      auto emitRows = [&](int64_t count) {
        return [&, count](Value row) {
          emitLoop(panel, end, lanes,
                   [&](Value column) { emitStep(row, count, column); });
        };
      };
      int64_t ragged = rows % step;
      Value full = block.end;
      if (ragged > 0)
        full = arith::MinUIOp::create(b, full, emitIndex(b, rows - ragged));
      emitLoop(block.column, full, step, emitRows(step));
      if (ragged > 0)
        emitLoop(full, block.end, step, emitRows(ragged));
    });
  }

private:
  void emitLoop(Value from, Value to, int64_t step,
                function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, from, to, emitIndex(b, step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  /// `count` rows by as many columns as a register has lanes.
  void emitStep(Value row, int64_t count, Value column) {
    Panel panel{column, Value(), 0};
    if (isRagged) {
      auto mask = VectorType::get({lanes}, b.getI1Type());
      Value left = arith::SubIOp::create(b, block.to, column);
      panel.mask = vector::CreateMaskOp::create(b, mask, left);
    }
    SmallVector<Value> decoded;
    for (int64_t done = 0; done < count; done += weights.getStep()) {
      Value k = arith::AddIOp::create(b, row, emitIndex(b, done));
      llvm::append_range(
          decoded, weights.emitRows(
                       b, k, std::min(weights.getStep(), count - done), panel));
    }
    // What is left of a panel is not stored by the kernel, but read.
    auto type = VectorType::get({lanes}, b.getF32Type());
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
    decoded.resize(llvm::alignTo(count, block.width), zero);
    Value at = emitPlace(row, column);
    for (int64_t i = 0; i < int64_t(decoded.size()); i += lanes) {
      SmallVector<Value> square(ArrayRef<Value>(decoded).slice(i, lanes));
      emitTranspose(b, square);
      int64_t place =
          i / block.width * block.width * block.depth + i % block.width;
      for (auto [j, line] : llvm::enumerate(square))
        vector::StoreOp::create(
            b, line, op.getScratch()[0],
            ValueRange{arith::AddIOp::create(
                b, at, emitIndex(b, place + int64_t(j) * block.width))});
    }
  }

  /// Where the element of the transpose at a column and a row lies, the first
  /// of a panel.
  Value emitPlace(Value row, Value column) {
    Value panel =
        arith::MulIOp::create(b, arith::SubIOp::create(b, row, block.column),
                              emitIndex(b, block.depth));
    Value line =
        arith::MulIOp::create(b, arith::SubIOp::create(b, column, block.from),
                              emitIndex(b, block.width));
    return arith::AddIOp::create(b, arith::AddIOp::create(b, block.base, panel),
                                 line);
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  DecodedBlock block;
  WeightPanels &weights;
  int64_t lanes, rows, step = 1;
  bool isRagged;
};
} // namespace

void dither::emitDecodedStaging(ImplicitLocOpBuilder &b, ContractOp op,
                                const DecodedBlock &block,
                                WeightPanels &weights) {
  DecodedEmitter(b, op, block, weights).emit();
}

void dither::emitStaging(ImplicitLocOpBuilder &b, ContractOp op,
                         const StagedPanel &panel) {
  StagingEmitter(b, op, panel).emit();
}
