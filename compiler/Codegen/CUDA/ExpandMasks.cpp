//===- ExpandMasks.cpp - Masked accesses, element by element --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {
#define GEN_PASS_DEF_EXPANDMASKS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// The place of an element of a vector in memory.
static SmallVector<Value> getPlace(ImplicitLocOpBuilder &b, ValueRange first,
                                   int64_t lane) {
  SmallVector<Value> place(first);
  Value offset = arith::ConstantIndexOp::create(b, lane);
  place.back() = arith::AddIOp::create(b, place.back(), offset);
  return place;
}

/// Hosts that emulate a device may have no registers of bf16: such elements
/// are moved as integers.
static Type getMoved(Type element) {
  return element.isBF16() ? IntegerType::get(element.getContext(), 16)
                          : element;
}

static Value castTo(ImplicitLocOpBuilder &b, Value value, Type type) {
  return b.createOrFold<arith::BitcastOp>(type, value);
}

static void expand(vector::MaskedLoadOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  VectorType type = op.getVectorType();
  auto moved = cast<VectorType>(type.clone(getMoved(type.getElementType())));
  Value otherwise = castTo(b, op.getPassThru(), moved);
  SmallVector<Value> elements;
  for (int64_t lane = 0; lane < type.getNumElements(); ++lane) {
    auto branch =
        scf::IfOp::create(b, moved.getElementType(),
                          vector::ExtractOp::create(b, op.getMask(), lane),
                          /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    Value element = memref::LoadOp::create(b, op.getBase(),
                                           getPlace(b, op.getIndices(), lane));
    scf::YieldOp::create(b, castTo(b, element, moved.getElementType()));
    b.setInsertionPointToStart(branch.elseBlock());
    Value none = vector::ExtractOp::create(b, otherwise, lane);
    scf::YieldOp::create(b, none);
    elements.push_back(branch.getResult(0));
  }
  Value whole = vector::FromElementsOp::create(b, moved, elements);
  op.replaceAllUsesWith(castTo(b, whole, type));
  op.erase();
}

static void expand(vector::MaskedStoreOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  VectorType type = op.getVectorType();
  Type element = type.getElementType();
  Value moved = castTo(b, op.getValueToStore(), type.clone(getMoved(element)));
  for (int64_t lane = 0; lane < type.getNumElements(); ++lane) {
    auto branch =
        scf::IfOp::create(b, vector::ExtractOp::create(b, op.getMask(), lane),
                          /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    Value stored =
        castTo(b, vector::ExtractOp::create(b, moved, lane), element);
    memref::StoreOp::create(b, stored, op.getBase(),
                            getPlace(b, op.getIndices(), lane));
  }
  op.erase();
}

namespace {
struct ExpandMasks : dither::impl::ExpandMasksBase<ExpandMasks> {
  void runOnOperation() override {
    getOperation()->walk([](memref::PrefetchOp prefetch) { prefetch.erase(); });
    getOperation()->walk([](vector::MaskedLoadOp op) { expand(op); });
    getOperation()->walk([](vector::MaskedStoreOp op) { expand(op); });
  }
};
} // namespace
