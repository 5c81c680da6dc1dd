//===- CudaGraphTest.cpp - Launches that a CUDA device repeats ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaSupport.h"

using namespace dither::runtime;
using namespace dither::runtime::cuda;
using namespace dither::test;

namespace {

class CudaGraph : public CudaTest {};

TEST_F(CudaGraph, GraphIsReplayed) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 4, "x");
  ASSERT_TRUE(memory);
  const std::vector<uint8_t> before(4, 9), after = {0, 0, 6, 6};
  ASSERT_FALSE((*device)->copyIn(memory->data(), before.data(), 4));
  {
    ASSERT_FALSE((*device)->beginCapture());
    EXPECT_FALSE((*device)->clear(memory->data(), 2));
    fill(**device, memory->data() + 2, 6, 2);
    auto graph = (*device)->endCapture();
    ASSERT_TRUE(graph);
    EXPECT_TRUE(logged("graph of 2\n"));
    EXPECT_EQ(read(**device, *memory), before);
    for (int i = 0; i < 2; ++i) {
      ASSERT_FALSE((*device)->copyIn(memory->data(), before.data(), 4));
      EXPECT_FALSE((*device)->replay(**graph));
      EXPECT_FALSE((*device)->synchronize());
      EXPECT_EQ(read(**device, *memory), after);
    }
  }
  EXPECT_EQ(lastLine(), "graph ends");
}

TEST_F(CudaGraph, WhatCannotBeRecorded) {
  auto device = open();
  ASSERT_TRUE(device);
  EXPECT_TRUE(failsWith((*device)->endCapture(), "nothing is being recorded"));
  auto memory = (*device)->allocate(4, "x");
  ASSERT_TRUE(memory);
  ASSERT_FALSE((*device)->beginCapture());
  uint32_t host = 0;
  EXPECT_EQ((*device)->copyIn(*memory, &host, 4).message(),
            "device 0 (Fake 0): copying to the device cannot be recorded; end "
            "the recording before");
  EXPECT_TRUE(failsWith((*device)->copyOut(&host, *memory, 4), "recorded"));
  EXPECT_TRUE(failsWith((*device)->allocate(4, "x"), "recorded"));
  EXPECT_TRUE(failsWith((*device)->synchronize(), "recorded"));
  EXPECT_TRUE(failsWith((*device)->beginCapture(), "recorded"));
  // That waits until the end.
  (*device)->release(*memory);
  EXPECT_FALSE(logged("free"));
  EXPECT_TRUE((*device)->endCapture());
  EXPECT_TRUE(logged("free 4\n"));
}

TEST_F(CudaGraph, FailedRecording) {
  auto device = open();
  ASSERT_TRUE(device);
  ASSERT_FALSE((*device)->beginCapture());
  const int64_t negative[] = {-1, 1, 1};
  (*device)->launch(0, negative, nullptr, nullptr);
  EXPECT_TRUE(failsWith((*device)->endCapture(), "a grid of -1 x 1 x 1"));
  // It was told, and another can begin.
  EXPECT_FALSE((*device)->synchronize());
  ASSERT_FALSE((*device)->beginCapture());
  auto graph = (*device)->endCapture();
  ASSERT_TRUE(graph);
  set("FAKE_CUDA_LAUNCH", "700");
  EXPECT_TRUE(failsWith((*device)->replay(**graph), "replaying a graph: an "
                                                    "illegal memory access"));
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

/// The driver has the branches that launches say.
TEST_F(CudaGraph, HasBranches) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 4, "x");
  ASSERT_TRUE(memory);
  uint8_t *at = memory->data();
  const uint32_t none[] = {0}, one[] = {1, 0}, both[] = {1, 2, 0};
  ASSERT_FALSE((*device)->beginCapture());
  fill(**device, at, 1, 4, none);
  fill(**device, at, 2, 1, one);
  fill(**device, at + 1, 3, 2, std::data({2u, 0u}));
  fill(**device, at + 3, 4, 1, std::data({3u, 0u}));
  fill(**device, at, 5, 2, std::data({2u, 3u, 0u}));
  fill(**device, at, 6, 1, both);
  auto graph = (*device)->endCapture();
  ASSERT_TRUE(graph) << message(graph);
  EXPECT_TRUE(logged("node 0 fill after\nnode 1 fill after 0\nnode 2 fill "
                     "after 0\nnode 3 fill after 0\nnode 4 fill after 2 1\n"
                     "node 5 fill after 4 3\n"))
      << fake.log();
  EXPECT_FALSE((*device)->replay(**graph));
  EXPECT_EQ(read(**device, *memory), std::vector<uint8_t>({6, 5, 3, 4}));
}

/// One that says nothing follows all, and is followed by all, as a clear is.
TEST_F(CudaGraph, HasChains) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 4, "x");
  ASSERT_TRUE(memory);
  const uint32_t none[] = {0};
  ASSERT_FALSE((*device)->beginCapture());
  fill(**device, memory->data(), 1, 2, none);
  fill(**device, memory->data() + 2, 2, 2, none);
  fill(**device, memory->data(), 3, 4);
  EXPECT_FALSE((*device)->clear(memory->data(), 3));
  fill(**device, memory->data(), 4, 1, none);
  fill(**device, memory->data() + 1, 5, 1, none);
  auto graph = (*device)->endCapture();
  ASSERT_TRUE(graph) << message(graph);
  EXPECT_TRUE(logged("node 0 fill after\nnode 1 fill after\nnode 2 fill after "
                     "0 1\nnode 3 fill after 2\nnode 4 fill after 3\nnode 5 "
                     "fill after 3\n"))
      << fake.log();
  EXPECT_FALSE((*device)->replay(**graph));
  EXPECT_EQ(read(**device, *memory), std::vector<uint8_t>({4, 5, 0, 3}));
}

/// What is launched on nothing is still what others follow.
TEST_F(CudaGraph, OrderOfEmptyGrids) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 4, "x");
  ASSERT_TRUE(memory);
  const uint32_t none[] = {0}, one[] = {1, 0};
  const int64_t empty[] = {1, 0, 1};
  ASSERT_FALSE((*device)->beginCapture());
  fill(**device, memory->data(), 1, 4, none);
  (*device)->launch(1, empty, nullptr, one);
  fill(**device, memory->data(), 2, 2, one);
  auto graph = (*device)->endCapture();
  ASSERT_TRUE(graph) << message(graph);
  EXPECT_TRUE(logged("node 0 fill after\nnode 1 nothing after 0\nnode 2 fill "
                     "after 1\n"))
      << fake.log();
  EXPECT_FALSE((*device)->replay(**graph));
  EXPECT_EQ(read(**device, *memory), std::vector<uint8_t>({2, 2, 1, 1}));
}

TEST_F(CudaGraph, NoneSoFarBack) {
  auto device = open();
  ASSERT_TRUE(device);
  const uint32_t one[] = {1, 0};
  ASSERT_FALSE((*device)->beginCapture());
  fill(**device, nullptr, 0, 0, one);
  EXPECT_TRUE(failsWith((*device)->endCapture(),
                        "launch 0 of a call follows the one 1 before it"));
  // Where all is in a row, it does not matter.
  fill(**device, nullptr, 0, 0, one);
  EXPECT_FALSE((*device)->synchronize());
}

} // namespace
