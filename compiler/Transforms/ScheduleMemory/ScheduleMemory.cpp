//===- ScheduleMemory.cpp - An order of ops with a low peak ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "compiler/Transforms/Support/InlineCalls.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace dither {
#define GEN_PASS_DEF_SCHEDULEMEMORY
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// A dynamic extent, where sizes are compared.
static constexpr int64_t kAssumedBatch = 64;
/// So few bytes are no reason to wait: what needs a scalar, such as a step of
/// an optimizer, would come too late to find its tensors in the cache.
static constexpr int64_t kFewBytes = 1024;

static int64_t getBytes(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return 0;
  int64_t bytes = HostTensor::elementBytes(tensor.getElementType());
  for (int64_t extent : tensor.getShape())
    bytes *= ShapedType::isDynamic(extent) ? kAssumedBatch : extent;
  return bytes;
}

/// Ops that give another view of a tensor, or none yet.
static bool isView(Operation *op) {
  return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
             tensor::ExtractSliceOp, tensor::CastOp, tensor::EmptyOp,
             tensor::DimOp, arith::ConstantOp>(op);
}

namespace {
/// Follows how many bytes live while ops are taken one by one.
class LiveBytes {
public:
  /// `inPlace` are ops that write into memory of the caller.
  LiveBytes(Block &block, const llvm::SmallPtrSetImpl<Operation *> &inPlace)
      : inPlace(inPlace) {
    for (Operation &op : block)
      for (OpOperand &operand : op.getOpOperands())
        if (Value owner = getOwner(operand.get()))
          ++uses[owner];
  }

  /// The bytes that would live after `op`, relative to now.
  int64_t getDelta(Operation *op) const {
    int64_t delta = getAllocated(op);
    llvm::SmallDenseMap<Value, int64_t> taken;
    for (Value operand : op->getOperands())
      if (Value owner = getOwner(operand))
        if (++taken[owner] == uses.lookup(owner))
          delta -= getBytes(owner.getType());
    return delta;
  }

  void take(Operation *op) {
    live += getAllocated(op);
    peak = std::max(peak, live);
    for (Value operand : op->getOperands())
      if (Value owner = getOwner(operand))
        if (--uses[owner] == 0)
          live -= getBytes(owner.getType());
  }

  int64_t getPeak() const { return peak; }

private:
  /// The tensor whose memory a value shows; null for arguments, which the
  /// caller owns.
  static Value getOwner(Value value) {
    while (Operation *op = value.getDefiningOp()) {
      if (Value init = getFilledInit(value)) {
        value = init;
        continue;
      }
      if (!isView(op))
        return value;
      if (op->getNumOperands() == 0 || isa<tensor::DimOp>(op) ||
          isa<tensor::EmptyOp>(op))
        return {};
      value = op->getOperand(0);
    }
    return {};
  }

  /// The initialized tensor that an op writes a result over, such as the zeros
  /// of a sum; null where it writes into fresh memory.
  static Value getFilledInit(Value value) {
    auto op = value.getDefiningOp<DestinationStyleOpInterface>();
    if (!op)
      return {};
    Value init = op.getTiedOpOperand(cast<OpResult>(value))->get();
    return init.getDefiningOp<tensor::EmptyOp>() ? Value() : init;
  }

  int64_t getAllocated(Operation *op) const {
    if (isView(op) || inPlace.contains(op))
      return 0;
    int64_t bytes = 0;
    for (Value result : op->getResults())
      if (!getFilledInit(result))
        bytes += getBytes(result.getType());
    return bytes;
  }

  const llvm::SmallPtrSetImpl<Operation *> &inPlace;
  llvm::DenseMap<Value, int64_t> uses;
  int64_t live = 0, peak = 0;
};

/// List scheduling of one block.
class Scheduler {
public:
  explicit Scheduler(func::FuncOp function)
      : block(function.getBody().front()) {
    for (Operation &op : block.without_terminator())
      original.push_back(&op);
    addDataEdges();
    addUpdateEdges(function);
  }

  /// The bytes by which the peak falls; 0 leaves the block as it was.
  int64_t run() {
    std::vector<Operation *> order = schedule();
    int64_t before = getPeak(original), after = getPeak(order);
    if (order.size() != original.size() || after >= before)
      return 0;
    for (Operation *op : order)
      op->moveBefore(block.getTerminator());
    return before - after;
  }

private:
  void addEdge(Operation *from, Operation *to) {
    if (from != to && successors[from].insert(to))
      ++waits[to];
  }

  void addDataEdges() {
    for (Operation *op : original)
      op->walk([&](Operation *inner) {
        for (Value operand : inner->getOperands())
          if (Operation *definition = operand.getDefiningOp())
            if (Operation *from = block.findAncestorOpInBlock(*definition))
              addEdge(from, op);
      });
  }

  /// The op that makes the new value of a state waits for all that read the
  /// old one.
  void addUpdateEdges(func::FuncOp function) {
    llvm::StringMap<BlockArgument> states;
    for (BlockArgument argument : function.getArguments())
      if (auto name = function.getArgAttrOfType<StringAttr>(
              argument.getArgNumber(), "dither.name"))
        states[name] = argument;
    for (auto [i, value] :
         llvm::enumerate(block.getTerminator()->getOperands())) {
      auto name = function.getResultAttrOfType<StringAttr>(i, "dither.updates");
      Operation *update = value.getDefiningOp();
      auto state = name ? states.find(name) : states.end();
      if (!update || state == states.end())
        continue;
      updates.insert(update);
      for (Operation *reader : getReaders(state->second))
        addEdge(reader, update);
    }
  }

  /// All ops that read a value, also through views.
  SmallVector<Operation *> getReaders(Value value) {
    SmallVector<Operation *> readers;
    for (Operation *user : value.getUsers()) {
      Operation *op = block.findAncestorOpInBlock(*user);
      if (op == block.getTerminator())
        continue;
      readers.push_back(op);
      if (isView(op))
        llvm::append_range(readers, getReaders(op->getResult(0)));
    }
    return readers;
  }

  std::vector<Operation *> schedule() {
    LiveBytes bytes(block, updates);
    llvm::DenseMap<Operation *, int64_t> missing = waits;
    std::vector<Operation *> order;
    std::vector<Operation *> ready;
    for (Operation *op : original)
      if (missing.lookup(op) == 0)
        ready.push_back(op);
    while (!ready.empty()) {
      size_t best = choose(ready, bytes);
      Operation *op = ready[best];
      ready.erase(ready.begin() + best);
      bytes.take(op);
      order.push_back(op);
      for (Operation *next : successors[op])
        if (--missing[next] == 0)
          ready.push_back(next);
    }
    return order;
  }

  /// What frees more than it allocates goes first; all else in the original
  /// order, in which values are made shortly before they are used.
  size_t choose(ArrayRef<Operation *> ready, const LiveBytes &bytes) {
    size_t best = 0;
    auto allocates = [&](Operation *op) {
      return bytes.getDelta(op) > kFewBytes;
    };
    for (size_t i = 1; i < ready.size(); ++i) {
      bool a = allocates(ready[i]), b = allocates(ready[best]);
      if (a < b || (a == b && ready[i]->isBeforeInBlock(ready[best])))
        best = i;
    }
    return best;
  }

  int64_t getPeak(ArrayRef<Operation *> order) {
    LiveBytes bytes(block, updates);
    for (Operation *op : order)
      bytes.take(op);
    return bytes.getPeak();
  }

  Block &block;
  std::vector<Operation *> original;
  llvm::DenseMap<Operation *, llvm::SetVector<Operation *>> successors;
  llvm::DenseMap<Operation *, int64_t> waits;
  llvm::SmallPtrSet<Operation *, 16> updates;
};

struct ScheduleMemory : dither::impl::ScheduleMemoryBase<ScheduleMemory> {
  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    if (failed(checkStraightLine(getOperation())))
      return signalPassFailure();
    int64_t saved = Scheduler(getOperation()).run();
    reportCounts(*this, getOperation(), {{"bytes-saved", saved}});
  }
};
} // namespace
