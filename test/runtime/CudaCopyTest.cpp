//===- CudaCopyTest.cpp - Copies that nobody waits for --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver of these tests does nothing before somebody waits, so that what
// has been copied can be seen in the device's memory, which is the host's.
//
//===----------------------------------------------------------------------===//

#include "CudaSupport.h"

using namespace dither::runtime;
using namespace dither::runtime::cuda;
using namespace dither::test;

namespace {

using Bytes8 = std::vector<uint8_t>;

/// Bytes none of which is where it would be one chunk earlier.
Bytes8 pattern(size_t size) {
  Bytes8 bytes(size);
  for (size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<uint8_t>(i * 7 + i / 1000003);
  return bytes;
}

class CudaCopy : public CudaTest {
protected:
  static constexpr size_t chunk = Staging::chunkBytes;

  void SetUp() override {
    CudaTest::SetUp();
    set("FAKE_CUDA_FREE", std::to_string(64 << 20));
    auto opened = open();
    ASSERT_TRUE(opened);
    device = std::move(*opened);
  }
  DeviceMemory allocate(size_t bytes) {
    auto memory = DeviceMemory::allocate(*device, bytes, "x");
    EXPECT_TRUE(memory);
    EXPECT_FALSE(device->clear(memory->data(), bytes));
    EXPECT_FALSE(device->synchronize());
    return std::move(*memory);
  }
  /// What the device has now, whatever it was asked for.
  static Bytes8 now(const DeviceMemory &memory) {
    return {memory.data(), memory.data() + memory.size()};
  }
  size_t count(const std::string &line) const {
    size_t found = 0;
    std::string log = fake.log();
    for (size_t at = 0; (at = log.find(line, at)) != log.npos; ++at)
      ++found;
    return found;
  }

  std::unique_ptr<CudaDevice> device;
};

//===----------------------------------------------------------------------===//
// To the device
//===----------------------------------------------------------------------===//

TEST_F(CudaCopy, InReturnsBeforeItIsDone) {
  DeviceMemory memory = allocate(100);
  Bytes8 host = pattern(100);
  const Bytes8 wanted = host;
  EXPECT_FALSE(device->copyIn(memory.data(), host.data(), 100));
  EXPECT_EQ(now(memory), Bytes8(100, 0));
  // The host's bytes are the host's again.
  host.assign(100, 0xff);
  EXPECT_FALSE(device->synchronize());
  EXPECT_EQ(now(memory), wanted);
}

TEST_F(CudaCopy, SmallOnesShareAChunk) {
  DeviceMemory memory = allocate(100);
  const Bytes8 host = pattern(100);
  for (size_t i = 0; i < 100; ++i)
    EXPECT_FALSE(device->copyIn(memory.data() + i, &host[i], 1));
  EXPECT_FALSE(device->synchronize());
  EXPECT_EQ(now(memory), host);
  EXPECT_EQ(count("pin "), 1u);
  EXPECT_EQ(count("wait\n"), 0u);
}

/// Larger than all chunks: the first is filled again once it is free.
TEST_F(CudaCopy, LargeOnesGoRound) {
  constexpr size_t size = 2 * Staging::chunkCount * chunk + 12345;
  DeviceMemory memory = allocate(size);
  Bytes8 host = pattern(size);
  const Bytes8 wanted = host;
  EXPECT_FALSE(device->copyIn(memory.data(), host.data(), size));
  host.assign(size, 0xff);
  EXPECT_EQ(count("pin 4194304\n"), Staging::chunkCount);
  EXPECT_EQ(count("wait\n"), Staging::chunkCount + 1);
  EXPECT_FALSE(device->synchronize());
  EXPECT_TRUE(now(memory) == wanted);
}

/// A copy that ends with a chunk, and one that begins in the next.
TEST_F(CudaCopy, AtTheEndOfAChunk) {
  DeviceMemory memory = allocate(2 * chunk);
  const Bytes8 host = pattern(2 * chunk);
  for (size_t at : {size_t(0), chunk - 1, chunk, 2 * chunk - 65})
    EXPECT_FALSE(device->copyIn(memory.data() + at, host.data() + at,
                                std::min({at == 0       ? chunk - 1
                                          : at == chunk ? chunk - 65
                                                        : 65,
                                          2 * chunk - at})));
  EXPECT_FALSE(device->synchronize());
  EXPECT_TRUE(now(memory) == host);
}

/// The host pins less than all chunks, one, or none.
TEST_F(CudaCopy, WithLittlePinnedMemory) {
  for (size_t chunks : {3, 1, 0}) {
    device = nullptr;
    set("FAKE_CUDA_PINNED", std::to_string(chunks * chunk + chunk / 2));
    auto opened = open();
    ASSERT_TRUE(opened);
    device = std::move(*opened);
    constexpr size_t size = 6 * chunk + 5;
    DeviceMemory memory = allocate(size);
    for (uint8_t round : {1, 2}) {
      Bytes8 host = pattern(size);
      host[0] = round;
      const Bytes8 wanted = host;
      EXPECT_FALSE(device->copyIn(memory.data(), host.data(), size));
      // Without any, it is done.
      if (chunks == 0)
        EXPECT_TRUE(now(memory) == wanted);
      host.assign(size, 0xff);
      EXPECT_FALSE(device->synchronize());
      EXPECT_TRUE(now(memory) == wanted) << chunks;
    }
  }
}

TEST_F(CudaCopy, FaultWhileAChunkIsAwaited) {
  DeviceMemory memory = allocate(5 * chunk);
  const Bytes8 host(5 * chunk);
  set("FAKE_CUDA_SYNCHRONIZE", "700");
  Error error = device->copyIn(memory.data(), host.data(), host.size());
  EXPECT_TRUE(failsWith(error, "copying to the device: an illegal memory "
                               "access"));
  EXPECT_EQ(error.code(), Code::Device);
  EXPECT_EQ(device->synchronize().message(), error.message());
}

TEST_F(CudaCopy, AllIsGivenBack) {
  {
    DeviceMemory memory = allocate(2 * chunk);
    Bytes8 host(2 * chunk);
    EXPECT_FALSE(device->copyIn(memory.data(), host.data(), 2 * chunk));
    EXPECT_FALSE(device->copyOutLater(host.data(), memory.data(), 16));
    EXPECT_FALSE(device->turn());
  }
  device = nullptr;
  EXPECT_EQ(lastLine(), "context ends: 0 streams, 0 modules, 0 allocations, "
                        "depth 0");
  EXPECT_FALSE(logged("in use"));
}

//===----------------------------------------------------------------------===//
// From the device
//===----------------------------------------------------------------------===//

TEST_F(CudaCopy, OutComesWithItsPiece) {
  DeviceMemory memory = allocate(4);
  Bytes8 first(4), second(4);
  fill(*device, memory.data(), 1, 4);
  EXPECT_FALSE(device->copyOutLater(first.data(), memory.data(), 2));
  EXPECT_FALSE(device->copyOutLater(&first[2], memory.data() + 2, 2));
  EXPECT_FALSE(device->turn());
  EXPECT_EQ(first, Bytes8(4, 0));
  fill(*device, memory.data(), 2, 4);
  EXPECT_FALSE(device->copyOutLater(second.data(), memory.data(), 4));
  // The piece before has ended, and this one has not.
  EXPECT_FALSE(device->turn());
  EXPECT_EQ(first, Bytes8(4, 1));
  EXPECT_EQ(second, Bytes8(4, 0));
  EXPECT_EQ(now(memory), Bytes8(4, 1));
  first.assign(4, 0);
  EXPECT_FALSE(device->synchronize());
  EXPECT_EQ(first, Bytes8(4, 0));
  EXPECT_EQ(second, Bytes8(4, 2));
}

TEST_F(CudaCopy, ManyPieces) {
  DeviceMemory memory = allocate(4);
  std::vector<Bytes8> outs(9, Bytes8(4));
  for (size_t i = 0; i < outs.size(); ++i) {
    fill(*device, memory.data(), int32_t(i) + 1, 4);
    EXPECT_FALSE(device->copyOutLater(outs[i].data(), memory.data(), 4));
    EXPECT_FALSE(device->turn());
    for (size_t j = 0; j < outs.size(); ++j)
      EXPECT_EQ(outs[j], Bytes8(4, j < i ? uint8_t(j + 1) : 0)) << i;
  }
  EXPECT_FALSE(device->synchronize());
  EXPECT_EQ(outs.back(), Bytes8(4, 9));
}

/// What does not fit, or where nothing is pinned, comes at once.
TEST_F(CudaCopy, OutWithoutPinnedMemory) {
  constexpr size_t size = Deliveries::boxBytes + 1;
  DeviceMemory memory = allocate(size);
  Bytes8 large(size), small(4);
  fill(*device, memory.data(), 1, size);
  EXPECT_FALSE(device->copyOutLater(large.data(), memory.data(), size));
  EXPECT_TRUE(large == Bytes8(size, 1));
  set("FAKE_CUDA_PINNED", "0");
  EXPECT_FALSE(device->copyOutLater(small.data(), memory.data(), 4));
  EXPECT_EQ(small, Bytes8(4, 1));
  EXPECT_FALSE(device->turn());
  EXPECT_FALSE(device->turn());
  EXPECT_FALSE(device->synchronize());
}

TEST_F(CudaCopy, FaultInThePieceBefore) {
  DeviceMemory memory = allocate(4);
  Bytes8 first(4), second(4);
  fill(*device, memory.data(), 1, 4);
  EXPECT_FALSE(device->copyOutLater(first.data(), memory.data(), 4));
  EXPECT_FALSE(device->turn());
  set("FAKE_CUDA_SYNCHRONIZE", "719");
  EXPECT_FALSE(device->copyOutLater(second.data(), memory.data(), 4));
  EXPECT_TRUE(failsWith(device->turn(), "running kernels: unspecified launch "
                                        "failure"));
  EXPECT_TRUE(failsWith(device->synchronize(), "running kernels"));
  // Nobody gets what may be wrong.
  EXPECT_EQ(first, Bytes8(4, 0));
  EXPECT_EQ(second, Bytes8(4, 0));
}

/// What is known without waiting is told so.
TEST_F(CudaCopy, ErrorOfALaunch) {
  const int64_t negative[] = {-1, 1, 1};
  device->launch(0, negative, nullptr, nullptr);
  EXPECT_TRUE(failsWith(device->takeError(), "a grid of -1 x 1 x 1"));
  EXPECT_FALSE(device->takeError());
  device->launch(0, negative, nullptr, nullptr);
  EXPECT_TRUE(failsWith(device->turn(), "a grid of -1 x 1 x 1"));
  EXPECT_FALSE(device->synchronize());
}

TEST_F(CudaCopy, NothingIsNothing) {
  EXPECT_FALSE(device->copyOutLater(nullptr, nullptr, 0));
  EXPECT_FALSE(logged("copy"));
}

} // namespace
