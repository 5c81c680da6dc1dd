//===- OrderLaunches.cpp - Which launches follow which --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels have no memory but what they are handed. So a launch touches the
// memrefs of the host that its body uses, and is taken to write to each unless
// all uses are known to read it.
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/BufferBytes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

namespace dither {
#define GEN_PASS_DEF_ORDERLAUNCHES
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

//===----------------------------------------------------------------------===//
// Where memory is
//===----------------------------------------------------------------------===//

namespace {
/// Bytes that a memref may have: [begin, end) behind its base. Where there is a
/// batch, they are [begin, end) times the batch behind the first `fixed` bytes.
struct Place {
  /// An argument, an allocation or a global; null where it may be anywhere.
  const void *base = nullptr;
  bool isWhole = true;
  int64_t begin = 0, end = 0;
  Value batch;
  int64_t fixed = 0;

  bool overlaps(const Place &other) const {
    if (!base || !other.base)
      return true;
    // What different arguments have, overlaps only where nothing writes: the
    // runtime checks that.
    if (base != other.base)
      return false;
    if (isWhole || other.isWhole)
      return true;
    if (!batch && other.batch)
      return end > other.fixed;
    if (batch && !other.batch)
      return other.end > fixed;
    if (batch != other.batch || fixed != other.fixed)
      return true;
    return begin < other.end && other.begin < end;
  }
};
} // namespace

/// Bytes of a buffer; nothing where its elements have no known size.
static std::optional<int64_t> getBytes(MemRefType type) {
  if (!type.getElementType().isIntOrFloat() || type.getNumDynamicDims() > 1)
    return std::nullopt;
  return getBufferBytes(type);
}

/// A constant, or one plus a multiple of a value: what `dither-plan-memory`
/// makes of places in the arena.
static bool matchOffset(Value offset, Place &place) {
  APInt first, fixed, step;
  if (matchPattern(offset, m_ConstantInt(&first))) {
    place.begin = first.getSExtValue();
    return true;
  }
  auto matchGrowing = [&](Value constant, Value product) {
    auto multiply = product.getDefiningOp<arith::MulIOp>();
    if (!multiply || !matchPattern(constant, m_ConstantInt(&fixed)) ||
        !matchPattern(multiply.getRhs(), m_ConstantInt(&step)))
      return false;
    place.fixed = fixed.getSExtValue();
    place.batch = multiply.getLhs();
    place.begin = step.getSExtValue();
    return true;
  };
  if (auto sum = offset.getDefiningOp<arith::AddIOp>())
    return matchGrowing(sum.getLhs(), sum.getRhs()) ||
           matchGrowing(sum.getRhs(), sum.getLhs());
  return false;
}

/// Narrows the place of an arena to that of a buffer in it.
static void narrow(memref::ViewOp view, Place &place) {
  MemRefType type = view.getType();
  std::optional<int64_t> bytes = getBytes(type);
  if (!bytes || !matchOffset(view.getByteShift(), place))
    return;
  // The batch is the one dynamic extent of all buffers.
  if (type.hasStaticShape() != !place.batch)
    return;
  place.end = place.begin + *bytes;
  place.isWhole = false;
}

static Place getPlace(Value memory) {
  Place place;
  while (Operation *def = memory.getDefiningOp()) {
    if (auto view = dyn_cast<memref::ViewOp>(def)) {
      if (!place.isWhole)
        return {};
      narrow(view, place);
      memory = view.getSource();
    } else if (auto view = dyn_cast<ViewLikeOpInterface>(def)) {
      memory = view.getViewSource();
    } else if (auto map = dyn_cast<tile::DescribeOp>(def)) {
      memory = map.getMatrix();
    } else {
      break;
    }
  }
  if (auto global = memory.getDefiningOp<memref::GetGlobalOp>())
    place.base = global.getNameAttr().getAsOpaquePointer();
  else if (memory.getDefiningOp<memref::AllocOp>() ||
           (isa<BlockArgument>(memory) &&
            isa<func::FuncOp>(memory.getParentBlock()->getParentOp())))
    place.base = memory.getAsOpaquePointer();
  return place;
}

//===----------------------------------------------------------------------===//
// What launches do with it
//===----------------------------------------------------------------------===//

namespace {
enum class Access { none, read, write };
} // namespace

static bool isMemory(Type type) {
  return isa<BaseMemRefType, tile::MapType>(type);
}

/// What an op does with the memory of an operand. `aliases` gets those of its
/// results that are the same memory.
static Access getAccess(OpOperand &use, SmallVectorImpl<Value> &aliases) {
  Operation *op = use.getOwner();
  if (isa<memref::DimOp, memref::RankOp>(op))
    return Access::none;
  // What these write is shared memory.
  if (isa<tile::CopyOp, tile::FetchOp>(op))
    return Access::read;
  auto interface = dyn_cast<MemoryEffectOpInterface>(op);
  if (!interface)
    return Access::write;
  SmallVector<MemoryEffects::EffectInstance> effects;
  interface.getEffects(effects);
  auto given = llvm::make_filter_range(op->getResults(), [](Value result) {
    return isMemory(result.getType());
  });
  if (effects.empty()) {
    // An op that gives no memory may give its address.
    if (given.empty())
      return Access::write;
    llvm::append_range(aliases, given);
    return Access::none;
  }
  bool onlyReads =
      given.empty() && llvm::all_of(effects, [&](auto &effect) {
        return isa<MemoryEffects::Read>(effect.getEffect()) ||
               (effect.getValue() && effect.getValue() != use.get());
      });
  return onlyReads ? Access::read : Access::write;
}

/// What a launch does with a memref of the host's.
static Access getAccess(gpu::LaunchOp launch, Value memory) {
  Access access = Access::none;
  SmallVector<Value> aliases = {memory};
  SmallPtrSet<Value, 8> seen;
  while (!aliases.empty()) {
    Value alias = aliases.pop_back_val();
    if (!seen.insert(alias).second)
      continue;
    for (OpOperand &use : alias.getUses())
      if (launch->isProperAncestor(use.getOwner()))
        access = std::max(access, getAccess(use, aliases));
  }
  return access;
}

namespace {
/// A launch, what it touches, and what it follows.
struct LaunchNode {
  explicit LaunchNode(gpu::LaunchOp launch) : launch(launch) {
    SetVector<Value> used;
    getUsedValuesDefinedAbove(launch.getBody(), used);
    for (Value value : used) {
      if (isa<LLVM::LLVMPointerType>(value.getType()))
        accesses.push_back({Place(), Access::write});
      if (!isMemory(value.getType()))
        continue;
      Access access = getAccess(launch, value);
      if (access != Access::none)
        accesses.push_back({getPlace(value), access});
    }
  }

  bool conflictsWith(const LaunchNode &other) const {
    for (const auto &[place, access] : accesses)
      for (const auto &[otherPlace, otherAccess] : other.accesses)
        if (std::max(access, otherAccess) == Access::write &&
            place.overlaps(otherPlace))
          return true;
    return false;
  }

  gpu::LaunchOp launch;
  SmallVector<std::pair<Place, Access>> accesses;
  /// The launches before it that it follows, directly or not.
  BitVector before;
  /// Of the longest chain that ends with it.
  int64_t depth = 1;
};

struct OrderLaunches : dither::impl::OrderLaunchesBase<OrderLaunches> {
  void runOnOperation() override {
    launches = orders = depth = 0;
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    bool followsAll = false;
    for (Operation &op : function.getBody().front()) {
      auto launch = dyn_cast<gpu::LaunchOp>(op);
      if (launch && !followsAll)
        order(launch);
      else if (launch || mayLaunch(&op))
        closeChain();
      followsAll = !launch && (followsAll || mayLaunch(&op));
    }
    closeChain();
    reportCounts(
        *this, function,
        {{"launches", launches}, {"orders", orders}, {"depth", depth}});
  }

private:
  /// Whether an op may launch kernels any number of times. The launch behind
  /// it follows all.
  static bool mayLaunch(Operation *op) {
    return op->getNumRegions() > 0 || isa<CallOpInterface>(op);
  }

  /// What is behind follows all before, and nothing is said of that.
  void closeChain() {
    int64_t longest = 0;
    for (LaunchNode &node : nodes)
      longest = std::max(longest, node.depth);
    depth += longest;
    nodes.clear();
  }

  /// Says which launches a launch follows.
  void order(gpu::LaunchOp launch) {
    LaunchNode node(launch);
    node.before.resize(nodes.size());
    SmallVector<int32_t> distances;
    // The latest come first, so that what they follow need not be said.
    for (size_t i = nodes.size(); i-- > 0;) {
      const LaunchNode &other = nodes[i];
      if (node.before.test(i) || !node.conflictsWith(other))
        continue;
      distances.push_back(int32_t(nodes.size() - i));
      node.before.set(i);
      node.before |= other.before;
      node.depth = std::max(node.depth, other.depth + 1);
    }
    launch->setAttr(afterName,
                    Builder(&getContext()).getDenseI32ArrayAttr(distances));
    ++launches;
    orders += int64_t(distances.size());
    nodes.push_back(std::move(node));
  }

  /// The launches since the last one that follows all.
  SmallVector<LaunchNode> nodes;
  int64_t launches = 0, orders = 0, depth = 0;
};
} // namespace
