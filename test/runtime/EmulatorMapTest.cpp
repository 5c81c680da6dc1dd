//===- EmulatorMapTest.cpp - Emulated kernels with tensor maps ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorSupport.h"

using namespace dither::test;

namespace {
/// Says what it was given: a number, a matrix, and where to say it.
void describe(DitherThread *thread, const void *const *arguments) {
  auto number = *static_cast<const int64_t *>(arguments[0]);
  const auto &mapped = *static_cast<const DitherMappedMatrix *>(arguments[1]);
  auto *out = *static_cast<int64_t *const *>(arguments[2]);
  const int64_t values[] = {number,
                            mapped.matrix.rows,
                            mapped.matrix.columns,
                            mapped.matrix.stride,
                            mapped.map.argument,
                            mapped.map.element,
                            mapped.map.rows,
                            mapped.map.columns,
                            mapped.map.swizzle,
                            *static_cast<const uint8_t *>(mapped.matrix.data)};
  for (int64_t value : values)
    store(thread, out++, value, HERE);
}

class EmulatorMap : public testing::Test {
protected:
  EmulatorMap() : emulated(describe, 1, 0, 0, false) {
    emulated.entry.argument_count = 3;
    emulated.entry.map_count = 1;
    emulated.entry.maps = &map;
  }
  dither::runtime::Error launch(const DitherMatrix &matrix, int64_t *out) {
    int64_t number = 42, grid[] = {1, 1, 1};
    const void *arguments[] = {&number, &matrix, &out};
    emulated.device->launch(0, grid, arguments, nullptr);
    return emulated.device->synchronize();
  }

  DitherTensorMap map = {1, DITHER_BF16, 64, 32, 64};
  Emulated emulated;
};

TEST_F(EmulatorMap, GivesMatrixAndMap) {
  auto *data = emulated.copyIn(std::vector<uint8_t>(64, 9));
  auto *out = emulated.allocate<int64_t>(10);
  auto error = launch({data, 2, 12, 16}, out);
  ASSERT_FALSE(error) << error.message();
  EXPECT_EQ(
      emulated.copyOut(out, 10),
      (std::vector<int64_t>{42, 2, 12, 16, 1, DITHER_BF16, 64, 32, 64, 9}));
}

/// As a device does.
TEST_F(EmulatorMap, NeedsAlignment) {
  auto *data = emulated.copyIn(std::vector<uint8_t>(64));
  EXPECT_TRUE(failsWith(launch({data + 2, 1, 12, 16}, nullptr),
                        "kernel 'hand', argument 1: its tensor begins 2 bytes "
                        "behind a multiple of 16"));
  EXPECT_TRUE(failsWith(launch({data, 2, 12, 12}, nullptr),
                        "the rows of its tensor are 24 bytes apart"));
}
} // namespace
