//===- Fuzz.cpp - Random programs, compiled and interpreted ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/Fuzz.h"
#include "compiler/Check/Cases.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace dither;

static constexpr int64_t batches[] = {0, 1, 3, 13};
/// Relative; what compiled code does to a value is less.
static constexpr double noiseSize = 1e-5;
static constexpr int noiseDraws = 3;

//===- Noise --------------------------------------------------------------===//

/// `value` with each element that is no integer multiplied by a factor of its
/// own.
static Value addNoise(ImplicitLocOpBuilder &b, Value value, uint64_t seed,
                      uint32_t stream) {
  auto type = cast<RankedTensorType>(value.getType());
  HostTensor drawn =
      drawTensor(type, 1 - noiseSize, 1 + noiseSize, seed, stream);
  SmallVector<Attribute> factors;
  for (int64_t i = 0; i < drawn.getNumElements(); ++i)
    factors.push_back(
        b.getFloatAttr(type.getElementType(), drawn.getDouble(i)));
  Value factor = ConstantOp::create(b, DenseElementsAttr::get(type, factors));
  Value noisy = MulOp::create(b, value, factor);
  Value isFraction = CompareOp::create(b, Predicate::ne, value,
                                       RoundOp::create(b, value).getResult());
  return SelectOp::create(b, isFraction, noisy, value);
}

OwningOpRef<func::FuncOp> dither::addNoise(func::FuncOp function, int64_t batch,
                                           uint64_t seed) {
  OwningOpRef<func::FuncOp> noisy = function.clone();
  if (failed(specialize(*noisy, batch)))
    return {};
  uint32_t stream = 0;
  SmallVector<Operation *> ops;
  for (Operation &op : noisy->getBody().front().without_terminator())
    if (op.getNumOperands() > 0)
      ops.push_back(&op);
  for (Operation *op : ops)
    for (Value result : op->getResults()) {
      // Factors of so few bits would be 1 or a whole step away.
      auto type = cast<RankedTensorType>(result.getType());
      if (!type.getElementType().isF32() || type.getNumElements() == 0)
        continue;
      ImplicitLocOpBuilder b(op->getLoc(), op->getContext());
      b.setInsertionPointAfter(op);
      Value changed = ::addNoise(b, result, seed, stream++);
      // The first of what was built is the user of `result` that stays.
      result.replaceUsesWithIf(changed, [&](OpOperand &use) {
        return !use.getOwner()->isBeforeInBlock(changed.getDefiningOp()) &&
               use.getOwner() != changed.getDefiningOp();
      });
    }
  return noisy;
}

//===- Comparison ---------------------------------------------------------===//

namespace {
class Comparison {
public:
  Comparison(KernelRunner &runner, uint64_t seed)
      : runner(runner), seed(seed) {}
  FuzzVerdict run(func::FuncOp function);

private:
  using Tensors = KernelRunner::Tensors;

  void compare(func::FuncOp function, int64_t batch, FuzzVerdict &verdict);
  std::string leaveOut(func::FuncOp function, int64_t batch,
                       const Tensors &inputs, Tensors found,
                       const Tensors &expected, int64_t &numLeftOut);

  KernelRunner &runner;
  uint64_t seed;
  KernelTolerance tolerance;
};
} // namespace

static std::string compareAll(const KernelTolerance &tolerance,
                              const KernelRunner::Tensors &found,
                              const KernelRunner::Tensors &expected) {
  for (auto [i, pair] : llvm::enumerate(llvm::zip_equal(found, expected))) {
    auto &[a, b] = pair;
    if (std::string text = tolerance.compare(a, b); !text.empty())
      return "result " + std::to_string(i) + ": " + text;
  }
  return "";
}

/// Takes what is expected for what was found, where noise changes it as much as
/// half of what is allowed; says what then is wrong.
std::string Comparison::leaveOut(func::FuncOp function, int64_t batch,
                                 const Tensors &inputs, Tensors found,
                                 const Tensors &expected, int64_t &numLeftOut) {
  KernelTolerance half;
  half.relative = tolerance.relative / 2;
  for (int draw = 0; draw < noiseDraws; ++draw) {
    auto noisy = addNoise(function, batch, seed + draw);
    auto moved = noisy ? interpretSeeded(*noisy, inputs, seed)
                       : FailureOr<Tensors>(failure());
    if (failed(moved))
      return "it does not run with noise";
    for (auto [a, b, c] : llvm::zip_equal(found, *moved, expected))
      for (int64_t i = 0; i < a.getNumElements(); ++i) {
        if (half.agree(b.get(i), c.get(i), /*spacing=*/0) ||
            tolerance.agree(a.get(i), c.get(i), /*spacing=*/0))
          continue;
        a.set(i, c.get(i));
        ++numLeftOut;
      }
  }
  return compareAll(tolerance, found, expected);
}

void Comparison::compare(func::FuncOp function, int64_t batch,
                         FuzzVerdict &verdict) {
  std::string messages;
  ScopedDiagnosticHandler handler(
      function->getContext(),
      [&](Diagnostic &diagnostic) { messages += "; " + diagnostic.str(); });
  auto inputs = drawArguments(function, batch, seed);
  auto found = runner.call(function.getName(), inputs);
  auto expected = interpretSeeded(function, inputs, seed);
  std::string text = "it does not run" + messages;
  if (succeeded(found) && succeeded(expected)) {
    for (const HostTensor &tensor : *expected)
      verdict.numElements += tensor.getNumElements();
    text = compareAll(tolerance, *found, *expected);
    if (!text.empty())
      text = leaveOut(function, batch, inputs, std::move(*found), *expected,
                      verdict.numLeftOut);
  }
  if (!text.empty() && verdict.failure.empty())
    verdict.failure = "batch " + std::to_string(batch) + ", " + text;
}

FuzzVerdict Comparison::run(func::FuncOp function) {
  FuzzVerdict verdict;
  ArrayRef<int64_t> all = batches;
  for (int64_t batch : hasBatch(function) ? all : all.slice(1, 1))
    compare(function, batch, verdict);
  return verdict;
}

FailureOr<std::vector<FuzzVerdict>>
dither::comparePrograms(ArrayRef<func::FuncOp> functions, KernelRunner &runner,
                        uint64_t seed) {
  if (failed(loadFunctions(functions, runner)))
    return failure();
  Comparison comparison(runner, seed);
  std::vector<FuzzVerdict> verdicts;
  for (func::FuncOp function : functions)
    verdicts.push_back(comparison.run(function));
  return verdicts;
}
