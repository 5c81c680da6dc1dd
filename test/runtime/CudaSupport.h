//===- CudaSupport.h - A device of a driver that is none --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_RUNTIME_CUDASUPPORT_H
#define DITHER_TEST_RUNTIME_CUDASUPPORT_H

#include "runtime/cuda/CudaDevice.h"

#include "Support.h"

namespace dither::test {

/// The variables that FakeCuda.c looks at, as a test sets them, and as they
/// were when it ends.
class FakeCuda {
public:
  static constexpr const char *path = DITHER_TEST_FAKE_CUDA;
  FakeCuda();
  ~FakeCuda();
  void set(const char *variable, const std::string &value);
  /// What it was asked for.
  std::string log() const;

private:
  TempFolder folder;
  std::vector<std::string> variables;
};

/// Two kernels, "fill" of one warp and "other", as PTX for sm_80.
struct CudaArtifact {
  CudaArtifact();
  CudaArtifact(const CudaArtifact &) = delete;

  std::string ptx;
  DitherKernelEntry kernels[2] = {};
  DitherDeviceImage image = {};
  DitherEmbedded parts = {};
};

class CudaTest : public testing::Test {
protected:
  void SetUp() override;

  void set(const char *variable, const std::string &value) {
    fake.set(variable, value);
  }
  runtime::Expected<std::unique_ptr<runtime::cuda::CudaDevice>>
  open(uint32_t number = 0) {
    return runtime::cuda::CudaDevice::open(*driver, number, artifact.parts);
  }
  bool logged(const std::string &text) const {
    return fake.log().find(text) != std::string::npos;
  }
  std::string lastLine() const;

  /// Launches the kernel that fills memory with a byte.
  static void fill(runtime::Device &device, uint8_t *memory, int32_t value,
                   int64_t bytes, const uint32_t *after = nullptr);
  static std::vector<uint8_t> read(runtime::Device &device,
                                   const runtime::DeviceMemory &memory);

  FakeCuda fake;
  CudaArtifact artifact;
  std::unique_ptr<const runtime::cuda::Driver> driver;
};

/// The message of an Expected that failed; "" where it did not.
template <typename T> std::string message(const T &result) {
  return result.error().message();
}

} // namespace dither::test

#endif // DITHER_TEST_RUNTIME_CUDASUPPORT_H
