//===- Explain.cpp - dither explain ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Explain/Explain.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Session.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace dither;
namespace json = llvm::json;

static json::Value toJSON(const ContractionReport &c) {
  json::Object entry{{"function", c.function},   {"shape", c.shape},
                     {"kernel", c.kernel},       {"plan", c.plan},
                     {"rejected", c.rejected},   {"dense_flops", c.denseFlops},
                     {"done_flops", c.doneFlops}};
  if (c.isPacked()) {
    entry["bytes_ratio"] = c.bytesRatio;
    entry["dense_ns"] = c.denseTime;
    entry["packed_ns"] = c.packedTime;
    // -1: at every batch; 0: at none.
    entry["break_even_batch"] = c.breakEven.batch;
    entry["break_even_columns"] = c.breakEven.columns;
  }
  return entry;
}

/// What a budget of memory saves and costs.
static void addBudget(const MemoryReport &m, json::Object &entry) {
  entry["without_budget"] = m.withoutBudget;
  json::Array recomputed;
  for (const RecomputedReport &r : m.recomputed)
    recomputed.push_back(json::Object{{"op", r.op},
                                      {"type", r.type},
                                      {"file", r.place.file},
                                      {"line", r.place.line},
                                      {"operations", r.operations}});
  entry["recomputed"] = std::move(recomputed);
  entry["operations"] = m.operationsBefore;
  entry["operations_added"] = m.operationsAfter - m.operationsBefore;
}

static json::Value toJSON(const ModelReport &report) {
  json::Array parameters, contractions, estimators, memory;
  for (const ParameterReport &p : report.parameters)
    parameters.push_back(json::Object{{"name", p.name},
                                      {"type", p.type},
                                      {"pattern", p.pattern},
                                      {"format", p.format},
                                      {"recipe", p.recipe},
                                      {"estimator", p.estimator},
                                      {"unbiased", p.isUnbiased},
                                      {"bits_per_weight", p.bitsPerWeight()},
                                      {"dense_bytes", p.denseBytes},
                                      {"packed_bytes", p.packedBytes}});
  for (const ContractionReport &c : report.contractions)
    contractions.push_back(toJSON(c));
  for (const EstimatorReport &e : report.estimators)
    estimators.push_back(json::Object{{"training", e.training},
                                      {"op", e.op},
                                      {"estimator", e.estimator},
                                      {"unbiased", e.isUnbiased},
                                      {"exact_bytes", e.exactBytes},
                                      {"kept_bytes", e.keptBytes}});
  for (const MemoryReport &m : report.memory) {
    json::Object entry{{"function", m.function},
                       {"arena_fixed", m.arenaFixed},
                       {"arena_per_batch", m.arenaPerBatch},
                       {"peak", m.peak}};
    if (m.withoutEstimators >= 0)
      entry["without_estimators"] = m.withoutEstimators;
    if (m.withoutBudget >= 0)
      addBudget(m, entry);
    memory.push_back(std::move(entry));
  }
  return json::Object{{"batch", report.batch},
                      {"parameters", std::move(parameters)},
                      {"contractions", std::move(contractions)},
                      {"estimators", std::move(estimators)},
                      {"memory", std::move(memory)}};
}

static void printParameters(const ModelReport &report) {
  llvm::outs() << "Parameters\n";
  int64_t dense = 0, packed = 0;
  for (const ParameterReport &p : report.parameters) {
    dense += p.denseBytes;
    packed += p.packedBytes;
    llvm::outs() << llvm::formatv(
        "  {0,-6} {1,-20} {2,6:f2} bits/weight  {3,8} -> {4,7} bytes", p.name,
        p.type, p.bitsPerWeight(), p.denseBytes, p.packedBytes);
    for (const std::string *text :
         {&p.pattern, &p.format, &p.recipe, &p.estimator})
      if (!text->empty())
        llvm::outs() << "\n         " << *text;
    llvm::outs() << "\n";
  }
  llvm::outs() << llvm::formatv("  total {0} -> {1} bytes, {2:f2}x smaller\n",
                                dense, packed,
                                packed ? double(dense) / packed : 1.0);
}

static void printContractions(const ModelReport &report) {
  llvm::outs() << "\nProducts (FLOPs at batch " << report.batch << ")\n";
  for (const ContractionReport &c : report.contractions) {
    llvm::outs() << llvm::formatv(
        "  {0,-10} {1,-14} {2,-14} {3,9} of {4,9} FLOPs\n", c.function, c.shape,
        c.kernel, c.doneFlops, c.denseFlops);
    if (!c.rejected.empty())
      llvm::outs() << "             not " << c.rejected << "\n";
    if (!c.plan.empty())
      llvm::outs() << "             by " << c.plan << "\n";
    if (c.isPacked())
      llvm::outs() << "             " << describeBreakEven(c) << "\n";
  }
}

/// What is computed again for a budget of memory, what that saves and costs.
static void printRecomputed(const MemoryReport &m) {
  if (m.recomputed.empty())
    return;
  int64_t added = m.operationsAfter - m.operationsBefore;
  llvm::outs() << llvm::formatv(
      "             {0} bytes less than without the budget, for {1} operations "
      "more ({2:P1})\n",
      m.withoutBudget - m.peak, added,
      double(added) / double(std::max<int64_t>(m.operationsBefore, 1)));
  for (const RecomputedReport &r : m.recomputed)
    llvm::outs() << llvm::formatv(
        "             again {0} {1}, line {2}: {3} operations\n", r.op, r.type,
        r.place.line, r.operations);
}

static void printTraining(const ModelReport &report) {
  if (!report.estimators.empty())
    llvm::outs() << "\nEstimators (kept for the backward pass, batch "
                 << report.batch << ")\n";
  int64_t exact = 0, kept = 0;
  for (const EstimatorReport &e : report.estimators) {
    exact += e.exactBytes;
    kept += e.keptBytes;
    llvm::outs() << llvm::formatv(
        "  {0,-34} {1,7} -> {2,6} bytes  {3,-8} {4}\n", e.op, e.exactBytes,
        e.keptBytes, e.isUnbiased ? "unbiased" : "biased", e.estimator);
  }
  if (!report.estimators.empty())
    llvm::outs() << llvm::formatv("  total {0} -> {1} bytes\n", exact, kept);
  llvm::outs() << "\nPeak memory (arena)\n";
  for (const MemoryReport &m : report.memory) {
    llvm::outs() << llvm::formatv("  {0,-10} {1} bytes", m.function,
                                  m.arenaFixed);
    if (m.arenaPerBatch)
      llvm::outs() << llvm::formatv(" + {0} for each sample", m.arenaPerBatch);
    if (m.withoutEstimators >= 0)
      llvm::outs() << llvm::formatv("; {0} without estimators{1}",
                                    m.withoutEstimators,
                                    m.withoutBudget >= 0 ? " and budget" : "");
    llvm::outs() << "\n";
    printRecomputed(m);
  }
}

/// The versions of an artifact's code, and which one runs here, where that does
/// not depend on a device.
static int explainArtifact(const ExplainOptions &options) {
  // No session: a device that is not there is no hindrance.
  DitherArtifact *artifact = nullptr;
  if (reportStatus(
          dither_artifact_open(options.model.c_str(), nullptr, &artifact)))
    return 1;
  llvm::scope_exit close([&] { dither_artifact_close(artifact); });
  StringRef device = dither_artifact_device(artifact);
  bool isChosenByDevice = device == "cuda";
  json::Array versions;
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (uint32_t i = 0; i < dither_artifact_version_count(artifact); ++i) {
    DitherVersionInfo info;
    if (reportStatus(dither_artifact_version_info(artifact, i, &info)))
      return 1;
    bool isChosen = !isChosenByDevice && i == dither_artifact_version(artifact);
    versions.push_back(json::Object{{"name", info.name},
                                    {"features", info.features},
                                    {"missing", info.missing},
                                    {"chosen", isChosen}});
    std::string missing = *info.missing ? "; this CPU lacks " : "";
    stream << llvm::formatv("  {0,-16} {1}needs {2}{3}\n", info.name,
                            isChosen ? "runs here; " : "", info.features,
                            missing + info.missing);
  }
  const char *model = dither_artifact_model(artifact);
  const char *triple = dither_artifact_triple(artifact);
  if (options.json)
    llvm::outs() << llvm::formatv(
        "{0:2}\n",
        json::Value(json::Object{{"model", model},
                                 {"triple", triple},
                                 {"device", device},
                                 {"versions", std::move(versions)}}));
  else
    llvm::outs() << model << " for " << triple
                 << (device.empty() ? "" : ", kernels for ") << device
                 << (isChosenByDevice ? "\nVersions, for chips\n"
                                      : "\nVersions\n")
                 << text;
  return 0;
}

int dither::runExplain(const ExplainOptions &options) {
  if (isArtifact(options.model)) {
    if (options.memoryBudget)
      return reportError("--memory-budget is for a model description: the "
                         "memory of an artifact is planned; give it to "
                         "'dither compile'");
    return explainArtifact(options);
  }
  LoadedModel model;
  if (failed(model.load(options)))
    return 1;
  auto report = explainModel(model.getModule(), options.memoryBudget);
  if (failed(report))
    return 1;
  if (options.json) {
    llvm::outs() << llvm::formatv("{0:2}\n", toJSON(*report));
    return 0;
  }
  printParameters(*report);
  printContractions(*report);
  printTraining(*report);
  return 0;
}
