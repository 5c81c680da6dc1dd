//===- DeviceTablesTest.cpp - Tables of kernels and images ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/DeviceTables.h"

#include "Support.h"

#include <functional>
#include <random>

using namespace dither::runtime;
using namespace dither::test;

namespace {

/// Two versions with a kernel and an image each; the first kernel takes two
/// tensor maps.
struct Tables {
  Tables() {
    manifest.device = "cuda";
    manifest.versions = {{"sm_90a", {}}, {"sm_80", {}}};
    kernels[0] = {"first", "sm_90a", {32, 1, 1}, 0, 3, 1, 2, maps, nullptr};
    kernels[1] = {"first", "sm_80", {32, 1, 1}, 0, 3, 1, 0, nullptr, nullptr};
    static const unsigned char code[] = "code";
    images[0] = {"sm_90a", "sm_90a", 0, 12000, code, sizeof(code)};
    images[1] = {"sm_80", "sm_80", 0, 12000, code, sizeof(code)};
    parts.kernel_count = parts.image_count = 2;
    parts.kernels = kernels;
    parts.images = images;
  }
  Tables(const Tables &) = delete;
  Error verify() const { return verifyDeviceTables(parts, manifest); }

  Manifest manifest;
  DitherTensorMap maps[2] = {{0, DITHER_BF16, 64, 64, 128},
                             {2, DITHER_F32, 128, 4, 0}};
  DitherKernelEntry kernels[2];
  DitherDeviceImage images[2];
  DitherEmbedded parts = {};
};

TEST(DeviceTables, AreTaken) {
  Tables tables;
  Error error = tables.verify();
  EXPECT_FALSE(error) << error.message();
  // A device chooses: images may lack, and kernels where none has any.
  tables.parts.image_count = 0;
  EXPECT_FALSE(tables.verify());
  tables.parts.kernel_count = 0;
  EXPECT_FALSE(tables.verify());
}

struct Case {
  const char *message;
  std::function<void(Tables &)> spoil;

  friend void PrintTo(const Case &param, std::ostream *os) {
    *os << param.message;
  }
};

class DeviceTablesErrors : public testing::TestWithParam<Case> {};

TEST_P(DeviceTablesErrors, AreNamed) {
  Tables tables;
  GetParam().spoil(tables);
  Error error = tables.verify();
  EXPECT_EQ(error.message(),
            std::string(GetParam().message) + "; compile it again");
  EXPECT_EQ(error.code(), Code::Corrupt);
}

const char tileMessage[] = "kernel 'first' of the artifact has a tensor map of "
                           "tiles that no device copies: argument 0 of ";

/// Each is a different message, but for what tiles are.
INSTANTIATE_TEST_SUITE_P(
    All, DeviceTablesErrors,
    testing::Values(
        Case{"the artifact has kernels for a device that its manifest does not "
             "name",
             [](Tables &t) { t.manifest.device = ""; }},
        Case{"kernel 1 of the artifact has no name or no threads",
             [](Tables &t) { t.kernels[1].name = nullptr; }},
        Case{"kernel 0 of the artifact has no name or no threads",
             [](Tables &t) { t.kernels[0].threads[2] = 0; }},
        Case{"kernel 'first' of the artifact has no version",
             [](Tables &t) { t.kernels[0].version = nullptr; }},
        Case{"kernel 'first' of the artifact is for the version 'sm_70', which "
             "its manifest does not have",
             [](Tables &t) { t.kernels[1].version = "sm_70"; }},
        Case{"the artifact has kernels, and none for its version 'sm_80'",
             [](Tables &t) { t.kernels[1].version = "sm_90a"; }},
        Case{"the artifact has kernels, and none for its version 'sm_80'",
             [](Tables &t) { t.parts.kernel_count = 1; }},
        Case{"device code 1 of the artifact is empty",
             [](Tables &t) { t.images[1].data = nullptr; }},
        Case{"device code 0 of the artifact is empty",
             [](Tables &t) { t.images[0].chip = nullptr; }},
        Case{"device code 1 for sm_80 of the artifact has no version",
             [](Tables &t) { t.images[1].version = nullptr; }},
        Case{"device code 0 for sm_90a of the artifact is for the version "
             "'sm_9', which its manifest does not have",
             [](Tables &t) { t.images[0].version = "sm_9"; }},
        Case{"kernel 'first' of the artifact has no table of its tensor maps",
             [](Tables &t) { t.kernels[0].maps = nullptr; }},
        Case{"kernel 'first' of the artifact has a tensor map as argument 3, "
             "and takes 3",
             [](Tables &t) { t.maps[1].argument = 3; }},
        Case{"kernel 'first' of the artifact has tensor maps that are not in "
             "the order of its arguments",
             [](Tables &t) { t.maps[1].argument = 0; }}));

/// What a device does not copy.
TEST(DeviceTables, OddTilesAreRefused) {
  const DitherTensorMap odd[] = {
      {0, 9, 64, 64, 128},           {0, ~0u, 64, 64, 128},
      {0, DITHER_BF16, 0, 64, 128},  {0, DITHER_BF16, 257, 64, 128},
      {0, DITHER_BF16, 64, 0, 0},    {0, DITHER_S8, 64, 272, 0},
      {0, DITHER_BF16, 64, 12, 0},   {0, DITHER_BF16, 64, 64, 64},
      {0, DITHER_BF16, 64, 64, 256}, {0, DITHER_BF16, 64, 64, 1},
      {0, DITHER_F32, 64, ~0u, 0}};
  for (const DitherTensorMap &map : odd) {
    Tables tables;
    tables.maps[0] = map;
    Error error = tables.verify();
    EXPECT_EQ(error.message(),
              concat(tileMessage, map.rows, " x ", map.columns,
                     " elements of kind ", map.element, " with a swizzle of ",
                     map.swizzle, " bytes; compile it again"));
  }
}

/// Whatever numbers are in the tables, what passes is what devices rely on.
TEST(DeviceTables, AnyNumbers) {
  std::mt19937 random(1);
  unsigned taken = 0;
  for (int round = 0; round < 20000; ++round) {
    Tables tables;
    DitherTensorMap &map = tables.maps[random() % 2];
    uint32_t *fields[] = {&map.argument, &map.element, &map.rows, &map.columns,
                          &map.swizzle};
    const uint32_t numbers[] = {0, 1, 2, 3, 8, 16, 32, 64, 128, 256, ~0u};
    *fields[random() % 5] = numbers[random() % std::size(numbers)];
    if (tables.verify())
      continue;
    ++taken;
    for (const DitherTensorMap &each : tables.maps) {
      EXPECT_LT(each.argument, 3u);
      EXPECT_LE(each.element, uint32_t(DITHER_E5M2));
      EXPECT_TRUE(each.rows >= 1 && each.rows <= 256);
      EXPECT_TRUE(each.columns >= 1 && each.columns <= 256);
    }
  }
  EXPECT_GT(taken, 0u);
  EXPECT_LT(taken, 20000u);
}

} // namespace
