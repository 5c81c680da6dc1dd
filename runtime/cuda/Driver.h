//===- Driver.h - The CUDA driver -------------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The driver is opened when a device is asked for, and never linked: what is
// built here also runs where there is none. Types and numbers are those of
// NVIDIA's cuda.h, which is not needed.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_CUDA_DRIVER_H
#define DITHER_RUNTIME_CUDA_DRIVER_H

#include "runtime/io/Error.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace dither::runtime::cuda {

/// CUresult: of its values, those that are told apart.
enum Result : int {
  Success = 0,
  OutOfMemory = 2,
  StubLibrary = 34,
  DeviceUnavailable = 46,
  NoDevice = 100,
  UncorrectableMemory = 214,
  InvalidPtx = 218,
  UncorrectableLink = 220,
  JitNotFound = 221,
  JitDisabled = 223,
  Contained = 226,
  NotFound = 500,
  IllegalAddress = 700,
  LaunchTimeout = 702,
  ContextIsDestroyed = 709,
  AssertFailed = 710,
  HardwareStack = 714,
  IllegalInstruction = 715,
  MisalignedAddress = 716,
  InvalidAddressSpace = 717,
  InvalidProgramCounter = 718,
  LaunchFailed = 719,
  TensorMemoryLeak = 721,
  SystemNotReady = 802,
  SystemDriverMismatch = 803,
  CompatNotSupported = 804,
  Unknown = 999
};

enum DeviceAttribute : int {
  MaxThreadsOfBlock = 1,
  MaxGridX = 5,
  MaxGridY = 6,
  MaxGridZ = 7,
  MaxShared = 8, ///< of a block that did not ask for more
  Multiprocessors = 16,
  CapabilityMajor = 75,
  CapabilityMinor = 76,
  MaxSharedOptIn = 97 ///< of one that did
};

enum FunctionAttribute : int {
  MaxThreadsOfFunction = 0,
  StaticShared = 1,
  MaxDynamicShared = 8
};

enum JitOption : int {
  InfoLog = 3,
  InfoLogSize = 4,
  ErrorLog = 5,
  ErrorLogSize = 6
};

/// Of a tensor map: CUtensorMapDataType, CUtensorMapInterleave,
/// CUtensorMapSwizzle, CUtensorMapL2promotion and CUtensorMapFloatOOBfill.
enum MapElement : int {
  MapUint8 = 0,
  MapInt32 = 3,
  MapFloat16 = 6,
  MapFloat32 = 7,
  MapBfloat16 = 9,
  MapTfloat32 = 11
};
enum MapInterleave : int { MapNoInterleave = 0 };
enum MapSwizzle : int {
  MapNoSwizzle = 0,
  MapSwizzle32 = 1,
  MapSwizzle64 = 2,
  MapSwizzle128 = 3
};
enum MapPromotion : int { MapPromotion128 = 2 };
enum MapFill : int { MapFillsZeros = 0 };
/// CUtensorMap, a value of a kernel's argument.
struct alignas(64) TensorMap {
  unsigned char bytes[128];
};

/// Waits for the legacy default stream, to which libraries write.
constexpr unsigned streamDefault = 0;
/// Of an event whose time nobody asks for.
constexpr unsigned eventUntimed = 2;

using DeviceId = int;
using DevicePointer = unsigned long long;
using Context = struct CUctx_st *;
using Stream = struct CUstream_st *;
using Event = struct CUevent_st *;
using Module = struct CUmod_st *;
using Function = struct CUfunc_st *;
using GraphHandle = struct CUgraph_st *;
using GraphExec = struct CUgraphExec_st *;
using GraphNode = struct CUgraphNode_st *;

/// CUDA_KERNEL_NODE_PARAMS, the first version.
struct KernelNode {
  Function function;
  unsigned grid[3], threads[3];
  unsigned sharedBytes;
  void **arguments;
  void **extra;
};
/// CUDA_MEMSET_NODE_PARAMS, the first version.
struct MemsetNode {
  DevicePointer memory;
  size_t pitch;
  unsigned value, elementBytes;
  size_t width, height;
};

/// The functions of a driver, found and initialized; those that only some
/// kernels need may be null. Any thread may use them.
class Driver {
public:
  /// Opens a library. It is never closed again: it has threads of its own.
  static Expected<std::unique_ptr<const Driver>> open(const std::string &path);

  /// The one of this process, opened by the first call: libcuda.so.1, or what
  /// the environment variable DITHER_LIBCUDA names. Lives until the end.
  static Expected<const Driver *> shared();

  /// As cuDriverGetVersion gives it: 12040 for 12.4.
  int version() const { return number; }

  /// "an illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS,
  /// 700)".
  std::string describe(Result result) const;

#define DITHER_CUDA_FUNCTION(name, symbol, parameters)                         \
  Result(*name) parameters = nullptr;
#include "runtime/cuda/Functions.def"

private:
  Driver() = default;
  Error load(const std::string &path);
  Error start(const std::string &path);

  int number = 0;
};

/// Whether every use of a context fails once something in it gave `result`.
bool losesContext(Result result);

/// "12.4" for 12040.
std::string versionText(uint32_t version);

/// Makes a context current in this thread for a scope, so that the one of the
/// host application is current again behind it.
class CurrentContext {
public:
  CurrentContext(const Driver &driver, Context context)
      : driver(driver), pushed(driver.cuCtxPushCurrent(context)) {}
  CurrentContext(const CurrentContext &) = delete;
  CurrentContext &operator=(const CurrentContext &) = delete;
  ~CurrentContext() {
    Context ignored;
    if (pushed == Success)
      driver.cuCtxPopCurrent(&ignored);
  }

  Result result() const { return pushed; }

private:
  const Driver &driver;
  Result pushed;
};

} // namespace dither::runtime::cuda

#endif // DITHER_RUNTIME_CUDA_DRIVER_H
