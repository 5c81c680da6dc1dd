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
// Each function of the artifact that multiplies two inputs is timed beside all
// peers, and each that multiplies an input by constants beside a loop that
// reads as many bytes. Benchmarks are named FUNCTION/WHO.
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include <benchmark/benchmark.h>
#include <ctime>

using namespace dither::bench;

/// A thread pool may wait for more work in a loop, which would take a core from
/// who comes next.
static void letOthersSleep() {
  timespec time = {0, 3'000'000};
  nanosleep(&time, nullptr);
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

static size_t countBytes(const std::vector<int64_t> &shape) {
  size_t count = sizeof(float);
  for (int64_t extent : shape)
    count *= size_t(extent);
  return count;
}

static void addGemm(Ours &ours, const Ours::Function &function) {
  Gemm g{function.output[0], function.output[1], function.inputs[0][1]};
  const Buffer &x = keep(countBytes(function.inputs[0]));
  const Buffer &w = keep(countBytes(function.inputs[1]));
  const Buffer &y = keep(countBytes(function.output));
  double flops = 2.0 * double(g.m) * double(g.n) * double(g.k);
  double bytes = double(x.size() + w.size() + y.size());
  add(function.name + "/ours", ours.makeCall(function, {&x, &w}, y), flops,
      bytes);
  for (const Peer &peer : getPeers())
    add(function.name + "/" + peer.name, peer.makeGemm(g, x, w, y), flops,
        bytes);
}

static void addConstant(Ours &ours, const Ours::Function &function,
                        uint32_t threads) {
  double flops = 2.0 * double(function.inputs[0][0]) *
                 double(function.inputs[0][1]) * double(function.output[1]);
  const Buffer &x = keep(countBytes(function.inputs[0]));
  const Buffer &y = keep(countBytes(function.output));
  const Buffer &same = keep(function.constantBytes);
  auto bytes = double(same.size());
  add(function.name + "/ours", ours.makeCall(function, {&x}, y), flops, bytes);
  add(function.name + "/read", makeRead(same, threads), flops, bytes);
}

int main(int argc, char **argv) {
  if (argc < 3)
    fail("usage: dither-peers ARTIFACT THREADS [options]");
  auto threads = uint32_t(atoi(argv[2]));
  Ours ours(argv[1], threads);
  for (const Ours::Function &function : ours.functions()) {
    if (function.inputs.size() == 2)
      addGemm(ours, function);
    else
      addConstant(ours, function, threads);
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
