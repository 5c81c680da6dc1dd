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

static constexpr unsigned elementBytes = 2;
static constexpr int64_t stages = 3;

tile::RegistersType TileRing::getOperand(tile::Operand operand, int64_t depth,
                                         Type element) {
  bool isA = operand == tile::Operand::A;
  int64_t shape[] = {isA ? partition.rows : depth,
                     isA ? depth : partition.columns};
  return getRegisters(
      shape, element,
      getLayout(tile::getOperandLayout(
          operand, shape[0], shape[1], partition.warpsAlongRows,
          partition.warpsAlongColumns, 8 * elementBytes, reason)));
}

Value TileRing::emitRing(Launch &launch, int64_t rows, int64_t columns,
                         Type element, tile::Order order) {
  auto swizzle =
      tile::chooseSwizzle(rows, columns, elementBytes, order, reason);
  assert(succeeded(swizzle) && "the sizes of tiles are powers of two");
  return emitShared(b, launch, stages, rows, columns, element,
                    getLayout(tile::getSharedLayout(rows, columns, elementBytes,
                                                    *swizzle, order, reason)));
}

Value TileRing::emitPlain(Launch &launch, int64_t rows, int64_t columns,
                          Type element) {
  return emitShared(b, launch, stages, rows, columns, element,
                    getPlainLayout(rows, columns, element));
}

Value TileRing::emitLoop(Value depth, int64_t step,
                         function_ref<void(Value, Value)> stage,
                         function_ref<Value(Value, Value)> multiply) {
  // Behind the end of the contraction there are no tiles, but there is a group
  // of copies: groups are counted.
  auto emitStage = [&](Value k, Value place) {
    emitIf(b, emitLess(b, k, depth), [&] { stage(k, place); });
    NVVM::CpAsyncCommitGroupOp::create(b);
  };
  for (int64_t i = 0; i < stages - 1; ++i)
    emitStage(emitConstant(b, i * step), emitConstant(b, i));
  auto sums = getRegisters(
      {partition.rows, partition.columns}, b.getF32Type(),
      getLayout(tile::getAccumulatorLayout(
          partition.rows, partition.columns, partition.warpsAlongRows,
          partition.warpsAlongColumns, reason)));
  Value zero = tile::FillOp::create(b, sums, b.getF32FloatAttr(0));
  return emitFor(b, emitConstant(b, 0), depth, step, zero,
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
                   return {multiply(emitRem(b, number, stages), carried[0])};
                 })[0];
}
