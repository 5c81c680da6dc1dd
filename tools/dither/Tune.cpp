//===- Tune.cpp - dither tune ---------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each product of the model is a function of its own, and has a plan. In each
// step, plans that differ from it in one respect are compiled, and timed in
// turn with it, so that a disturbance hits all alike; the fastest is the next
// plan, until none is faster. All must give the same bits. In the end, what was
// found is timed once more beside the model's plan.
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Commands.h"
#include "tools/dither/Execute.h"
#include "tools/dither/Products.h"
#include "tools/dither/Timing.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>

using namespace mlir;
using namespace dither;

/// How often plans take turns, and for how long each in a turn, about.
static constexpr int kRounds = 5;
static constexpr double kTurnMicros = 5000;
static constexpr int64_t kMostRepetitions = 200;
/// Time of a plan, over the one that it replaces, at most: less is noise.
static constexpr double kLeastGain = 0.97;

namespace {
/// A product whose plan is sought.
struct Candidate {
  std::string function, key;
  KernelAttr plan, modelPlan;
  /// Of this step: the best of the last one, then its neighbours.
  SmallVector<KernelAttr> plans;
  double micros = 0, modelMicros = 0;
  bool isDone = false;
};

class Tuner {
public:
  Tuner(const TuneOptions &options, MLIRContext *context)
      : options(options), context(context), model(context) {}

  /// Adds the products of a function that can be timed alone.
  void add(func::FuncOp function) {
    function.walk([&](Operation *op) {
      if (isProduct(op) && !hasPlaces(op))
        model.add(op);
    });
  }

  LogicalResult run() {
    for (int64_t step = 0; step <= options.steps; ++step) {
      if (failed(plan()))
        return failure();
      if (candidates.empty()) {
        reportError("no products to tune in " + options.model);
        return failure();
      }
      if (step == options.steps ||
          llvm::all_of(candidates, [](const Candidate &c) { return c.isDone; }))
        break;
      if (failed(measure("step " + std::to_string(step + 1))))
        return failure();
    }
    return confirm();
  }

  Tuning getResult() const {
    Tuning tuning;
    tuning.features = features;
    tuning.threads = threads;
    for (const Candidate &candidate : candidates)
      tuning.products.push_back({candidate.key, candidate.plan,
                                 candidate.micros, candidate.modelMicros});
    return tuning;
  }

private:
  /// Options with plan `number` of each product, or the best if it has fewer.
  CompileOptions getOptions(size_t number) const {
    CompileOptions compile;
    compile.tuning.emplace();
    for (const Candidate &candidate : candidates)
      compile.tuning->products.push_back(
          {candidate.key, number < candidate.plans.size()
                              ? candidate.plans[number]
                              : candidate.plan});
    return compile;
  }

  /// The plans of the next step.
  LogicalResult plan() {
    auto plans = planProducts(model.getModule(), getOptions(0));
    if (failed(plans))
      return failure();
    features = plans->features;
    llvm::StringMap<Candidate *> known;
    for (Candidate &candidate : candidates)
      known[candidate.key] = &candidate;
    llvm::StringSet<> seen;
    for (PlannedProduct &product : plans->products) {
      if (!seen.insert(product.key).second)
        continue;
      SmallVector<KernelAttr> all = {product.plan};
      auto it = known.find(product.key);
      if (it == known.end() || !it->second->isDone)
        llvm::append_range(all, product.neighbours);
      if (it != known.end())
        it->second->plans = std::move(all);
      else
        candidates.push_back({product.function, product.key, product.plan,
                              product.plan, std::move(all)});
    }
    return success();
  }

  /// Times what was found beside the model's plans once more: steps are minutes
  /// apart, in which a machine changes.
  LogicalResult confirm() {
    for (Candidate &candidate : candidates) {
      candidate.plans = {candidate.modelPlan};
      if (candidate.plan != candidate.modelPlan)
        candidate.plans.push_back(candidate.plan);
      candidate.isDone = false;
      candidate.modelMicros = 0;
    }
    return measure("at last");
  }

  LogicalResult measure(const std::string &when) {
    size_t most = 0;
    for (Candidate &candidate : candidates)
      if (!candidate.isDone)
        most = std::max(most, candidate.plans.size());
    std::vector<std::unique_ptr<LiveSession>> sessions;
    for (size_t i = 0; i < most; ++i) {
      llvm::errs() << llvm::formatv("{0}: compiling {1} of {2}\n", when, i + 1,
                                    most);
      sessions.push_back(std::make_unique<LiveSession>());
      if (failed(sessions.back()->compile(model.getModule(), getOptions(i),
                                          options.threads)))
        return failure();
    }
    threads = dither_session_threads(sessions.front()->get());
    for (Candidate &candidate : candidates)
      if (!candidate.isDone && failed(choose(candidate, sessions)))
        return failure();
    return success();
  }

  /// Times all plans of a product, and takes the best.
  LogicalResult choose(Candidate &candidate,
                       ArrayRef<std::unique_ptr<LiveSession>> sessions) {
    auto function = TimedFunction::create(*sessions.front(), candidate.function,
                                          options.batch, context);
    if (failed(function))
      return failure();
    auto once = function->run(*sessions.front(), 3);
    if (failed(once))
      return failure();
    std::string expected = function->getResults();
    auto repetitions =
        std::clamp<int64_t>(int64_t(kTurnMicros / std::max(once->median, 1.0)),
                            3, kMostRepetitions);
    std::vector<double> micros(candidate.plans.size(),
                               std::numeric_limits<double>::infinity());
    for (int round = 0; round < kRounds; ++round)
      for (auto [i, least] : llvm::enumerate(micros)) {
        auto timing = function->run(*sessions[i], repetitions);
        if (failed(timing))
          return failure();
        least = std::min(least, timing->median);
        if (function->getResults() != expected)
          return reportWrong(candidate, candidate.plans[i]);
      }
    auto best = size_t(llvm::min_element(micros) - micros.begin());
    if (candidate.modelMicros == 0)
      candidate.modelMicros = micros.front();
    candidate.isDone = micros[best] > kLeastGain * micros.front();
    if (candidate.isDone)
      best = 0;
    candidate.plan = candidate.plans[best];
    candidate.plans = {candidate.plan};
    candidate.micros = micros[best];
    return success();
  }

  /// No plan that is measured rounds another way.
  static LogicalResult reportWrong(const Candidate &candidate,
                                   KernelAttr plan) {
    std::string text;
    llvm::raw_string_ostream(text) << plan;
    reportError("a kernel is wrong: the product '" + candidate.key + "' by " +
                text + " gives other bits than by the model's plan");
    return failure();
  }

  const TuneOptions &options;
  MLIRContext *context;
  ProductModel model;
  std::vector<Candidate> candidates;
  std::vector<std::string> features;
  int64_t threads = 1;
};
} // namespace

int dither::runTune(const TuneOptions &options) {
  LoadedModel model;
  if (failed(model.load(options)))
    return 1;
  OwningOpRef<ModuleOp> core = model.getModule().clone();
  CompileOptions compile;
  compile.mode =
      options.training ? ParameterMode::train : ParameterMode::deploy;
  compile.functions.assign(options.functions.begin(), options.functions.end());
  if (failed(lowerToCore(*core, compile)))
    return 1;
  Tuner tuner(options, core->getContext());
  for (auto function : core->getOps<func::FuncOp>())
    tuner.add(function);
  if (failed(tuner.run()))
    return 1;
  Tuning tuning = tuner.getResult();
  if (failed(writeText(options.out, printTuning(tuning))))
    return 1;
  for (const TunedProduct &product : tuning.products)
    llvm::outs() << llvm::formatv("{0}: {1:f1} us, {2:f1} us by the model\n",
                                  product.product, product.median,
                                  product.model);
  return 0;
}
