//===- StagedProduct.cpp - Products by way of shared memory ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/StagedProduct.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <numeric>

using namespace mlir;
using namespace dither;

static constexpr int64_t lanes = productLanes;
/// The threads of a block are a square.
static constexpr int64_t side = 16;
static_assert(side * side == blockThreads);
/// The least that a tile has along the contraction, and rows of a block of the
/// result where there are more than a few.
static constexpr int64_t leastDepth = 32, manyRows = 64, leastColumns = 64;

namespace {
/// Emits the kernel of one product. `depth` counts elements along the
/// contraction, `rows` and `columns` those of the result.
class StagedProduct {
public:
  StagedProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), weights(op), isTransposed(op.getTransposeW()),
        step(weights.getStep()) {
    auto init = cast<MemRefType>(op.getInit().getType());
    int64_t known = init.getDimSize(0);
    tileRows = !ShapedType::isDynamic(known) && known <= side ? side : manyRows;
    tileDepth = leastDepth;
    tileColumns = leastColumns;
    // A step is in one tile, and a thread has whole panels.
    if (isTransposed)
      tileColumns = llvm::alignTo(tileColumns, std::lcm(step, side * lanes));
    else
      tileDepth = llvm::alignTo(tileDepth, step);
    rows = emitDim(b, op.getInit(), 0);
    columns = emitDim(b, op.getInit(), 1);
    depth = emitDim(b, op.getX(), op.getTransposeX() ? 0 : 1);
  }

  void emit() {
    Launch launch(
        b, {emitParts(b, rows, tileRows), emitParts(b, columns, tileColumns)});
    thread = launch.thread;
    firstRow = emitMul(b, launch.block[0], emitConstant(b, tileRows));
    firstColumn = emitMul(b, launch.block[1], emitConstant(b, tileColumns));
    x = launch.addShared({tileDepth, tileRows}, b.getF32Type());
    w = launch.addShared({tileDepth, tileColumns}, b.getF32Type());
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(getFloats()));
    SmallVector<Value> sums(getThreadRows() * getThreadPanels(), zero);
    sums = emitFor(b, emitConstant(b, 0), depth, tileDepth, sums,
                   [&](Value k, ValueRange carried) {
                     stageX(k);
                     stageWeights(k);
                     gpu::BarrierOp::create(b);
                     SmallVector<Value> next = emitTile(carried);
                     gpu::BarrierOp::create(b);
                     return next;
                   });
    emitResults(sums);
  }

private:
  VectorType getFloats() { return VectorType::get({lanes}, b.getF32Type()); }
  int64_t getThreadRows() const { return tileRows / side; }
  int64_t getThreadPanels() const { return tileColumns / side / lanes; }

  //===- Staging ----------------------------------------------------------===//

  /// Emits `body` for the numbers below `count` that are this thread's.
  void forShare(int64_t count, function_ref<void(Value)> body) {
    emitFor(b, thread, emitConstant(b, count), blockThreads, {},
            [&](Value number, ValueRange) -> SmallVector<Value> {
              body(number);
              return {};
            });
  }

  Value emitInside(Value row, Value column, Value rowCount, Value columnCount) {
    return arith::AndIOp::create(b, emitLess(b, row, rowCount),
                                 emitLess(b, column, columnCount));
  }

  /// Threads side by side read elements that are.
  void stageX(Value from) {
    forShare(tileRows * tileDepth, [&](Value number) {
      bool isByRows = op.getTransposeX();
      int64_t inner = isByRows ? tileRows : tileDepth;
      Value outside = emitDiv(b, number, inner);
      Value inside = emitRem(b, number, inner);
      Value row = isByRows ? inside : outside, k = isByRows ? outside : inside;
      Value place[] = {emitAdd(b, firstRow, row), emitAdd(b, from, k)};
      Value none = arith::ConstantOp::create(b, b.getF32FloatAttr(0));
      Value element =
          emitChoice(b, emitInside(place[0], place[1], rows, depth), none,
                     [&]() -> SmallVector<Value> {
                       return {emitActivation(b, op, place[0], place[1])};
                     })[0];
      memref::StoreOp::create(b, element, x, ValueRange{k, row});
    });
  }

  void stageWeights(Value from) {
    weights.emitTile(b, thread, blockThreads, tileDepth, tileColumns, from,
                     firstColumn, depth, columns,
                     [&](Value row, Value column, Value values) {
                       storeDecoded(row, column, values);
                     });
  }

  void storeDecoded(Value row, Value column, Value values) {
    if (!isTransposed) {
      vector::StoreOp::create(b, values, w, ValueRange{row, column});
      return;
    }
    for (int64_t i = 0; i < weights.getLanes(); ++i)
      memref::StoreOp::create(
          b, vector::ExtractOp::create(b, values, i), w,
          ValueRange{emitAdd(b, column, emitConstant(b, i)), row});
  }

  //===- Products ---------------------------------------------------------===//

  Value getThreadRow() {
    return emitMul(b, emitDiv(b, thread, side),
                   emitConstant(b, getThreadRows()));
  }

  /// The first column of a panel of the thread's, in the tile: panels of
  /// threads side by side are.
  Value getPanelColumn(int64_t panel) {
    Value column = emitMul(b, emitRem(b, thread, side), emitConstant(b, lanes));
    return emitAdd(b, column, emitConstant(b, panel * side * lanes));
  }

  SmallVector<Value> emitTile(ValueRange carried) {
    return emitFor(b, emitConstant(b, 0), emitConstant(b, tileDepth), 1,
                   carried, [&](Value k, ValueRange before) {
                     SmallVector<Value> sums(before);
                     emitProducts(k, sums);
                     return sums;
                   });
  }

  void emitProducts(Value k, SmallVectorImpl<Value> &sums) {
    SmallVector<Value> ws;
    for (int64_t p = 0; p < getThreadPanels(); ++p)
      ws.push_back(vector::LoadOp::create(b, getFloats(), w,
                                          ValueRange{k, getPanelColumn(p)}));
    Value row = getThreadRow();
    for (int64_t i = 0; i < getThreadRows(); ++i) {
      Value element = memref::LoadOp::create(
          b, x, ValueRange{k, emitAdd(b, row, emitConstant(b, i))});
      Value wide = vector::BroadcastOp::create(b, getFloats(), element);
      for (auto [p, panel] : llvm::enumerate(ws)) {
        Value &sum = sums[i * ws.size() + p];
        sum = vector::FMAOp::create(b, wide, panel, sum);
      }
    }
  }

  void emitResults(ArrayRef<Value> sums) {
    for (int64_t i = 0; i < getThreadRows(); ++i) {
      Value row =
          emitAdd(b, emitAdd(b, firstRow, getThreadRow()), emitConstant(b, i));
      emitIf(b, emitLess(b, row, rows), [&] {
        for (int64_t p = 0; p < getThreadPanels(); ++p) {
          Value column = emitAdd(b, firstColumn, getPanelColumn(p));
          emitIf(b, emitLess(b, column, columns), [&] {
            emitProductResult(b, op, row, emitPanel(b, column, columns),
                              sums[i * getThreadPanels() + p]);
          });
        }
      });
    }
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  WeightSource weights;
  bool isTransposed;
  int64_t step, tileRows, tileColumns, tileDepth;
  Value rows, columns, depth;
  Value thread, firstRow, firstColumn, x, w;
};
} // namespace

void dither::emitStagedProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  StagedProduct(b, op).emit();
}
