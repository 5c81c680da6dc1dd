//===- PlanMemory.cpp - One arena for all temporaries ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/Support/BufferBytes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "compiler/Transforms/Support/InlineCalls.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace dither {
#define GEN_PASS_DEF_PLANMEMORY
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Cache lines: what vector loads like, and what keeps threads apart.
static constexpr int64_t kAlignment = 64;

namespace {
/// A temporary: when it lives, how large it is, where it goes.
struct Buffer {
  memref::AllocOp alloc;
  int64_t first = 0, last = 0;
  int64_t size = 0;
  int64_t offset = 0;

  bool overlaps(const Buffer &other) const {
    return first <= other.last && other.first <= last;
  }
};
} // namespace

/// What a buffer takes, for each element of the batch where it is dynamic.
static int64_t getBytes(MemRefType type) {
  return llvm::alignTo(std::max<int64_t>(getBufferBytes(type), 1), kAlignment);
}

/// Places large buffers first, each at the lowest offset that is free while it
/// lives. Returns the extent of the arena.
static int64_t placeBuffers(MutableArrayRef<Buffer> buffers) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : buffers)
    order.push_back(&buffer);
  llvm::stable_sort(order, [](const Buffer *a, const Buffer *b) {
    return a->size > b->size;
  });
  SmallVector<Buffer *> placed;
  int64_t extent = 0;
  for (Buffer *buffer : order) {
    SmallVector<Buffer *> neighbours;
    for (Buffer *other : placed)
      if (buffer->overlaps(*other))
        neighbours.push_back(other);
    llvm::sort(neighbours, [](const Buffer *a, const Buffer *b) {
      return a->offset < b->offset;
    });
    int64_t offset = 0;
    for (Buffer *other : neighbours) {
      if (offset + buffer->size <= other->offset)
        break;
      offset = std::max(offset, other->offset + other->size);
    }
    buffer->offset = offset;
    extent = std::max(extent, offset + buffer->size);
    placed.push_back(buffer);
  }
  return extent;
}

namespace {
struct PlanMemory : dither::impl::PlanMemoryBase<PlanMemory> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (failed(checkStraightLine(function)))
      return signalPassFailure();
    dropResults(function);
    SmallVector<Buffer> fixed, growing;
    if (failed(collect(function, fixed, growing)))
      return signalPassFailure();
    int64_t fixedBytes = placeBuffers(fixed);
    int64_t growingBytes = placeBuffers(growing);
    reportCounts(*this, function,
                 {{"buffers", fixed.size() + growing.size()},
                  {"bytes", fixedBytes},
                  {"bytes-per-batch", growingBytes}});
    OpBuilder b(&function.getBody().front(),
                function.getBody().front().begin());
    function->setAttr("dither.arena_fixed", b.getI64IntegerAttr(fixedBytes));
    function->setAttr("dither.arena_per_batch",
                      b.getI64IntegerAttr(growingBytes));
    Value arena = addArena(function);
    for (Buffer &buffer : fixed)
      replace(buffer, arena, [&](OpBuilder &b, Location loc) -> Value {
        return arith::ConstantIndexOp::create(b, loc, buffer.offset);
      });
    if (growing.empty())
      return;
    Value batch = createBatch(b, function);
    if (!batch) {
      growing.front().alloc.emitError("temporary ")
          << growing.front().alloc.getType()
          << " grows with the batch, which no argument of a `dither.kind` "
             "tells";
      return signalPassFailure();
    }
    for (Buffer &buffer : growing)
      replace(buffer, arena, [&](OpBuilder &b, Location loc) -> Value {
        Value step = arith::ConstantIndexOp::create(b, loc, buffer.offset);
        Value base = arith::ConstantIndexOp::create(b, loc, fixedBytes);
        Value offset = arith::MulIOp::create(b, loc, batch, step);
        return arith::AddIOp::create(b, loc, base, offset);
      });
  }

  /// `dither-bind-outputs` tied each result to an argument, which bufferization
  /// has written: nothing is left to return.
  static void dropResults(func::FuncOp function) {
    auto terminator =
        cast<func::ReturnOp>(function.getBody().front().getTerminator());
    BitVector dropped(function.getNumResults());
    for (auto [i, value] : llvm::enumerate(terminator.getOperands()))
      if (isa<BlockArgument>(value))
        dropped.set(i);
    terminator->eraseOperands(dropped);
    (void)function.eraseResults(dropped);
  }

  /// Counts ops in the order in which they stand, before and after those of
  /// their regions.
  static DenseMap<Operation *, std::pair<int64_t, int64_t>>
  findSpans(func::FuncOp function) {
    DenseMap<Operation *, std::pair<int64_t, int64_t>> spans;
    int64_t position = 0;
    function.walk([&](Operation *op, const WalkStage &stage) {
      if (stage.isBeforeAllRegions())
        spans[op].first = position++;
      if (stage.isAfterAllRegions())
        spans[op].second = position++;
    });
    return spans;
  }

  /// Finds the temporaries and when they live: from the first to the last use,
  /// taken in the block that allocates them. What a region allocates, it needs
  /// no longer when it runs again.
  static LogicalResult collect(func::FuncOp function,
                               SmallVectorImpl<Buffer> &fixed,
                               SmallVectorImpl<Buffer> &growing) {
    auto spans = findSpans(function);
    BufferViewFlowAnalysis views(function);
    WalkResult result = function.walk([&](memref::AllocOp alloc) {
      if (failed(checkPlannable(alloc)))
        return WalkResult::interrupt();
      Block *block = alloc->getBlock();
      Buffer buffer;
      buffer.alloc = alloc;
      buffer.size = getBytes(alloc.getType());
      // A buffer lives from its first real use: the alloc may stand far above.
      buffer.first = std::numeric_limits<int64_t>::max();
      for (Value alias : views.resolve(alloc.getResult()))
        for (Operation *user : alias.getUsers()) {
          Operation *op = block->findAncestorOpInBlock(*user);
          bool leaves = op && op->hasTrait<OpTrait::ReturnLike>() &&
                        !isa<func::ReturnOp>(op);
          if (!op || leaves) {
            alloc.emitError("temporary ")
                << alloc.getType()
                << " leaves its region, where its lifetime would be known";
            return WalkResult::interrupt();
          }
          buffer.first = std::min(buffer.first, spans[op].first);
          buffer.last = std::max(buffer.last, spans[op].second);
        }
      bool isStatic = alloc.getType().hasStaticShape();
      (isStatic ? fixed : growing).push_back(buffer);
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  static LogicalResult checkPlannable(memref::AllocOp alloc) {
    auto error = [&]() {
      return alloc.emitError("temporary ") << alloc.getType();
    };
    if (alloc->getParentOfType<scf::ParallelOp>())
      return error() << " is in a parallel loop, whose iterations would share "
                        "it";
    // A dimension that stands for several, of which more than one counts.
    auto isCount = [](Value extent) {
      auto dim = extent.getDefiningOp<memref::DimOp>();
      auto collapse =
          dim ? dim.getSource().getDefiningOp<memref::CollapseShapeOp>()
              : memref::CollapseShapeOp();
      if (!collapse)
        return false;
      std::optional<int64_t> index = dim.getConstantIndex();
      MemRefType source = collapse.getSrcType();
      return !index ||
             llvm::count_if(
                 collapse.getReassociationIndices()[*index],
                 [&](int64_t d) { return source.getDimSize(d) != 1; }) > 1;
    };
    if (llvm::any_of(alloc.getDynamicSizes(), isCount))
      return error() << " grows with more than the batch";
    if (alloc.getDynamicSizes().size() > 1)
      return error() << " has more than one dynamic extent; the batch is the "
                        "only one";
    return success();
  }

  static Value addArena(func::FuncOp function) {
    Builder b(function.getContext());
    auto type = MemRefType::get({ShapedType::kDynamic}, b.getI8Type());
    auto attributes = b.getDictionaryAttr(
        {b.getNamedAttr("dither.kind", b.getStringAttr("arena"))});
    unsigned position = function.getNumArguments();
    (void)function.insertArgument(position, type, attributes,
                                  function.getLoc());
    return function.getArgument(position);
  }

  /// The batch: the dynamic extent of an argument; null if there is none.
  static Value createBatch(OpBuilder &b, func::FuncOp function) {
    for (BlockArgument argument : function.getArguments()) {
      auto kind = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                        "dither.kind");
      auto type = dyn_cast<MemRefType>(argument.getType());
      if (!type || !kind || kind == "arena")
        continue;
      for (int64_t d = 0; d < type.getRank(); ++d)
        if (type.isDynamicDim(d))
          return memref::DimOp::create(b, argument.getLoc(), argument, d);
    }
    return {};
  }

  static void replace(Buffer &buffer, Value arena,
                      function_ref<Value(OpBuilder &, Location)> createOffset) {
    OpBuilder b(buffer.alloc);
    Value offset = createOffset(b, buffer.alloc.getLoc());
    Value view =
        memref::ViewOp::create(b, buffer.alloc.getLoc(), buffer.alloc.getType(),
                               arena, offset, buffer.alloc.getDynamicSizes());
    buffer.alloc.replaceAllUsesWith(view);
    buffer.alloc.erase();
  }
};
} // namespace
