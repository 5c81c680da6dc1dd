//===- Support.cpp - Small programs, interpreted --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/BindParameters/Arguments.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include <cmath>
#include <random>

using namespace mlir;
using namespace dither;
using namespace dither::test;

Program::Program(StringRef text) {
  context.loadDialect<DitherDialect, func::FuncDialect, math::MathDialect>();
  context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) {
    diagnostics += diagnostic.str() + "\n";
    return success();
  });
  module = parseSourceString<ModuleOp>(text, &context);
}

func::FuncOp Program::get(StringRef name) {
  func::FuncOp found;
  module->walk([&](func::FuncOp function) {
    if (function.getName() == name)
      found = function;
  });
  return found;
}

Tensors Program::run(StringRef name, ArrayRef<HostTensor> arguments) {
  FailureOr<Tensors> results = interpret(get(name), arguments);
  return failed(results) ? Tensors() : *results;
}

LogicalResult Program::transform(StringRef pipeline) {
  static const bool registered = [] {
    registerDitherPasses();
    registerTransformsPasses();
    return true;
  }();
  (void)registered;
  auto manager = PassManager::on<ModuleOp>(&context);
  if (failed(parsePassPipeline(pipeline, manager)))
    return failure();
  return manager.run(*module);
}

func::FuncOp dither::test::addWeightedLoss(func::FuncOp function) {
  func::FuncOp loss = function.clone();
  loss.setName((function.getName() + ".loss").str());
  function->getBlock()->getOperations().insertAfter(function->getIterator(),
                                                    loss);
  Operation *end = loss.getBody().front().getTerminator();
  Value y = end->getOperand(0);
  (void)loss.insertArgument(loss.getNumArguments(), y.getType(),
                            DictionaryAttr(), loss.getLoc());
  ImplicitLocOpBuilder b(loss.getLoc(), end);
  Value product =
      MulOp::create(b, y, loss.getArgument(loss.getNumArguments() - 1));
  Value sum =
      ReduceOp::create(b, ReduceKind::sum, product, DenseI64ArrayAttr(), false);
  end->setOperands(sum);
  loss.setFunctionType(
      b.getFunctionType(loss.getArgumentTypes(), {sum.getType()}));
  return loss;
}

void dither::test::bindRng(func::FuncOp function) {
  Value rng = getOrAddRng(function);
  for (RngOp use : llvm::to_vector(function.getOps<RngOp>())) {
    use.replaceAllUsesWith(rng);
    use.erase();
  }
}

HostTensor dither::test::makeTensor(Type element, ArrayRef<int64_t> shape,
                                    ArrayRef<double> values) {
  HostTensor tensor(element, shape);
  for (auto [i, value] : llvm::enumerate(values))
    tensor.set(i, isa<FloatType>(element) ? Scalar::of(value)
                                          : Scalar::ofInt(int64_t(value)));
  return tensor;
}

HostTensor dither::test::makeRandom(Type type, double low, double high,
                                    unsigned seed) {
  auto tensorType = cast<RankedTensorType>(type);
  std::mt19937_64 engine(seed);
  std::vector<double> values;
  for (int64_t i = 0; i < tensorType.getNumElements(); ++i) {
    // Not std::uniform_real_distribution, which differs between libraries.
    double unit = double(engine() >> 11) * 0x1.0p-53;
    bool isFloat = isa<FloatType>(tensorType.getElementType());
    values.push_back(isFloat ? low + (high - low) * unit
                             : std::floor(low + (high - low + 1) * unit));
  }
  return makeTensor(tensorType.getElementType(), tensorType.getShape(), values);
}

HostTensor dither::test::makeRng(MLIRContext *context, int64_t seed,
                                 int64_t step) {
  HostTensor rng(IntegerType::get(context, 64), {2});
  rng.set(0, Scalar::ofInt(seed));
  rng.set(1, Scalar::ofInt(step));
  return rng;
}

std::vector<double> dither::test::toDoubles(const HostTensor &tensor) {
  std::vector<double> values;
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    values.push_back(tensor.getDouble(i));
  return values;
}
