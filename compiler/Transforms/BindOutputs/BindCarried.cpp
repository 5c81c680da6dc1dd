//===- BindCarried.cpp - Memory of what loops carry -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Transforms/BindOutputs/BindCarried.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace dither;

/// Whether nothing sees what a loop starts from but the loop, and reads of
/// elements before it.
static bool isLastUse(scf::ForOp loop, Value init) {
  return llvm::all_of(init.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (user == loop)
      return llvm::count(loop.getInitArgs(), init) == 1;
    Operation *ancestor = loop->getBlock()->findAncestorOpInBlock(*user);
    return isa<tensor::ExtractOp>(user) && ancestor &&
           ancestor->isBeforeInBlock(loop);
  });
}

/// Whether a value is a later version of a tensor, in the same memory.
static bool isMadeIn(Value value, Value memory) {
  while (value != memory) {
    Operation *op = value.getDefiningOp();
    if (auto insert = dyn_cast_if_present<tensor::InsertSliceOp>(op))
      value = insert.getDest();
    else if (auto element = dyn_cast_if_present<tensor::InsertOp>(op))
      value = element.getDest();
    else if (auto styled = dyn_cast_if_present<DestinationStyleOpInterface>(op))
      value = styled.getTiedOpOperand(cast<OpResult>(value))->get();
    else if (auto loop = dyn_cast_if_present<scf::ForOp>(op);
             loop &&
             isLastUse(loop,
                       loop.getTiedLoopInit(cast<OpResult>(value))->get()))
      value = loop.getTiedLoopInit(cast<OpResult>(value))->get();
    else
      return false;
  }
  return true;
}

/// Whether a value may lie where another one does: that of another carried
/// value, which would be written before this one is read.
static bool mayBeView(Value value) {
  Operation *op = value.getDefiningOp();
  return !op || isa<RegionBranchOpInterface>(op) ||
         isa<tensor::TensorDialect>(op->getDialect());
}

static int64_t bind(Operation *terminator, Block::BlockArgListType memories) {
  OpBuilder b(terminator);
  Location loc = terminator->getLoc();
  SmallVector<OpOperand *> bound;
  for (auto [operand, memory] :
       llvm::zip_equal(terminator->getOpOperands(), memories)) {
    Value value = operand.get();
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || isMadeIn(value, memory))
      continue;
    bound.push_back(&operand);
    if (mayBeView(value))
      operand.set(bufferization::AllocTensorOp::create(
          b, loc, type, /*dynamicSizes=*/ValueRange(), /*copy=*/value));
  }
  for (OpOperand *operand : bound)
    operand->set(linalg::CopyOp::create(b, loc, operand->get(),
                                        memories[operand->getOperandNumber()])
                     .getResult(0));
  return bound.size();
}

int64_t dither::bindCarried(func::FuncOp function) {
  int64_t copies = 0;
  function.walk([&](Operation *op) {
    if (auto loop = dyn_cast<scf::ForOp>(op))
      copies += bind(loop.getBody()->getTerminator(), loop.getRegionIterArgs());
    else if (auto loop = dyn_cast<scf::WhileOp>(op))
      copies += bind(loop.getAfterBody()->getTerminator(),
                     loop.getAfterBody()->getArguments());
  });
  return copies;
}
