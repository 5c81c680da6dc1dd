//===- Launch.cpp - Kernels as they are launched --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

Launch::Launch(ImplicitLocOpBuilder &b, ValueRange grid, int64_t threads)
    : b(b) {
  Value one = emitConstant(b, 1);
  Value count = threads == 1 ? one : emitConstant(b, threads);
  Value extents[3] = {one, one, one};
  llvm::copy(grid, extents);
  op = gpu::LaunchOp::create(b, extents[0], extents[1], extents[2], count, one,
                             one);
  after = b.saveInsertionPoint();
  Block *body = &op.getBody().front();
  b.setInsertionPointToEnd(body);
  gpu::TerminatorOp::create(b);
  b.setInsertionPoint(body->getTerminator());
  thread = op.getThreadIds().x;
  block[0] = op.getBlockIds().x;
  block[1] = op.getBlockIds().y;
  block[2] = op.getBlockIds().z;
}

Launch::~Launch() { b.restoreInsertionPoint(after); }

Value Launch::addShared(ArrayRef<int64_t> shape, Type element) {
  auto space =
      gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  auto type = MemRefType::get(shape, element, MemRefLayoutAttrInterface(),
                              Attribute(space));
  return op.addWorkgroupAttribution(type, b.getLoc());
}

Value dither::emitConstant(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}
Value dither::emitDim(ImplicitLocOpBuilder &b, Value memory, int64_t dim) {
  int64_t known = cast<MemRefType>(memory.getType()).getDimSize(dim);
  if (!ShapedType::isDynamic(known))
    return emitConstant(b, known);
  return memref::DimOp::create(b, memory, dim);
}
Value dither::emitAdd(ImplicitLocOpBuilder &b, Value x, Value y) {
  return b.createOrFold<arith::AddIOp>(x, y);
}
Value dither::emitMul(ImplicitLocOpBuilder &b, Value x, Value y) {
  return b.createOrFold<arith::MulIOp>(x, y);
}
Value dither::emitDiv(ImplicitLocOpBuilder &b, Value x, int64_t y) {
  return b.createOrFold<arith::DivUIOp>(x, emitConstant(b, y));
}
Value dither::emitRem(ImplicitLocOpBuilder &b, Value x, int64_t y) {
  return b.createOrFold<arith::RemUIOp>(x, emitConstant(b, y));
}
Value dither::emitLess(ImplicitLocOpBuilder &b, Value x, Value y) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, x, y);
}
Value dither::emitParts(ImplicitLocOpBuilder &b, Value x, int64_t size) {
  return b.createOrFold<arith::CeilDivUIOp>(x, emitConstant(b, size));
}

SmallVector<Value> dither::emitPlaceOf(ImplicitLocOpBuilder &b, Value number,
                                       ArrayRef<int64_t> shape) {
  SmallVector<Value> place(shape.size());
  for (int64_t d = int64_t(shape.size()) - 1; d >= 0; --d) {
    place[d] = d == 0 ? number : emitRem(b, number, shape[d]);
    number = emitDiv(b, number, shape[d]);
  }
  return place;
}

void dither::emitIf(ImplicitLocOpBuilder &b, Value condition,
                    function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

SmallVector<Value>
dither::emitFor(ImplicitLocOpBuilder &b, Value from, Value to, int64_t step,
                ValueRange carried,
                function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, from, to, emitConstant(b, step), carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!carried.empty())
    scf::YieldOp::create(b, next);
  return SmallVector<Value>(loop.getResults());
}
