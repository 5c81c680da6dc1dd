//===- DeviceApi.cpp - C functions of devices -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/Properties.h"
#include "runtime/session/Handles.h"

#include <mutex>
#include <set>
#include <unistd.h>

using namespace dither::runtime;

/// A string that lives until the process ends: there are as many as devices.
static const char *keep(const std::string &text) {
  static auto &mutex = *new std::mutex;
  static auto &kept = *new std::set<std::string>;
  std::lock_guard<std::mutex> lock(mutex);
  return kept.insert(text).first->c_str();
}

static Error describeCuda(uint32_t number, DitherDeviceInfo &info) {
  Expected<const cuda::Driver *> driver = cuda::Driver::shared();
  if (!driver)
    return driver.takeError();
  Expected<cuda::Properties> properties = cuda::getProperties(**driver, number);
  if (!properties)
    return properties.takeError();
  info.target = "cuda";
  info.number = number;
  info.name = keep(properties->name);
  info.chip = keep(properties->chip());
  info.memory = properties->memory;
  info.free_memory = cuda::getFreeMemory(**driver, *properties);
  info.multiprocessors = static_cast<uint32_t>(properties->multiprocessors);
  info.driver = static_cast<uint32_t>(properties->driver);
  return Error::success();
}

static Expected<uint32_t> countCuda() {
  Expected<const cuda::Driver *> driver = cuda::Driver::shared();
  if (!driver)
    return driver.takeError();
  return cuda::countDevices(**driver);
}

/// It lives in the memory of the host.
static Error describeEmulator(uint32_t number, DitherDeviceInfo &info) {
  if (number != 0)
    return Error(Code::Unsupported,
                 concat("there is no emulated device ", number,
                        "; there is one, of number 0"));
  auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  info.target = "cuda-emulator";
  info.number = 0;
  info.name = "emulator";
  info.chip = "sm_90a";
  info.memory = page * static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES));
  info.free_memory = page * static_cast<uint64_t>(sysconf(_SC_AVPHYS_PAGES));
  info.multiprocessors = 1;
  info.driver = 0;
  return Error::success();
}

namespace {
enum class Target { Cuda, Emulator };
} // namespace

static Expected<Target> parseTarget(std::string_view name) {
  if (name == "cuda")
    return Target::Cuda;
  if (name == "cuda-emulator")
    return Target::Emulator;
  return Error(Code::InvalidArgument,
               concat("the target ", inQuotes(name),
                      " has no devices; 'cuda' and 'cuda-emulator' have"));
}

DitherStatus *dither_device_count(const char *target, uint32_t *count) {
  if (!target || !count)
    return toStatus(nullArgument(__func__, target ? "count" : "target"));
  Expected<Target> parsed = parseTarget(target);
  if (!parsed)
    return toStatus(parsed.takeError());
  Expected<uint32_t> counted = *parsed == Target::Cuda ? countCuda() : 1;
  if (!counted)
    return toStatus(counted.takeError());
  *count = *counted;
  return nullptr;
}

DitherStatus *dither_device_info(const char *target, uint32_t number,
                                 DitherDeviceInfo *info) {
  if (!target || !info)
    return toStatus(nullArgument(__func__, target ? "info" : "target"));
  Expected<Target> parsed = parseTarget(target);
  if (!parsed)
    return toStatus(parsed.takeError());
  DitherDeviceInfo found = {};
  if (Error error = *parsed == Target::Cuda ? describeCuda(number, found)
                                            : describeEmulator(number, found))
    return toStatus(error);
  *info = found;
  return nullptr;
}
