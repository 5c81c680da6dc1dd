//===- Timeline.h - What lives when, in a block of tensors ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops of a block in their order, some of them more than once. It is changed
// and measured as often as a search likes, and written into the block at the
// end.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TRANSFORMS_REMATERIALIZE_TIMELINE_H
#define DITHER_TRANSFORMS_REMATERIALIZE_TIMELINE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include <memory>

namespace dither {

/// A value that a step makes: one of the block, or one computed again.
using ValueId = unsigned;
constexpr ValueId noValue = ~0u;

/// An op, or a copy of one.
struct Step {
  mlir::Operation *op = nullptr;
  /// Of the values of the block that the op and its regions use, each once, in
  /// the order of `Ops::getUsed`.
  llvm::SmallVector<ValueId, 4> reads;
  llvm::SmallVector<ValueId, 1> results;
  bool isCopy = false;
};

/// What is known of the ops of a block, whatever the order.
class Ops {
public:
  Ops(mlir::Block &block, int64_t batch);

  mlir::Block &getBlock() { return block; }
  int64_t getBatch() const { return batch; }
  /// The values of the block that an op and its regions use.
  llvm::ArrayRef<mlir::Value> getUsed(mlir::Operation *op) const {
    return facts.find(op)->second.used;
  }
  int64_t getOperations(mlir::Operation *op) const {
    return facts.find(op)->second.operations;
  }
  /// Bytes of tensors that live at once in its regions while it runs.
  int64_t getInnerBytes(mlir::Operation *op) const {
    return facts.find(op)->second.innerBytes;
  }
  /// The first op that writes over an argument of the block, such as a state;
  /// or null.
  mlir::Operation *getUpdate(mlir::Value argument) const {
    return updates.lookup(argument);
  }
  /// Whether what the block ends with is made in memory of the caller.
  bool isOfFunction() const {
    return mlir::isa<mlir::func::FuncOp>(block.getParentOp());
  }
  /// Whether copies of an op give what it gives.
  bool isRepeatable(mlir::Operation *op) const {
    return facts.find(op)->second.isRepeatable;
  }

  /// Whether an op gives another view of its first operand.
  static bool isView(mlir::Operation *op);
  /// The operand in whose memory a result is made; null if it is fresh.
  static mlir::Value getTied(mlir::OpResult result);
  /// Whether an op writes results over a value.
  static bool isInit(mlir::Operation *op, mlir::Value value);
  /// Whether a value is memory without contents, or a view of such.
  static bool isEmpty(mlir::Value value);

private:
  struct Facts {
    llvm::SmallVector<mlir::Value, 4> used;
    int64_t operations = 0, innerBytes = 0;
    bool isRepeatable = false;
  };
  void addFacts(mlir::Operation *op);
  void addUpdates(mlir::func::FuncOp function);
  void addWrites();

  mlir::Block &block;
  int64_t batch;
  llvm::DenseMap<mlir::Operation *, Facts> facts;
  llvm::DenseMap<mlir::Value, mlir::Operation *> updates;
};

/// When memory lives, and how much of it.
struct Profile {
  /// Of each value: the step that defines it, -1 for arguments; and the value
  /// that its memory belongs to, `noValue` if that is not the function's.
  std::vector<int64_t> definedAt;
  std::vector<ValueId> owner;
  /// Of values that own memory: the step that reads it last, and their bytes.
  std::vector<int64_t> lastUse, bytes;
  /// Of each step: bytes that live while it runs.
  std::vector<int64_t> live;
  int64_t peak = 0;

  /// Bytes above a limit, summed over the steps.
  int64_t getExcess(int64_t limit) const;
};

class Timeline {
public:
  explicit Timeline(std::shared_ptr<Ops> ops);

  Ops &getOps() const { return *ops; }
  llvm::ArrayRef<Step> getSteps() const { return steps; }
  Step &getStep(size_t index) { return steps[index]; }
  /// The value of the block that a value is, or is computed again of.
  mlir::Value getOrigin(ValueId id) const { return origins[id]; }
  /// All values that are that of the block.
  llvm::ArrayRef<ValueId> getFamily(mlir::Value origin) const {
    return families.find(origin)->second;
  }

  /// A copy of an op that is no step yet.
  Step createCopy(mlir::Operation *op);
  void insert(size_t index, llvm::ArrayRef<Step> copies);
  /// Drops steps whose results nobody reads.
  void dropDead();

  Profile measure() const;
  int64_t getOperations() const;
  /// Makes the block what the timeline is. Copies are marked.
  void write() const;
  static constexpr llvm::StringLiteral copyMark = "dither.copy";

private:
  ValueId addValue(mlir::Value origin);

  std::shared_ptr<Ops> ops;
  std::vector<Step> steps;
  std::vector<mlir::Value> origins;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<ValueId, 1>> families;
};

} // namespace dither

#endif // DITHER_TRANSFORMS_REMATERIALIZE_TIMELINE_H
