//===- CudaVersionTest.cpp - Which version of an artifact a device runs ---===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaSupport.h"

#include "runtime/artifact/Artifact.h"
#include "runtime/session/Session.h"

using namespace dither::runtime;
using namespace dither::runtime::cuda;
using namespace dither::test;

namespace {

constexpr char manifestText[] = R"({
  "version": 2, "model": "m",
  "target": {"triple": "x86_64-unknown-linux-gnu", "device": "@DEVICE@",
             "versions": [{"name": "sm_90a", "features": [@FEATURE@]},
                          {"name": "sm_80", "features": []}]},
  "tensors": [],
  "functions": [
    {"name": "f", "dims": ["batch"],
     "arena": [{"fixed": 64, "per_batch": 32}, {"fixed": 128, "per_batch": 1}],
     "arguments": [
       {"kind": "input", "name": "x", "dtype": "i8", "shape": ["batch"]},
       {"kind": "output", "name": "y", "dtype": "i8", "shape": ["batch"]},
       {"kind": "arena"}]}]
})";

struct Bytes1 {
  void *base, *data;
  int64_t offset, size, stride;
};

/// Fills the output with a number, by the kernel "fill" of a version.
void fillOutput(DitherContext *context, void *const *arguments, int32_t value,
                uint32_t kernel) {
  const auto *output = static_cast<const Bytes1 *>(arguments[1]);
  const int64_t grid[] = {1, 1, 1};
  const void *const values[] = {&output->data, &value, &output->size};
  context->launch(context, kernel, grid, values, nullptr);
}
void functionOf90(DitherContext *context, void *const *arguments) {
  fillOutput(context, arguments, 90, 0);
}
/// Its kernel is the second of its version, and the third of all.
void functionOf80(DitherContext *context, void *const *arguments) {
  fillOutput(context, arguments, 80, 1);
}

/// An artifact for sm_90a and sm_80, whose versions have one kernel and two.
struct TwoVersions {
  explicit TwoVersions(const std::string &device = "cuda",
                       const std::string &feature = "") {
    manifest = manifestText;
    replace("@DEVICE@", device);
    replace("@FEATURE@", feature);
    parts.abi_version = DITHER_ABI_VERSION;
    parts.functions = functions;
    parts.function_count = 2;
    parts.manifest = manifest.data();
    parts.manifest_size = manifest.size();
    parts.kernels = kernels;
    parts.kernel_count = 3;
    parts.images = images;
    parts.image_count = 2;
  }
  TwoVersions(const TwoVersions &) = delete;
  void replace(const std::string &from, const std::string &to) {
    manifest.replace(manifest.find(from), from.size(), to);
  }
  static DitherDeviceImage makeImage(const char *chip, const char *version,
                                     const std::string &ptx) {
    return {chip,
            version,
            DITHER_IMAGE_PTX,
            12000,
            reinterpret_cast<const unsigned char *>(ptx.c_str()),
            ptx.size() + 1};
  }

  std::string manifest;
  const DitherFunctionEntry functions[2] = {{"f", "sm_90a", functionOf90},
                                            {"f", "sm_80", functionOf80}};
  DitherKernelEntry kernels[3] = {
      {"fill", "sm_90a", {32, 1, 1}, 0, 3, 0, 0, nullptr, nullptr},
      {"other", "sm_80", {32, 1, 1}, 0, 0, 0, 0, nullptr, nullptr},
      {"fill", "sm_80", {64, 1, 1}, 0, 3, 0, 0, nullptr, nullptr}};
  const std::string newer = ".target sm_90a\n.visible .entry fill(\n",
                    older = ".target sm_80 \n.visible .entry other(\n.visible "
                            ".entry fill(\n";
  DitherDeviceImage images[2] = {makeImage("sm_90a", "sm_90a", newer),
                                 makeImage("sm_80", "sm_80", older)};
  DitherEmbedded parts = {};
};

class CudaVersion : public CudaTest {
protected:
  auto openTwo() { return CudaDevice::open(*driver, 0, two.parts); }
  void launch(Device &device, uint32_t kernel) {
    const int64_t grid[] = {1, 1, 1};
    const void *data = nullptr;
    int32_t value = 0;
    int64_t bytes = 0;
    const void *const arguments[] = {&data, &value, &bytes};
    device.launch(kernel, grid, arguments, nullptr);
  }
  TwoVersions two;
};

TEST_F(CudaVersion, OfTheImage) {
  auto device = openTwo();
  ASSERT_TRUE(device) << message(device);
  EXPECT_STREQ((*device)->version(), "sm_90a");
  EXPECT_TRUE(logged("\n.target sm_90a\n"));
  launch(**device, 0);
  EXPECT_FALSE((*device)->synchronize());
  EXPECT_TRUE(logged("launch fill 1x1x1 32x1x1"));
  // Kernels of the other version are not there.
  launch(**device, 1);
  EXPECT_TRUE(failsWith((*device)->synchronize(),
                        "kernel 1 does not exist; the artifact has 1"));
}

TEST_F(CudaVersion, OfOtherDevices) {
  for (const char *capability : {"80", "89", "100", "120"}) {
    set("FAKE_CUDA_CAPABILITY", capability);
    auto device = openTwo();
    ASSERT_TRUE(device) << message(device);
    EXPECT_STREQ((*device)->version(), "sm_80") << capability;
    launch(**device, 1);
    EXPECT_FALSE((*device)->synchronize());
    EXPECT_TRUE(logged("launch fill 1x1x1 64x1x1"));
  }
  EXPECT_FALSE(logged(".target sm_90a"));
}

/// An old driver takes what it can.
TEST_F(CudaVersion, OfTheDriver) {
  two.images[0].driver = 12060;
  auto device = openTwo();
  ASSERT_TRUE(device) << message(device);
  EXPECT_STREQ((*device)->version(), "sm_80");
}

/// Tables that nobody verified.
TEST_F(CudaVersion, WithoutKernels) {
  for (const char *version : {"sm_70", static_cast<const char *>(nullptr)}) {
    two.images[0].version = version;
    auto device = openTwo();
    EXPECT_EQ(message(device),
              "the artifact's PTX for sm_90a is for a version of its code "
              "without kernels; compile the artifact anew");
    EXPECT_EQ(device.error().code(), Code::Corrupt);
  }
}

TEST_F(CudaVersion, NoneWhereThereAreNoKernels) {
  two.parts.kernel_count = 0;
  auto device = openTwo();
  ASSERT_TRUE(device);
  EXPECT_EQ((*device)->version(), nullptr);
}

//===----------------------------------------------------------------------===//
// Sessions, in processes of their own
//===----------------------------------------------------------------------===//

/// What a session says; "" where it does what it should.
std::string callOn(const char *capability, uint32_t version, int8_t wanted,
                   uint64_t arenaBytes) {
  setenv("DITHER_LIBCUDA", FakeCuda::path, 1);
  setenv("FAKE_CUDA_CAPABILITY", capability, 1);
  TwoVersions two;
  auto artifact = Artifact::openEmbedded(two.parts, "");
  if (!artifact)
    return message(artifact);
  auto session = Session::create(*artifact, {});
  if (!session)
    return message(session);
  if ((*session)->version() != version)
    return "another version";
  std::vector<int8_t> in(10), out(10);
  constexpr DLDataType i8 = {kDLInt, 8, 1};
  Tensor x(in, {10}, i8), y(out, {10}, i8);
  if (Error error = (*session)->call(0, &x.tensor, 1, &y.tensor, 1))
    return error.message();
  if (out != std::vector<int8_t>(10, wanted))
    return "another function";
  DitherMemory memory;
  (*session)->memory(memory);
  return memory.arena == arenaBytes ? "" : "another arena";
}

void callOnBoth() {
  std::string said = callOn("90", 0, 90, 64 + 32 * 10);
  said += callOn("80", 1, 80, 128 + 10);
  std::fputs(said.c_str(), stderr);
  std::exit(said.empty() ? 0 : 1);
}

TEST(CudaVersionDeathTest, SessionsCallIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(callOnBoth(), testing::ExitedWithCode(0), "");
}

/// Its code for the host does not run here, though the artifact opens.
void callWithoutFeature() {
  setenv("DITHER_LIBCUDA", FakeCuda::path, 1);
  TwoVersions two("cuda", "\"sse3\"");
  auto artifact = Artifact::openEmbedded(two.parts, "-sse3");
  auto session = Session::create(*artifact, {});
  std::fputs(message(session).c_str(), stderr);
  std::exit(session ? 0 : int(session.error().code()));
}

TEST(CudaVersionDeathTest, NeedsFeaturesOfTheCpu) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(callWithoutFeature(),
              testing::ExitedWithCode(int(Code::Unsupported)),
              "the version 'sm_90a' of the artifact, which Fake 0 runs, is not "
              "for this CPU: it lacks sse3; compile it on this machine");
}

TEST(CudaVersions, ArenaIsTheLargest) {
  TwoVersions two;
  DitherArtifact *artifact = nullptr;
  ASSERT_TRUE(
      ok(dither_artifact_open_embedded(&two.parts, nullptr, &artifact)));
  for (auto [batch, wanted] :
       {std::pair<int64_t, uint64_t>{1, 129}, {10, 384}}) {
    uint64_t bytes = 0;
    EXPECT_TRUE(
        ok(dither_artifact_arena_bytes(artifact, 0, &batch, 1, &bytes)));
    EXPECT_EQ(bytes, wanted);
  }
  dither_artifact_close(artifact);
}

/// The emulator takes the first.
TEST(EmulatorVersion, IsTheFirst) {
  TwoVersions two("cuda-emulator");
  for (DitherKernelEntry &kernel : two.kernels)
    kernel.emulated = [](DitherThread *, const void *const *) {};
  auto artifact = Artifact::openEmbedded(two.parts, "");
  ASSERT_TRUE(artifact) << message(artifact);
  auto session = Session::create(*artifact, {});
  ASSERT_TRUE(session) << message(session);
  EXPECT_EQ((*session)->version(), 0u);
  std::swap(two.kernels[0], two.kernels[2]);
  session = Session::create(*artifact, {});
  ASSERT_TRUE(session) << message(session);
  EXPECT_EQ((*session)->version(), 1u);
}

} // namespace
