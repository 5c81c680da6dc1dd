//===- Tiles.cpp - What kernels over tiles have in common -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/Tiles.h"
#include "Tile/Layout/SharedLayouts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace dither;

tile::RegistersType dither::getRegisters(ArrayRef<int64_t> shape, Type element,
                                         const tile::LinearLayout &layout) {
  MLIRContext *context = element.getContext();
  return tile::RegistersType::get(context, shape, element,
                                  tile::LinearAttr::get(context, layout));
}

Value dither::emitShared(ImplicitLocOpBuilder &b, Launch &launch,
                         int64_t stages, int64_t rows, int64_t columns,
                         Type element, const tile::LinearLayout &layout) {
  Value memory = launch.addShared({stages * rows * columns}, element);
  auto type =
      tile::SharedType::get(b.getContext(), stages, {rows, columns}, element,
                            tile::LinearAttr::get(b.getContext(), layout));
  return tile::PlaceOp::create(b, type, memory);
}

tile::LinearLayout dither::getPlainLayout(int64_t rows, int64_t columns,
                                          Type element) {
  std::string reason;
  return getLayout(
      tile::getSharedLayout(rows, columns, element.getIntOrFloatBitWidth() / 8,
                            tile::Swizzle(), tile::Order::RowMajor, reason));
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Elements of a row that are side by side in registers.
static constexpr int64_t pairLanes = 2;

/// Emits `body` for an element that the result has.
static void emitInside(ImplicitLocOpBuilder &b, ContractOp op, Value row,
                       Value column, function_ref<void()> body) {
  Value isRow = emitLess(b, row, emitDim(b, op.getInit(), 0));
  Value isColumn = emitLess(b, column, emitDim(b, op.getInit(), 1));
  emitIf(b, arith::AndIOp::create(b, isRow, isColumn), body);
}

static void emitTogether(ImplicitLocOpBuilder &b, ContractOp op, Value row,
                         Value column, Value pair) {
  emitInside(b, op, row, column, [&] {
    Panel panel = emitPanel(b, column, emitDim(b, op.getInit(), 1), pairLanes);
    emitProductResult(b, op, row, panel, pair);
  });
}

static void emitApart(ImplicitLocOpBuilder &b, ContractOp op, Value row,
                      Value column, Value pair) {
  for (int64_t i = 0; i < pairLanes; ++i) {
    Value each = emitAdd(b, row, emitConstant(b, i));
    emitInside(b, op, each, column, [&] {
      Value sum = vector::ExtractOp::create(b, pair, i);
      sum = vector::BroadcastOp::create(b, VectorType::get({1}, b.getF32Type()),
                                        sum);
      emitProductResult(b, op, each, Panel{column, Value()}, sum);
    });
  }
}

/// Emits `tile.for_each`: `body` has the row of a pair of elements, the column
/// of the first, and both.
static void emitForEach(ImplicitLocOpBuilder &b, Value tile,
                        function_ref<void(Value, Value, Value)> body) {
  auto each = tile::ForEachOp::create(b, tile);
  Type index = b.getIndexType(),
       pair = VectorType::get({pairLanes}, b.getF32Type());
  OpBuilder::InsertionGuard guard(b);
  Block *block = b.createBlock(&each.getBody(), {}, {index, index, pair},
                               {b.getLoc(), b.getLoc(), b.getLoc()});
  body(block->getArgument(0), block->getArgument(1), block->getArgument(2));
}

void dither::emitTileResults(ImplicitLocOpBuilder &b, ContractOp op, Value sums,
                             Value firstRow, Value firstColumn,
                             bool isTransposed) {
  emitForEach(b, sums, [&](Value tileRow, Value tileColumn, Value pair) {
    if (isTransposed)
      emitApart(b, op, emitAdd(b, firstRow, tileColumn),
                emitAdd(b, firstColumn, tileRow), pair);
    else
      emitTogether(b, op, emitAdd(b, firstRow, tileRow),
                   emitAdd(b, firstColumn, tileColumn), pair);
  });
}
