//===- InlineCalls.cpp - Calls within straight-line code ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Transforms/Support/InlineCalls.h"
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

static func::FuncOp findCallee(func::CallOp call) {
  return SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
}

/// The calls of a function, those in regions of its ops among them.
static SmallVector<func::CallOp> findCalls(func::FuncOp function) {
  SmallVector<func::CallOp> calls;
  function.walk([&](func::CallOp call) { calls.push_back(call); });
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
  for (auto call : findCalls(function)) {
    func::FuncOp callee = findCallee(call);
    if (!callee)
      return call.emitOpError("finds no function ") << call.getCalleeAttr();
    if (path.contains(callee))
      return call.emitOpError("is recursive: it never ends");
    if (failed(checkCallees(callee, path, done)))
      return failure();
  }
  path.erase(function);
  return success();
}

static void inlineCall(func::CallOp call) {
  Block &body = findCallee(call).getBody().front();
  OpBuilder b(call);
  IRMapping map;
  map.map(body.getArguments(), call.getOperands());
  for (Operation &op : body.without_terminator()) {
    Operation *copy = b.clone(op, map);
    copy->setLoc(CallSiteLoc::get(op.getLoc(), call.getLoc()));
  }
  for (auto [result, value] :
       llvm::zip_equal(call.getResults(), body.getTerminator()->getOperands()))
    result.replaceAllUsesWith(map.lookup(value));
  call.erase();
}

LogicalResult dither::checkNotRecursive(func::FuncOp function) {
  SmallPtrSet<Operation *, 8> path, done;
  return checkCallees(function, path, done);
}

LogicalResult dither::inlineCalls(func::FuncOp function) {
  if (failed(checkNotRecursive(function)))
    return failure();
  while (true) {
    SmallVector<func::CallOp> calls = findCalls(function);
    if (calls.empty())
      return success();
    llvm::for_each(calls, inlineCall);
  }
}
