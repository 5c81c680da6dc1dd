//===- Driver.cpp - The CUDA driver ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/Driver.h"

#include <cstdlib>
#include <dlfcn.h>

namespace dither::runtime::cuda {

/// What to do without a device.
static constexpr const char elsewhere[] =
    "or compile for --target=cuda-emulator or the CPU";

std::string versionText(uint32_t version) {
  return concat(version / 1000, '.', version % 1000 / 10);
}

bool losesContext(Result result) {
  switch (result) {
  case UncorrectableMemory:
  case UncorrectableLink:
  case Contained:
  case IllegalAddress:
  case LaunchTimeout:
  case ContextIsDestroyed:
  case AssertFailed:
  case HardwareStack:
  case IllegalInstruction:
  case MisalignedAddress:
  case InvalidAddressSpace:
  case InvalidProgramCounter:
  case LaunchFailed:
  case TensorMemoryLeak:
  case Unknown:
    return true;
  default:
    return false;
  }
}

std::string Driver::describe(Result result) const {
  const char *name = nullptr, *text = nullptr;
  // Numbers that are newer than the driver have neither.
  if (cuGetErrorName(result, &name) != Success || !name)
    return concat("error ", int(result), " of the driver");
  if (cuGetErrorString(result, &text) != Success || !text)
    text = "no description";
  return concat(text, " (", name, ", ", int(result), ")");
}

Error Driver::load(const std::string &path) {
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *why = dlerror();
    return Error(Code::Unsupported,
                 concat("no NVIDIA driver: ", why ? why : path,
                        "; install the driver, ", elsewhere));
  }
  const char *absent = nullptr;
  auto find = [&](const char *symbol) {
    void *address = dlsym(library, symbol);
    if (!address && !absent)
      absent = symbol;
    return address;
  };
#define DITHER_CUDA_FUNCTION(name, symbol, parameters)                         \
  name = reinterpret_cast<decltype(name)>(find(#symbol));
#define DITHER_CUDA_OPTIONAL(name, symbol, parameters)                         \
  name = reinterpret_cast<decltype(name)>(dlsym(library, #symbol));
#include "runtime/cuda/Functions.def"
  if (!absent)
    return Error::success();
  int version = 0;
  bool isKnown = cuDriverGetVersion && cuDriverGetVersion(&version) == Success;
  return Error(Code::Unsupported,
               concat("the NVIDIA driver ", inQuotes(path),
                      isKnown ? concat(" for CUDA ", versionText(version)) : "",
                      " has no ", absent,
                      ": it is too old; install one for CUDA 12.0 "
                      "or later, ",
                      elsewhere));
}

/// Why there is no device, and what would help.
static std::string explainStart(const Driver &driver, Result result) {
  switch (result) {
  case NoDevice:
    return concat("the NVIDIA driver finds no device; check 'nvidia-smi' and "
                  "CUDA_VISIBLE_DEVICES, ",
                  elsewhere);
  case StubLibrary:
    return concat("it is the stub of the CUDA toolkit, to link with, and no "
                  "driver; take its folder out of LD_LIBRARY_PATH, ",
                  elsewhere);
  case SystemNotReady:
    return concat("the system is not ready; start NVIDIA's fabric manager, ",
                  elsewhere);
  case SystemDriverMismatch:
    return concat("the driver in the kernel and the library are of different "
                  "versions; restart the machine, or install the driver anew, ",
                  elsewhere);
  case CompatNotSupported:
    return concat("the device does not take a compatibility library; take the "
                  "library of the driver, ",
                  elsewhere);
  default:
    return concat(driver.describe(result), "; check 'nvidia-smi', ", elsewhere);
  }
}

Error Driver::start(const std::string &path) {
  Result result = cuInit(0);
  if (result == Success)
    result = cuDriverGetVersion(&number);
  if (result == Success)
    return Error::success();
  Code code = result == OutOfMemory ? Code::OutOfMemory : Code::Unsupported;
  return Error(code, explainStart(*this, result)).in(path);
}

Expected<std::unique_ptr<const Driver>> Driver::open(const std::string &path) {
  std::unique_ptr<Driver> driver(new Driver);
  if (Error error = driver->load(path))
    return error;
  if (Error error = driver->start(path))
    return error;
  return std::unique_ptr<const Driver>(std::move(driver));
}

static Expected<std::unique_ptr<const Driver>> openShared() {
  const char *other = std::getenv("DITHER_LIBCUDA");
  return Driver::open(other && *other ? other : "libcuda.so.1");
}

Expected<const Driver *> Driver::shared() {
  // Never destroyed: sessions of static storage may end after it would.
  static auto &opened =
      *new Expected<std::unique_ptr<const Driver>>(openShared());
  if (!opened)
    return opened.error();
  return opened->get();
}

} // namespace dither::runtime::cuda
