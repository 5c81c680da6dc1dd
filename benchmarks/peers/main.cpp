//===- main.cpp - Kernels beside their peers, interleaved -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   dither-peers ARTIFACT THREADS [options of Google Benchmark]
//
// Functions are told apart by their names. `gemm_TYPE_M_K_N` multiplies two
// inputs and is timed beside all peers. `gemv_...` multiplies an input by
// constants and is timed beside a loop that reads as many bytes. All others are
// timed alone: the table compares them. Benchmarks are named FUNCTION/WHO.
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include <benchmark/benchmark.h>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <utility>

using namespace dither::bench;

/// Whether a thread of this process runs besides the one that asks.
static bool areOthersAwake() {
  std::string self = std::to_string(gettid());
  for (const auto &task :
       std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() == self)
      continue;
    std::ifstream file(task.path() / "stat");
    std::string stat((std::istreambuf_iterator<char>(file)), {});
    // The state follows the name, which ends with the last parenthesis.
    size_t name = stat.rfind(')');
    if (name != std::string::npos && stat.compare(name + 2, 1, "R") == 0)
      return true;
  }
  return false;
}

/// A thread pool may wait for more work in a loop, which would take a core from
/// who comes next; OpenBLAS does so for a hundredth of a second and more.
static void letOthersSleep() {
  timespec time = {0, 3'000'000};
  for (int turns = 0; turns < 100; ++turns) {
    nanosleep(&time, nullptr);
    if (!areOthersAwake())
      return;
  }
  static bool isSaid = false;
  if (!std::exchange(isSaid, true))
    fprintf(stderr, "warning: the threads of a library never sleep, and take "
                    "time from others\n");
}

static void add(const std::string &name, Call call, double flops,
                double bytes) {
  auto *timed = benchmark::RegisterBenchmark(
      name.c_str(),
      [call = std::move(call), flops, bytes](benchmark::State &state) {
        letOthersSleep();
        call();
        for (auto _ : state)
          call();
        state.counters["flops"] = flops;
        state.counters["bytes"] = bytes;
      });
  timed->UseRealTime()->Unit(benchmark::kMicrosecond);
}

/// All buffers live until the end.
static Buffer &keep(size_t bytes) {
  static std::vector<std::unique_ptr<Buffer>> all;
  all.push_back(std::make_unique<Buffer>(bytes));
  return *all.back();
}

/// Memory for an input; integers are positions of rows.
static Buffer &keepFor(const Ours::Tensor &tensor, int64_t rows) {
  Buffer &buffer = keep(tensor.countBytes());
  if (tensor.type.code == kDLInt && tensor.type.bits == 32)
    buffer.fillWithRows(rows);
  return buffer;
}

static void addPeers(const std::string &name, const Gemm &g, const Buffer &x,
                     const Buffer &w, const Buffer &y) {
  double flops = 2.0 * double(g.m) * double(g.n) * double(g.k);
  for (const Peer &peer : getPeers())
    if (Call call = peer.makeGemm(g, x, w, y))
      add(name + "/" + peer.name, std::move(call), flops,
          double(x.size() + w.size() + y.size()));
}

static Elements findElements(const std::string &name) {
  auto begins = [&](const char *prefix) { return name.rfind(prefix, 0) == 0; };
  if (begins("gemm_bf16_"))
    return Elements::bf16;
  return begins("gemm_s8_") || begins("gemm_represented_") ? Elements::s8
                                                           : Elements::f32;
}

/// Ours reads weights that are not f32 as constants, and codes of x beside
/// their scales; peers read four bytes or less of each element, and write four.
static void addGemm(Ours &ours, const Ours::Function &function) {
  const Ours::Tensor &x = function.inputs[0];
  Gemm g{function.output.shape[0], function.output.shape[1], x.shape[1],
         findElements(function.name)};
  const Buffer &xData = keep(x.countBytes()), &yData = keep(4 * g.m * g.n);
  std::vector<const Buffer *> inputs = {&xData};
  if (function.inputs.size() > 1)
    inputs.push_back(&keep(function.inputs[1].countBytes()));
  const Buffer &wData =
      g.elements == Elements::f32 ? *inputs[1] : keep(2 * g.k * g.n);
  double flops = 2.0 * double(g.m) * double(g.n) * double(g.k);
  add(function.name + "/ours", ours.makeCall(function, inputs, yData), flops,
      double(xData.size() + wData.size() + yData.size()));
  addPeers(function.name, g, xData, wData, yData);
}

static void addConstant(Ours &ours, const Ours::Function &function,
                        uint32_t threads) {
  double flops = 2.0 * double(function.inputs[0].shape[0]) *
                 double(function.inputs[0].shape[1]) *
                 double(function.output.shape[1]);
  const Buffer &x = keep(function.inputs[0].countBytes());
  const Buffer &y = keep(function.output.countBytes());
  const Buffer &same = keep(function.constantBytes);
  auto bytes = double(same.size());
  add(function.name + "/ours", ours.makeCall(function, {&x}, y), flops, bytes);
  add(function.name + "/read", makeRead(same, threads), flops, bytes);
}

/// A product over the rows of its inputs, some of which a third one may choose.
static void addAlone(Ours &ours, const Ours::Function &function) {
  std::vector<const Buffer *> inputs;
  double bytes = 0;
  int64_t rows = 1;
  for (const Ours::Tensor &input : function.inputs) {
    if (!input.shape.empty())
      rows = std::max(rows, input.shape[0]);
    bytes += double(input.countBytes());
  }
  for (const Ours::Tensor &input : function.inputs)
    inputs.push_back(&keepFor(input, rows));
  const Buffer &y = keep(function.output.countBytes());
  double flops = 2.0 * double(function.inputs[0].shape[0]);
  for (int64_t extent : function.output.shape)
    flops *= double(extent);
  add(function.name + "/ours", ours.makeCall(function, inputs, y), flops,
      bytes);
}

int main(int argc, char **argv) {
  if (argc < 3)
    fail("usage: dither-peers ARTIFACT THREADS [options]");
  auto threads = uint32_t(atoi(argv[2]));
  Ours ours(argv[1], threads);
  for (const Ours::Function &function : ours.functions()) {
    if (function.name.rfind("gemm_", 0) == 0)
      addGemm(ours, function);
    else if (function.name.rfind("gemv_", 0) == 0)
      addConstant(ours, function, threads);
    else
      addAlone(ours, function);
  }
  add("peak", makeMultiplyAdds(1e8, threads), 1e8, 0);
  argc -= 2;
  argv[2] = argv[0];
  argv += 2;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
