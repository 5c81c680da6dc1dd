//===- CudaDevice.h - A CUDA device as a session uses it --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_CUDA_CUDADEVICE_H
#define DITHER_RUNTIME_CUDA_CUDADEVICE_H

#include "runtime/cuda/Graph.h"
#include "runtime/cuda/Properties.h"
#include "runtime/cuda/Staging.h"

#include <vector>

namespace dither::runtime::cuda {

/// Has a stream and a module of its own in the primary context of the device,
/// which is where other libraries of the process work, too. Once a kernel has
/// failed, that context is lost, and all that follows fails likewise.
class CudaDevice : public Device {
public:
  static Expected<std::unique_ptr<CudaDevice>>
  open(const Driver &driver, uint32_t number, const DitherEmbedded &artifact);
  ~CudaDevice() override;

  const std::string &name() const override { return properties.name; }
  const char *version() const override { return chosen; }
  DLDevice dlpack() const override {
    return {kDLCUDA, static_cast<int>(properties.number)};
  }

  Expected<void *> allocate(size_t bytes, std::string_view purpose) override;
  void release(void *memory) override;
  Error copyIn(void *device, const void *host, size_t bytes) override;
  Error copyOut(void *host, const void *device, size_t bytes) override;
  Error copyOutLater(void *host, const void *device, size_t bytes) override;
  Error clear(void *device, size_t bytes) override;
  void launch(uint32_t kernel, const int64_t grid[3],
              const void *const *arguments, const uint32_t *after) override;
  Error takeError() override {
    return std::exchange(pending, Error::success());
  }
  Error turn() override;
  Error synchronize() override;

  bool canRecord() const override { return true; }
  Error beginCapture() override;
  Expected<std::unique_ptr<Recording>> endCapture() override;
  Error replay(const Recording &recording) override;

private:
  struct Kernel {
    const DitherKernelEntry *entry = nullptr;
    std::string name;
    std::string launching; ///< what it is to launch it, for messages
    Function function = nullptr;
    uint32_t threads[3] = {};
    uint32_t sharedBytes = 0;
  };

  CudaDevice(const Driver &driver, Properties properties,
             PrimaryContext context)
      : driver(driver), properties(std::move(properties)),
        context(std::move(context)), staging(std::make_unique<Staging>(driver)),
        deliveries(std::make_unique<Deliveries>(driver)) {}

  // Loading, in Load.cpp.
  Error load(const DitherEmbedded &artifact);
  Error loadModule(const DitherDeviceImage &image);
  Error loadKernel(const DitherKernelEntry &entry,
                   const DitherDeviceImage &image);
  Error checkMaps(const DitherKernelEntry &entry);
  Error checkThreads(const Kernel &kernel);
  Error setShared(const Kernel &kernel);

  /// `work` in the context of the device; what fails is said with `what` it
  /// was. Nothing is done any more once the context is lost.
  template <typename Work> Error inContext(std::string_view what, Work work);
  /// The same for what is not recorded.
  template <typename Work>
  Error outsideOfCapture(std::string_view what, Work work);
  Error toError(Result result, std::string_view what);
  Error outOfMemory(size_t bytes, std::string_view purpose);
  Error checkGrid(const Kernel &kernel, const int64_t grid[3]) const;
  /// Makes the tensor maps of a launch; `values` and `maps` then have what the
  /// driver is to copy.
  Error encodeMaps(const Kernel &kernel, const void *const *arguments);
  Error launchKernel(const Kernel &kernel, const int64_t grid[3],
                     const void *const *arguments);
  /// Asks for a launch, or records it.
  Result enqueue(KernelNode &node);
  void releaseNow(void *memory);

  const Driver &driver;
  Properties properties;
  PrimaryContext context;
  Stream stream = nullptr;
  std::unique_ptr<Staging> staging;
  std::unique_ptr<Deliveries> deliveries;
  Module module = nullptr;
  /// The version of the artifact's code that it has the kernels of.
  const char *chosen = nullptr;
  std::vector<Kernel> kernels;
  std::vector<TensorMap> maps;
  std::vector<const void *> values;
  /// For the message of a fault, which comes when other work was asked for.
  const Kernel *lastLaunched = nullptr;
  /// The first error of a launch since `synchronize`.
  Error pending = Error::success();
  /// Why the context is lost.
  Error lost = Error::success();
  /// What is being recorded.
  std::unique_ptr<GraphBuilder> capture;
  std::vector<void *> releasedInCapture;
};

} // namespace dither::runtime::cuda

#endif // DITHER_RUNTIME_CUDA_CUDADEVICE_H
