//===- IntegerGroupProduct.cpp - Bytes by groups of warps -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of bytes, `wgmma` takes operands whose neighbours are along the contraction.
// So x comes by TMA, and words of the weights, whose neighbours are columns,
// are exchanged in registers: a thread has four words of four columns, which
// become 16 bytes of each.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/IntegerGroupProduct.h"
#include "compiler/Codegen/CUDA/Kernels/GroupProduct.h"
#include "compiler/Codegen/CUDA/Kernels/GroupRing.h"
#include "compiler/Codegen/CUDA/Kernels/IntegerWeights.h"

using namespace mlir;
using namespace dither;

/// Of tiles: 128 bytes along the contraction have the widest swizzle.
static constexpr int64_t tileDepth = 128, tileColumns = 128;
/// Bytes of a column that a thread writes at once.
static constexpr int64_t chunk = 16;

bool dither::isForIntegerGroups(ContractOp op) {
  return isForIntegerCores(op) &&
         tile::isForTma(cast<MemRefType>(op.getX().getType())) &&
         !hasFewRows(op) && getScaledElements(op) == op.getDepth();
}

static GroupRing::Partition choosePartition(ContractOp op) {
  auto type = cast<ShapedType>(op.getInit().getType());
  // What is decoded serves all rows of a tile, as long as each multiprocessor
  // has one.
  constexpr int64_t multiprocessors = 132;
  int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
  bool isLarge = !ShapedType::isDynamic(rows) &&
                 (rows / 256) * (columns / tileColumns) >= multiprocessors;
  return {isLarge ? 256 : 128, tileColumns, 2};
}

namespace {
/// Emits the kernel of one product.
class IntegerGroupProduct {
public:
  IntegerGroupProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), weights(b, op),
        ring(b, choosePartition(op), GroupRing::Producers::decode),
        byte(b.getI8Type()), rows(emitDim(b, op.getInit(), 0)),
        columns(emitDim(b, op.getInit(), 1)), depth(emitDim(b, op.getX(), 1)) {}

  void emit() {
    int64_t tileRows = ring.getPartition().rows;
    Launch launch(
        b, {emitParts(b, rows, tileRows), emitParts(b, columns, tileColumns)},
        ring.getThreads());
    thread = launch.thread;
    firstRow = emitMul(b, launch.block[0], emitConstant(b, tileRows));
    firstColumn = emitMul(b, launch.block[1], emitConstant(b, tileColumns));
    x = ring.emitTiles(launch, tileRows, tileDepth, byte,
                       tile::Order::RowMajor);
    w = ring.emitTiles(launch, tileDepth, tileColumns, byte,
                       tile::Order::ColumnMajor);
    Value map = ring.emitMap(op.getX(), x);
    ring.emitRoles(launch, depth, tileDepth,
                   {tileRows * tileDepth,
                    [&](Value k, Value stage) {
                      ring.emitFetch(map, firstRow, k, x, stage);
                    },
                    [&](Value k, Value stage) { emitDecode(k, stage); },
                    [&](Value, Value stage, Value sums) -> Value {
                      return tile::GroupMmaOp::create(
                          b, sums.getType(), x, stage, Value(), w, stage, sums);
                    },
                    [&](Value sums) { emitResults(sums); },
                    /*hasRegisters=*/false, /*rowImages=*/{},
                    /*areIntegers=*/true});
  }

private:
  /// Eight threads that write at a time have four chunks of two panels: 16
  /// bytes each in all banks, as rows of the tile, which are columns, are
  /// swizzled by the lowest bits of their numbers.
  void emitDecode(Value k, Value stage) {
    constexpr int64_t panel = IntegerWeights::panelColumns;
    constexpr int64_t deep = 4, wide = 2;
    int64_t step = std::max(chunk, weights.getStep());
    int64_t along = std::min(deep, tileDepth / step);
    constexpr int64_t panels = tileColumns / panel;
    emitFor(b, thread, emitConstant(b, tileDepth / step * panels),
            GroupRing::producerThreads, {},
            [&](Value number, ValueRange) -> SmallVector<Value> {
              Value part = emitRem(b, number, along);
              Value rest = emitDiv(b, number, along);
              Value row = emitAdd(b,
                                  emitMul(b, emitDiv(b, rest, panels),
                                          emitConstant(b, along * step)),
                                  emitMul(b, part, emitConstant(b, step)));
              Value column =
                  emitMul(b, emitRem(b, rest, panels), emitConstant(b, panel));
              emitChunks(k, row, step, column, stage);
              return {};
            });
    static_assert(deep * wide * chunk == 128, "of all banks");
  }

  /// Bytes of `count` rows of a panel of the tile.
  void emitChunks(Value k, Value row, int64_t count, Value column,
                  Value stage) {
    SmallVector<Value> words = weights.emitWords(
        b, emitAdd(b, k, row), count, emitAdd(b, firstColumn, column));
    constexpr int64_t perChunk = chunk / IntegerWeights::wordBytes;
    auto type = VectorType::get({perChunk}, b.getI32Type());
    for (int64_t i = 0; i < count / chunk; ++i)
      for (int64_t c = 0; c < IntegerWeights::panelColumns; ++c) {
        SmallVector<Value> own;
        for (Value word : ArrayRef(words).slice(i * perChunk, perChunk))
          own.push_back(vector::ExtractOp::create(b, word, c));
        Value values = vector::FromElementsOp::create(b, type, own);
        values = vector::BitCastOp::create(b, VectorType::get({chunk}, byte),
                                           values);
        tile::WriteOp::create(b, values, w, stage,
                              emitAdd(b, row, emitConstant(b, i * chunk)),
                              emitAdd(b, column, emitConstant(b, c)));
      }
  }

  void emitResults(Value products) {
    auto type = cast<tile::RegistersType>(products.getType());
    Value none =
        tile::FillOp::create(b,
                             getRegisters(type.getShape(), b.getF32Type(),
                                          type.getLayout().getLayout()),
                             b.getF32FloatAttr(0));
    Value sums =
        weights.emitScaled(b, emitConstant(b, 0), firstColumn, none, products);
    emitTileResults(b, op, sums, firstRow, firstColumn,
                    /*isTransposed=*/false);
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  IntegerWeights weights;
  GroupRing ring;
  Type byte;
  Value rows, columns, depth;
  Value thread, firstRow, firstColumn, x, w;
};
} // namespace

void dither::emitIntegerGroupProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  IntegerGroupProduct(b, op).emit();
}
