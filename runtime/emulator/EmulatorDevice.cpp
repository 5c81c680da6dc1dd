//===- EmulatorDevice.cpp - Kernels on the CPU, with checks ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/Device.h"
#include "runtime/device/TensorMap.h"
#include "runtime/emulator/CallAccesses.h"
#include "runtime/emulator/Machine.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace dither::runtime {

namespace {
using emulator::Allocation;

/// What memory has in it that nobody wrote: not the zeros that a program could
/// take for a result.
constexpr unsigned char noise = 0xdb;

class EmulatorDevice : public Device {
public:
  EmulatorDevice(const DitherEmbedded &artifact, uint64_t schedule,
                 uint64_t memoryLimit)
      : chosen(artifact.kernel_count ? artifact.kernels[0].version : nullptr),
        kernels(listKernels(artifact, chosen)),
        machine({artifact.data, static_cast<size_t>(artifact.data_size)},
                schedule, memoryLimit),
        accesses(machine.memory) {}
  Error prepare() { return machine.prepare(); }

  const std::string &name() const override { return deviceName; }
  const char *version() const override { return chosen; }
  /// Not CPU: nobody is to take its memory for that of the host.
  DLDevice dlpack() const override { return {kDLExtDev, 0}; }

  Expected<void *> allocate(size_t bytes, std::string_view purpose) override {
    if (bytes == 0)
      return static_cast<void *>(nullptr);
    return machine.memory.allocate(bytes, purpose);
  }
  void release(void *memory) override {
    if (memory)
      machine.memory.release(memory);
  }

  Error copyIn(void *device, const void *host, size_t bytes) override;
  Error copyOut(void *host, const void *device, size_t bytes) override;
  Error clear(void *device, size_t bytes) override;

  void startCall() override { accesses.start(); }
  void launch(uint32_t kernel, const int64_t grid[3],
              const void *const *arguments, const uint32_t *after) override;
  Error takeError() override {
    return std::exchange(failure, Error::success());
  }
  Error synchronize() override { return takeError(); }

private:
  Expected<Allocation *> find(const void *device, size_t bytes);
  Error launchKernel(const DitherKernelEntry &kernel, const int64_t grid[3],
                     const void *const *arguments);

  const std::string deviceName = "emulator";
  const char *chosen;
  std::vector<const DitherKernelEntry *> kernels;
  emulator::Machine machine;
  emulator::CallAccesses accesses;
  Error failure = Error::success();
};

/// The allocation that has these bytes; null where there are none.
Expected<Allocation *> EmulatorDevice::find(const void *device, size_t bytes) {
  if (bytes == 0)
    return static_cast<Allocation *>(nullptr);
  Allocation *allocation = machine.memory.find(device);
  if (allocation && allocation->holds(device, bytes))
    return allocation;
  return Error(Code::InvalidArgument,
               allocation
                   ? concat("the host accesses ", bytes, " bytes at ",
                            static_cast<int64_t>(allocation->offsetOf(device)),
                            " of ", allocation->purpose, ", which has ",
                            allocation->size, " bytes")
                   : concat("the host accesses ", bytes,
                            " bytes where the device has no memory"));
}

Error EmulatorDevice::copyIn(void *device, const void *host, size_t bytes) {
  Expected<Allocation *> allocation = find(device, bytes);
  if (!allocation || !*allocation)
    return allocation.takeError();
  std::memcpy(device, host, bytes);
  (*allocation)->shadow.setWritten((*allocation)->offsetOf(device), bytes);
  return Error::success();
}

Error EmulatorDevice::copyOut(void *host, const void *device, size_t bytes) {
  Expected<Allocation *> allocation = find(device, bytes);
  if (!allocation || !*allocation)
    return allocation.takeError();
  std::memcpy(host, device, bytes);
  const emulator::Shadow &shadow = (*allocation)->shadow;
  size_t first = (*allocation)->offsetOf(device);
  for (size_t at = shadow.firstUnwritten(first, bytes); at < first + bytes;
       at = shadow.firstUnwritten(at + 1, first + bytes - at - 1))
    static_cast<unsigned char *>(host)[at - first] = noise;
  return Error::success();
}

Error EmulatorDevice::clear(void *device, size_t bytes) {
  Expected<Allocation *> allocation = find(device, bytes);
  if (!allocation || !*allocation)
    return allocation.takeError();
  std::memset(device, 0, bytes);
  (*allocation)->shadow.setWritten((*allocation)->offsetOf(device), bytes);
  return Error::success();
}

/// Kernels have a structure of the emulator's for a tensor map.
Error EmulatorDevice::launchKernel(const DitherKernelEntry &kernel,
                                   const int64_t grid[3],
                                   const void *const *arguments) {
  if (kernel.map_count == 0)
    return machine.launch(kernel, grid, arguments);
  std::vector<const void *> values(arguments,
                                   arguments + kernel.argument_count);
  std::vector<DitherMappedMatrix> matrices(kernel.map_count);
  for (uint32_t i = 0; i < kernel.map_count; ++i) {
    const DitherTensorMap &map = kernel.maps[i];
    const void *&value = values[map.argument];
    matrices[i] = {*static_cast<const DitherMatrix *>(value), map};
    if (Error error = checkMatrix(kernel, map, matrices[i].matrix))
      return error;
    value = &matrices[i];
  }
  return machine.launch(kernel, grid, values.data());
}

void EmulatorDevice::launch(uint32_t kernel, const int64_t grid[3],
                            const void *const *arguments,
                            const uint32_t *after) {
  if (!failure)
    failure = accesses.order(after);
  if (failure)
    return;
  failure = kernel < kernels.size()
                ? launchKernel(*kernels[kernel], grid, arguments)
                : noSuchKernel(kernel, kernels.size());
  if (!failure)
    failure = accesses.check(*kernels[kernel]);
}

/// A number from the environment, or `otherwise`.
Expected<uint64_t> readVariable(const char *variable, uint64_t otherwise) {
  const char *text = std::getenv(variable);
  if (!text || !*text)
    return otherwise;
  char *end = nullptr;
  errno = 0;
  uint64_t number = std::strtoull(text, &end, 10);
  if (*end || errno != 0 || *text < '0' || *text > '9')
    return Error(Code::InvalidArgument,
                 concat("the environment variable ", variable, " is ",
                        inQuotes(text), ", which is not a number"));
  return number;
}
} // namespace

Expected<std::unique_ptr<Device>> openEmulator(uint32_t number,
                                               const DitherEmbedded &artifact) {
  if (number != 0)
    return Error(Code::Unsupported, concat("there is no emulated device ",
                                           number, "; there is one, 0"));
  for (uint32_t i = 0; i < artifact.kernel_count; ++i)
    if (!artifact.kernels[i].emulated)
      return Error(Code::Unsupported,
                   concat("kernel ", inQuotes(artifact.kernels[i].name),
                          " has no code for the emulator; compile the model "
                          "for 'cuda-emulator'"));
  Expected<uint64_t> schedule = readVariable("DITHER_EMULATOR_SCHEDULE", 0);
  if (!schedule)
    return schedule.takeError();
  Expected<uint64_t> limit =
      readVariable("DITHER_EMULATOR_MEMORY", ~uint64_t(0));
  if (!limit)
    return limit.takeError();
  auto device = std::make_unique<EmulatorDevice>(artifact, *schedule, *limit);
  if (Error error = device->prepare())
    return error;
  return std::unique_ptr<Device>(std::move(device));
}

} // namespace dither::runtime
