//===- AssignScratch.cpp - Memory for staged matrices ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Schedules/ListedProducts.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace dither {
#define GEN_PASS_DEF_ASSIGNSCRATCH
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct AssignScratch : dither::impl::AssignScratchBase<AssignScratch> {
  using AssignScratchBase::AssignScratchBase;

  void runOnOperation() override {
    staged = looked = tiled = bytes = 0;
    getOperation()->walk([&](Operation *op) {
      if (auto product = dyn_cast<ContractOp>(op))
        assign(product);
      else if (auto sampled = dyn_cast<SampledContractOp>(op))
        assign(sampled);
    });
    reportCounts(*this, getOperation(),
                 {{"staged", staged},
                  {"lookups", looked},
                  {"tiled", tiled},
                  {"bytes", bytes}});
  }

private:
  void assign(ContractOp op) {
    KernelAttr plan = op.getPlan();
    if (!plan || !op.getScratch().empty())
      return;
    assign(op, getScratchTypes(op));
    KernelSchedule schedule = plan.getSchedule();
    staged += schedule == KernelSchedule::blocked ||
              schedule == KernelSchedule::listed;
    tiled += schedule == KernelSchedule::tiles;
    looked += schedule == KernelSchedule::lookup;
  }

  void assign(SampledContractOp op) {
    if (op.getScratch())
      return;
    assign(op, MemRefType::get({getListedScratch(op)},
                               Float32Type::get(op.getContext())));
    ++staged;
  }

  /// Where the rows of x are counted by more than the batch, so is the memory,
  /// of which the plan knows how it grows with the batch alone.
  static Value createMemory(OpBuilder &b, Location loc, MemRefType type,
                            Value x) {
    if (!type.isDynamicDim(0))
      return memref::AllocOp::create(b, loc, type);
    auto collapse = x.getDefiningOp<memref::CollapseShapeOp>();
    if (!collapse) {
      Value rows = memref::DimOp::create(b, loc, x, 0);
      return memref::AllocOp::create(b, loc, type, rows);
    }
    ReassociationIndices rows = collapse.getReassociationIndices().front();
    SmallVector<int64_t> shape;
    SmallVector<Value> extents;
    for (int64_t d : rows) {
      shape.push_back(collapse.getSrcType().getDimSize(d));
      if (ShapedType::isDynamic(shape.back()))
        extents.push_back(memref::DimOp::create(b, loc, collapse.getSrc(), d));
    }
    SmallVector<ReassociationIndices> groups = {rows};
    for (int64_t extent : type.getShape().drop_front()) {
      groups.push_back({int64_t(shape.size())});
      shape.push_back(extent);
    }
    Value memory = memref::AllocOp::create(
        b, loc, MemRefType::get(shape, type.getElementType()), extents);
    return memref::CollapseShapeOp::create(b, loc, memory, groups);
  }

  template <typename Op> void assign(Op op, ArrayRef<MemRefType> types) {
    OpBuilder b(op);
    for (MemRefType type : types) {
      op.getScratchMutable().append(
          createMemory(b, op.getLoc(), type, op.getX()));
      int64_t elements = 1;
      for (int64_t extent : type.getShape())
        elements *= ShapedType::isDynamic(extent) ? 1 : extent;
      bytes += elements * type.getElementTypeBitWidth() / 8;
    }
  }

  int64_t staged = 0, looked = 0, tiled = 0, bytes = 0;
};
} // namespace
