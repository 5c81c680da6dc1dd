//===- InlineCalls.cpp - Calls within straight-line code ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Transforms/Support/InlineCalls.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OwningOpRef.h"

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

/// The extent that arguments have where a function has dynamic ones.
static std::optional<int64_t> findBatch(func::FuncOp function,
                                        ValueRange arguments) {
  for (auto [expected, value] :
       llvm::zip_equal(function.getArgumentTypes(), arguments)) {
    auto type = dyn_cast<RankedTensorType>(expected);
    auto actual = dyn_cast<RankedTensorType>(value.getType());
    for (int64_t d = 0; type && actual && d < type.getRank(); ++d)
      if (type.isDynamicDim(d) && !actual.isDynamicDim(d))
        return actual.getDimSize(d);
  }
  return std::nullopt;
}

FailureOr<SmallVector<Value>> dither::inlineBody(OpBuilder &b, Location loc,
                                                 func::FuncOp function,
                                                 ValueRange arguments) {
  OwningOpRef<func::FuncOp> special;
  if (std::optional<int64_t> batch = findBatch(function, arguments)) {
    special = function.clone();
    function = *special;
    if (failed(specialize(function, *batch)))
      return failure();
  }
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

/// Lets the estimators of a product draw other numbers than those of the
/// function that it goes into.
static LogicalResult renumberStreams(Operation *call, func::FuncOp product) {
  SmallVector<Operation *> estimates;
  product.walk([&](Operation *op) {
    if (op->hasAttr(estimateAttr) && op->hasAttr("stream"))
      estimates.push_back(op);
  });
  if (estimates.empty())
    return success();
  auto function = call->getParentOfType<func::FuncOp>();
  if (call->getParentOp() != function)
    return call->emitOpError("has estimators, and stands in a region that may "
                             "run again; estimators stand outside of loops "
                             "and conditions");
  int64_t shift = findFreeStream(function) - firstEstimatorStream;
  for (Operation *op : estimates) {
    auto stream = op->getAttrOfType<IntegerAttr>("stream");
    op->setAttr("stream",
                IntegerAttr::get(stream.getType(), stream.getInt() + shift));
  }
  return success();
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
  FailureOr<SmallVector<Value>> values = failure();
  if (!product || succeeded(renumberStreams(call, product))) {
    OpBuilder b(call);
    values = inlineBody(b, call->getLoc(), callee, call->getOperands());
  }
  if (product)
    product.erase();
  if (failed(values))
    return failure();
  call->replaceAllUsesWith(*values);
  call->erase();
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
