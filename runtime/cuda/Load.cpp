//===- Load.cpp - The kernels of an artifact on a CUDA device -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/CudaDevice.h"
#include "runtime/cuda/Image.h"

#include <algorithm>
#include <cstring>

namespace dither::runtime::cuda {

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

namespace {
/// What the driver's compiler has to say.
struct JitLogs {
  static constexpr size_t size = 8192;
  std::vector<char> errors = std::vector<char>(size);
  std::vector<char> infos = std::vector<char>(size);

  std::string text() const;
};
} // namespace

/// Lines as one, cut at a length that fits a message.
static void appendLines(std::string &out, const std::vector<char> &log) {
  constexpr size_t longest = 2000;
  std::string_view rest(log.data(), strnlen(log.data(), log.size()));
  while (!rest.empty()) {
    size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    size_t begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos)
      continue;
    line.remove_prefix(begin);
    if (out.size() + line.size() > longest) {
      out += "; ...";
      return;
    }
    out += "; ";
    for (char c : line)
      out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
}

std::string JitLogs::text() const {
  std::string out;
  appendLines(out, errors);
  appendLines(out, infos);
  return out;
}

/// What would help where a module is not loaded.
static std::string getLoadRemedy(Result result, const Properties &properties) {
  switch (result) {
  case InvalidPtx:
    return "compile the artifact anew; if that does not help, it is an error "
           "of the compiler";
  case JitNotFound:
    return "install all of the driver: libnvidia-ptxjitcompiler.so.1 is absent";
  case JitDisabled:
    return "unset CUDA_DISABLE_PTX_JIT and CUDA_DISABLE_JIT";
  default:
    return concat("install a newer driver, or compile with --chips=",
                  properties.chip());
  }
}

Error CudaDevice::loadModule(const DitherDeviceImage &image) {
  JitLogs logs;
  JitOption options[] = {ErrorLog, ErrorLogSize, InfoLog, InfoLogSize};
  // Numbers are passed where pointers are.
  void *size;
  static_assert(sizeof(size) == sizeof(JitLogs::size), "bits are copied");
  std::memcpy(&size, &JitLogs::size, sizeof(size));
  void *values[] = {logs.errors.data(), size, logs.infos.data(), size};
  Result result =
      driver.cuModuleLoadDataEx(&module, image.data, 4, options, values);
  if (result == Success)
    return Error::success();
  if (losesContext(result))
    return toError(result, "loading kernels");
  std::string cause = concat(
      properties.text(), ": the driver for CUDA ",
      versionText(static_cast<uint32_t>(properties.driver)), " does not load ",
      describe(image), ": ", driver.describe(result), logs.text());
  if (result == OutOfMemory)
    return Error(Code::OutOfMemory,
                 cause + "; end what else uses the memory of the device");
  return Error(Code::Unsupported,
               concat(cause, "; ", getLoadRemedy(result, properties)));
}

//===----------------------------------------------------------------------===//
// Its kernels
//===----------------------------------------------------------------------===//

Error CudaDevice::checkThreads(const Kernel &kernel) {
  // Fewer than the device could, where a thread has many registers.
  int most = 0;
  Result result =
      driver.cuFuncGetAttribute(&most, MaxThreadsOfFunction, kernel.function);
  if (result != Success)
    return toError(result, concat("kernel ", inQuotes(kernel.name)));
  uint64_t threads = 1;
  for (uint32_t extent : kernel.threads)
    threads *= extent;
  if (threads != 0 && threads <= static_cast<uint64_t>(most))
    return Error::success();
  return Error(Code::Unsupported,
               concat(properties.text(), ": kernel ", inQuotes(kernel.name),
                      " has blocks of ", threads,
                      " threads; the device runs up to ", most,
                      " of it; compile with --chips=", properties.chip()));
}

Error CudaDevice::setShared(const Kernel &kernel) {
  int fixed = 0;
  Result result =
      driver.cuFuncGetAttribute(&fixed, StaticShared, kernel.function);
  if (result != Success)
    return toError(result, concat("kernel ", inQuotes(kernel.name)));
  uint64_t bytes = uint64_t(kernel.sharedBytes) + static_cast<uint64_t>(fixed);
  if (bytes > static_cast<uint64_t>(properties.maxSharedOptIn))
    return Error(Code::Unsupported,
                 concat(properties.text(), ": kernel ", inQuotes(kernel.name),
                        " needs ", bytes,
                        " bytes of shared memory; a block has ",
                        properties.maxSharedOptIn,
                        "; compile with --chips=", properties.chip()));
  // More than every device has is only for those who ask for it.
  if (bytes <= static_cast<uint64_t>(properties.maxShared))
    return Error::success();
  return toError(
      driver.cuFuncSetAttribute(kernel.function, MaxDynamicShared,
                                static_cast<int>(kernel.sharedBytes)),
      concat("shared memory of kernel ", inQuotes(kernel.name)));
}

/// The driver makes what a tensor map is, and drivers differ.
Error CudaDevice::checkMaps(const DitherKernelEntry &entry) {
  if (entry.map_count == 0 || driver.cuTensorMapEncodeTiled)
    return Error::success();
  return Error(
      Code::Unsupported,
      concat(properties.text(), ": kernel ", inQuotes(entry.name),
             " takes tensor maps, which the driver for CUDA ",
             versionText(static_cast<uint32_t>(properties.driver)),
             " does not make: it has no cuTensorMapEncodeTiled; install one "
             "for CUDA 12.0 or later, or compile with --chips=sm_80"));
}

Error CudaDevice::loadKernel(const DitherKernelEntry &entry,
                             const DitherDeviceImage &image) {
  if (Error error = checkMaps(entry))
    return error;
  Kernel kernel;
  kernel.entry = &entry;
  kernel.name = entry.name ? entry.name : "";
  kernel.launching = concat("launching kernel ", inQuotes(kernel.name));
  std::copy(entry.threads, entry.threads + 3, kernel.threads);
  kernel.sharedBytes = entry.shared_bytes;
  Result result =
      driver.cuModuleGetFunction(&kernel.function, module, kernel.name.c_str());
  if (result == NotFound)
    return Error(Code::Corrupt,
                 concat("the artifact's ", describe(image), " has no kernel ",
                        inQuotes(kernel.name), "; compile the artifact anew"));
  if (result != Success)
    return toError(result, concat("kernel ", inQuotes(kernel.name)));
  if (Error error = checkThreads(kernel))
    return error;
  if (Error error = setShared(kernel))
    return error;
  kernels.push_back(std::move(kernel));
  return Error::success();
}

Error CudaDevice::load(const DitherEmbedded &artifact) {
  CurrentContext current(driver, context.get());
  Result result = current.result();
  if (result == Success)
    result = driver.cuStreamCreate(&stream, streamDefault);
  if (result != Success)
    return toError(result, "making a stream");
  if (artifact.kernel_count == 0)
    return Error::success();
  Expected<const DitherDeviceImage *> image = chooseImage(artifact, properties);
  if (!image)
    return image.takeError();
  auto entries = listKernels(artifact, (*image)->version);
  if (entries.empty())
    return Error(Code::Corrupt,
                 concat("the artifact's ", describe(**image),
                        " is for a version of its code without kernels; "
                        "compile the artifact anew"));
  chosen = (*image)->version;
  if (Error error = loadModule(**image))
    return error;
  kernels.reserve(entries.size());
  for (const DitherKernelEntry *entry : entries)
    if (Error error = loadKernel(*entry, **image))
      return error;
  return Error::success();
}

Expected<std::unique_ptr<CudaDevice>>
CudaDevice::open(const Driver &driver, uint32_t number,
                 const DitherEmbedded &artifact) {
  Expected<Properties> properties = getProperties(driver, number);
  if (!properties)
    return properties.takeError();
  Expected<PrimaryContext> context =
      PrimaryContext::retain(driver, *properties);
  if (!context)
    return context.takeError();
  std::unique_ptr<CudaDevice> device(
      new CudaDevice(driver, std::move(*properties), std::move(*context)));
  if (Error error = device->load(artifact))
    return error;
  return device;
}

} // namespace dither::runtime::cuda

namespace dither::runtime {

Expected<std::unique_ptr<Device>>
openCudaDevice(uint32_t number, const DitherEmbedded &artifact) {
  Expected<const cuda::Driver *> driver = cuda::Driver::shared();
  if (!driver)
    return driver.takeError();
  Expected<std::unique_ptr<cuda::CudaDevice>> device =
      cuda::CudaDevice::open(**driver, number, artifact);
  if (!device)
    return device.takeError();
  return std::unique_ptr<Device>(std::move(*device));
}

} // namespace dither::runtime
