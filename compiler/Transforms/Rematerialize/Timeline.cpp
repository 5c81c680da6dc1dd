//===- Timeline.cpp - What lives when, in a block of tensors --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/Rematerialize/Timeline.h"
#include "Dither/IR/Dither.h"
#include "compiler/Transforms/Rematerialize/Operations.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace dither;

//===- Ops ----------------------------------------------------------------===//

Ops::Ops(Block &block, int64_t batch) : block(block), batch(batch) {
  for (Operation &op : block)
    addFacts(&op);
  addWrites();
  if (auto function = dyn_cast<func::FuncOp>(block.getParentOp()))
    addUpdates(function);
}

/// What blocks of an op need at most; they do not run at the same time.
static int64_t countInnerBytes(Operation *op, int64_t batch) {
  // What their regions do, they do to elements.
  if (isa<linalg::LinalgOp, ContractOp>(op))
    return 0;
  int64_t bytes = 0;
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      auto ops = std::make_shared<Ops>(block, batch);
      bytes = std::max(bytes, Timeline(ops).measure().peak);
    }
  return bytes;
}

void Ops::addFacts(Operation *op) {
  Facts &fact = facts[op];
  llvm::SetVector<Value> used;
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (operand.getParentBlock() == &block)
        used.insert(operand);
  });
  fact.used.assign(used.begin(), used.end());
  fact.operations = countOperations(op, batch);
  fact.innerBytes = countInnerBytes(op, batch);
  fact.isRepeatable =
      !op->hasTrait<OpTrait::IsTerminator>() && isMemoryEffectFree(op);
}

/// The argument of a block in whose memory a value is made, or that it shows.
static BlockArgument findWritten(Value value) {
  while (auto result = dyn_cast_or_null<OpResult>(value))
    value = Ops::isView(result.getOwner()) ? result.getOwner()->getOperand(0)
                                           : Ops::getTied(result);
  return dyn_cast_or_null<BlockArgument>(value);
}

void Ops::addWrites() {
  for (Operation &op : block)
    for (OpResult result : op.getResults())
      if (Value tied = getTied(result))
        if (BlockArgument argument = findWritten(tied);
            argument && argument.getOwner() == &block)
          updates.try_emplace(argument, &op);
}

/// A state is written by the op that makes its new value, or where that works
/// in place, by the first of those in whose memory it is made.
void Ops::addUpdates(func::FuncOp function) {
  llvm::StringMap<BlockArgument> states;
  for (BlockArgument argument : function.getArguments())
    if (auto name = function.getArgAttrOfType<StringAttr>(
            argument.getArgNumber(), "dither.name"))
      states[name] = argument;
  for (auto [i, value] :
       llvm::enumerate(block.getTerminator()->getOperands())) {
    auto name = function.getResultAttrOfType<StringAttr>(i, "dither.updates");
    auto state = name ? states.find(name) : states.end();
    if (state == states.end())
      continue;
    while (auto result = dyn_cast<OpResult>(value)) {
      updates[state->second] = result.getOwner();
      value = isView(result.getOwner()) ? result.getOwner()->getOperand(0)
                                        : getTied(result);
      if (!value || isEmpty(value))
        break;
    }
  }
}

bool Ops::isView(Operation *op) {
  return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp,
             tensor::ExtractSliceOp, tensor::CastOp, ReshapeOp>(op);
}

Value Ops::getTied(OpResult result) {
  Operation *op = result.getOwner();
  Value tied;
  if (auto loop = dyn_cast<scf::ForOp>(op))
    tied = loop.getTiedLoopInit(result)->get();
  else if (auto styled = dyn_cast<DestinationStyleOpInterface>(op))
    tied = styled.getTiedOpOperand(result)->get();
  return tied && !isEmpty(tied) ? tied : Value();
}

bool Ops::isInit(Operation *op, Value value) {
  auto styled = dyn_cast<DestinationStyleOpInterface>(op);
  if (styled && llvm::is_contained(styled.getDpsInits(), value))
    return true;
  auto loop = dyn_cast<scf::ForOp>(op);
  return loop && llvm::is_contained(loop.getInitArgs(), value);
}

bool Ops::isEmpty(Value value) {
  Operation *op = value.getDefiningOp();
  while (op && isView(op))
    op = op->getOperand(0).getDefiningOp();
  return isa_and_present<tensor::EmptyOp>(op);
}

//===- Profile ------------------------------------------------------------===//

int64_t Profile::getExcess(int64_t limit) const {
  int64_t excess = 0;
  for (int64_t bytes : live)
    excess += std::max<int64_t>(bytes - limit, 0);
  return excess;
}

/// The value whose memory a result of a step shows, given those of what it
/// reads.
static ValueId findOwner(const Ops &ops, const Step &step, size_t number,
                         ArrayRef<ValueId> owners) {
  OpResult result = step.op->getResult(number);
  if (!isa<RankedTensorType>(result.getType()) || Ops::isEmpty(result) ||
      step.op->hasTrait<OpTrait::ConstantLike>())
    return noValue;
  bool isView = Ops::isView(step.op);
  Value shared = isView ? step.op->getOperand(0) : Ops::getTied(result);
  if (!shared)
    return step.results[number];
  ArrayRef<Value> used = ops.getUsed(step.op);
  const Value *found = llvm::find(used, shared);
  // What lies outside of the block is not its memory.
  ValueId owner =
      found == used.end() ? noValue : owners[step.reads[found - used.begin()]];
  // What is written over without being the block's is copied, but arguments.
  bool isCopied = owner == noValue && !isView &&
                  (found == used.end() || !isa<BlockArgument>(shared));
  return isCopied ? step.results[number] : owner;
}

Profile Timeline::measure() const {
  Profile profile;
  profile.definedAt.assign(origins.size(), -1);
  profile.owner.assign(origins.size(), noValue);
  profile.lastUse.assign(origins.size(), -1);
  profile.bytes.assign(origins.size(), 0);
  for (auto [position, step] : llvm::enumerate(steps)) {
    // A view takes no time: what it shows is used when the view is read.
    bool isView = Ops::isView(step.op);
    for (auto [number, id] : llvm::enumerate(step.results)) {
      profile.definedAt[id] = position;
      ValueId owner = findOwner(*ops, step, number, profile.owner);
      profile.owner[id] = owner;
      if (owner == id)
        profile.bytes[id] = countBytes(origins[id].getType(), ops->getBatch());
      if (owner != noValue && !isView)
        profile.lastUse[owner] = position;
    }
    if (!isView)
      for (ValueId id : step.reads)
        if (profile.owner[id] != noValue)
          profile.lastUse[profile.owner[id]] = position;
  }
  // What is returned is made in memory of the caller.
  if (ops->isOfFunction())
    for (ValueId id : steps.back().reads)
      if (profile.owner[id] != noValue)
        profile.bytes[profile.owner[id]] = 0;
  std::vector<int64_t> change(steps.size() + 1);
  for (ValueId id = 0; id < origins.size(); ++id)
    if (profile.owner[id] == id && profile.definedAt[id] >= 0) {
      change[profile.definedAt[id]] += profile.bytes[id];
      change[profile.lastUse[id] + 1] -= profile.bytes[id];
    }
  int64_t live = 0;
  for (auto [position, step] : llvm::enumerate(steps)) {
    live += change[position];
    profile.live.push_back(live + ops->getInnerBytes(step.op));
    profile.peak = std::max(profile.peak, profile.live.back());
  }
  return profile;
}

//===- Timeline -----------------------------------------------------------===//

Timeline::Timeline(std::shared_ptr<Ops> shared) : ops(std::move(shared)) {
  for (BlockArgument argument : ops->getBlock().getArguments())
    addValue(argument);
  for (Operation &op : ops->getBlock()) {
    Step step;
    step.op = &op;
    for (Value value : ops->getUsed(&op))
      step.reads.push_back(families[value].front());
    for (Value value : op.getResults())
      step.results.push_back(addValue(value));
    steps.push_back(std::move(step));
  }
}

ValueId Timeline::addValue(Value origin) {
  ValueId id = origins.size();
  origins.push_back(origin);
  families[origin].push_back(id);
  return id;
}

Step Timeline::createCopy(Operation *op) {
  Step step;
  step.op = op;
  step.isCopy = true;
  for (Value value : op->getResults())
    step.results.push_back(addValue(value));
  return step;
}

void Timeline::insert(size_t index, ArrayRef<Step> copies) {
  steps.insert(steps.begin() + index, copies.begin(), copies.end());
}

void Timeline::dropDead() {
  std::vector<char> isRead(origins.size());
  std::vector<Step> kept;
  for (Step &step : llvm::reverse(steps)) {
    bool isDead =
        ops->isRepeatable(step.op) &&
        llvm::none_of(step.results, [&](ValueId id) { return isRead[id]; });
    if (isDead)
      continue;
    for (ValueId id : step.reads)
      isRead[id] = true;
    kept.push_back(std::move(step));
  }
  steps.assign(std::make_move_iterator(kept.rbegin()),
               std::make_move_iterator(kept.rend()));
}

int64_t Timeline::getOperations() const {
  int64_t count = 0;
  for (const Step &step : steps)
    count += ops->getOperations(step.op);
  return count;
}

/// Makes an op and its regions use other values.
static void replaceUsed(Operation *op, const IRMapping &mapping) {
  op->walk([&](Operation *inner) {
    for (OpOperand &operand : inner->getOpOperands())
      operand.set(mapping.lookupOrDefault(operand.get()));
  });
}

/// Erases the ops of a block that are not among those to keep, which stand at
/// its end.
static void eraseDead(Block &block, const llvm::DenseSet<Operation *> &kept) {
  SmallVector<Operation *> dead;
  for (Operation &op : block)
    if (!kept.contains(&op))
      dead.push_back(&op);
  for (Operation *op : llvm::reverse(dead))
    op->erase();
}

void Timeline::write() const {
  Operation *terminator = ops->getBlock().getTerminator();
  std::vector<Value> actual(origins);
  std::vector<Operation *> written;
  OpBuilder b(terminator);
  // All are copied before any reads something else.
  for (const Step &step : steps) {
    Operation *op = step.isCopy ? b.clone(*step.op) : step.op;
    if (step.isCopy)
      op->setAttr(copyMark, b.getUnitAttr());
    for (auto [id, result] : llvm::zip_equal(step.results, op->getResults()))
      actual[id] = result;
    written.push_back(op);
  }
  for (auto [step, op] : llvm::zip_equal(steps, written)) {
    IRMapping mapping;
    for (auto [value, id] : llvm::zip_equal(ops->getUsed(step.op), step.reads))
      mapping.map(value, actual[id]);
    replaceUsed(op, mapping);
    if (op != terminator)
      op->moveBefore(terminator);
  }
  eraseDead(ops->getBlock(),
            llvm::DenseSet<Operation *>(written.begin(), written.end()));
}
