//===- Properties.cpp - What a CUDA device is -----------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/Properties.h"

namespace dither::runtime::cuda {

Expected<uint32_t> countDevices(const Driver &driver) {
  int count = 0;
  Result result = driver.cuDeviceGetCount(&count);
  if (result != Success)
    return Error(Code::Unsupported,
                 concat("the NVIDIA driver does not say what devices there "
                        "are: ",
                        driver.describe(result), "; check 'nvidia-smi'"));
  return static_cast<uint32_t>(count);
}

static Result getAttributes(const Driver &driver, Properties &properties) {
  struct {
    DeviceAttribute attribute;
    int *value;
  } const wanted[] = {
      {CapabilityMajor, &properties.major},
      {CapabilityMinor, &properties.minor},
      {Multiprocessors, &properties.multiprocessors},
      {MaxThreadsOfBlock, &properties.maxThreads},
      {MaxGridX, &properties.maxGrid[0]},
      {MaxGridY, &properties.maxGrid[1]},
      {MaxGridZ, &properties.maxGrid[2]},
      {MaxShared, &properties.maxShared},
      {MaxSharedOptIn, &properties.maxSharedOptIn},
  };
  for (const auto &[attribute, value] : wanted) {
    Result result =
        driver.cuDeviceGetAttribute(value, attribute, properties.id);
    if (result != Success)
      return result;
  }
  return Success;
}

Expected<Properties> getProperties(const Driver &driver, uint32_t number) {
  Expected<uint32_t> count = countDevices(driver);
  if (!count)
    return count.takeError();
  if (number >= *count)
    return Error(Code::Unsupported,
                 concat("CUDA device ", number, " does not exist; there are ",
                        *count,
                        ", numbered from 0, without those that "
                        "CUDA_VISIBLE_DEVICES hides"));
  Properties properties;
  properties.number = number;
  properties.driver = driver.version();
  char name[256] = "";
  size_t memory = 0;
  Result result = driver.cuDeviceGet(&properties.id, static_cast<int>(number));
  if (result == Success)
    result = driver.cuDeviceGetName(name, sizeof(name), properties.id);
  if (result == Success)
    result = driver.cuDeviceTotalMem(&memory, properties.id);
  if (result == Success)
    result = getAttributes(driver, properties);
  if (result != Success)
    return Error(Code::Unsupported,
                 concat("CUDA device ", number, " does not say what it is: ",
                        driver.describe(result), "; check 'nvidia-smi'"));
  properties.name = name;
  properties.memory = memory;
  return properties;
}

Expected<PrimaryContext> PrimaryContext::retain(const Driver &driver,
                                                const Properties &properties) {
  Context context = nullptr;
  Result result = driver.cuDevicePrimaryCtxRetain(&context, properties.id);
  if (result == Success)
    return PrimaryContext(driver, properties.id, context);
  std::string cause =
      concat(properties.text(), " gives no context: ", driver.describe(result));
  if (result == OutOfMemory)
    return Error(Code::OutOfMemory, cause + "; end what else uses its memory");
  if (result == DeviceUnavailable)
    return Error(Code::Unsupported,
                 cause + "; another process may have it for itself: end that, "
                         "or take another device");
  return Error(Code::Unsupported,
               cause + "; check 'nvidia-smi', or take another device");
}

uint64_t getFreeMemory(const Driver &driver, const Properties &properties) {
  // Memory is counted in a context.
  Expected<PrimaryContext> context = PrimaryContext::retain(driver, properties);
  if (!context)
    return 0;
  CurrentContext current(driver, context->get());
  size_t free = 0, total = 0;
  if (current.result() != Success ||
      driver.cuMemGetInfo(&free, &total) != Success)
    return 0;
  return free;
}

} // namespace dither::runtime::cuda
