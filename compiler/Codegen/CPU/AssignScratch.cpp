//===- AssignScratch.cpp - Memory for staged matrices ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/ContractEmitter.h"
#include "compiler/Codegen/CPU/ListedProducts.h"
#include "compiler/Codegen/CPU/LookupSchedule.h"
#include "compiler/Codegen/CPU/Staging.h"
#include "compiler/Codegen/CPU/TileSchedule.h"
#include "compiler/Codegen/CPU/TileWeights.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace dither {
#define GEN_PASS_DEF_ASSIGNSCRATCH
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Columns whose rows are so short that staging them pays later.
static constexpr int64_t kFewColumns = 64;

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
    if (!op.getScratch().empty())
      return;
    if (isListed(op)) {
      assign(op, getFloats(op, getListedScratch(op, parallelFlops)));
      ++staged;
    } else if (isTiled(op)) {
      assign(op, getTileScratch(op, parallelFlops));
      ++tiled;
    } else if (isStaged(op)) {
      int64_t elements =
          getScratchElements(op, isWorthThreads(op, parallelFlops));
      assign(op, getFloats(op, elements));
      ++staged;
    } else if (MemRefType tables = getLookupTables(op); lookups && tables) {
      assign(op, tables);
      ++looked;
    }
  }

  void assign(SampledContractOp op) {
    if (op.getScratch())
      return;
    assign(op, getFloats(op, getListedScratch(op)));
    ++staged;
  }

  static MemRefType getFloats(Operation *op, int64_t elements) {
    return MemRefType::get({elements}, Builder(op).getF32Type());
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

  bool isTiled(ContractOp op) const {
    bool isPacked = bool(op.getDense());
    if (!(isPacked ? tiles : floatTiles) || !explainNoTiles(op).empty())
      return false;
    int64_t rows = cast<ShapedType>(op.getX().getType()).getDimSize(0);
    return ShapedType::isDynamic(rows) || rows >= (isPacked ? minTileRows : 1);
  }

  bool isStaged(ContractOp op) const {
    if (op.getDense())
      return op.getTransposeW();
    auto matrix = dyn_cast<MemRefType>(op.getParts()[0].getType());
    auto result = dyn_cast<MemRefType>(op.getInit().getType());
    if (!matrix || !result || !matrix.hasStaticShape() ||
        matrix.getNumElements() == 0 || op.getDepth() == 0)
      return false;
    if (op.getTransposeW())
      return true;
    int64_t columns = matrix.getDimSize(1), elements = op.getDepth() * columns;
    // Rows of few columns lie close to each other as they are.
    int64_t least = columns <= kFewColumns ? 2 * minRows : minRows;
    bool isFew = !result.isDynamicDim(0) && result.getDimSize(0) < least;
    return !isFew && 4 * elements >= minBytes;
  }

  int64_t staged = 0, looked = 0, tiled = 0, bytes = 0;
};
} // namespace
