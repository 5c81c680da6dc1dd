//===- Properties.h - What a CUDA device is ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_CUDA_PROPERTIES_H
#define DITHER_RUNTIME_CUDA_PROPERTIES_H

#include "runtime/cuda/Driver.h"

namespace dither::runtime::cuda {

/// What the driver says about a device, without a context on it.
struct Properties {
  DeviceId id = 0;
  uint32_t number = 0;
  std::string name; ///< "NVIDIA H200"
  uint64_t memory = 0;
  int driver = 0; ///< that is installed, 12040
  int major = 0, minor = 0;
  int multiprocessors = 0;
  int maxThreads = 0; ///< of a block
  int maxGrid[3] = {};
  int maxShared = 0, maxSharedOptIn = 0; ///< bytes of a block

  /// "sm_90".
  std::string chip() const { return concat("sm_", major, minor); }
  /// "device 0 (NVIDIA H200)", for messages.
  std::string text() const {
    return concat("device ", number, " (", name, ')');
  }
};

Expected<uint32_t> countDevices(const Driver &driver);

/// Errors: Unsupported where there is no such device.
Expected<Properties> getProperties(const Driver &driver, uint32_t number);

/// A device's primary context, which all of a process share, held for a scope.
class PrimaryContext {
public:
  static Expected<PrimaryContext> retain(const Driver &driver,
                                         const Properties &properties);
  PrimaryContext(PrimaryContext &&other) noexcept
      : driver(other.driver), id(other.id),
        context(std::exchange(other.context, nullptr)) {}
  PrimaryContext &operator=(PrimaryContext &&) = delete;
  ~PrimaryContext() {
    if (context)
      driver->cuDevicePrimaryCtxRelease(id);
  }

  Context get() const { return context; }

private:
  PrimaryContext(const Driver &driver, DeviceId id, Context context)
      : driver(&driver), id(id), context(context) {}

  const Driver *driver;
  DeviceId id;
  Context context;
};

/// Bytes of a device that are free now; 0 where it does not let this process
/// ask.
uint64_t getFreeMemory(const Driver &driver, const Properties &properties);

} // namespace dither::runtime::cuda

#endif // DITHER_RUNTIME_CUDA_PROPERTIES_H
