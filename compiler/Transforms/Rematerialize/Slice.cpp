//===- Slice.cpp - What computes a value again ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Rematerialize/Slice.h"

using namespace mlir;
using namespace dither;

/// More ops are not computed again for one value: that would be a program.
static constexpr size_t kMostCopies = 512;
/// What a value is computed from is kept for it, rather than computed again,
/// where it is smaller by this factor.
static constexpr int64_t kSmaller = 8;

bool Slice::isGivenUp(ValueId id) const {
  if (profile.owner[id] != eviction.owner)
    return false;
  // A view shows what its tensor held when that was made.
  while (Ops::isView(timeline.getSteps()[findStep(id)].op))
    id = timeline.getSteps()[findStep(id)].reads[0];
  return profile.definedAt[id] <= int64_t(eviction.peak);
}

bool Slice::isUpdated(Value argument) const {
  Operation *update = ops.getUpdate(argument);
  if (!update)
    return false;
  for (const Step &step : timeline.getSteps().take_front(eviction.next))
    if (step.op == update)
      return true;
  return false;
}

/// One of the values that are the same, of which the memory lives at `next`
/// anyway; or `noValue`.
ValueId Slice::find(Value origin) const {
  for (ValueId id : timeline.getFamily(origin)) {
    if (id >= profile.owner.size() || profile.definedAt[id] < 0 ||
        profile.definedAt[id] >= int64_t(eviction.next))
      continue;
    ValueId owner = profile.owner[id];
    if (owner != noValue && owner != eviction.owner &&
        profile.lastUse[owner] >= int64_t(eviction.next))
      return id;
  }
  return noValue;
}

/// Keeps a value until `next`.
ValueId Slice::extend(ValueId id) {
  ValueId owner = profile.owner[id];
  if (owner == noValue)
    return id;
  if (owner == eviction.owner) {
    failed = true;
    return id;
  }
  if (extended.insert(owner).second &&
      profile.lastUse[owner] < int64_t(eviction.peak))
    extendedBytes += profile.bytes[owner];
  return id;
}

/// Memory that is written over is made anew for each copy that does.
ValueId Slice::requireInit(ValueId id) {
  Value origin = timeline.getOrigin(id);
  Operation *op = origin.getDefiningOp();
  bool isOwned = profile.owner[id] != noValue || Ops::isEmpty(origin);
  if (!op || !isOwned || !ops.isRepeatable(op))
    return require(id);
  ValueId result = copy(id, /*isInit=*/true);
  // Nothing else may read what will be written over.
  made.erase(origin);
  return result;
}

ValueId Slice::copy(ValueId id, bool isInit) {
  Value origin = timeline.getOrigin(id);
  Operation *op = origin.getDefiningOp();
  if (copies.size() >= kMostCopies)
    failed = true;
  if (failed)
    return id;
  bool isInitView = isInit && Ops::isView(op);
  SmallVector<ValueId, 4> reads(timeline.getSteps()[findStep(id)].reads);
  SmallVector<ValueId, 4> found;
  for (auto [value, old] : llvm::zip_equal(ops.getUsed(op), reads)) {
    bool isWritten =
        Ops::isInit(op, value) || (isInitView && value == op->getOperand(0));
    found.push_back(isWritten ? requireInit(old) : require(old));
  }
  Step step = timeline.createCopy(op);
  step.reads = std::move(found);
  for (auto [value, result] : llvm::zip_equal(op->getResults(), step.results))
    made[value] = result;
  operations += ops.getOperations(op);
  copies.push_back(std::move(step));
  return made.lookup(origin);
}

ValueId Slice::require(ValueId id) {
  Value origin = timeline.getOrigin(id);
  if (isa<BlockArgument>(origin)) {
    failed |= isUpdated(origin);
    return id;
  }
  if (auto *known = made.find(origin); known != made.end())
    return known->second;
  if (ValueId live = find(origin); live != noValue)
    return live;
  Operation *op = origin.getDefiningOp();
  // Numbers and constants take no memory; a view shows what it is a view of.
  if (!isa<RankedTensorType>(origin.getType()) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return id;
  if (Ops::isView(op) || Ops::isEmpty(origin))
    return copy(id, /*isInit=*/false);
  ValueId owner = profile.owner[id];
  bool isSmall =
      owner != eviction.owner && owner != noValue &&
      profile.bytes[owner] * kSmaller <= profile.bytes[eviction.owner];
  return isSmall || !ops.isRepeatable(op) ? extend(id)
                                          : copy(id, /*isInit=*/false);
}
