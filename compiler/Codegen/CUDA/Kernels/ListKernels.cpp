//===- ListKernels.cpp - Lists of elements, and rows by place -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/BlockScan.h"
#include "compiler/Codegen/CUDA/Kernels/DeviceOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

static ArrayRef<int64_t> getShape(Value memory) {
  return cast<MemRefType>(memory.getType()).getShape();
}

static Value emitInt(ImplicitLocOpBuilder &b, int32_t value) {
  return arith::ConstantOp::create(b, b.getI32IntegerAttr(value));
}

/// An unsigned element as an index.
static Value emitLoadIndex(ImplicitLocOpBuilder &b, Value memory, Value place) {
  return arith::IndexCastUIOp::create(b, b.getIndexType(),
                                      memref::LoadOp::create(b, memory, place));
}

static void emitFirst(ImplicitLocOpBuilder &b, Launch &launch,
                      function_ref<void()> body) {
  emitIf(b, emitLess(b, launch.thread, emitConstant(b, 1)), body);
}

//===- Lists --------------------------------------------------------------===//

namespace {
class ListRows {
public:
  ListRows(ImplicitLocOpBuilder &b, OnDeviceOp op)
      : b(b), mask(op.getInputs()[0]), rows(op.getInits()[0]),
        offsets(op.getInits()[1]), depth(getShape(mask)[0]),
        columns(getShape(mask)[1]), most(getShape(rows)[0]),
        sum(ScanOperator::getSum(b, b.getI32Type())) {}

  void emit() {
    counts =
        memref::AllocOp::create(b, MemRefType::get({columns}, b.getI32Type()));
    emitCounts();
    emitOffsets();
    emitRows();
  }

private:
  /// An element of the mask, as a number; zero behind the last row.
  Value emitFlag(Value row, Value column) {
    auto branch = scf::IfOp::create(b, b.getI32Type(),
                                    emitLess(b, row, emitConstant(b, depth)),
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    Value flag = memref::LoadOp::create(b, mask, ValueRange{row, column});
    flag = arith::ExtUIOp::create(b, b.getI32Type(), flag);
    scf::YieldOp::create(b, flag);
    b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(b, emitInt(b, 0));
    return branch.getResult(0);
  }

  /// How many elements of a column the mask keeps.
  void emitCounts() {
    Launch launch(b, emitConstant(b, columns));
    Value column = launch.block[0];
    SmallVector<Value> mine =
        emitFor(b, launch.thread, emitConstant(b, depth), blockThreads,
                sum.neutral, [&](Value row, ValueRange before) {
                  return sum.combine(before, emitFlag(row, column));
                });
    BlockScan scan(b, launch, sum);
    Value all = scan.emit(mine).all[0];
    emitFirst(b, launch,
              [&] { memref::StoreOp::create(b, all, counts, column); });
  }

  /// Where columns end, as one block finds it. The list ends where it is full.
  void emitOffsets() {
    Launch launch(b, emitConstant(b, 1));
    BlockScan scan(b, launch, sum);
    Value end = emitConstant(b, columns);
    emitFor(b, emitConstant(b, 0), end, blockThreads, sum.neutral,
            [&](Value from, ValueRange before) -> SmallVector<Value> {
              Value column = emitAdd(b, from, launch.thread);
              Value exists = emitLess(b, column, end);
              Value last = emitConstant(b, columns - 1);
              Value count = memref::LoadOp::create(
                  b, counts, b.createOrFold<arith::MinUIOp>(column, last));
              count = arith::SelectOp::create(b, exists, count, emitInt(b, 0));
              Scanned scanned = scan.emit(count);
              Value up = arith::AddIOp::create(
                  b, before[0],
                  arith::AddIOp::create(b, scanned.before[0], count));
              up = arith::MinUIOp::create(b, up, emitInt(b, most));
              emitIf(b, exists, [&] {
                memref::StoreOp::create(b, up, offsets,
                                        emitAdd(b, column, emitConstant(b, 1)));
              });
              return sum.combine(before, scanned.all);
            });
  }

  /// The rows of a column, 256 elements of the mask at a time.
  void emitRows() {
    Launch launch(b, emitConstant(b, columns));
    Value column = launch.block[0];
    BlockScan scan(b, launch, sum);
    Value start = memref::LoadOp::create(b, offsets, column);
    emitFor(b, emitConstant(b, 0), emitConstant(b, depth), blockThreads, start,
            [&](Value from, ValueRange before) -> SmallVector<Value> {
              Value row = emitAdd(b, from, launch.thread);
              Value flag = emitFlag(row, column);
              Scanned scanned = scan.emit(flag);
              Value at = arith::AddIOp::create(b, before[0], scanned.before[0]);
              Value hasRoom = arith::CmpIOp::create(
                  b, arith::CmpIPredicate::ult, at, emitInt(b, most));
              Value isListed = arith::CmpIOp::create(
                  b, arith::CmpIPredicate::ne, flag, emitInt(b, 0));
              emitIf(b, arith::AndIOp::create(b, hasRoom, isListed),
                     [&] { emitListed(row, at); });
              return sum.combine(before, scanned.all);
            });
  }

  void emitListed(Value row, Value at) {
    Type type = cast<MemRefType>(rows.getType()).getElementType();
    Value number = arith::IndexCastOp::create(b, type, row);
    Value place = arith::IndexCastUIOp::create(b, b.getIndexType(), at);
    memref::StoreOp::create(b, number, rows, place);
  }

  ImplicitLocOpBuilder &b;
  Value mask, rows, offsets, counts;
  int64_t depth, columns, most;
  ScanOperator sum;
};
} // namespace

void dither::emitListRows(ImplicitLocOpBuilder &b, OnDeviceOp op) {
  ListRows(b, op).emit();
}

/// Emits what is done with each listed element, of which `body` has the number
/// and the place. A block has a column.
static void emitListed(ImplicitLocOpBuilder &b, Value rows, Value offsets,
                       function_ref<void(Value, ValueRange)> body) {
  Launch launch(b, emitConstant(b, getShape(offsets)[0] - 1));
  Value column = launch.block[0];
  Value from = emitLoadIndex(b, offsets, column);
  Value to = emitLoadIndex(b, offsets, emitAdd(b, column, emitConstant(b, 1)));
  emitFor(b, emitAdd(b, from, launch.thread), to, blockThreads, {},
          [&](Value p, ValueRange) -> SmallVector<Value> {
            body(p, {emitLoadIndex(b, rows, p), column});
            return {};
          });
}

void dither::emitGatherListed(ImplicitLocOpBuilder &b, OnDeviceOp op) {
  OperandRange inputs = op.getInputs();
  emitListed(b, inputs[1], inputs[2], [&](Value p, ValueRange place) {
    Value element = memref::LoadOp::create(b, inputs[0], place);
    memref::StoreOp::create(b, element, op.getInits()[0], p);
  });
}

void dither::emitScatterListed(ImplicitLocOpBuilder &b, OnDeviceOp op) {
  OperandRange inputs = op.getInputs();
  emitListed(b, inputs[1], inputs[2], [&](Value p, ValueRange place) {
    Value element = memref::LoadOp::create(b, inputs[0], p);
    memref::StoreOp::create(b, element, op.getInits()[0], place);
  });
}

//===- Rows ---------------------------------------------------------------===//

static int64_t countElements(ArrayRef<int64_t> shape) {
  return ShapedType::getNumElements(shape);
}

static Value emitEqual(ImplicitLocOpBuilder &b, Value x, Value y) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
}

/// The number-th of the rows, which may have any rank.
static Value emitRow(ImplicitLocOpBuilder &b, Value rows, Value number) {
  return memref::LoadOp::create(b, rows,
                                emitPlaceOf(b, number, getShape(rows)));
}

/// Whether none of the updates [from, to) has the place `row`, as the whole
/// block finds it.
static Value emitIsAlone(ImplicitLocOpBuilder &b, Launch &launch, Value rows,
                         Value row, Value from, Value to) {
  ScanOperator sum = ScanOperator::getSum(b, b.getI32Type());
  SmallVector<Value> mine =
      emitFor(b, emitAdd(b, from, launch.thread), to, blockThreads, sum.neutral,
              [&](Value i, ValueRange before) {
                Value isSame = emitEqual(b, emitRow(b, rows, i), row);
                Value one = arith::ExtUIOp::create(b, b.getI32Type(), isSame);
                return sum.combine(before, one);
              });
  Value others = BlockScan(b, launch, sum).emit(mine).all[0];
  return emitEqual(b, others, emitInt(b, 0));
}

void dither::emitScatter(ImplicitLocOpBuilder &b, OnDeviceOp op) {
  Value updates = op.getInputs()[0], rows = op.getInputs()[1];
  Value x = op.getInits()[0];
  ArrayRef<int64_t> shape = getShape(x);
  Launch launch(b, emitDim(b, rows, 0));
  Value row = emitRow(b, rows, launch.block[0]);
  Value next = emitAdd(b, launch.block[0], emitConstant(b, 1));
  Value isLast = emitIsAlone(b, launch, rows, row, next, emitDim(b, rows, 0));
  Value to = arith::IndexCastOp::create(b, b.getIndexType(), row);
  Value exists = emitLess(b, to, emitDim(b, x, 0));
  emitIf(b, arith::AndIOp::create(b, isLast, exists), [&] {
    emitFor(b, launch.thread,
            emitConstant(b, countElements(shape.drop_front())), blockThreads,
            {}, [&](Value i, ValueRange) -> SmallVector<Value> {
              SmallVector<Value> place = emitPlaceOf(b, i, shape.drop_front());
              place.insert(place.begin(), launch.block[0]);
              Value element = memref::LoadOp::create(b, updates, place);
              place.front() = to;
              memref::StoreOp::create(b, element, x, place);
              return {};
            });
  });
}

/// Sums of 16 bits are those of f32, rounded at the end.
static bool isShort(Type element) {
  return isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32;
}
static Value emitWide(ImplicitLocOpBuilder &b, Value element) {
  if (!isShort(element.getType()))
    return element;
  return arith::ExtFOp::create(b, b.getF32Type(), element);
}
static Value emitSum(ImplicitLocOpBuilder &b, Value x, Value y) {
  if (isa<FloatType>(x.getType()))
    return arith::AddFOp::create(b, x, y);
  return arith::AddIOp::create(b, x, y);
}

void dither::emitScatterAdd(ImplicitLocOpBuilder &b, OnDeviceOp op) {
  Value updates = op.getInputs()[0], rows = op.getInputs()[1];
  Value x = op.getInits()[0];
  ArrayRef<int64_t> shape = getShape(x).drop_front();
  Value end = emitConstant(b, countElements(getShape(rows)));
  Launch launch(b, end);
  Value first = launch.block[0];
  Value row = emitRow(b, rows, first);
  Value isFirst = emitIsAlone(b, launch, rows, row, emitConstant(b, 0), first);
  Value to = arith::IndexCastOp::create(b, b.getIndexType(), row);
  Value exists = emitLess(b, to, emitDim(b, x, 0));
  auto emitElement = [&](Value k, ValueRange) -> SmallVector<Value> {
    SmallVector<Value> inRow = emitPlaceOf(b, k, shape), place = {to};
    place.append(inRow);
    Value start = emitWide(b, memref::LoadOp::create(b, x, place));
    auto emitUpdate = [&](Value i, ValueRange sum) -> SmallVector<Value> {
      auto branch = scf::IfOp::create(b, sum[0].getType(),
                                      emitEqual(b, emitRow(b, rows, i), row),
                                      /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      SmallVector<Value> from = emitPlaceOf(b, i, getShape(rows));
      from.append(inRow);
      Value update = emitWide(b, memref::LoadOp::create(b, updates, from));
      scf::YieldOp::create(b, emitSum(b, sum[0], update));
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, sum[0]);
      return {branch.getResult(0)};
    };
    Value sum = emitFor(b, first, end, 1, start, emitUpdate)[0];
    Type element = cast<MemRefType>(x.getType()).getElementType();
    if (isShort(element))
      sum = arith::TruncFOp::create(b, element, sum);
    memref::StoreOp::create(b, sum, x, place);
    return {};
  };
  emitIf(b, arith::AndIOp::create(b, isFirst, exists), [&] {
    emitFor(b, launch.thread, emitConstant(b, countElements(shape)),
            blockThreads, {}, emitElement);
  });
}
