//===- CudaDevice.cpp - A CUDA device as a session uses it ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/CudaDevice.h"
#include "runtime/cuda/TensorMap.h"
#include "runtime/device/TensorMap.h"

#include <cstring>

namespace dither::runtime::cuda {

static DevicePointer toPointer(const void *memory) {
  return reinterpret_cast<uintptr_t>(memory);
}

static void *toMemory(DevicePointer pointer) {
  static_assert(sizeof(void *) == sizeof(pointer), "devices have 64 bits");
  void *memory;
  std::memcpy(&memory, &pointer, sizeof(memory));
  return memory;
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

/// What would help against a lost context.
static const char *getRemedy(Result result) {
  switch (result) {
  case UncorrectableMemory:
  case UncorrectableLink:
  case Contained:
    return "the device itself failed: check 'nvidia-smi -q'";
  case LaunchTimeout:
    return "the device also draws a screen, and kernels on it may not take "
           "long: use smaller sizes";
  case ContextIsDestroyed:
    return "other code of this process destroyed it";
  default:
    return "compile for --target=cuda-emulator, and run that, to find the "
           "access";
  }
}

Error CudaDevice::toError(Result result, std::string_view what) {
  if (result == Success)
    return Error::success();
  if (!losesContext(result)) {
    Code code = result == OutOfMemory ? Code::OutOfMemory : Code::Device;
    return Error(code, concat(properties.text(), ": ", what, ": ",
                              driver.describe(result)));
  }
  std::string last = lastLaunched ? concat("; the last kernel launched was ",
                                           inQuotes(lastLaunched->name))
                                  : std::string();
  lost = Error(Code::Device,
               concat(properties.text(), ": ", what, ": ",
                      driver.describe(result), last,
                      "; the context of the device is lost: end the sessions "
                      "that use it and make new ones, or start the process "
                      "anew; ",
                      getRemedy(result)));
  return lost;
}

template <typename Work>
Error CudaDevice::inContext(std::string_view what, Work work) {
  if (lost)
    return lost;
  CurrentContext current(driver, context.get());
  Result result = current.result();
  if (result == Success)
    result = work();
  return toError(result, what);
}

template <typename Work>
Error CudaDevice::outsideOfCapture(std::string_view what, Work work) {
  if (capture)
    return Error(Code::InvalidArgument,
                 concat(properties.text(), ": ", what,
                        " cannot be recorded; end the recording before"));
  return inContext(what, work);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Error CudaDevice::outOfMemory(size_t bytes, std::string_view purpose) {
  size_t free = 0, total = 0;
  if (Error error = inContext("asking for free memory", [&] {
        return driver.cuMemGetInfo(&free, &total);
      }))
    return error;
  return Error(Code::OutOfMemory,
               concat(properties.text(), ": no memory for ", bytes,
                      " bytes of ", purpose, "; ", free, " of ", total,
                      " are free; end what else uses the device, or use "
                      "smaller sizes"));
}

Expected<void *> CudaDevice::allocate(size_t bytes, std::string_view purpose) {
  if (bytes == 0)
    return nullptr;
  DevicePointer memory = 0;
  Error error = outsideOfCapture(
      "allocating memory", [&] { return driver.cuMemAlloc(&memory, bytes); });
  if (error.code() == Code::OutOfMemory)
    return outOfMemory(bytes, purpose);
  if (error)
    return error;
  return toMemory(memory);
}

void CudaDevice::releaseNow(void *memory) {
  // Freeing does not wait for a stream that does not wait for others.
  Error error =
      inContext("waiting", [&] { return driver.cuStreamSynchronize(stream); });
  if (error && !pending)
    pending = std::move(error);
  // Without a context its memory is gone, too.
  error = inContext("freeing memory",
                    [&] { return driver.cuMemFree(toPointer(memory)); });
  if (error && !pending)
    pending = std::move(error);
}

void CudaDevice::release(void *memory) {
  if (!memory)
    return;
  if (capture)
    releasedInCapture.push_back(memory);
  else
    releaseNow(memory);
}

Error CudaDevice::copyIn(void *device, const void *host, size_t bytes) {
  if (bytes == 0)
    return Error::success();
  return outsideOfCapture("copying to the device", [&] {
    Result result = staging->copyIn(toPointer(device), host, bytes, stream);
    if (result != OutOfMemory)
      return result;
    result = driver.cuMemcpyHtoDAsync(toPointer(device), host, bytes, stream);
    return result == Success ? driver.cuStreamSynchronize(stream) : result;
  });
}

Error CudaDevice::copyOut(void *host, const void *device, size_t bytes) {
  if (bytes == 0)
    return Error::success();
  return outsideOfCapture("copying from the device", [&] {
    Result result =
        driver.cuMemcpyDtoHAsync(host, toPointer(device), bytes, stream);
    return result == Success ? driver.cuStreamSynchronize(stream) : result;
  });
}

Error CudaDevice::copyOutLater(void *host, const void *device, size_t bytes) {
  if (bytes == 0)
    return Error::success();
  bool isLater = false;
  Error error = outsideOfCapture("copying from the device", [&] {
    Result result = deliveries->copyOut(host, toPointer(device), bytes, stream);
    isLater = result == Success;
    return result == OutOfMemory ? Success : result;
  });
  return error || isLater ? error : copyOut(host, device, bytes);
}

Error CudaDevice::clear(void *device, size_t bytes) {
  if (bytes == 0)
    return Error::success();
  // What failed before is what ends the recording.
  if (capture && pending)
    return Error::success();
  // Of its memory nobody says what follows it.
  if (capture)
    if (Error error = capture->order(nullptr))
      return error;
  return inContext("clearing memory", [&] {
    return capture
               ? capture->addClear(toPointer(device), bytes)
               : driver.cuMemsetD8Async(toPointer(device), 0, bytes, stream);
  });
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

Error CudaDevice::checkGrid(const Kernel &kernel, const int64_t grid[3]) const {
  for (int i = 0; i < 3; ++i)
    if (grid[i] < 0 || grid[i] > properties.maxGrid[i])
      return Error(Code::InvalidArgument,
                   concat(properties.text(), ": kernel ", inQuotes(kernel.name),
                          " on a grid of ", grid[0], " x ", grid[1], " x ",
                          grid[2], " blocks, of which the device takes ",
                          properties.maxGrid[0], " x ", properties.maxGrid[1],
                          " x ", properties.maxGrid[2], "; use smaller sizes"));
  return Error::success();
}

Error CudaDevice::encodeMaps(const Kernel &kernel,
                             const void *const *arguments) {
  const DitherKernelEntry &entry = *kernel.entry;
  values.assign(arguments, arguments + entry.argument_count);
  maps.resize(entry.map_count);
  for (uint32_t i = 0; i < entry.map_count; ++i) {
    const DitherTensorMap &map = entry.maps[i];
    const auto &matrix =
        *static_cast<const DitherMatrix *>(arguments[map.argument]);
    if (Error error = checkMatrix(entry, map, matrix))
      return std::move(error).in(properties.text());
    if (Error error = inContext("making a tensor map", [&] {
          return encodeMap(driver, map, matrix, maps[i]);
        }))
      return std::move(error).in(
          concat("kernel ", inQuotes(kernel.name), ", argument ", map.argument,
                 " of ", matrix.rows, " x ", matrix.columns, " elements"));
    values[map.argument] = &maps[i];
  }
  return Error::success();
}

Result CudaDevice::enqueue(KernelNode &node) {
  if (capture)
    return capture->addKernel(node);
  return driver.cuLaunchKernel(node.function, node.grid[0], node.grid[1],
                               node.grid[2], node.threads[0], node.threads[1],
                               node.threads[2], node.sharedBytes, stream,
                               node.arguments, nullptr);
}

Error CudaDevice::launchKernel(const Kernel &kernel, const int64_t grid[3],
                               const void *const *arguments) {
  if (Error error = checkGrid(kernel, grid))
    return error;
  // The driver refuses an empty grid, and has nothing to do on it. Others may
  // follow what it follows.
  if (grid[0] == 0 || grid[1] == 0 || grid[2] == 0)
    return inContext(kernel.launching,
                     [&] { return capture ? capture->addNothing() : Success; });
  if (kernel.entry->map_count != 0) {
    if (Error error = encodeMaps(kernel, arguments))
      return error;
    arguments = values.data();
  }
  KernelNode node = {};
  node.function = kernel.function;
  for (int i = 0; i < 3; ++i) {
    node.grid[i] = static_cast<unsigned>(grid[i]);
    node.threads[i] = kernel.threads[i];
  }
  node.sharedBytes = kernel.sharedBytes;
  // The driver copies the values, also where it records, and changes none.
  node.arguments = const_cast<void **>(arguments);
  Error error = inContext(kernel.launching, [&] { return enqueue(node); });
  if (!error)
    lastLaunched = &kernel;
  return error;
}

void CudaDevice::launch(uint32_t kernel, const int64_t grid[3],
                        const void *const *arguments, const uint32_t *after) {
  if (lost || pending)
    return;
  // A stream has all in the order in which it was asked for.
  if (capture)
    pending = capture->order(after);
  if (pending)
    return;
  pending = kernel < kernels.size()
                ? launchKernel(kernels[kernel], grid, arguments)
                : noSuchKernel(kernel, kernels.size());
}

Error CudaDevice::turn() {
  Error waited = outsideOfCapture("running kernels",
                                  [&] { return deliveries->turn(stream); });
  Error first = takeError();
  return first ? first : waited;
}

Error CudaDevice::synchronize() {
  Error waited = outsideOfCapture(
      "running kernels", [&] { return driver.cuStreamSynchronize(stream); });
  if (waited)
    deliveries->forget();
  else
    deliveries->finish();
  Error first = std::exchange(pending, Error::success());
  return first ? first : waited;
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

Error CudaDevice::beginCapture() {
  auto builder = std::make_unique<GraphBuilder>(driver, context.get());
  Error error = outsideOfCapture("recording", [&] { return builder->start(); });
  if (!error)
    capture = std::move(builder);
  return error;
}

Expected<std::unique_ptr<Recording>> CudaDevice::endCapture() {
  if (!capture)
    return Error(Code::InvalidArgument,
                 concat(properties.text(), ": nothing is being recorded"));
  GraphExec exec = nullptr;
  Error error = inContext("recording", [&] {
    Result result = pending ? Success : capture->finish(exec);
    capture = nullptr;
    return result;
  });
  // Also where the context is lost.
  capture = nullptr;
  for (void *memory : std::exchange(releasedInCapture, {}))
    releaseNow(memory);
  if (Error first = std::exchange(pending, Error::success()))
    error = std::move(first);
  std::unique_ptr<Recording> recorded;
  if (exec)
    recorded = std::make_unique<Graph>(driver, context.get(), exec);
  if (error)
    return error;
  return recorded;
}

Error CudaDevice::replay(const Recording &recording) {
  const auto &graph = static_cast<const Graph &>(recording);
  lastLaunched = nullptr;
  return outsideOfCapture("replaying a graph", [&] {
    return driver.cuGraphLaunch(graph.handle(), stream);
  });
}

//===----------------------------------------------------------------------===//
// The end
//===----------------------------------------------------------------------===//

CudaDevice::~CudaDevice() {
  CurrentContext current(driver, context.get());
  capture = nullptr;
  // Also where the context is lost: then these fail, and nobody is to know.
  if (stream) {
    driver.cuStreamSynchronize(stream);
    driver.cuStreamDestroy(stream);
  }
  staging = nullptr;
  deliveries = nullptr;
  if (module)
    driver.cuModuleUnload(module);
}

} // namespace dither::runtime::cuda
