//===- CudaMapTest.cpp - Kernels with tensor maps on a CUDA device --------===//
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

/// The kernel "gather" copies the first tile of a matrix of bytes.
class CudaMap : public CudaTest {
protected:
  static constexpr uint32_t tileRows = 4, tileColumns = 32;

  void SetUp() override {
    CudaTest::SetUp();
    artifact.ptx += ".visible .entry gather(\n";
    artifact.image.data =
        reinterpret_cast<const unsigned char *>(artifact.ptx.c_str());
    artifact.image.size = artifact.ptx.size() + 1;
    DitherKernelEntry &kernel = artifact.kernels[1];
    kernel.name = "gather";
    kernel.argument_count = 2;
    kernel.map_count = 1;
    kernel.maps = &map;
  }

  void launch(Device &device, const DitherMatrix &matrix, void *to) {
    const int64_t grid[] = {1, 1, 1};
    const void *const arguments[] = {&matrix, &to};
    device.launch(1, grid, arguments, nullptr);
  }
  /// What is said of a matrix that cannot be.
  std::string fault(Device &device, const DitherMatrix &matrix) {
    launch(device, matrix, nullptr);
    return device.synchronize().message();
  }

  DitherTensorMap map = {0, DITHER_U8, tileRows, tileColumns, 32};
};

TEST_F(CudaMap, TileOfAMatrix) {
  auto device = open();
  ASSERT_TRUE(device);
  std::vector<uint8_t> numbers(96);
  std::iota(numbers.begin(), numbers.end(), 1);
  auto matrix = DeviceMemory::allocate(**device, numbers.size(), "x");
  auto tile = DeviceMemory::allocate(**device, tileRows * tileColumns, "y");
  ASSERT_TRUE(matrix && tile);
  ASSERT_FALSE((*device)->copyIn(matrix->data(), numbers.data(), 96));
  launch(**device, {matrix->data(), 3, 20, 32}, tile->data());
  ASSERT_FALSE((*device)->synchronize());
  std::vector<uint8_t> wanted(tileRows * tileColumns);
  for (size_t row = 0; row < 3; ++row)
    std::copy_n(numbers.begin() + int64_t(row) * 32, 20,
                wanted.begin() + int64_t(row) * tileColumns);
  EXPECT_EQ(read(**device, *tile), wanted);
  EXPECT_TRUE(logged("map element 0, 3 x 20 by 32, box 4 x 32, swizzle 1, "
                     "promotion 2\n"));
}

/// Values are those of the launch, also where it is recorded, and the same
/// memory has the next map.
TEST_F(CudaMap, IsRecorded) {
  auto device = open();
  ASSERT_TRUE(device);
  std::vector<uint8_t> numbers(256);
  std::iota(numbers.begin(), numbers.end(), 0);
  auto matrix = DeviceMemory::allocate(**device, numbers.size(), "x");
  auto first = DeviceMemory::allocate(**device, tileRows * tileColumns, "y");
  auto second = DeviceMemory::allocate(**device, tileRows * tileColumns, "z");
  ASSERT_TRUE(matrix && first && second);
  ASSERT_FALSE((*device)->copyIn(matrix->data(), numbers.data(), 256));
  ASSERT_FALSE((*device)->beginCapture());
  {
    DitherMatrix whole = {matrix->data(), 8, 32, 32};
    launch(**device, whole, first->data());
    whole.data = matrix->data() + 128;
    launch(**device, whole, second->data());
    whole = {};
  }
  auto graph = (*device)->endCapture();
  ASSERT_TRUE(graph);
  EXPECT_FALSE((*device)->replay(**graph));
  EXPECT_FALSE((*device)->synchronize());
  EXPECT_EQ(read(**device, *first),
            std::vector<uint8_t>(numbers.begin(), numbers.begin() + 128));
  EXPECT_EQ(read(**device, *second),
            std::vector<uint8_t>(numbers.begin() + 128, numbers.end()));
}

TEST_F(CudaMap, ElementsAndSwizzles) {
  struct Case {
    uint32_t element, columns, swizzle;
    const char *logged;
  };
  const Case cases[] = {
      {DITHER_F16, 64, 128,
       "map element 6, 2 x 64 by 128, box 4 x 64, swiz"
       "zle 3, "},
      {DITHER_BF16, 32, 64,
       "map element 9, 2 x 64 by 128, box 4 x 32, swizz"
       "le 2, "},
      {DITHER_F32, 64, 0,
       "map element 7, 2 x 64 by 256, box 4 x 64, swizzle "
       "0, "},
      {DITHER_TF32, 8, 32,
       "map element 11, 2 x 64 by 256, box 4 x 8, swizzle "
       "1, "},
      {DITHER_S32, 32, 128,
       "map element 3, 2 x 64 by 256, box 4 x 32, swizzl"
       "e 3, "},
      {DITHER_S8, 128, 128,
       "map element 0, 2 x 64 by 64, box 4 x 128, swizzl"
       "e 3, "},
      {DITHER_E4M3, 64, 64,
       "map element 0, 2 x 64 by 64, box 4 x 64, swizzle "
       "2, "},
      {DITHER_E5M2, 16, 0,
       "map element 0, 2 x 64 by 64, box 4 x 16, swizzle "
       "0, "},
  };
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 4096, "x");
  ASSERT_TRUE(memory);
  for (const Case &each : cases) {
    map = {0, each.element, 4, each.columns, each.swizzle};
    launch(**device, {memory->data(), 2, 64, 64}, memory->data() + 1024);
    Error error = (*device)->synchronize();
    EXPECT_FALSE(error) << error.message();
    EXPECT_TRUE(logged(each.logged)) << fake.log();
  }
}

/// The driver takes no empty extents, and nothing is read of them.
TEST_F(CudaMap, WithoutElements) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 256, "x");
  ASSERT_TRUE(memory);
  launch(**device, {nullptr, 0, 0, 0}, memory->data());
  launch(**device, {memory->data(), 0, 32, 32}, memory->data());
  launch(**device, {memory->data(), 5, 0, 0}, memory->data());
  // The stride of one row is of no use.
  launch(**device, {memory->data(), 1, 5, 5}, memory->data());
  Error error = (*device)->synchronize();
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(logged("map element 0, 1 x 1 by 16, "));
  EXPECT_TRUE(logged("map element 0, 1 x 32 by 32, "));
  EXPECT_TRUE(logged("map element 0, 5 x 1 by 16, "));
  EXPECT_TRUE(logged("map element 0, 1 x 5 by 16, "));
}

TEST_F(CudaMap, NeedsAlignment) {
  auto device = open();
  ASSERT_TRUE(device);
  auto memory = DeviceMemory::allocate(**device, 256, "x");
  ASSERT_TRUE(memory);
  EXPECT_EQ(fault(**device, {memory->data() + 20, 2, 32, 32}),
            "device 0 (Fake 0): kernel 'gather', argument 0: its tensor begins "
            "4 bytes behind a multiple of 16, where tiles are not copied from; "
            "call with a tensor that begins at one, such as a copy");
  EXPECT_EQ(fault(**device, {memory->data(), 2, 20, 20}),
            "device 0 (Fake 0): kernel 'gather', argument 0: the rows of its "
            "tensor are 20 bytes apart, which is no multiple of 16; call with "
            "a tensor whose rows are, or compile with --chips=sm_80");
  EXPECT_TRUE(logged("load"));
  EXPECT_FALSE(logged("map"));
}

TEST_F(CudaMap, DriverRefuses) {
  auto device = open();
  ASSERT_TRUE(device);
  // Rows that overlap.
  EXPECT_EQ(fault(**device, {nullptr, 2, 32, 16}),
            "kernel 'gather', argument 0 of 2 x 32 elements: device 0 (Fake "
            "0): making a tensor map: error 1 of the driver");
  // That was no fault of the device.
  EXPECT_FALSE((*device)->synchronize());
}

TEST_F(CudaMap, DriverWithoutMaps) {
  set("FAKE_CUDA_VERSION", "11080");
  artifact.image.driver = 11000;
  auto opened = Driver::open(DITHER_TEST_CUDA_WITHOUT_MAPS);
  ASSERT_TRUE(opened);
  auto device = CudaDevice::open(**opened, 0, artifact.parts);
  EXPECT_EQ(message(device),
            "device 0 (Fake 0): kernel 'gather' takes tensor maps, which the "
            "driver for CUDA 11.8 does not make: it has no "
            "cuTensorMapEncodeTiled; install one for CUDA 12.0 or later, or "
            "compile with --chips=sm_80");
  EXPECT_EQ(device.error().code(), Code::Unsupported);
  // Others do without.
  artifact.parts.kernel_count = 1;
  EXPECT_TRUE(CudaDevice::open(**opened, 0, artifact.parts));
}

} // namespace
