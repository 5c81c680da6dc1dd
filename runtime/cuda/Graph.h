//===- Graph.h - Launches that the driver repeats ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_CUDA_GRAPH_H
#define DITHER_RUNTIME_CUDA_GRAPH_H

#include "runtime/cuda/Driver.h"
#include "runtime/device/Device.h"
#include "runtime/device/LaunchOrder.h"

#include <vector>

namespace dither::runtime::cuda {

/// A graph of the driver's.
class Graph : public Recording {
public:
  Graph(const Driver &driver, Context context, GraphExec exec)
      : driver(driver), context(context), exec(exec) {}
  Graph(const Graph &) = delete;
  ~Graph() override;

  GraphExec handle() const { return exec; }

private:
  const Driver &driver;
  Context context;
  GraphExec exec;
};

/// A graph that is being made, with a node for each launch, which has edges
/// from those that it follows. Needs its context to be current.
class GraphBuilder {
public:
  GraphBuilder(const Driver &driver, Context context)
      : driver(driver), context(context) {}
  GraphBuilder(const GraphBuilder &) = delete;
  ~GraphBuilder();

  Result start() { return driver.cuGraphCreate(&graph, 0); }
  /// The nodes that the next launch follows. `after` as of DitherContext.
  /// Errors: Corrupt.
  Error order(const uint32_t *after);
  /// That launch: of a kernel, of nothing, or a clear.
  Result addKernel(const KernelNode &kernel);
  Result addNothing();
  Result addClear(DevicePointer memory, size_t bytes);
  Result finish(GraphExec &exec) {
    return driver.cuGraphInstantiateWithFlags(&exec, graph, 0);
  }

private:
  GraphNode *next() { return &nodes.emplace_back(nullptr); }

  const Driver &driver;
  Context context;
  GraphHandle graph = nullptr;
  LaunchOrder launchOrder;
  std::vector<GraphNode> nodes, followed;
};

} // namespace dither::runtime::cuda

#endif // DITHER_RUNTIME_CUDA_GRAPH_H
