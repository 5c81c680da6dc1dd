//===- CheckOps.cpp - Every op against its case functions -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/CheckOps.h"
#include "compiler/Check/Slopes.h"
#include "compiler/Check/Variants.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Format.h"
#include <map>

using namespace mlir;
using namespace dither;

/// Extents of the batch: none, one, odd; for compiled code also around the
/// tiles of registers, and more than fit into a vector. Then fewer for what has
/// other extents already.
static constexpr int64_t gradientBatches[] = {0, 1, 7};
static constexpr int64_t kernelBatches[] = {0, 1, 3, 8, 13, 37};
static constexpr int64_t variantBatches[] = {1, 5};

namespace {
/// A case, with its own extents or others.
struct Variant {
  const CheckCase *source;
  OwningOpRef<func::FuncOp> function;
  bool isOriginal;
  /// The same in f32, under a name of its own.
  OwningOpRef<func::FuncOp> single;
};

class OpChecker {
public:
  OpChecker(MLIRContext *context, KernelRunner &runner,
            const CheckOpsOptions &options)
      : runner(runner), options(options),
        handler(context, [this](Diagnostic &diagnostic) {
          messages.push_back(diagnostic.str());
        }) {}

  std::vector<OpReport> run(ArrayRef<CheckCase> cases);

private:
  using Functions = ArrayRef<const Variant *>;

  OpReport &getReport(const Variant &v) {
    return reports[v.source->getOp()->getName().getStringRef().str()];
  }
  /// Notes a failure, and what was said about it.
  void fail(const Variant &v, std::optional<int64_t> batch,
            const std::string &what);
  void addVariants(const CheckCase &c);
  void checkGradient(const Variant &v, int64_t batch);
  void checkKernels(Functions functions);
  void checkKernel(const Variant &v, int64_t batch);

  KernelRunner &runner;
  const CheckOpsOptions &options;
  std::vector<Variant> variants;
  std::map<std::string, OpReport> reports;
  std::vector<std::string> messages;
  ScopedDiagnosticHandler handler;
};
} // namespace

static ArrayRef<int64_t> getBatches(const Variant &v,
                                    ArrayRef<int64_t> batches) {
  if (!v.isOriginal)
    batches = variantBatches;
  return hasBatch(v.source->getFunction()) ? batches : batches.take_back(1);
}

void OpChecker::fail(const Variant &v, std::optional<int64_t> batch,
                     const std::string &what) {
  std::string text = v.source->getName();
  llvm::raw_string_ostream os(text);
  if (!v.isOriginal)
    os << " of (" << func::FuncOp(*v.function).getArgumentTypes() << ")";
  if (batch && hasBatch(*v.function))
    os << ", batch " << *batch;
  os << ": " << what;
  for (const std::string &message : messages)
    os << "; " << message;
  messages.clear();
  getReport(v).failures.push_back(text);
}

static std::string describe(StringRef what, double error) {
  std::string text;
  llvm::raw_string_ostream(text)
      << what << " is off by " << llvm::format("%.2g", error);
  return text;
}

void OpChecker::checkGradient(const Variant &v, int64_t batch) {
  auto arguments = drawArguments(*v.function, batch, options.seed);
  auto errors = checkGradients(*v.function, arguments, batch,
                               v.source->hasSecondOrder(), options.seed);
  if (failed(errors))
    return fail(v, batch, "there is no gradient");
  OpReport &report = getReport(v);
  report.first = std::max(report.first.value_or(0), errors->first);
  if (errors->first > gradientTolerance)
    fail(v, batch, describe("the gradient", errors->first));
  if (!errors->second)
    return;
  report.second = std::max(report.second.value_or(0), *errors->second);
  if (*errors->second > gradientTolerance)
    fail(v, batch, describe("the gradient of the gradient", *errors->second));
}

void OpChecker::checkKernel(const Variant &v, int64_t batch) {
  func::FuncOp function = *v.single;
  auto inputs = drawArguments(function, batch, options.seed);
  auto found = runner.call(function.getName(), inputs);
  auto expected = interpretSeeded(function, inputs, options.seed);
  if (failed(found) || failed(expected))
    return fail(v, batch, "it does not run");
  double &largest = getReport(v).compiled;
  for (auto [a, b] : llvm::zip_equal(*found, *expected)) {
    largest = std::max(largest, getLargestDifference(a, b));
    if (std::string text = options.tolerance.compare(a, b); !text.empty())
      fail(v, batch, "compiled, " + text);
  }
}

/// All in one model. Where that cannot be compiled, each half, to find out what
/// it is.
void OpChecker::checkKernels(Functions functions) {
  auto singles = llvm::map_to_vector(
      functions, [](const Variant *v) { return v->single.get(); });
  if (succeeded(loadFunctions(singles, runner))) {
    for (const Variant *v : functions)
      for (int64_t batch : getBatches(*v, kernelBatches))
        checkKernel(*v, batch);
    return;
  }
  if (functions.size() == 1)
    return fail(*functions.front(), std::nullopt, "it cannot be compiled");
  messages.clear();
  checkKernels(functions.take_front(functions.size() / 2));
  checkKernels(functions.drop_front(functions.size() / 2));
}

void OpChecker::addVariants(const CheckCase &c) {
  bool isOriginal = true;
  for (OwningOpRef<func::FuncOp> &function : makeVariants(c.getFunction())) {
    OwningOpRef<func::FuncOp> single = function->clone();
    narrowToSingle(*single);
    single->setName("f" + std::to_string(variants.size()));
    variants.push_back(
        {&c, std::move(function), isOriginal, std::move(single)});
    isOriginal = false;
  }
}

std::vector<OpReport> OpChecker::run(ArrayRef<CheckCase> cases) {
  for (const CheckCase &c : cases) {
    addVariants(c);
    OpReport &report = getReport(variants.back());
    report.op = c.getOp()->getName().getStringRef();
    ++report.numCases;
  }
  std::vector<const Variant *> all;
  for (const Variant &v : variants) {
    ++getReport(v).numVariants;
    all.push_back(&v);
    if (v.source->hasFirstOrder())
      for (int64_t batch : getBatches(v, gradientBatches))
        checkGradient(v, batch);
  }
  // Not all at once: a model of thousands of functions takes much memory.
  constexpr size_t atOnce = 200;
  for (size_t first = 0; first < all.size(); first += atOnce)
    checkKernels(
        Functions(all).slice(first, std::min(atOnce, all.size() - first)));
  std::vector<OpReport> list;
  for (auto &[name, report] : reports)
    list.push_back(std::move(report));
  return list;
}

std::vector<OpReport> dither::checkOps(MLIRContext *context,
                                       ArrayRef<CheckCase> cases,
                                       KernelRunner &runner,
                                       const CheckOpsOptions &options) {
  return OpChecker(context, runner, options).run(cases);
}
