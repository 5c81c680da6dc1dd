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

/// Emits the loop over the list of a column: `body` has the position of an
/// element in the list, its row, and the sum.
static Value emitColumn(ImplicitLocOpBuilder &b, Value listed, Value offsets,
                        Value column, Value sum,
                        function_ref<Value(Value, Value, Value)> body) {
  Value from = emitLoadIndex(b, offsets, column);
  Value to = emitLoadIndex(b, offsets, emitAdd(b, column, emitConstant(b, 1)));
  SmallVector<Value> carried;
  if (sum)
    carried.push_back(sum);
  SmallVector<Value> results =
      emitFor(b, from, to, 1, carried,
              [&](Value p, ValueRange before) -> SmallVector<Value> {
                Value row = emitLoadIndex(b, listed, p);
                Value next = body(p, row, before.empty() ? Value() : before[0]);
                return next ? SmallVector<Value>{next} : SmallVector<Value>{};
              });
  return results.empty() ? Value() : results[0];
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
    Value sum =
        emitColumn(b, op.getParts()[1], op.getParts()[2], column, emitZero(b),
                   [&](Value p, Value k, Value sum) -> Value {
                     Value w = emitLoadFloat(b, op.getParts()[0], p);
                     Value x = emitLoadFloat(b, op.getX(), {row, k});
                     return math::FmaOp::create(b, x, w, sum);
                   });
    emitElement(b, op, row, column, sum);
  });
}

/// The sums wait in the result, or in memory like it where the epilogue makes
/// something else of them.
static void emitBackward(ImplicitLocOpBuilder &b, ContractOp op) {
  Value rows = emitDim(b, op.getInit(), 0);
  Value columns = emitDim(b, op.getInit(), 1);
  auto init = cast<MemRefType>(op.getInit().getType());
  Value sums = op.getInit();
  if (!init.getElementType().isF32()) {
    SmallVector<Value> extents;
    for (int64_t d = 0; d < 2; ++d)
      if (init.isDynamicDim(d))
        extents.push_back(d == 0 ? rows : columns);
    sums = memref::AllocOp::create(
        b, MemRefType::get(init.getShape(), b.getF32Type()), extents);
  }
  Value lists = emitConstant(b, cast<ShapedType>(*op.getDense()).getDimSize(1));
  Launch launch(b, emitParts(b, rows, blockThreads));
  Value row =
      emitAdd(b, emitMul(b, launch.block[0], emitConstant(b, blockThreads)),
              launch.thread);
  Value zero = emitConstant(b, 0);
  auto forColumns = [&](Value count, function_ref<void(Value)> body) {
    emitFor(b, zero, count, 1, {},
            [&](Value column, ValueRange) -> SmallVector<Value> {
              body(column);
              return {};
            });
  };
  emitIf(b, emitLess(b, row, rows), [&] {
    forColumns(columns, [&](Value column) {
      memref::StoreOp::create(b, emitZero(b), sums, ValueRange{row, column});
    });
    forColumns(lists, [&](Value column) {
      Value x = emitLoadFloat(b, op.getX(), {row, column});
      emitColumn(b, op.getParts()[1], op.getParts()[2], column, Value(),
                 [&](Value p, Value k, Value) -> Value {
                   Value w = emitLoadFloat(b, op.getParts()[0], p);
                   Value place[] = {row, k};
                   Value sum = memref::LoadOp::create(b, sums, place);
                   sum = math::FmaOp::create(b, x, w, sum);
                   memref::StoreOp::create(b, sum, sums, place);
                   return Value();
                 });
    });
    if (!op.getEpilogue().empty())
      forColumns(columns, [&](Value column) {
        Value sum = memref::LoadOp::create(b, sums, ValueRange{row, column});
        emitElement(b, op, row, column, sum);
      });
  });
}

void dither::emitListedProduct(ImplicitLocOpBuilder &b, ContractOp op) {
  op.getTransposeW() ? emitBackward(b, op) : emitForward(b, op);
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
