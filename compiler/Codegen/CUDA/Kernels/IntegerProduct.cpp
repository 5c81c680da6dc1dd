//===- IntegerProduct.cpp - Products of bytes -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/IntegerProduct.h"
#include "compiler/Codegen/CUDA/Kernels/IntegerWeights.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/TileRing.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"

using namespace mlir;
using namespace dither;

/// Of tiles along the contraction: the smaller where groups are not multiples
/// of the other.
static constexpr int64_t mostDepth = 64, leastDepth = 32, tileColumns = 128;

namespace {
/// Emits the kernel of one product. Tile `a` has codes of x, `w` those of the
/// matrix.
class IntegerProduct {
public:
  IntegerProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), weights(b, op),
        tiles(b, choosePartition(op, tileColumns)), byte(b.getI8Type()),
        tileDepth(weights.isWhole() || weights.getGroup() % mostDepth == 0
                      ? mostDepth
                      : leastDepth),
        rows(emitDim(b, op.getInit(), 0)), columns(emitDim(b, op.getInit(), 1)),
        depth(emitDim(b, op.getX(), 1)) {}

  void emit() {
    int64_t tileRows = tiles.getPartition().rows;
    Launch launch(
        b, {emitParts(b, rows, tileRows), emitParts(b, columns, tileColumns)});
    thread = launch.thread;
    firstRow = emitMul(b, launch.block[0], emitConstant(b, tileRows));
    firstColumn = emitMul(b, launch.block[1], emitConstant(b, tileColumns));
    a = tiles.emitRing(launch, tileRows, tileDepth, byte,
                       tile::Order::RowMajor);
    w = tiles.emitWords(launch, tileDepth, byte);
    Value none = tiles.emitZero(b.getF32Type());
    SmallVector<Value> carried = {tiles.emitZero(b.getI32Type())};
    if (!weights.isWhole())
      carried.push_back(none);
    carried = tiles.emitLoop(
        depth, tileDepth, carried,
        [&](Value k, Value stage) { emitStage(k, stage); },
        [&](Value k, Value stage, ValueRange sums) {
          return emitStep(k, stage, sums);
        });
    Value sums = weights.isWhole()
                     ? emitScaled(emitConstant(b, 0), none, carried[0])
                     : carried[1];
    emitTileResults(b, op, sums, firstRow, firstColumn,
                    /*isTransposed=*/false);
  }

private:
  void emitStage(Value k, Value stage) {
    tile::CopyOp::create(b, op.getX(), firstRow, k, Value(), a, stage);
    constexpr int64_t panels = tileColumns / IntegerWeights::panelColumns;
    int64_t step = weights.getStep();
    emitFor(b, thread, emitConstant(b, tileDepth / step * panels), blockThreads,
            {}, [&](Value number, ValueRange) -> SmallVector<Value> {
              Value row =
                  emitMul(b, emitDiv(b, number, panels), emitConstant(b, step));
              Value column =
                  emitMul(b, emitRem(b, number, panels),
                          emitConstant(b, IntegerWeights::panelColumns));
              emitWords(k, row, column, stage);
              return {};
            });
  }

  /// Decodes the words of a panel of the tile, from a row and a column on.
  void emitWords(Value k, Value row, Value column, Value stage) {
    constexpr int64_t wordBytes = IntegerWeights::wordBytes;
    auto bytes =
        VectorType::get({IntegerWeights::panelColumns * wordBytes}, byte);
    SmallVector<Value> words =
        weights.emitWords(b, emitAdd(b, k, row), weights.getStep(),
                          emitAdd(b, firstColumn, column));
    for (auto [i, word] : llvm::enumerate(words))
      tile::WriteOp::create(
          b, vector::BitCastOp::create(b, bytes, word), w, stage,
          emitAdd(b, row, emitConstant(b, int64_t(i) * wordBytes)), column);
  }

  /// The sums of codes and, where there are groups, those with scales.
  SmallVector<Value> emitStep(Value k, Value stage, ValueRange sums) {
    Value as = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::A, tileDepth, byte), a, stage);
    Value ws = tile::LoadOp::create(
        b, tiles.getOperand(tile::Operand::B, tileDepth, byte), w, stage);
    Value next = tile::MmaOp::create(b, sums[0].getType(), as, ws, sums[0]);
    if (weights.isWhole())
      return {next};
    auto emitEnd = [&]() -> SmallVector<Value> {
      return {tiles.emitZero(b.getI32Type()), emitScaled(k, sums[1], next)};
    };
    int64_t group = weights.getGroup();
    if (group == tileDepth)
      return emitEnd();
    Value end = emitRem(b, emitAdd(b, k, emitConstant(b, tileDepth)), group);
    Value isEnd = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, end,
                                        emitConstant(b, 0));
    return emitChoice(b, isEnd, ValueRange{next, sums[1]}, emitEnd);
  }

  Value emitScaled(Value k, Value sums, Value products) {
    return weights.emitScaled(b, k, firstColumn, sums, products);
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  IntegerWeights weights;
  TileRing tiles;
  Type byte;
  int64_t tileDepth;
  Value rows, columns, depth;
  Value thread, firstRow, firstColumn, a, w;
};
} // namespace

void dither::emitIntegerProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  IntegerProduct(b, op).emit();
}
