//===- CudaDriverTest.cpp - The driver, and why there is none -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaSupport.h"

#include <thread>

using namespace dither::runtime;
using namespace dither::runtime::cuda;
using namespace dither::test;

namespace {

std::string fakePath() { return FakeCuda::path; }

TEST(CudaDriver, Opens) {
  FakeCuda fake;
  fake.set("FAKE_CUDA_VERSION", "13010");
  auto driver = Driver::open(FakeCuda::path);
  ASSERT_TRUE(driver);
  EXPECT_EQ((*driver)->version(), 13010);
  EXPECT_EQ((*driver)->describe(OutOfMemory),
            "out of memory (CUDA_ERROR_OUT_OF_MEMORY, 2)");
  EXPECT_EQ((*driver)->describe(Unknown),
            "no description (CUDA_ERROR_UNKNOWN, 999)");
  EXPECT_EQ((*driver)->describe(Result(1234)), "error 1234 of the driver");
}

TEST(CudaDriver, VersionText) {
  EXPECT_EQ(versionText(12000), "12.0");
  EXPECT_EQ(versionText(12040), "12.4");
  EXPECT_EQ(versionText(13010), "13.1");
}

TEST(CudaDriver, NoLibrary) {
  auto driver = Driver::open("libno-such-driver.so.1");
  EXPECT_EQ(message(driver),
            "no NVIDIA driver: libno-such-driver.so.1: cannot open shared "
            "object file: No such file or directory; install the driver, or "
            "compile for --target=cuda-emulator or the CPU");
  EXPECT_EQ(driver.error().code(), Code::Unsupported);
}

TEST(CudaDriver, NoFunction) {
  FakeCuda fake;
  fake.set("FAKE_CUDA_VERSION", "11030");
  auto driver = Driver::open(DITHER_TEST_OLD_CUDA);
  EXPECT_TRUE(failsWith(
      driver, " for CUDA 11.3 has no cuGraphInstantiateWithFlags: it is too "
              "old; install one for CUDA 12.0 or later, or compile for "
              "--target=cuda-emulator or the CPU"));
  EXPECT_EQ(driver.error().code(), Code::Unsupported);
}

/// A library that is no driver at all.
TEST(CudaDriver, OtherLibrary) {
  EXPECT_EQ(message(Driver::open("libz.so.1")),
            "the NVIDIA driver 'libz.so.1' has no cuInit: it is too old; "
            "install one for CUDA 12.0 or later, or compile for "
            "--target=cuda-emulator or the CPU");
}

TEST(CudaDriver, NotReady) {
  FakeCuda fake;
  auto expect = [&](const char *result, const std::string &cause) {
    fake.set("FAKE_CUDA_INIT", result);
    auto driver = Driver::open(FakeCuda::path);
    EXPECT_EQ(message(driver),
              fakePath() + ": " + cause +
                  ", or compile for --target=cuda-emulator or the CPU");
    EXPECT_NE(driver.error().code(), Code::Ok);
  };
  expect("100", "the NVIDIA driver finds no device; check 'nvidia-smi' and "
                "CUDA_VISIBLE_DEVICES");
  expect("34", "it is the stub of the CUDA toolkit, to link with, and no "
               "driver; take its folder out of LD_LIBRARY_PATH");
  expect("802", "the system is not ready; start NVIDIA's fabric manager");
  expect("803", "the driver in the kernel and the library are of different "
                "versions; restart the machine, or install the driver anew");
  expect("804", "the device does not take a compatibility library; take the "
                "library of the driver");
  expect("999", "no description (CUDA_ERROR_UNKNOWN, 999); check "
                "'nvidia-smi'");
  expect("2", "out of memory (CUDA_ERROR_OUT_OF_MEMORY, 2); check "
              "'nvidia-smi'");
}

//===----------------------------------------------------------------------===//
// The one of the process, in processes of its own
//===----------------------------------------------------------------------===//

class CudaProcessDeathTest : public testing::Test {
protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

[[noreturn]] void finish(bool isGood) { std::exit(isGood ? 0 : 1); }

void openByManyThreads() {
  setenv("DITHER_LIBCUDA", FakeCuda::path, 1);
  const Driver *seen[4] = {};
  std::vector<std::thread> threads;
  for (const Driver *&slot : seen)
    threads.emplace_back([&slot] {
      if (auto driver = Driver::shared())
        slot = *driver;
    });
  for (std::thread &thread : threads)
    thread.join();
  bool isGood = seen[0] != nullptr;
  for (const Driver *driver : seen)
    isGood = isGood && driver == seen[0];
  finish(isGood);
}

TEST_F(CudaProcessDeathTest, OneDriver) {
  EXPECT_EXIT(openByManyThreads(), testing::ExitedWithCode(0), "");
}

void openDeviceOfProcess() {
  setenv("DITHER_LIBCUDA", FakeCuda::path, 1);
  CudaArtifact artifact;
  auto device = openCudaDevice(1, artifact.parts);
  finish(device && (*device)->name() == "Fake 1");
}

TEST_F(CudaProcessDeathTest, OpensADevice) {
  EXPECT_EXIT(openDeviceOfProcess(), testing::ExitedWithCode(0), "");
}

void openWithoutDriver() {
  setenv("DITHER_LIBCUDA", "libno-such-driver.so.1", 1);
  CudaArtifact artifact;
  auto device = openCudaDevice(0, artifact.parts);
  finish(failsWith(device, "no NVIDIA driver: libno-such-driver.so.1") &&
         fails(dither_device_info("cuda", 0, nullptr), DITHER_INVALID_ARGUMENT,
               "dither_device_info: 'info' is a null pointer"));
}

TEST_F(CudaProcessDeathTest, WithoutDriver) {
  EXPECT_EXIT(openWithoutDriver(), testing::ExitedWithCode(0), "");
}

void listCuda() {
  setenv("DITHER_LIBCUDA", FakeCuda::path, 1);
  setenv("FAKE_CUDA_CAPABILITY", "121", 1);
  uint32_t count = 0;
  DitherDeviceInfo info = {}, same = {};
  bool isGood = ok(dither_device_count("cuda", &count)) && count == 2 &&
                ok(dither_device_info("cuda", 1, &info));
  isGood = isGood && std::string(info.target) == "cuda" && info.number == 1 &&
           std::string(info.name) == "Fake 1" &&
           std::string(info.chip) == "sm_121" && info.memory == 2 << 20 &&
           info.free_memory == 1 << 20 && info.multiprocessors == 3 &&
           info.driver == 12040;
  isGood = isGood && ok(dither_device_info("cuda", 1, &same)) &&
           same.name == info.name;
  setenv("FAKE_CUDA_RETAIN", "46", 1);
  isGood = isGood && ok(dither_device_info("cuda", 0, &info)) &&
           info.free_memory == 0;
  isGood = isGood && fails(dither_device_info("cuda", 2, &info),
                           DITHER_UNSUPPORTED, "CUDA device 2 does not exist");
  finish(isGood && info.number == 0);
}

TEST_F(CudaProcessDeathTest, Lists) {
  EXPECT_EXIT(listCuda(), testing::ExitedWithCode(0), "");
}

void listNoCuda() {
  setenv("DITHER_LIBCUDA", FakeCuda::path, 1);
  setenv("FAKE_CUDA_INIT", "100", 1);
  uint32_t count = 7;
  DitherDeviceInfo info = {};
  finish(fails(dither_device_count("cuda", &count), DITHER_UNSUPPORTED,
               "the NVIDIA driver finds no device") &&
         fails(dither_device_info("cuda", 0, &info), DITHER_UNSUPPORTED,
               "the NVIDIA driver finds no device") &&
         count == 7 && !info.name);
}

TEST_F(CudaProcessDeathTest, ListsNone) {
  EXPECT_EXIT(listNoCuda(), testing::ExitedWithCode(0), "");
}

TEST(DeviceApi, Emulator) {
  uint32_t count = 0;
  ASSERT_TRUE(ok(dither_device_count("cuda-emulator", &count)));
  EXPECT_EQ(count, 1u);
  DitherDeviceInfo info = {};
  ASSERT_TRUE(ok(dither_device_info("cuda-emulator", 0, &info)));
  EXPECT_STREQ(info.target, "cuda-emulator");
  EXPECT_STREQ(info.name, "emulator");
  EXPECT_STREQ(info.chip, "sm_90a");
  EXPECT_EQ(info.driver, 0u);
  EXPECT_GT(info.memory, info.free_memory);
  EXPECT_TRUE(fails(dither_device_info("cuda-emulator", 1, &info),
                    DITHER_UNSUPPORTED, "there is no emulated device 1"));
}

TEST(DeviceApi, WrongArguments) {
  uint32_t count = 0;
  DitherDeviceInfo info = {};
  EXPECT_TRUE(fails(dither_device_count(nullptr, &count),
                    DITHER_INVALID_ARGUMENT, "'target' is a null pointer"));
  EXPECT_TRUE(fails(dither_device_count("cuda", nullptr),
                    DITHER_INVALID_ARGUMENT, "'count' is a null pointer"));
  EXPECT_TRUE(fails(dither_device_info(nullptr, 0, &info),
                    DITHER_INVALID_ARGUMENT, "'target' is a null pointer"));
  EXPECT_TRUE(fails(dither_device_info("cuda", 0, nullptr),
                    DITHER_INVALID_ARGUMENT, "'info' is a null pointer"));
  EXPECT_TRUE(fails(dither_device_count("x86-64", &count),
                    DITHER_INVALID_ARGUMENT,
                    "the target 'x86-64' has no devices; 'cuda' and "
                    "'cuda-emulator' have"));
  EXPECT_TRUE(fails(dither_device_info("", 0, &info), DITHER_INVALID_ARGUMENT,
                    "the target '' has no devices"));
}

} // namespace
