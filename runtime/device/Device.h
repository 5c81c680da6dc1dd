//===- Device.h - What kernels run on ---------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_DEVICE_DEVICE_H
#define DITHER_RUNTIME_DEVICE_DEVICE_H

#include "runtime/io/Error.h"

#include "dither/abi.h"
#include <dlpack/dlpack.h>
#include <memory>
#include <vector>

namespace dither::runtime {

/// Launches that a device recorded, to be asked for again at the price of one.
/// They read and write the memory that was named when they were recorded, which
/// must live as long. Ends before its device.
class Recording {
public:
  virtual ~Recording() = default;
};

/// A device as one session uses it: with kernels of one artifact, and a queue
/// of what it has to do. Copies and calls take place in the order in which they
/// were asked for, kernels of a call in the order that they say. One thread at
/// a time.
class Device {
public:
  virtual ~Device() = default;

  /// "NVIDIA H200", "emulator".
  virtual const std::string &name() const = 0;
  /// The version of the artifact's code whose kernels it has, for the host to
  /// call; null where the artifact has no kernels.
  virtual const char *version() const = 0;
  /// How tensors in its memory say where they are.
  virtual DLDevice dlpack() const = 0;

  /// Memory of the device, aligned to 256 bytes; its contents are undefined. No
  /// bytes have a null pointer. `purpose` goes into the message: "the arena of
  /// 'forward'".
  virtual Expected<void *> allocate(size_t bytes, std::string_view purpose) = 0;
  /// Frees it, once the device has done what was asked for before.
  virtual void release(void *memory) = 0;

  /// Copies between the host and the device, and clears. The host's bytes may
  /// change, or be read, once these return; the device may copy them later.
  virtual Error copyIn(void *device, const void *host, size_t bytes) = 0;
  virtual Error copyOut(void *host, const void *device, size_t bytes) = 0;
  virtual Error clear(void *device, size_t bytes) = 0;
  /// Likewise, but the host has the bytes only once the piece of work ends that
  /// is being asked for.
  virtual Error copyOutLater(void *host, const void *device, size_t bytes) {
    return copyOut(host, device, bytes);
  }

  /// What is launched from here on is of another call of a function. It follows
  /// all that was asked for before.
  virtual void startCall() {}
  /// Launches a kernel of its version, by DitherContext's number; also `after`
  /// is as there. What fails is the result of `synchronize`, and nothing is
  /// launched any more until then.
  virtual void launch(uint32_t kernel, const int64_t grid[3],
                      const void *const *arguments, const uint32_t *after) = 0;
  /// The first error since that is known without waiting.
  virtual Error takeError() = 0;
  /// Ends a piece of work, which may still be under way then, and waits for the
  /// one before it. Gives the first error since.
  virtual Error turn() { return synchronize(); }
  /// Waits for all that was asked for, and gives the first error since.
  virtual Error synchronize() = 0;

  /// Whether it can record; if not, the others are not called.
  virtual bool canRecord() const { return false; }
  /// From here on, what is launched or cleared is recorded and not done;
  /// nothing else may be asked for until the end, except to release memory.
  virtual Error beginCapture() { return cannotRecord(); }
  /// Gives what was recorded, or the first error since.
  virtual Expected<std::unique_ptr<Recording>> endCapture() {
    return cannotRecord();
  }
  /// Does what was recorded. What fails in it is the result of `synchronize`.
  virtual Error replay(const Recording &) { return cannotRecord(); }

private:
  Error cannotRecord() const {
    return Error(Code::Unsupported, concat(name(), " records nothing"));
  }
};

/// Memory of a device that is freed with its owner.
class DeviceMemory {
public:
  DeviceMemory() = default;
  DeviceMemory(DeviceMemory &&other) noexcept { *this = std::move(other); }
  DeviceMemory &operator=(DeviceMemory &&other) noexcept {
    std::swap(device, other.device);
    std::swap(start, other.start);
    std::swap(length, other.length);
    return *this;
  }
  ~DeviceMemory() {
    if (start)
      device->release(start);
  }

  static Expected<DeviceMemory> allocate(Device &device, size_t bytes,
                                         std::string_view purpose) {
    Expected<void *> start = device.allocate(bytes, purpose);
    if (!start)
      return start.takeError();
    DeviceMemory memory;
    memory.device = &device;
    memory.start = *start;
    memory.length = bytes;
    return memory;
  }

  uint8_t *data() { return static_cast<uint8_t *>(start); }
  const uint8_t *data() const { return static_cast<const uint8_t *>(start); }
  size_t size() const { return length; }

private:
  Device *device = nullptr;
  void *start = nullptr;
  size_t length = 0;
};

/// The kernels of a version, in the order of their numbers. A null pointer is
/// no version.
std::vector<const DitherKernelEntry *>
listKernels(const DitherEmbedded &artifact, const char *version);

/// The error of a launch whose kernel a version does not have.
Error noSuchKernel(uint32_t kernel, size_t count);

/// The targets of artifacts for devices: "cuda", "cuda-emulator". Opens device
/// `number` for a session on an artifact, and loads the kernels of the version
/// that is best for it: of the emulator, the first. Errors:
/// Unsupported where there is no such device, or none that can run them;
/// OutOfMemory.
Expected<std::unique_ptr<Device>> openDevice(std::string_view target,
                                             uint32_t number,
                                             const DitherEmbedded &artifact);

/// openDevice of each target.
Expected<std::unique_ptr<Device>> openEmulator(uint32_t number,
                                               const DitherEmbedded &artifact);
Expected<std::unique_ptr<Device>>
openCudaDevice(uint32_t number, const DitherEmbedded &artifact);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_DEVICE_DEVICE_H
