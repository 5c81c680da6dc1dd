//===- CheckAllOps.cpp - dither check --all-ops ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Check/CheckOps.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Runner.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Regex.h"
#include <cmath>

using namespace mlir;
using namespace dither;

static llvm::json::Value toJSON(std::optional<double> error) {
  // JSON has no infinity.
  if (!error || !std::isfinite(*error))
    return nullptr;
  return *error;
}

static llvm::json::Value toJSON(ArrayRef<OpReport> reports,
                                ArrayRef<std::string> missing) {
  llvm::json::Array ops;
  for (const OpReport &report : reports)
    ops.push_back(
        llvm::json::Object{{"op", report.op},
                           {"cases", report.numCases},
                           {"variants", report.numVariants},
                           {"first_order", toJSON(report.first)},
                           {"second_order", toJSON(report.second)},
                           {"compiled", toJSON(report.compiled)},
                           {"failures", llvm::json::Array(report.failures)},
                           {"passed", report.failures.empty()}});
  return llvm::json::Object{{"ops", std::move(ops)},
                            {"missing", llvm::json::Array(missing)}};
}

static std::string print(std::optional<double> error) {
  return error ? llvm::formatv("{0,8:e1}", *error).str() : "       -";
}

/// A line for each op, and one for each thing that is wrong.
static void print(raw_ostream &os, ArrayRef<OpReport> reports,
                  ArrayRef<std::string> missing) {
  for (const OpReport &report : reports) {
    os << llvm::formatv(
        "{0}  {1,-24} {2,2} cases, {3,3} with other extents  "
        "first {4}  second {5}  compiled {6}\n",
        report.failures.empty() ? "ok    " : "FAILED", report.op,
        report.numCases, report.numVariants - report.numCases,
        print(report.first), print(report.second), print(report.compiled));
    for (const std::string &failure : report.failures)
      os << "  " << failure << "\n";
  }
  for (const std::string &text : missing)
    os << "FAILED  " << text << "\n";
}

int dither::runCheckAllOps(const CheckOptions &options) {
  llvm::Regex filter(options.filter);
  std::string error;
  if (!options.filter.empty() && !filter.isValid(error))
    return reportError("--filter is no regular expression: " + error);
  auto isAsked = [&](StringRef op) {
    return options.filter.empty() || filter.match(op);
  };

  DialectRegistry registry;
  registerCompilerDialects(registry);
  MLIRContext context(registry);
  context.loadDialect<DitherDialect>();
  auto all = CheckCases::load(&context);
  if (failed(all))
    return 1;
  std::vector<CheckCase> cases;
  for (const CheckCase &c : all->get())
    if (isAsked(c.getOp()->getName().getStringRef()))
      cases.push_back(c);
  auto missing = findMissingCases(&context, all->get(), isAsked);
  if (cases.empty() && missing.empty())
    return reportError("--filter matches no op");
  ArtifactRunner runner(options.seed, options.threads, options.target,
                        options.chips);
  CheckOpsOptions checks;
  checks.seed = options.seed;
  checks.tolerance.relative = options.tolerance;
  auto reports = checkOps(&context, cases, runner, checks);

  int64_t failed = missing.size();
  for (const OpReport &report : reports)
    failed += !report.failures.empty();
  bool isOnlyJSON = options.json == "-";
  if (!isOnlyJSON) {
    print(llvm::outs(), reports, missing);
    llvm::outs() << llvm::formatv(
        "{0} ops passed, {1} failed\n",
        int64_t(reports.size() + missing.size()) - failed, failed);
  }
  if (!options.json.empty() &&
      mlir::failed(
          writeText(options.json,
                    llvm::formatv("{0:2}\n", toJSON(reports, missing)).str())))
    return 1;
  return failed > 0;
}
