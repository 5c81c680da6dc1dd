//===- Interpreter.cpp - The reference meaning, executed ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Interpreter/Interpreter.h"
#include "compiler/Transforms/Decompose/Decompose.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "compiler/Transforms/Support/InlineCalls.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace dither;

using Tensors = SmallVector<HostTensor>;

//===- Arguments ----------------------------------------------------------===//

static std::string describe(const HostTensor &tensor) {
  std::string text;
  llvm::raw_string_ostream(text)
      << RankedTensorType::get(tensor.getShape(), tensor.getElementType());
  return text;
}

/// Whether a tensor has the element type, the rank and the static extents of a
/// type.
static bool fits(const HostTensor &tensor, Type type) {
  auto expected = dyn_cast<RankedTensorType>(type);
  return expected && tensor.getElementType() == expected.getElementType() &&
         succeeded(
             verifyCompatibleShape(tensor.getShape(), expected.getShape()));
}

/// The one value of the dynamic extents of a function; 1 if it has none.
static FailureOr<int64_t> resolveBatch(func::FuncOp function,
                                       ArrayRef<HostTensor> arguments) {
  if (arguments.size() != function.getNumArguments())
    return function.emitError("takes ")
           << function.getNumArguments() << " arguments, got "
           << arguments.size();
  std::optional<int64_t> batch;
  unsigned source = 0;
  for (auto [i, argument, type] :
       llvm::enumerate(arguments, function.getArgumentTypes())) {
    if (!fits(argument, type))
      return function.emitError("argument ")
             << i << " is " << type << ", got " << describe(argument);
    for (auto [d, extent] :
         llvm::enumerate(cast<RankedTensorType>(type).getShape())) {
      if (!ShapedType::isDynamic(extent))
        continue;
      int64_t actual = argument.getShape()[d];
      if (batch && *batch != actual)
        return function.emitError("argument ")
               << i << " has extent " << actual << " in dimension " << d
               << ", but argument " << source << " has " << *batch
               << ": the dynamic extents of a function are one number";
      if (!batch) {
        batch = actual;
        source = i;
      }
    }
  }
  return batch.value_or(1);
}

//===- Execution ----------------------------------------------------------===//

namespace {
/// The values of a function's body while it runs. A tensor is dropped after
/// its last use.
class Frame {
public:
  /// Calls are resolved from `scope`, the function in its module.
  Frame(func::FuncOp scope, func::FuncOp body) : scope(scope) {
    body.walk([&](Operation *op) { inputs[op] = findInputs(op); });
  }
  /// Runs the ops of a block and gives the operands of its terminator.
  FailureOr<Tensors> run(Block &block, ArrayRef<HostTensor> arguments);

private:
  /// What an op reads: operands, and what its regions read from outside.
  static SmallVector<Value> findInputs(Operation *op);
  FailureOr<Tensors> runOp(Operation *op, ArrayRef<HostTensor> operands);
  FailureOr<Tensors> runReference(ReferenceOpInterface op,
                                  ArrayRef<HostTensor> operands);
  FailureOr<Tensors> runStructured(StructuredOpInterface op,
                                   ArrayRef<HostTensor> operands);
  FailureOr<Tensors> runCall(func::CallOp call, ArrayRef<HostTensor> operands);

  func::FuncOp scope;
  llvm::DenseMap<Operation *, SmallVector<Value>> inputs;
  llvm::DenseMap<Value, HostTensor> tensors;
};
} // namespace

static FailureOr<Tensors> interpretAt(func::FuncOp function, func::FuncOp scope,
                                      ArrayRef<HostTensor> arguments);

SmallVector<Value> Frame::findInputs(Operation *op) {
  llvm::SetVector<Value> captures;
  getUsedValuesDefinedAbove(op->getRegions(), captures);
  SmallVector<Value> inputs(op->getOperands());
  llvm::append_range(inputs, captures);
  return inputs;
}

FailureOr<Tensors> Frame::run(Block &block, ArrayRef<HostTensor> arguments) {
  llvm::DenseMap<Value, unsigned> usesLeft;
  for (Operation &op : block)
    for (Value input : inputs.lookup(&op))
      ++usesLeft[input];
  auto set = [&](Value value, const HostTensor &tensor) {
    if (usesLeft.lookup(value) > 0)
      tensors[value] = tensor;
  };
  for (auto [argument, tensor] :
       llvm::zip_equal(block.getArguments(), arguments))
    set(argument, tensor);
  for (Operation &op : block) {
    auto operands = llvm::map_to_vector(
        op.getOperands(), [&](Value value) { return tensors.lookup(value); });
    // Regions read what is not an operand while the op runs.
    bool isLeaf = op.getNumRegions() == 0;
    auto drop = [&]() {
      for (Value input : inputs.lookup(&op))
        if (--usesLeft[input] == 0 && input.getParentBlock() == &block)
          tensors.erase(input);
    };
    if (isLeaf)
      drop();
    if (op.hasTrait<OpTrait::IsTerminator>())
      return operands;
    FailureOr<Tensors> results = runOp(&op, operands);
    if (failed(results))
      return failure();
    if (!isLeaf)
      drop();
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), *results))
      set(value, tensor);
  }
  return block.getParentOp()->emitError("does not return");
}

FailureOr<Tensors> Frame::runOp(Operation *op, ArrayRef<HostTensor> operands) {
  if (auto call = dyn_cast<func::CallOp>(op))
    return runCall(call, operands);
  if (auto reference = dyn_cast<ReferenceOpInterface>(op))
    return runReference(reference, operands);
  if (auto structured = dyn_cast<StructuredOpInterface>(op))
    return runStructured(structured, operands);
  if (isa<ReadOp, RngOp>(op))
    return op->emitOpError("has no value of its own; dither-bind-parameters "
                           "makes it an argument");
  return op->emitOpError("has no reference meaning");
}

FailureOr<Tensors> Frame::runReference(ReferenceOpInterface op,
                                       ArrayRef<HostTensor> operands) {
  Tensors results;
  for (auto [type, shape] :
       llvm::zip_equal(op->getResultTypes(), op.evaluateShapes(operands))) {
    results.emplace_back(getElementTypeOrSelf(type), shape);
    if (!fits(results.back(), type))
      return op->emitOpError("gives ")
             << describe(results.back()) << " where its type is " << type;
  }
  if (failed(op.evaluate(operands, results)))
    return failure();
  return results;
}

FailureOr<Tensors> Frame::runStructured(StructuredOpInterface op,
                                        ArrayRef<HostTensor> operands) {
  return op.evaluateRegions(
      operands, [&](Region &region, ArrayRef<HostTensor> arguments) {
        return run(region.front(), arguments);
      });
}

FailureOr<Tensors> Frame::runCall(func::CallOp call,
                                  ArrayRef<HostTensor> operands) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      scope, call.getCalleeAttr());
  if (!callee)
    return call.emitOpError("finds no function ") << call.getCalleeAttr();
  FailureOr<Tensors> results = interpretAt(callee, callee, operands);
  if (failed(results))
    return failure();
  for (auto [tensor, type] : llvm::zip_equal(*results, call->getResultTypes()))
    if (!fits(tensor, type))
      return call.emitOpError("gives ")
             << describe(tensor) << " where its type is " << type;
  return results;
}

static FailureOr<Tensors> interpretAt(func::FuncOp function, func::FuncOp scope,
                                      ArrayRef<HostTensor> arguments) {
  if (failed(checkStraightLine(function)))
    return failure();
  FailureOr<int64_t> batch = resolveBatch(function, arguments);
  if (failed(batch))
    return failure();
  // With the extents known, it is type inference that finds those that
  // disagree.
  OwningOpRef<func::FuncOp> clone = function.clone();
  if (failed(specialize(*clone, *batch)) || failed(decomposeAll(*clone)) ||
      failed(verify(*clone)))
    return failure();
  return Frame(scope, *clone).run(clone->getBody().front(), arguments);
}

FailureOr<Tensors> dither::interpret(func::FuncOp function,
                                     ArrayRef<HostTensor> arguments) {
  if (failed(checkNotRecursive(function)))
    return failure();
  if (!hasDerivatives(function))
    return interpretAt(function, function, arguments);
  // Derivatives of functions are written out in a copy, among the functions.
  func::FuncOp copy = function.clone();
  function->getBlock()->getOperations().insertAfter(function->getIterator(),
                                                    copy);
  FailureOr<Tensors> results = failure();
  if (succeeded(inlineCalls(copy)))
    results = interpretAt(copy, copy, arguments);
  copy.erase();
  return results;
}

//===- Initializers -------------------------------------------------------===//

/// The position of a parameter among those of its model.
static int64_t getPosition(ParamOp param) {
  int64_t position = 0;
  for (auto other : param->getBlock()->getOps<ParamOp>()) {
    if (other == param)
      break;
    ++position;
  }
  return position;
}

FailureOr<HostTensor> dither::evaluateInitializer(ParamOp param, int64_t seed,
                                                  const Evaluator &evaluate) {
  Location loc = param.getLoc();
  RankedTensorType type = param.getTensorType();
  auto functionType = FunctionType::get(param.getContext(), {}, {type});
  OwningOpRef<func::FuncOp> function =
      func::FuncOp::create(loc, param.getSymName(), functionType);
  ImplicitLocOpBuilder b(loc, param.getContext());
  b.setInsertionPointToStart(function->addEntryBlock());
  auto rngType = RankedTensorType::get({2}, b.getI64Type());
  Value rng = ConstantOp::create(
      b, DenseIntElementsAttr::get(rngType, ArrayRef<int64_t>{seed, 0}));
  Value initial = cast<InitializerAttrInterface>(param.getInit())
                      .buildInitial(b, type, rng, getPosition(param));
  if (!initial)
    return failure();
  if (initial.getType() != type)
    return param.emitOpError("is ")
           << type << ", but its initializer gives " << initial.getType();
  func::ReturnOp::create(b, initial);
  FailureOr<Tensors> results = evaluate(*function, {});
  if (failed(results))
    return failure();
  return results->front();
}
