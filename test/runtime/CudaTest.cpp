//===- CudaTest.cpp - Kernels on a CUDA device ----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaSupport.h"

#include <numeric>

using namespace dither::runtime;
using namespace dither::runtime::cuda;
using namespace dither::test;

namespace {

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

TEST_F(CudaTest, NameAndPlace) {
  auto device = open(1);
  ASSERT_TRUE(device);
  EXPECT_EQ((*device)->name(), "Fake 1");
  EXPECT_EQ((*device)->dlpack().device_type, kDLCUDA);
  EXPECT_EQ((*device)->dlpack().device_id, 1);
}

TEST_F(CudaTest, NoSuchDevice) {
  EXPECT_EQ(message(open(2)),
            "CUDA device 2 does not exist; there are 2, numbered from 0, "
            "without those that CUDA_VISIBLE_DEVICES hides");
}

TEST_F(CudaTest, BusyDevice) {
  set("FAKE_CUDA_RETAIN", "46");
  EXPECT_EQ(message(open()),
            "device 0 (Fake 0) gives no context: device is busy "
            "(CUDA_ERROR_DEVICE_UNAVAILABLE, 46); another process may have it "
            "for itself: end that, or take another device");
  set("FAKE_CUDA_RETAIN", "2");
  auto device = open();
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().code(), Code::OutOfMemory);
}

TEST_F(CudaTest, WithoutKernelsNeedsNoImage) {
  artifact.parts.kernel_count = 0;
  artifact.parts.image_count = 0;
  EXPECT_TRUE(open());
}

TEST_F(CudaTest, AllIsGivenBack) {
  {
    auto device = open();
    ASSERT_TRUE(device);
    auto memory = DeviceMemory::allocate(**device, 16, "x");
    ASSERT_TRUE(memory);
  }
  EXPECT_EQ(lastLine(), "context ends: 0 streams, 0 modules, 0 allocations, "
                        "depth 0");
}

/// The host application's context is current again behind each use.
TEST_F(CudaTest, ContextOfTheHostStays) {
  char hosts;
  auto *context = reinterpret_cast<Context>(&hosts);
  driver->cuCtxPushCurrent(context);
  {
    auto device = open();
    ASSERT_TRUE(device);
    Context popped = nullptr;
    driver->cuCtxPopCurrent(&popped);
    EXPECT_EQ(popped, context);
    driver->cuCtxPushCurrent(context);
    auto memory = DeviceMemory::allocate(**device, 16, "x");
    ASSERT_TRUE(memory);
    EXPECT_FALSE((*device)->clear(memory->data(), 16));
    EXPECT_FALSE((*device)->synchronize());
  }
  Context popped = nullptr;
  driver->cuCtxPopCurrent(&popped);
  EXPECT_EQ(popped, context);
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

TEST_F(CudaTest, JitSaysWhy) {
  set("FAKE_CUDA_LOAD", "218");
  EXPECT_EQ(
      message(open()),
      "device 0 (Fake 0): the driver for CUDA 12.4 does not load PTX for "
      "sm_80: a PTX JIT compilation failed (CUDA_ERROR_INVALID_PTX, 218); "
      "ptxas application ptx input, line 7; error   : Unknown symbol; ptxas "
      "fatal   : Ptx assembly aborted due to errors; ptxas info    : 0 bytes "
      "gmem; compile the artifact anew; if that does not help, it is an error "
      "of the compiler");
  set("FAKE_CUDA_LOAD", "222");
  auto device = open();
  EXPECT_TRUE(failsWith(device, "error 222 of the driver; ptxas"));
  EXPECT_TRUE(failsWith(device, "install a newer driver, or compile with "
                                "--chips=sm_90"));
  EXPECT_EQ(device.error().code(), Code::Unsupported);
  set("FAKE_CUDA_LOAD", "221");
  EXPECT_TRUE(failsWith(open(), "libnvidia-ptxjitcompiler.so.1 is absent"));
  set("FAKE_CUDA_LOAD", "223");
  EXPECT_TRUE(failsWith(open(), "unset CUDA_DISABLE_PTX_JIT"));
  set("FAKE_CUDA_LOAD", "2");
  device = open();
  EXPECT_TRUE(failsWith(device, "end what else uses the memory"));
  EXPECT_EQ(device.error().code(), Code::OutOfMemory);
  set("FAKE_CUDA_LOAD", "700");
  device = open();
  EXPECT_TRUE(failsWith(device, "loading kernels: an illegal memory access"));
  EXPECT_EQ(device.error().code(), Code::Device);
}

TEST_F(CudaTest, KernelIsAbsent) {
  artifact.kernels[0].name = "gone";
  auto device = open();
  EXPECT_EQ(message(device), "the artifact's PTX for sm_80 has no kernel "
                             "'gone'; compile the artifact anew");
  EXPECT_EQ(device.error().code(), Code::Corrupt);
  set("FAKE_CUDA_FUNCTION", "999");
  EXPECT_TRUE(failsWith(open(), "kernel 'gone': no description "
                                "(CUDA_ERROR_UNKNOWN, 999)"));
}

TEST_F(CudaTest, TooManyThreads) {
  set("FAKE_CUDA_THREADS", "31");
  EXPECT_EQ(message(open()),
            "device 0 (Fake 0): kernel 'fill' has blocks of 32 threads; the "
            "device runs up to 31 of it; compile with --chips=sm_90");
  set("FAKE_CUDA_THREADS", "32");
  EXPECT_TRUE(open());
}

TEST_F(CudaTest, SharedMemory) {
  artifact.kernels[0].shared_bytes = 49152;
  EXPECT_TRUE(open());
  EXPECT_FALSE(logged("shared fill"));
  // Static memory counts.
  set("FAKE_CUDA_SHARED", "1");
  EXPECT_TRUE(open());
  EXPECT_TRUE(logged("shared fill 49152\n"));
  artifact.kernels[0].shared_bytes = 232447;
  EXPECT_TRUE(open());
  EXPECT_TRUE(logged("shared fill 232447\n"));
  artifact.kernels[0].shared_bytes = 232448;
  EXPECT_EQ(message(open()),
            "device 0 (Fake 0): kernel 'fill' needs 232449 bytes of shared "
            "memory; a block has 232448; compile with --chips=sm_90");
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

TEST_F(CudaTest, Copies) {
  auto device = open();
  ASSERT_TRUE(device);
  std::vector<uint8_t> in(1000), out(1000);
  std::iota(in.begin(), in.end(), 0);
  auto memory = DeviceMemory::allocate(**device, in.size(), "x");
  ASSERT_TRUE(memory);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory->data()) % 256, 0u);
  EXPECT_FALSE((*device)->copyIn(memory->data(), in.data(), in.size()));
  EXPECT_FALSE((*device)->clear(memory->data() + 10, 20));
  EXPECT_FALSE((*device)->copyOut(out.data(), memory->data(), out.size()));
  std::fill_n(in.begin() + 10, 20, 0);
  EXPECT_EQ(in, out);
}

TEST_F(CudaTest, NothingIsNothing) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = (*device)->allocate(0, "x");
  ASSERT_TRUE(memory);
  EXPECT_EQ(*memory, nullptr);
  EXPECT_FALSE((*device)->copyIn(nullptr, nullptr, 0));
  EXPECT_FALSE((*device)->copyOut(nullptr, nullptr, 0));
  EXPECT_FALSE((*device)->clear(nullptr, 0));
  (*device)->release(nullptr);
  EXPECT_FALSE(logged("free"));
}

TEST_F(CudaTest, OutOfMemory) {
  set("FAKE_CUDA_FREE", "4096");
  auto device = open();
  ASSERT_TRUE(device);
  auto some = DeviceMemory::allocate(**device, 4000, "x");
  ASSERT_TRUE(some);
  auto more = DeviceMemory::allocate(**device, 100, "the arena of 'forward'");
  EXPECT_EQ(message(more),
            "device 0 (Fake 0): no memory for 100 bytes of the arena of "
            "'forward'; 96 of 2097152 are free; end what else uses the device, "
            "or use smaller sizes");
  EXPECT_EQ(more.error().code(), Code::OutOfMemory);
  // That is no fault.
  EXPECT_FALSE((*device)->synchronize());
  EXPECT_TRUE(DeviceMemory::allocate(**device, 96, "x"));
}

//===----------------------------------------------------------------------===//
// Launching
//===----------------------------------------------------------------------===//

TEST_F(CudaTest, Launch) {
  artifact.kernels[1].shared_bytes = 100;
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 100, "x");
  ASSERT_TRUE(memory);
  fill(**device, memory->data(), 7, 100);
  const int64_t grid[] = {2147483647, 65535, 3};
  (*device)->launch(1, grid, nullptr, nullptr);
  EXPECT_FALSE((*device)->synchronize());
  EXPECT_TRUE(logged("launch fill 1x1x1 32x1x1 0\n"));
  EXPECT_TRUE(logged("launch other 2147483647x65535x3 4x2x1 100\n"));
  EXPECT_EQ(read(**device, *memory), std::vector<uint8_t>(100, 7));
}

TEST_F(CudaTest, EmptyGrid) {
  auto device = open();
  ASSERT_TRUE(device);
  for (int i = 0; i < 3; ++i) {
    int64_t grid[] = {1, 1, 1};
    grid[i] = 0;
    (*device)->launch(0, grid, nullptr, nullptr);
  }
  EXPECT_FALSE((*device)->synchronize());
  EXPECT_FALSE(logged("launch"));
}

TEST_F(CudaTest, LargeGrid) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 4, "x");
  ASSERT_TRUE(memory);
  ASSERT_FALSE((*device)->clear(memory->data(), 4));
  const int64_t tooHigh[] = {1, 65536, 1}, negative[] = {-1, 0, 0};
  (*device)->launch(0, tooHigh, nullptr, nullptr);
  // The first error wins, and nothing is launched behind it.
  (*device)->launch(0, negative, nullptr, nullptr);
  fill(**device, memory->data(), 1, 4);
  Error error = (*device)->synchronize();
  EXPECT_EQ(error.message(),
            "device 0 (Fake 0): kernel 'fill' on a grid of 1 x 65536 x 1 "
            "blocks, of which the device takes 2147483647 x 65535 x 65535; use "
            "smaller sizes");
  EXPECT_EQ(error.code(), Code::InvalidArgument);
  EXPECT_FALSE(logged("launch"));
  // Now it is told, and all goes on.
  (*device)->launch(0, negative, nullptr, nullptr);
  EXPECT_TRUE(failsWith((*device)->synchronize(), "-1 x 0 x 0"));
  fill(**device, memory->data(), 1, 4);
  EXPECT_FALSE((*device)->synchronize());
  EXPECT_EQ(read(**device, *memory), std::vector<uint8_t>(4, 1));
}

TEST_F(CudaTest, NoSuchKernel) {
  auto device = open();
  ASSERT_TRUE(device);
  const int64_t grid[] = {1, 1, 1};
  (*device)->launch(2, grid, nullptr, nullptr);
  EXPECT_TRUE(failsWith((*device)->synchronize(),
                        "kernel 2 does not exist; the artifact has 2"));
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

TEST_F(CudaTest, FaultInAKernel) {
  const std::string fault =
      "device 0 (Fake 0): running kernels: an illegal memory access was "
      "encountered (CUDA_ERROR_ILLEGAL_ADDRESS, 700); the last kernel launched "
      "was 'fill'; the context of the device is lost: end the sessions that "
      "use it and make new ones, or start the process anew; compile for "
      "--target=cuda-emulator, and run that, to find the access";
  {
    auto device = open();
    ASSERT_TRUE(device);
    auto memory = DeviceMemory::allocate(**device, 4, "x");
    ASSERT_TRUE(memory);
    fill(**device, memory->data(), 1, 4);
    set("FAKE_CUDA_SYNCHRONIZE", "700");
    Error error = (*device)->synchronize();
    EXPECT_EQ(error.message(), fault);
    EXPECT_EQ(error.code(), Code::Device);
    // All that follows says the same, and touches nothing.
    uint32_t host = 5;
    EXPECT_EQ((*device)->copyIn(memory->data(), &host, 4).message(), fault);
    EXPECT_EQ((*device)->copyOut(&host, memory->data(), 4).message(), fault);
    EXPECT_EQ((*device)->clear(memory->data(), 4).message(), fault);
    EXPECT_EQ(message((*device)->allocate(4, "x")), fault);
    EXPECT_EQ((*device)->beginCapture().message(), fault);
    fill(**device, memory->data(), 2, 4);
    EXPECT_EQ((*device)->synchronize().message(), fault);
    EXPECT_EQ((*device)->synchronize().message(), fault);
    EXPECT_EQ(host, 5u);
  }
  // Without sessions, the context ends.
  set("FAKE_CUDA_SYNCHRONIZE", "0");
  auto device = open();
  ASSERT_TRUE(device);
  EXPECT_FALSE((*device)->synchronize());
}

TEST_F(CudaTest, FaultAtALaunch) {
  auto device = open();
  ASSERT_TRUE(device);
  set("FAKE_CUDA_LAUNCH", "719");
  fill(**device, nullptr, 0, 0);
  fill(**device, nullptr, 0, 0);
  Error error = (*device)->synchronize();
  EXPECT_TRUE(failsWith(error, "device 0 (Fake 0): launching kernel 'fill': "
                               "unspecified launch failure "
                               "(CUDA_ERROR_LAUNCH_FAILED, 719); the context "
                               "of the device is lost"));
  EXPECT_EQ((*device)->synchronize().message(), error.message());
}

TEST_F(CudaTest, FaultAtACopy) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 4, "x");
  ASSERT_TRUE(memory);
  set("FAKE_CUDA_SYNCHRONIZE", "702");
  uint32_t host = 0;
  Error error = (*device)->copyOut(&host, memory->data(), 4);
  EXPECT_TRUE(failsWith(error, "copying from the device: error 702 of the "
                               "driver"));
  EXPECT_TRUE(failsWith(error, "the device also draws a screen"));
}

TEST_F(CudaTest, FaultBehindARelease) {
  auto device = open();
  ASSERT_TRUE(device);
  {
    auto memory = DeviceMemory::allocate(**device, 4, "x");
    ASSERT_TRUE(memory);
    set("FAKE_CUDA_SYNCHRONIZE", "716");
  }
  EXPECT_TRUE(failsWith((*device)->synchronize(), "error 716"));
}

/// What is no fault leaves the context as it is.
TEST_F(CudaTest, RefusedLaunch) {
  auto device = open();
  ASSERT_TRUE(device);
  set("FAKE_CUDA_LAUNCH", "98");
  fill(**device, nullptr, 0, 0);
  Error error = (*device)->synchronize();
  EXPECT_EQ(error.message(), "device 0 (Fake 0): launching kernel 'fill': "
                             "error 98 of the driver");
  EXPECT_EQ(error.code(), Code::Device);
  set("FAKE_CUDA_LAUNCH", "0");
  fill(**device, nullptr, 0, 0);
  EXPECT_FALSE((*device)->synchronize());
}

} // namespace
