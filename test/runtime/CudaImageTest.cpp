//===- CudaImageTest.cpp - Which code of an artifact a device runs --------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/Image.h"

#include "CudaSupport.h"

using namespace dither::runtime;
using namespace dither::runtime::cuda;
using namespace dither::test;

namespace {

/// What a device of this capability takes of images "PTX sm_80", "cubin
/// sm_90a 12080".
class CudaImage : public testing::Test {
protected:
  void add(const char *chip, uint32_t kind, uint32_t driver = 12000) {
    static const unsigned char code[] = "code";
    images.push_back({chip, "any", kind, driver, code, sizeof(code)});
  }
  void ptx(const char *chip, uint32_t driver = 12000) {
    add(chip, DITHER_IMAGE_PTX, driver);
  }
  void cubin(const char *chip, uint32_t driver = 12000) {
    add(chip, DITHER_IMAGE_CUBIN, driver);
  }

  Expected<const DitherDeviceImage *> choose(int major, int minor,
                                             int driver = 12040) {
    DitherEmbedded artifact = {};
    artifact.images = images.data();
    artifact.image_count = static_cast<uint32_t>(images.size());
    Properties properties;
    properties.name = "NVIDIA X";
    properties.major = major;
    properties.minor = minor;
    properties.driver = driver;
    return chooseImage(artifact, properties);
  }
  /// The same in words; the error where there is one.
  std::string chosen(int major, int minor, int driver = 12040) {
    auto image = choose(major, minor, driver);
    return image ? describe(**image) : message(image);
  }

  std::vector<DitherDeviceImage> images;
};

TEST_F(CudaImage, HighestPtx) {
  ptx("sm_75");
  ptx("sm_86");
  ptx("sm_80");
  ptx("sm_100");
  EXPECT_EQ(chosen(7, 5), "PTX for sm_75");
  EXPECT_EQ(chosen(8, 0), "PTX for sm_80");
  EXPECT_EQ(chosen(9, 0), "PTX for sm_86");
  EXPECT_EQ(chosen(12, 1), "PTX for sm_100");
}

TEST_F(CudaImage, LetterMeansThisChipAlone) {
  ptx("sm_90a");
  ptx("sm_90");
  ptx("sm_100f");
  EXPECT_EQ(chosen(9, 0), "PTX for sm_90a");
  EXPECT_EQ(chosen(10, 0), "PTX for sm_100f");
  EXPECT_EQ(chosen(10, 3), "PTX for sm_90");
}

TEST_F(CudaImage, CubinBeforePtx) {
  ptx("sm_90a");
  cubin("sm_80");
  cubin("sm_90");
  EXPECT_EQ(chosen(9, 0), "a cubin for sm_90");
  EXPECT_EQ(chosen(8, 0), "a cubin for sm_80");
  cubin("sm_90a");
  EXPECT_EQ(chosen(9, 0), "a cubin for sm_90a");
  // Not for a later device, though it may run.
  EXPECT_EQ(choose(8, 6).error().code(), Code::Unsupported);
}

TEST_F(CudaImage, OldDriver) {
  ptx("sm_80", 12000);
  ptx("sm_90a", 12050);
  EXPECT_EQ(chosen(9, 0, 12040), "PTX for sm_80");
  EXPECT_EQ(chosen(9, 0, 12050), "PTX for sm_90a");
  EXPECT_EQ(chosen(9, 0, 11080),
            "the artifact has no code for device 0 (NVIDIA X), which is sm_90 "
            "with a driver for CUDA 11.8; it has PTX for sm_80, PTX for "
            "sm_90a; that needs a driver for CUDA 12.0 or later: install one, "
            "or compile for an older chip");
}

TEST_F(CudaImage, NoneFits) {
  EXPECT_EQ(chosen(8, 9),
            "the artifact has no code for device 0 (NVIDIA X), which is sm_89 "
            "with a driver for CUDA 12.4; it has none at all; compile it with "
            "--chips=sm_89");
  ptx("sm_90a");
  cubin("sm_80");
  EXPECT_EQ(chosen(8, 9),
            "the artifact has no code for device 0 (NVIDIA X), which is sm_89 "
            "with a driver for CUDA 12.4; it has PTX for sm_90a, a cubin for "
            "sm_80; compile it with --chips=sm_89");
  EXPECT_EQ(choose(8, 9).error().code(), Code::Unsupported);
}

TEST_F(CudaImage, UnknownImages) {
  for (const char *chip :
       {"", "gfx90a", "sm_", "sm_9", "sm_x", "sm_90A", "sm_90ab", "sm_99999"})
    ptx(chip);
  ptx(nullptr);
  add("sm_80", 7);
  EXPECT_EQ(choose(99, 9).error().code(), Code::Unsupported);
  EXPECT_NE(chosen(9, 0).find("PTX for no chip, unknown code for sm_80; "),
            std::string::npos);
}

TEST_F(CudaImage, CutImages) {
  ptx("sm_80");
  images[0].size = 4;
  EXPECT_EQ(chosen(8, 0), "the artifact's PTX for sm_80 is cut; compile the "
                          "artifact anew");
  EXPECT_EQ(choose(8, 0).error().code(), Code::Corrupt);
  images[0].size = 0;
  EXPECT_EQ(choose(8, 0).error().code(), Code::Corrupt);
  cubin("sm_80");
  images[1].size = 4;
  EXPECT_EQ(chosen(8, 0), "a cubin for sm_80");
}

} // namespace
