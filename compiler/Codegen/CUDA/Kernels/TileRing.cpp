//===- TileRing.cpp - Tiles that are on their way -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/TileRing.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace dither;

Partition dither::choosePartition(ContractOp op, int64_t columns) {
  int64_t rows = cast<ShapedType>(op.getInit().getType()).getDimSize(0);
  if (!ShapedType::isDynamic(rows) && rows <= 16)
    return {16, columns, 1, 8};
  if (ShapedType::isDynamic(rows) || rows <= 64)
    return {64, columns, 2, 4};
  return {128, columns, 2, 4};
}

static constexpr int64_t stages = 3;

tile::RegistersType TileRing::getOperand(tile::Operand operand, int64_t depth,
                                         Type element) {
  bool isA = operand == tile::Operand::A;
  int64_t shape[] = {isA ? partition.rows : depth,
                     isA ? depth : partition.columns};
  return getRegisters(shape, element,
                      getLayout(tile::getOperandLayout(
                          operand, shape[0], shape[1], partition.warpsAlongRows,
                          partition.warpsAlongColumns,
                          element.getIntOrFloatBitWidth(), reason)));
}

Value TileRing::emitRing(Launch &launch, int64_t rows, int64_t columns,
                         Type element, tile::Order order) {
  unsigned elementBytes = element.getIntOrFloatBitWidth() / 8;
  auto swizzle =
      tile::chooseSwizzle(rows, columns, elementBytes, order, reason);
  assert(succeeded(swizzle) && "the sizes of tiles are powers of two");
  return emitShared(b, launch, stages, rows, columns, element,
                    getLayout(tile::getSharedLayout(rows, columns, elementBytes,
                                                    *swizzle, order, reason)));
}

Value TileRing::emitWords(Launch &launch, int64_t depth, Type element) {
  constexpr int64_t wordBytes = 4;
  // They are written 16 bytes at a time, and read word by word.
  int64_t rows = depth / wordBytes, columns = partition.columns;
  unsigned warps = partition.warpsAlongRows * partition.warpsAlongColumns;
  tile::LinearLayout accesses[] = {
      getLayout(tile::getCoalescedLayout(rows, columns, wordBytes, warps,
                                         /*columnMajor=*/false, reason)),
      getLayout(tile::getOperandLayout(
          tile::Operand::B, rows, columns, partition.warpsAlongRows,
          partition.warpsAlongColumns, 8 * wordBytes, reason))};
  auto swizzle = tile::chooseSwizzle(rows, columns, wordBytes,
                                     tile::Order::RowMajor, accesses, reason);
  assert(succeeded(swizzle) && "the sizes of tiles are powers of two");
  tile::LinearLayout words = getLayout(tile::getSharedLayout(
      rows, columns, wordBytes, *swizzle, tile::Order::RowMajor, reason));
  return emitShared(b, launch, stages, depth, columns, element,
                    tile::LinearLayout::identity(tile::dim::offset, wordBytes,
                                                 tile::dim::row) *
                        words);
}

Value TileRing::emitZero(Type element) {
  auto sums = getRegisters(
      {partition.rows, partition.columns}, element,
      getLayout(tile::getAccumulatorLayout(
          partition.rows, partition.columns, partition.warpsAlongRows,
          partition.warpsAlongColumns, reason)));
  return tile::FillOp::create(b, sums, b.getF32FloatAttr(0));
}

Value TileRing::emitPlain(Launch &launch, int64_t rows, int64_t columns,
                          Type element) {
  return emitShared(b, launch, stages, rows, columns, element,
                    getPlainLayout(rows, columns, element));
}

Value TileRing::emitLoop(Value depth, int64_t step,
                         function_ref<void(Value, Value)> stage,
                         function_ref<Value(Value, Value)> multiply) {
  return emitLoop(depth, step, emitZero(b.getF32Type()), stage,
                  [&](Value, Value place, ValueRange sums) {
                    return SmallVector<Value>{multiply(place, sums[0])};
                  })[0];
}

SmallVector<Value> TileRing::emitLoop(
    Value depth, int64_t step, ValueRange sums,
    function_ref<void(Value, Value)> stage,
    function_ref<SmallVector<Value>(Value, Value, ValueRange)> multiply) {
  // Behind the end of the contraction there are no tiles, but there is a group
  // of copies: groups are counted.
  auto emitStage = [&](Value k, Value place) {
    emitIf(b, emitLess(b, k, depth), [&] { stage(k, place); });
    NVVM::CpAsyncCommitGroupOp::create(b);
  };
  for (int64_t i = 0; i < stages - 1; ++i)
    emitStage(emitConstant(b, i * step), emitConstant(b, i));
  return emitFor(b, emitConstant(b, 0), depth, step, sums,
                 [&](Value k, ValueRange carried) -> SmallVector<Value> {
                   // The barrier says that all have waited, and that the stage
                   // which comes next is no longer read.
                   NVVM::CpAsyncWaitGroupOp::create(b, stages - 2);
                   gpu::BarrierOp::create(b);
                   Value number = emitDiv(b, k, step);
                   Value ahead =
                       emitAdd(b, number, emitConstant(b, stages - 1));
                   emitStage(emitMul(b, ahead, emitConstant(b, step)),
                             emitRem(b, ahead, stages));
                   return multiply(k, emitRem(b, number, stages), carried);
                 });
}
