//===- InlineCalls.cpp - Calls within straight-line code ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Transforms/Support/InlineCalls.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace dither;

LogicalResult dither::checkStraightLine(func::FuncOp function) {
  if (function.isExternal())
    return function.emitError("needs a body");
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("needs a body of one block");
  return success();
}

/// The functions that an op calls, the one whose results it gives first; none
/// if it is no call.
static SmallVector<FlatSymbolRefAttr, 2> getCallees(Operation *op) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return {call.getCalleeAttr()};
  if (auto product = dyn_cast<VjpOp>(op))
    return {product.getCalleeAttr()};
  if (auto product = dyn_cast<JvpOp>(op))
    return {product.getCalleeAttr()};
  if (auto custom = dyn_cast<CustomVjpOp>(op))
    return {custom.getCalleeAttr(), custom.getBackwardAttr()};
  return {};
}

static func::FuncOp findCallee(Operation *call, FlatSymbolRefAttr name) {
  return SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, name);
}

/// The calls of a function, those in regions of its ops among them.
static SmallVector<Operation *> findCalls(func::FuncOp function,
                                          bool keepCustom = false) {
  SmallVector<Operation *> calls;
  function.walk([&](Operation *op) {
    if (!getCallees(op).empty() && !(keepCustom && isa<CustomVjpOp>(op)))
      calls.push_back(op);
  });
  return calls;
}

/// Checks that every call below `function` can be inlined. `path` holds the
/// functions that are being checked, `done` those that have been.
static LogicalResult checkCallees(func::FuncOp function,
                                  SmallPtrSetImpl<Operation *> &path,
                                  SmallPtrSetImpl<Operation *> &done) {
  if (!done.insert(function).second)
    return success();
  if (failed(checkStraightLine(function)))
    return failure();
  path.insert(function);
  for (Operation *call : findCalls(function))
    for (FlatSymbolRefAttr name : getCallees(call)) {
      func::FuncOp callee = findCallee(call, name);
      if (!callee)
        return call->emitOpError("finds no function ") << name;
      if (path.contains(callee))
        return call->emitOpError("is recursive: it never ends");
      if (failed(checkCallees(callee, path, done)))
        return failure();
    }
  path.erase(function);
  return success();
}

SmallVector<Value> dither::inlineBody(OpBuilder &b, Location loc,
                                      func::FuncOp function,
                                      ValueRange arguments) {
  Block &body = function.getBody().front();
  IRMapping map;
  map.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator()) {
    Operation *copy = b.clone(op, map);
    copy->setLoc(CallSiteLoc::get(op.getLoc(), loc));
  }
  return llvm::map_to_vector(body.getTerminator()->getOperands(),
                             [&](Value value) { return map.lookup(value); });
}

static LogicalResult inlineCall(Operation *call) {
  func::FuncOp callee = findCallee(call, getCallees(call).front());
  func::FuncOp product;
  if (isa<VjpOp>(call))
    callee = product = buildVjpFunction(callee);
  else if (isa<JvpOp>(call))
    callee = product = buildJvpFunction(callee);
  if (!callee)
    return failure();
  OpBuilder b(call);
  call->replaceAllUsesWith(
      inlineBody(b, call->getLoc(), callee, call->getOperands()));
  call->erase();
  if (product)
    product.erase();
  return success();
}

LogicalResult dither::checkNotRecursive(func::FuncOp function) {
  SmallPtrSet<Operation *, 8> path, done;
  return checkCallees(function, path, done);
}

LogicalResult dither::inlineCalls(func::FuncOp function, bool keepCustom) {
  if (failed(checkNotRecursive(function)))
    return failure();
  while (true) {
    SmallVector<Operation *> calls = findCalls(function, keepCustom);
    if (calls.empty())
      return success();
    for (Operation *call : calls)
      if (failed(inlineCall(call)))
        return failure();
  }
}

SmallVector<func::FuncOp>
dither::orderByCalls(ArrayRef<func::FuncOp> functions) {
  SmallVector<func::FuncOp> order, waiting(functions);
  while (!waiting.empty()) {
    SmallPtrSet<Operation *, 8> called;
    for (func::FuncOp function : waiting)
      for (Operation *call : findCalls(function))
        for (FlatSymbolRefAttr name : getCallees(call))
          called.insert(findCallee(call, name));
    auto isCalled = [&](func::FuncOp f) { return called.contains(f); };
    auto *firstCalled = std::stable_partition(waiting.begin(), waiting.end(),
                                              std::not_fn(isCalled));
    // All of them are called: by themselves.
    if (firstCalled == waiting.begin())
      firstCalled = waiting.end();
    order.append(waiting.begin(), firstCalled);
    waiting.erase(waiting.begin(), firstCalled);
  }
  return order;
}

bool dither::hasDerivatives(func::FuncOp function) {
  for (Operation *call : findCalls(function)) {
    if (!isa<func::CallOp>(call))
      return true;
    func::FuncOp callee = findCallee(call, getCallees(call).front());
    if (callee && hasDerivatives(callee))
      return true;
  }
  return false;
}
