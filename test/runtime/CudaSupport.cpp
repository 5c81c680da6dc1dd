//===- CudaSupport.cpp - A device of a driver that is none ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaSupport.h"

#include <cstdlib>
#include <fstream>

using namespace dither::runtime;

namespace dither::test {

FakeCuda::FakeCuda() { set("FAKE_CUDA_LOG", folder.path("log")); }

FakeCuda::~FakeCuda() {
  for (const std::string &variable : variables)
    unsetenv(variable.c_str());
}

void FakeCuda::set(const char *variable, const std::string &value) {
  setenv(variable, value.c_str(), 1);
  variables.emplace_back(variable);
}

std::string FakeCuda::log() const {
  std::ifstream file(folder.path("log"));
  // There is no file as long as nothing was asked for.
  return {std::istreambuf_iterator<char>(file), {}};
}

CudaArtifact::CudaArtifact()
    : ptx(".version 7.0\n.target sm_80\n.visible .entry fill(\n.visible "
          ".entry other(\n") {
  kernels[0] = {"fill", "sm_80", {32, 1, 1}, 0, 3, 0, 0, nullptr, nullptr};
  kernels[1] = {"other", "sm_80", {4, 2, 1}, 0, 0, 0, 0, nullptr, nullptr};
  image = {"sm_80",
           "sm_80",
           DITHER_IMAGE_PTX,
           12000,
           reinterpret_cast<const unsigned char *>(ptx.c_str()),
           ptx.size() + 1};
  parts.abi_version = DITHER_ABI_VERSION;
  parts.kernel_count = 2;
  parts.kernels = kernels;
  parts.image_count = 1;
  parts.images = &image;
}

void CudaTest::SetUp() {
  auto opened = cuda::Driver::open(FakeCuda::path);
  ASSERT_TRUE(opened) << opened.error().message();
  driver = std::move(*opened);
}

std::string CudaTest::lastLine() const {
  std::string log = fake.log();
  while (!log.empty() && log.back() == '\n')
    log.pop_back();
  size_t end = log.rfind('\n');
  return end == log.npos ? log : log.substr(end + 1);
}

void CudaTest::fill(Device &device, uint8_t *memory, int32_t value,
                    int64_t bytes, const uint32_t *after) {
  const int64_t grid[] = {1, 1, 1};
  const void *const arguments[] = {&memory, &value, &bytes};
  device.launch(0, grid, arguments, after);
}

std::vector<uint8_t> CudaTest::read(Device &device,
                                    const DeviceMemory &memory) {
  std::vector<uint8_t> bytes(memory.size());
  EXPECT_FALSE(device.copyOut(bytes.data(), memory.data(), bytes.size()));
  return bytes;
}

} // namespace dither::test
