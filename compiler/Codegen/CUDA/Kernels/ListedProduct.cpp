//===- ListedProduct.cpp - Products with listed elements ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/ListedProduct.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// An unsigned element as an index.
static Value emitLoadIndex(ImplicitLocOpBuilder &b, Value memory, Value place) {
  return arith::IndexCastUIOp::create(b, b.getIndexType(),
                                      memref::LoadOp::create(b, memory, place));
}

static Value emitLoadFloat(ImplicitLocOpBuilder &b, Value memory,
                           ValueRange place) {
  Value element = memref::LoadOp::create(b, memory, place);
  if (element.getType().isF32())
    return element;
  return arith::ExtFOp::create(b, b.getF32Type(), element);
}

static Value emitZero(ImplicitLocOpBuilder &b) {
  return arith::ConstantOp::create(b, b.getF32FloatAttr(0));
}

/// Emits the sum over the list of a column: `body` has the position of an
/// element in the list, its row, and the sum before it.
static Value emitColumn(ImplicitLocOpBuilder &b, Value listed, Value offsets,
                        Value column,
                        function_ref<Value(Value, Value, Value)> body) {
  Value from = emitLoadIndex(b, offsets, column);
  Value to = emitLoadIndex(b, offsets, emitAdd(b, column, emitConstant(b, 1)));
  return emitFor(b, from, to, 1, emitZero(b),
                 [&](Value p, ValueRange before) -> SmallVector<Value> {
                   return {body(p, emitLoadIndex(b, listed, p), before[0])};
                 })[0];
}

static void emitElement(ImplicitLocOpBuilder &b, ContractOp op, Value row,
                        Value column, Value sum) {
  Value one =
      vector::BroadcastOp::create(b, VectorType::get({1}, b.getF32Type()), sum);
  emitProductResult(b, op, row, Panel{column, Value()}, one);
}

static void emitForward(ImplicitLocOpBuilder &b, ContractOp op) {
  Value rows = emitDim(b, op.getInit(), 0);
  Value columns = emitDim(b, op.getInit(), 1);
  Value count = emitMul(b, rows, columns);
  Launch launch(b, emitParts(b, count, blockThreads));
  Value number =
      emitAdd(b, emitMul(b, launch.block[0], emitConstant(b, blockThreads)),
              launch.thread);
  emitIf(b, emitLess(b, number, count), [&] {
    Value row = b.createOrFold<arith::DivUIOp>(number, columns);
    Value column = b.createOrFold<arith::RemUIOp>(number, columns);
    Value sum = emitColumn(b, op.getParts()[1], op.getParts()[2], column,
                           [&](Value p, Value k, Value sum) -> Value {
                             Value w = emitLoadFloat(b, op.getParts()[0], p);
                             Value x = emitLoadFloat(b, op.getX(), {row, k});
                             return math::FmaOp::create(b, x, w, sum);
                           });
    emitElement(b, op, row, column, sum);
  });
}

/// Lists of this length on average have a block of threads each; shorter ones
/// a warp.
static constexpr int64_t longList = 128;
/// Bytes of sums that wait in shared memory; more wait in the result.
static constexpr int64_t sharedBytes = 32 << 10;

namespace {
/// Of dy w', threads share a row, list after list. The elements of a list are
/// in different columns of the result, so that no two threads add to one sum;
/// a barrier is between lists. A sum is in the order of the lists.
class BackwardProduct {
public:
  BackwardProduct(ImplicitLocOpBuilder &b, ContractOp op)
      : b(b), op(op), lists(cast<ShapedType>(*op.getDense()).getDimSize(1)) {
    int64_t slots = cast<MemRefType>(op.getParts()[0].getType()).getDimSize(0);
    width = slots >= longList * lists ? blockThreads : warpThreads;
    count = blockThreads / width;
    columns = cast<MemRefType>(op.getInit().getType()).getDimSize(1);
  }

  void emit() {
    Value rows = emitDim(b, op.getInit(), 0);
    bool isShared = count * columns * 4 <= sharedBytes;
    if (!isShared)
      sums = getMemory(rows);
    Launch launch(b, emitParts(b, rows, count));
    lane = emitRem(b, launch.thread, width);
    local = emitDiv(b, launch.thread, width);
    row =
        emitAdd(b, emitMul(b, launch.block[0], emitConstant(b, count)), local);
    exists = emitLess(b, row, rows);
    if (isShared)
      sums = launch.addShared({count, columns}, b.getF32Type());
    else
      local = row;
    forColumns([&](Value column) {
      memref::StoreOp::create(b, emitZero(b), sums, ValueRange{local, column});
    });
    emitFor(b, emitConstant(b, 0), emitConstant(b, lists), 1, {},
            [&](Value list, ValueRange) -> SmallVector<Value> {
              gpu::BarrierOp::create(b);
              emitIf(b, exists, [&] { emitList(list); });
              return {};
            });
    if (sums == op.getInit() && op.getEpilogue().empty())
      return;
    gpu::BarrierOp::create(b);
    forColumns([&](Value column) {
      Value sum = memref::LoadOp::create(b, sums, ValueRange{local, column});
      emitElement(b, op, row, column, sum);
    });
  }

private:
  /// The result, or memory like it where that has narrow elements.
  Value getMemory(Value rows) {
    auto init = cast<MemRefType>(op.getInit().getType());
    if (init.getElementType().isF32())
      return op.getInit();
    SmallVector<Value> extents;
    if (init.isDynamicDim(0))
      extents.push_back(rows);
    return memref::AllocOp::create(
        b, MemRefType::get(init.getShape(), b.getF32Type()), extents);
  }

  /// For each column of a thread in a row that exists.
  void forColumns(function_ref<void(Value)> body) {
    emitIf(b, exists, [&] {
      emitFor(b, lane, emitConstant(b, columns), width, {},
              [&](Value column, ValueRange) -> SmallVector<Value> {
                body(column);
                return {};
              });
    });
  }

  void emitList(Value list) {
    Value x = emitLoadFloat(b, op.getX(), {row, list});
    Value from = emitLoadIndex(b, op.getParts()[2], list);
    Value to = emitLoadIndex(b, op.getParts()[2],
                             emitAdd(b, list, emitConstant(b, 1)));
    emitFor(b, emitAdd(b, from, lane), to, width, {},
            [&](Value p, ValueRange) -> SmallVector<Value> {
              Value place[] = {local, emitLoadIndex(b, op.getParts()[1], p)};
              Value w = emitLoadFloat(b, op.getParts()[0], p);
              Value sum = memref::LoadOp::create(b, sums, place);
              sum = math::FmaOp::create(b, x, w, sum);
              memref::StoreOp::create(b, sum, sums, place);
              return {};
            });
  }

  ImplicitLocOpBuilder &b;
  ContractOp op;
  /// Threads of a row, rows of a block, columns of the result, and lists.
  int64_t width, count, columns, lists;
  /// The sums, where a thread's row is in them, and the thread's place.
  Value sums, local, row, lane, exists;
};
} // namespace

void dither::emitListedProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  op.getTransposeW() ? BackwardProduct(b, op).emit() : emitForward(b, op);
}

void dither::emitSampledProduct(ImplicitLocOpBuilder &b, SampledContractOp op) {
  int64_t columns =
      cast<ShapedType>(op.getOffsets().getType()).getDimSize(0) - 1;
  int64_t slots = cast<ShapedType>(op.getInit().getType()).getDimSize(0);
  Value rows = emitDim(b, op.getX(), 0);
  Value zero = emitConstant(b, 0);
  // One block more than there are columns clears the slots behind the lists.
  Launch launch(b, emitConstant(b, columns + 1));
  Value column = launch.block[0];
  auto forSlots = [&](Value from, Value to, function_ref<Value(Value)> body) {
    emitFor(b, emitAdd(b, from, launch.thread), to, blockThreads, {},
            [&](Value p, ValueRange) -> SmallVector<Value> {
              memref::StoreOp::create(b, body(p), op.getInit(), p);
              return {};
            });
  };
  Value isColumn = emitLess(b, column, emitConstant(b, columns));
  emitIf(b, isColumn, [&] {
    Value from = emitLoadIndex(b, op.getOffsets(), column);
    Value to = emitLoadIndex(b, op.getOffsets(),
                             emitAdd(b, column, emitConstant(b, 1)));
    forSlots(from, to, [&](Value p) -> Value {
      Value k = emitLoadIndex(b, op.getRows(), p);
      return emitFor(b, zero, rows, 1, emitZero(b),
                     [&](Value m, ValueRange sum) -> SmallVector<Value> {
                       Value x = emitLoadFloat(b, op.getX(), {m, k});
                       Value y = emitLoadFloat(b, op.getY(), {m, column});
                       return {math::FmaOp::create(b, x, y, sum[0])};
                     })[0];
    });
  });
  Value isLast = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, column,
                                       emitConstant(b, columns));
  emitIf(b, isLast, [&] {
    Value from = emitLoadIndex(b, op.getOffsets(), emitConstant(b, columns));
    forSlots(from, emitConstant(b, slots), [&](Value) { return emitZero(b); });
  });
}
