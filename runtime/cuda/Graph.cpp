//===- Graph.cpp - Launches that the driver repeats -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/Graph.h"

namespace dither::runtime::cuda {

Graph::~Graph() {
  CurrentContext current(driver, context);
  driver.cuGraphExecDestroy(exec);
}

GraphBuilder::~GraphBuilder() {
  if (graph)
    driver.cuGraphDestroy(graph);
}

Error GraphBuilder::order(const uint32_t *after) {
  auto numbers = launchOrder.add(after);
  if (!numbers)
    return numbers.takeError();
  followed.clear();
  for (uint32_t number : *numbers)
    followed.push_back(nodes[number]);
  return Error::success();
}

Result GraphBuilder::addKernel(const KernelNode &kernel) {
  return driver.cuGraphAddKernelNode(next(), graph, followed.data(),
                                     followed.size(), &kernel);
}

Result GraphBuilder::addNothing() {
  return driver.cuGraphAddEmptyNode(next(), graph, followed.data(),
                                    followed.size());
}

Result GraphBuilder::addClear(DevicePointer memory, size_t bytes) {
  const MemsetNode clear = {memory, bytes, 0, 1, bytes, 1};
  return driver.cuGraphAddMemsetNode(next(), graph, followed.data(),
                                     followed.size(), &clear, context);
}

} // namespace dither::runtime::cuda
