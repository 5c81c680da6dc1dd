//===- Commands.h - The commands of the driver ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_COMMANDS_H
#define DITHER_TOOLS_DITHER_COMMANDS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dither {

/// A model description, and where the files are that it imports.
struct ModelOptions {
  std::string model;
  std::vector<std::string> importFolders;
};

/// Options of each command, as main.cpp documents them; the functions return
/// the exit status.
struct TrainOptions : ModelOptions {
  std::string data, labels, out, resume, declaration, target;
  std::vector<std::string> chips;
  uint64_t seed = 0;
  int64_t epochs = 0;    // 0: as declared
  int64_t stopAfter = 0; // 0: the last one
  int64_t checkpointEvery = 0;
  int64_t testEvery = 5, testOffset = 4;
  uint32_t threads = 0;
  /// Bytes that a function's arena may have.
  std::optional<int64_t> memoryBudget;
};
int runTrain(const TrainOptions &options);

struct CompileCommandOptions : ModelOptions {
  std::string params, out, header, emit = "so", features, tuning;
  bool executable = false, training = false, printIR = false;
  std::optional<uint64_t> seed;
  std::optional<int64_t> memoryBudget;
  std::vector<std::string> functions, targets, chips;
};
int runCompile(const CompileCommandOptions &options);

struct RunOptions : ModelOptions {
  std::string function, params, target;
  std::vector<std::string> inputs, outputs, chips;
  bool interpret = false;
  uint32_t threads = 0;
  uint64_t seed = 0;
};
int runRun(const RunOptions &options);

struct BenchOptions : ModelOptions {
  std::string function, params, target;
  std::vector<std::string> chips;
  /// A picture of its products; empty: none.
  std::string roofline;
  int64_t batch = 64, repetitions = 200;
  uint32_t threads = 1;
  bool json = false, training = false;
};
int runBench(const BenchOptions &options);

struct TuneOptions : ModelOptions {
  std::string out;
  std::vector<std::string> functions;
  int64_t batch = 64, steps = 4;
  uint32_t threads = 0;
  bool training = false;
};
int runTune(const TuneOptions &options);

struct ExplainOptions : ModelOptions {
  bool json = false;
  std::optional<int64_t> memoryBudget;
};
int runExplain(const ExplainOptions &options);

struct CheckOptions : ModelOptions {
  std::string target;
  std::vector<std::string> chips;
  /// A file, "-" for standard output; empty: print text.
  std::string json;
  uint64_t seed = 0;
  // Of --all-ops.
  bool allOps = false;
  std::string filter;
  // Of --kernels.
  bool kernels = false, integers = false, special = false, denormals = true;
  double tolerance = 1e-4;
  uint32_t threads = 1;
};
int runCheck(const CheckOptions &options);
/// Compiled functions against the reference interpreter, on random inputs.
int runCheckKernels(const CheckOptions &options);
/// The ops of the dialect against the case functions of their groups.
int runCheckAllOps(const CheckOptions &options);

struct FuzzOptions {
  std::string filter, target;
  std::vector<std::string> chips;
  int64_t programs = 1000, first = 0;
  uint64_t seed = 0;
  uint32_t threads = 1;
};
int runFuzz(const FuzzOptions &options);

struct DevicesOptions {
  bool json = false;
};
int runDevices(const DevicesOptions &options);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_COMMANDS_H
