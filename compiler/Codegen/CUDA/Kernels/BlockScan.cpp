//===- BlockScan.cpp - Scans over the threads of a block ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/BlockScan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

bool dither::canShuffle(Type type) {
  return type.isIntOrFloat() && type.getIntOrFloatBitWidth() <= 64;
}

static Value emitShuffleWord(ImplicitLocOpBuilder &b, Value value,
                             int32_t offset, gpu::ShuffleMode mode) {
  return gpu::ShuffleOp::create(b, value, offset, int32_t(warpThreads), mode)
      .getShuffleResult();
}

/// Of an integer of any width up to 64 bits.
static Value emitShuffleBits(ImplicitLocOpBuilder &b, Value bits,
                             int32_t offset, gpu::ShuffleMode mode) {
  Type type = bits.getType(), word = b.getI32Type();
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 32)
    return emitShuffleWord(b, bits, offset, mode);
  if (width < 32) {
    bits =
        emitShuffleWord(b, arith::ExtUIOp::create(b, word, bits), offset, mode);
    return arith::TruncIOp::create(b, type, bits);
  }
  Value half = arith::ConstantOp::create(b, b.getIntegerAttr(type, 32));
  Value high = arith::ShRUIOp::create(b, bits, half);
  Value parts[] = {bits, high};
  for (Value &part : parts) {
    part = arith::TruncIOp::create(b, word, part);
    part = emitShuffleWord(b, part, offset, mode);
    part = arith::ExtUIOp::create(b, type, part);
  }
  high = arith::ShLIOp::create(b, parts[1], half);
  return arith::OrIOp::create(b, parts[0], high);
}

Value dither::emitShuffle(ImplicitLocOpBuilder &b, Value value, int32_t offset,
                          gpu::ShuffleMode mode) {
  Type type = value.getType();
  unsigned width = type.getIntOrFloatBitWidth();
  if (width == 32)
    return emitShuffleWord(b, value, offset, mode);
  if (type.isInteger())
    return emitShuffleBits(b, value, offset, mode);
  value = arith::BitcastOp::create(b, b.getIntegerType(width), value);
  value = emitShuffleBits(b, value, offset, mode);
  return arith::BitcastOp::create(b, type, value);
}

ScanOperator ScanOperator::getSum(ImplicitLocOpBuilder &b, Type type) {
  ScanOperator op;
  op.neutral.push_back(arith::ConstantOp::create(b, b.getZeroAttr(type)));
  op.combine = [&b](ValueRange x, ValueRange y) -> SmallVector<Value> {
    return {arith::AddIOp::create(b, x[0], y[0])};
  };
  return op;
}

static SmallVector<Value> emitSelect(ImplicitLocOpBuilder &b, Value condition,
                                     ValueRange x, ValueRange y) {
  SmallVector<Value> chosen;
  for (auto [one, other] : llvm::zip_equal(x, y))
    chosen.push_back(arith::SelectOp::create(b, condition, one, other));
  return chosen;
}

static SmallVector<Value> emitShuffles(ImplicitLocOpBuilder &b,
                                       ValueRange values, int32_t offset,
                                       gpu::ShuffleMode mode) {
  return llvm::map_to_vector(
      values, [&](Value value) { return emitShuffle(b, value, offset, mode); });
}

Scanned dither::emitWarpScan(ImplicitLocOpBuilder &b, Value lane,
                             ValueRange values, const ScanOperator &op) {
  SmallVector<Value> sums(values);
  for (int32_t offset = 1; offset < warpThreads; offset *= 2) {
    SmallVector<Value> below =
        emitShuffles(b, sums, offset, gpu::ShuffleMode::UP);
    Value isFirst = emitLess(b, lane, emitConstant(b, offset));
    sums = emitSelect(b, isFirst, sums, op.combine(below, sums));
  }
  Scanned scanned;
  Value isFirst = emitLess(b, lane, emitConstant(b, 1));
  scanned.before = emitSelect(b, isFirst, op.neutral,
                              emitShuffles(b, sums, 1, gpu::ShuffleMode::UP));
  scanned.all = emitShuffles(b, sums, warpThreads - 1, gpu::ShuffleMode::IDX);
  return scanned;
}

BlockScan::BlockScan(ImplicitLocOpBuilder &b, Launch &launch,
                     const ScanOperator &op)
    : b(b), thread(launch.thread), op(op) {
  for (Value value : op.neutral)
    shared.push_back(
        launch.addShared({blockThreads / warpThreads}, value.getType()));
}

Scanned BlockScan::emit(ValueRange values) {
  Value lane = emitRem(b, thread, warpThreads);
  Value warp = emitDiv(b, thread, warpThreads);
  Scanned inWarp = emitWarpScan(b, lane, values, op);
  gpu::BarrierOp::create(b);
  emitIf(b, emitLess(b, lane, emitConstant(b, 1)), [&] {
    for (auto [value, memory] : llvm::zip_equal(inWarp.all, shared))
      memref::StoreOp::create(b, value, memory, warp);
  });
  gpu::BarrierOp::create(b);
  Scanned scanned;
  SmallVector<Value> before(op.neutral), all(op.neutral);
  for (int64_t w = 0; w < blockThreads / warpThreads; ++w) {
    SmallVector<Value> sums = llvm::map_to_vector(shared, [&](Value memory) {
      return Value(memref::LoadOp::create(b, memory, emitConstant(b, w)));
    });
    Value isBefore = emitLess(b, emitConstant(b, w), warp);
    all = w == 0 ? sums : op.combine(all, sums);
    before = emitSelect(b, isBefore, all, before);
  }
  scanned.before = op.combine(before, inWarp.before);
  scanned.all = all;
  return scanned;
}
