//===- Check.cpp - dither check -------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Artifact/Artifact.h"
#include "compiler/Interpreter/Interpreter.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include "compiler/Transforms/Specialize/Specialize.h"
#include "compiler/Transforms/Support/InlineCalls.h"
#include "runtime/rng/Philox.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Session.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace mlir;
using namespace dither;

static constexpr int64_t kBatch = 4;
static constexpr int kDirections = 8;
/// Steps over which an estimator is averaged.
static constexpr int kSteps = 200;
/// The step of central differences, and what curvature and the rounding of the
/// loss to f32 allow: relative and absolute.
static constexpr double kEpsilon = 1e-2, kRelative = 2e-2, kAbsolute = 4e-5;
/// A correct estimator fails one check in 10^6: 5.2 standard deviations would
/// do for one direction, this holds for all of them by Bonferroni.
static constexpr double kDeviations = 5.6;

namespace {
enum class Estimators { none, unbiased };

/// One row of the result.
struct Verdict {
  std::string what;
  int direction;
  double found, expected, allowed;
  bool passed() const { return std::abs(found - expected) <= allowed; }
};

/// The loss of a training declaration, with exact or estimated gradients.
struct Gradient {
  OwningOpRef<ModuleOp> module;
  func::FuncOp loss, gradient;
  bool hasRng = false;
};
} // namespace

/// Leaves what is to be checked: parameters without representation, whose
/// surrogate gradients are no derivatives, but for those that are trained
/// packed, and the estimators asked for.
static void strip(ModelOp model, Estimators keep) {
  for (ParamOp param : model.getOps<ParamOp>()) {
    if (param.isTrainedPacked())
      continue;
    for (const char *name : {"pattern", "format", "recipe", "estimator"})
      param->removeAttr(name);
  }
  model.walk([&](EstimatedOpInterface op) {
    EstimatorAttrInterface estimator = op.getEstimatorAttrInterface();
    if (estimator && (keep == Estimators::none || !estimator.isUnbiased())) {
      op->removeAttr("backward");
      op->removeAttr("residual");
    }
  });
}

/// Makes dither.rng the last argument.
static bool bindRng(func::FuncOp function) {
  SmallVector<RngOp> ops;
  function.walk([&](RngOp op) { ops.push_back(op); });
  if (ops.empty())
    return false;
  unsigned position = function.getNumArguments();
  (void)function.insertArgument(position, ops.front().getType(), {},
                                function.getLoc());
  for (RngOp op : ops) {
    op.replaceAllUsesWith(function.getArgument(position));
    op.erase();
  }
  return true;
}

static FailureOr<Gradient> buildGradient(ModuleOp source, StringRef loss,
                                         Estimators keep) {
  Gradient result;
  result.module = source.clone();
  ModelOp model = findModel(*result.module);
  strip(model, keep);
  auto find = [&]() { return SymbolTable(model).lookup<func::FuncOp>(loss); };
  if (failed(inlineCalls(find())) || failed(specialize(find(), kBatch)))
    return failure();
  // Only the loss is needed; what else there is may not fit a batch of 4.
  for (auto function : llvm::make_early_inc_range(model.getOps<func::FuncOp>()))
    if (function.getName() != loss)
      function.erase();
  for (auto train : llvm::make_early_inc_range(model.getOps<TrainOp>()))
    train.erase();
  PassManager pm(source.getContext());
  pm.nest<ModelOp>().addPass(createBindParameters({"train"}));
  if (failed(pm.run(*result.module)))
    return failure();
  result.loss = find();
  result.gradient = buildGradientFunction(result.loss);
  if (!result.gradient)
    return failure();
  result.hasRng = bindRng(result.gradient);
  return result;
}

static HostTensor makeRng(MLIRContext *context, uint64_t seed, int64_t step) {
  HostTensor rng(IntegerType::get(context, 64), {2});
  rng.set(0, Scalar::ofInt(int64_t(seed)));
  rng.set(1, Scalar::ofInt(step));
  return rng;
}

/// Uniform in (-1, 1); labels below the smallest class count that is usual.
static HostTensor makeRandom(RankedTensorType type, uint64_t seed,
                             uint32_t stream) {
  HostTensor tensor(type.getElementType(), type.getShape());
  bool isFloat = isa<FloatType>(type.getElementType());
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    uint32_t bits = runtime::Philox::bits(seed, 0, stream, uint32_t(i));
    tensor.set(i, isFloat ? Scalar::of(std::ldexp(double(bits), -31) - 1)
                          : Scalar::ofInt(bits % 2));
  }
  return tensor;
}

static bool isFloat(const HostTensor &tensor) {
  return isa<FloatType>(tensor.getElementType());
}

/// arguments + scale * direction, in the floating-point ones.
static SmallVector<HostTensor> shift(ArrayRef<HostTensor> arguments,
                                     ArrayRef<HostTensor> direction,
                                     double scale) {
  SmallVector<HostTensor> shifted;
  for (auto [argument, d] : llvm::zip_equal(arguments, direction)) {
    HostTensor copy(argument.getElementType(), argument.getShape());
    for (int64_t i = 0; i < argument.getNumElements(); ++i)
      copy.set(i, isFloat(argument) ? Scalar::of(argument.getDouble(i) +
                                                 scale * d.getDouble(i))
                                    : argument.get(i));
    shifted.push_back(copy);
  }
  return shifted;
}

namespace {
/// Checks one training declaration.
class Checker {
public:
  Checker(ModuleOp module, StringRef loss, uint64_t seed)
      : module(module), loss(loss), seed(seed) {}

  LogicalResult run(std::vector<Verdict> &verdicts) {
    auto exact = buildGradient(module, loss, Estimators::none);
    auto estimated = buildGradient(module, loss, Estimators::unbiased);
    if (failed(exact) || failed(estimated))
      return failure();
    if (failed(makeArguments(*exact)))
      return failure();
    makeDirections();
    auto gradient = project(*exact, 1);
    if (failed(gradient) ||
        failed(checkDifferences(*exact, *gradient, verdicts)))
      return failure();
    // Without an unbiased estimator there is no randomness to average.
    if (!estimated->hasRng)
      return success();
    return checkExpectation(*estimated, *gradient, verdicts);
  }

private:
  LogicalResult makeArguments(Gradient &g) {
    ModelOp model = findModel(module);
    auto values = initializeParameters(model, seed, interpret);
    if (failed(values))
      return failure();
    auto states = packStates(model, *values);
    if (failed(states))
      return failure();
    for (unsigned i = 0; i < g.loss.getNumArguments(); ++i) {
      auto type = cast<RankedTensorType>(g.loss.getArgumentTypes()[i]);
      auto kind = g.loss.getArgAttrOfType<StringAttr>(i, "dither.kind");
      auto name = g.loss.getArgAttrOfType<StringAttr>(i, "dither.name");
      if (kind == "rng") {
        arguments.push_back(makeRng(module.getContext(), seed, 1));
        continue;
      }
      auto found = kind == "state" ? states->find(name.str()) : states->end();
      arguments.push_back(found != states->end() ? found->second
                                                 : makeRandom(type, seed, i));
    }
    return success();
  }

  /// Directions of length 1, so that one epsilon fits all.
  void makeDirections() {
    for (int n = 0; n < kDirections; ++n) {
      SmallVector<HostTensor> direction;
      double square = 0;
      for (auto [i, argument] : llvm::enumerate(arguments)) {
        auto type = RankedTensorType::get(argument.getShape(),
                                          argument.getElementType());
        direction.push_back(
            makeRandom(type, seed, 1000 + n * arguments.size() + i));
        if (isFloat(argument))
          for (int64_t k = 0; k < argument.getNumElements(); ++k)
            square += std::pow(direction.back().getDouble(k), 2);
      }
      directions.push_back(shift(direction, direction,
                                 1 / std::sqrt(std::max(square, 1e-30)) - 1));
    }
  }

  /// The gradient along each direction.
  FailureOr<std::vector<double>> project(Gradient &g, int64_t step) {
    SmallVector<HostTensor> all(arguments);
    if (g.hasRng)
      all.push_back(makeRng(module.getContext(), seed, step));
    auto results = interpret(g.gradient, all);
    if (failed(results))
      return failure();
    std::vector<double> sums(kDirections, 0);
    for (int n = 0; n < kDirections; ++n) {
      size_t next = 1; // The loss comes first, then a gradient for each float.
      for (auto [i, argument] : llvm::enumerate(arguments)) {
        if (!isFloat(argument))
          continue;
        const HostTensor &gradient = (*results)[next++];
        for (int64_t k = 0; k < gradient.getNumElements(); ++k)
          sums[n] += gradient.getDouble(k) * directions[n][i].getDouble(k);
      }
    }
    return sums;
  }

  LogicalResult checkDifferences(Gradient &g, ArrayRef<double> gradient,
                                 std::vector<Verdict> &verdicts) {
    for (int n = 0; n < kDirections; ++n) {
      double values[2];
      for (int side : {0, 1}) {
        auto result = interpret(g.loss, shift(arguments, directions[n],
                                              side ? kEpsilon : -kEpsilon));
        if (failed(result))
          return failure();
        values[side] = result->front().getDouble(0);
      }
      double difference = (values[1] - values[0]) / (2 * kEpsilon);
      verdicts.push_back({"gradient against central differences", n,
                          gradient[n], difference,
                          kRelative * std::abs(difference) + kAbsolute});
    }
    return success();
  }

  LogicalResult checkExpectation(Gradient &g, ArrayRef<double> gradient,
                                 std::vector<Verdict> &verdicts) {
    std::vector<double> sum(kDirections, 0), squares(kDirections, 0);
    for (int step = 1; step <= kSteps; ++step) {
      auto sample = project(g, step);
      if (failed(sample))
        return failure();
      for (int n = 0; n < kDirections; ++n) {
        double difference = (*sample)[n] - gradient[n];
        sum[n] += difference;
        squares[n] += difference * difference;
      }
    }
    for (int n = 0; n < kDirections; ++n) {
      double mean = sum[n] / kSteps;
      double variance = squares[n] / kSteps - mean * mean;
      double allowed = kDeviations * std::sqrt(variance / kSteps) + 1e-6;
      verdicts.push_back({"mean of estimates against exact gradient", n,
                          gradient[n] + mean, gradient[n], allowed});
    }
    return success();
  }

  ModuleOp module;
  StringRef loss;
  uint64_t seed;
  SmallVector<HostTensor> arguments;
  std::vector<SmallVector<HostTensor>> directions;
};
} // namespace

static int print(ArrayRef<Verdict> verdicts, const std::string &json) {
  int64_t failures = 0;
  llvm::json::Array rows;
  for (const Verdict &v : verdicts) {
    failures += !v.passed();
    if (!json.empty())
      rows.push_back(llvm::json::Object{{"check", v.what},
                                        {"direction", v.direction},
                                        {"found", v.found},
                                        {"expected", v.expected},
                                        {"allowed", v.allowed},
                                        {"passed", v.passed()}});
    else
      llvm::outs() << llvm::formatv(
          "{0}  {1}, direction {2}: {3:f5}, expected {4:f5} +- {5:f5}\n",
          v.passed() ? "ok    " : "FAILED", v.what, v.direction, v.found,
          v.expected, v.allowed);
  }
  if (json.empty()) {
    llvm::outs() << llvm::formatv("{0} passed, {1} failed\n",
                                  int64_t(verdicts.size()) - failures,
                                  failures);
    return failures > 0;
  }
  llvm::json::Value value(std::move(rows));
  if (failed(writeText(json, llvm::formatv("{0:2}\n", value).str())))
    return 1;
  return failures > 0;
}

int dither::runCheck(const CheckOptions &options) {
  LoadedModel model;
  if (failed(model.load(options)))
    return 1;
  std::vector<Verdict> verdicts;
  bool any = false;
  for (TrainOp train : model.getModel().getOps<TrainOp>()) {
    any = true;
    if (failed(Checker(model.getModule(), train.getLoss(), options.seed)
                   .run(verdicts)))
      return 1;
  }
  if (!any)
    return reportError("the model has no dither.train, so there is no loss to "
                       "check; add one");
  return print(verdicts, options.json);
}
