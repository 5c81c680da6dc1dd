//===- SelectKernel.cpp - The largest elements ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/BlockScan.h"
#include "compiler/Codegen/CUDA/Kernels/DeviceOps.h"
#include "compiler/Transforms/Support/OrderedKeys.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// Bits of a key that a launch finds, the digits that they are, and launches.
static constexpr int64_t digitBits = 4, digits = 1 << digitBits,
                         passes = 32 / digitBits;
/// Elements of a block at least, and blocks at most.
static constexpr int64_t blockElements = 4096, mostBlocks = 512;
static constexpr int64_t warps = blockThreads / warpThreads;

namespace {
/// Of each digit, a launch counts the keys that reach it, by blocks of elements
/// that lie side by side; the next launch adds what blocks counted. The digit
/// is the largest one that as many keys reach as are wanted.
class TopMask {
public:
  TopMask(ImplicitLocOpBuilder &b, OnDeviceOp op)
      : b(b), x(op.getInputs()[0]), mask(op.getInits()[0]),
        shape(cast<MemRefType>(x.getType()).getShape()),
        size(cast<MemRefType>(x.getType()).getNumElements()),
        wanted(std::min(op.getSettings().getAs<IntegerAttr>("count").getInt(),
                        size)),
        length(std::max<int64_t>(
            blockElements,
            llvm::alignTo(llvm::divideCeil(size, mostBlocks), blockThreads))),
        blocks(llvm::divideCeil(size, length)) {}

  void emit() {
    auto alloc = [&](ArrayRef<int64_t> shape) -> Value {
      return memref::AllocOp::create(b, MemRefType::get(shape, b.getI32Type()));
    };
    if (size == 0)
      return;
    counts = alloc({passes + 1, blocks, digits});
    prefixes = alloc({passes + 1});
    for (int64_t pass = 0; pass < passes; ++pass)
      emitDigits(pass);
    emitEqual();
    emitMask();
  }

private:
  Value emitInt(int64_t value) {
    return arith::ConstantOp::create(b, b.getI32IntegerAttr(int32_t(value)));
  }
  /// One if a comparison of unsigned numbers holds.
  Value emitHolds(arith::CmpIPredicate predicate, Value x, Value y) {
    return arith::ExtUIOp::create(b, b.getI32Type(),
                                  arith::CmpIOp::create(b, predicate, x, y));
  }
  Value emitSum(Value x, Value y) { return arith::AddIOp::create(b, x, y); }

  Value emitKey(Value number) {
    return emitOrderedKey(
        b, memref::LoadOp::create(b, x, emitPlaceOf(b, number, shape)));
  }

  /// The elements of a block are from here on.
  Value emitFrom(Launch &launch) {
    return emitMul(b, launch.block[0], emitConstant(b, length));
  }
  Value emitTo(Value from) {
    return b.createOrFold<arith::MinUIOp>(
        emitAdd(b, from, emitConstant(b, length)), emitConstant(b, size));
  }

  /// What is known of the threshold before a pass, from the counts of the pass
  /// before it: each block adds them for itself.
  Value emitPrefix(Launch &launch, int64_t pass) {
    if (pass == 0)
      return emitInt(0);
    constexpr int64_t parts = blockThreads / digits;
    Value sums = launch.addShared({parts, digits}, b.getI32Type());
    Value totals = launch.addShared({digits}, b.getI32Type());
    Value digit = emitRem(b, launch.thread, digits);
    Value part = emitDiv(b, launch.thread, digits);
    Value before = emitConstant(b, pass - 1);
    Value sum = emitFor(
        b, part, emitConstant(b, blocks), parts, emitInt(0),
        [&](Value block, ValueRange sum) -> SmallVector<Value> {
          return {emitSum(sum[0],
                          memref::LoadOp::create(
                              b, counts, ValueRange{before, block, digit}))};
        })[0];
    memref::StoreOp::create(b, sum, sums, ValueRange{part, digit});
    gpu::BarrierOp::create(b);
    emitIf(b, emitLess(b, launch.thread, emitConstant(b, digits)), [&] {
      Value total = emitInt(0);
      for (int64_t i = 0; i < parts; ++i)
        total =
            emitSum(total, memref::LoadOp::create(
                               b, sums, ValueRange{emitConstant(b, i), digit}));
      memref::StoreOp::create(b, total, totals, digit);
    });
    gpu::BarrierOp::create(b);
    Value found = emitInt(0);
    for (int64_t i = 1; i < digits; ++i) {
      Value total = memref::LoadOp::create(b, totals, emitConstant(b, i));
      found = emitSum(
          found, emitHolds(arith::CmpIPredicate::uge, total, emitInt(wanted)));
    }
    found = arith::ShLIOp::create(b, found, emitInt(getShift(pass - 1)));
    if (pass > 1)
      found = arith::OrIOp::create(b, found,
                                   memref::LoadOp::create(b, prefixes, before));
    Value isFirst = emitLess(b, emitAdd(b, launch.thread, launch.block[0]),
                             emitConstant(b, 1));
    emitIf(b, isFirst, [&] {
      memref::StoreOp::create(b, found, prefixes, emitConstant(b, pass));
    });
    return found;
  }

  static int64_t getShift(int64_t pass) {
    return digitBits * (passes - 1 - pass);
  }

  /// Counts the keys of a block by `held`, one number for each count.
  void emitCounts(Launch &launch, int64_t pass, size_t numbers,
                  function_ref<SmallVector<Value>(Value)> held) {
    Value from = emitFrom(launch);
    SmallVector<Value> mine(numbers, emitInt(0));
    mine = emitFor(b, emitAdd(b, from, launch.thread), emitTo(from),
                   blockThreads, mine, [&](Value i, ValueRange before) {
                     SmallVector<Value> next = held(emitKey(i));
                     for (auto [sum, old] : llvm::zip_equal(next, before))
                       sum = emitSum(sum, old);
                     return next;
                   });
    Value lane = emitRem(b, launch.thread, warpThreads);
    Value warp = emitDiv(b, launch.thread, warpThreads);
    Value shared = launch.addShared({warps, int64_t(numbers)}, b.getI32Type());
    for (size_t number = 0; number < numbers; ++number) {
      Value sum = mine[number];
      for (int32_t offset = warpThreads / 2; offset > 0; offset /= 2)
        sum = emitSum(sum, emitShuffle(b, sum, offset, gpu::ShuffleMode::XOR));
      emitIf(b, emitLess(b, lane, emitConstant(b, 1)), [&] {
        memref::StoreOp::create(b, sum, shared,
                                ValueRange{warp, emitConstant(b, number)});
      });
    }
    gpu::BarrierOp::create(b);
    emitIf(b, emitLess(b, launch.thread, emitConstant(b, numbers)), [&] {
      Value total = emitInt(0);
      for (int64_t i = 0; i < warps; ++i)
        total =
            emitSum(total, memref::LoadOp::create(
                               b, shared,
                               ValueRange{emitConstant(b, i), launch.thread}));
      memref::StoreOp::create(
          b, total, counts,
          ValueRange{emitConstant(b, pass), launch.block[0], launch.thread});
    });
  }

  void emitDigits(int64_t pass) {
    Launch launch(b, emitConstant(b, blocks));
    Value prefix = emitPrefix(launch, pass);
    // What a key reaches is compared with constants: sixteen bounds would not
    // stay in registers. All reach the digit zero, so nobody counts it.
    emitCounts(launch, pass, digits, [&](Value key) {
      Value isBelow =
          arith::CmpIOp::create(b, arith::CmpIPredicate::ult, key, prefix);
      Value reached = arith::ShRUIOp::create(
          b, arith::SubIOp::create(b, key, prefix), emitInt(getShift(pass)));
      reached = arith::SelectOp::create(b, isBelow, emitInt(0), reached);
      SmallVector<Value> counted = {emitInt(0)};
      for (int64_t digit = 1; digit < digits; ++digit)
        counted.push_back(
            emitHolds(arith::CmpIPredicate::uge, reached, emitInt(digit)));
      return counted;
    });
  }

  /// How many keys of a block are above the threshold, and how many equal it.
  void emitEqual() {
    Launch launch(b, emitConstant(b, blocks));
    Value threshold = emitPrefix(launch, passes);
    emitCounts(launch, passes, 2, [&](Value key) -> SmallVector<Value> {
      return {emitHolds(arith::CmpIPredicate::ugt, key, threshold),
              emitHolds(arith::CmpIPredicate::eq, key, threshold)};
    });
  }

  /// How many equal keys are left for a block: as many as are wanted, less
  /// those above the threshold, and equal ones in blocks before it.
  Value emitLeft(Launch &launch) {
    ScanOperator sum = ScanOperator::getSum(b, b.getI32Type());
    SmallVector<Value> mine = emitFor(
        b, launch.thread, emitConstant(b, blocks), blockThreads, sum.neutral,
        [&](Value block, ValueRange before) -> SmallVector<Value> {
          auto load = [&](int64_t number) -> Value {
            return memref::LoadOp::create(b, counts,
                                          ValueRange{emitConstant(b, passes),
                                                     block,
                                                     emitConstant(b, number)});
          };
          Value equal = arith::SelectOp::create(
              b, emitLess(b, block, launch.block[0]), load(1), emitInt(0));
          return {emitSum(before[0], emitSum(load(0), equal))};
        });
    Value taken = BlockScan(b, launch, sum).emit(mine).all[0];
    return arith::SubIOp::create(b, emitInt(wanted), taken);
  }

  /// All keys above the threshold, and the first of those that equal it.
  void emitMask() {
    Launch launch(b, emitConstant(b, blocks));
    ScanOperator sum = ScanOperator::getSum(b, b.getI32Type());
    Value threshold =
        memref::LoadOp::create(b, prefixes, emitConstant(b, passes));
    Value left = emitLeft(launch);
    BlockScan scan(b, launch, sum);
    Value from = emitFrom(launch), to = emitTo(from);
    emitFor(b, from, to, blockThreads, left,
            [&](Value first, ValueRange left) -> SmallVector<Value> {
              Value number = emitAdd(b, first, launch.thread);
              Value exists = emitLess(b, number, to);
              Value key = emitKey(b.createOrFold<arith::MinUIOp>(
                  number, emitConstant(b, size - 1)));
              Value isAbove = arith::CmpIOp::create(
                  b, arith::CmpIPredicate::ugt, key, threshold);
              Value isEqual = arith::CmpIOp::create(b, arith::CmpIPredicate::eq,
                                                    key, threshold);
              isEqual = arith::AndIOp::create(b, isEqual, exists);
              Value flag = arith::ExtUIOp::create(b, b.getI32Type(), isEqual);
              Scanned equal = scan.emit(flag);
              Value isLeft = arith::CmpIOp::create(b, arith::CmpIPredicate::slt,
                                                   equal.before[0], left[0]);
              Value isKept = arith::OrIOp::create(
                  b, isAbove, arith::AndIOp::create(b, isEqual, isLeft));
              emitIf(b, exists, [&] {
                memref::StoreOp::create(b, isKept, mask,
                                        emitPlaceOf(b, number, shape));
              });
              return {arith::SubIOp::create(b, left[0], equal.all[0])};
            });
  }

  ImplicitLocOpBuilder &b;
  Value x, mask, counts, prefixes;
  ArrayRef<int64_t> shape;
  int64_t size, wanted;
  /// Elements of a block, and blocks.
  int64_t length, blocks;
};
} // namespace

void dither::emitTopMask(ImplicitLocOpBuilder &b, OnDeviceOp op) {
  TopMask(b, op).emit();
}
