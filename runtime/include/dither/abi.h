//===- abi.h - What compiled code and the runtime say to each other -*- C
//-*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler writes these structures into an artifact, the runtime reads
// them. Nothing else is shared between the two. A change of any layout here
// bumps DITHER_ABI_VERSION.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_ABI_H
#define DITHER_ABI_H

#include "emulator.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DITHER_ABI_VERSION 4

/// A range [begin, end) of a parallel loop whose iterations do not depend on
/// each other: any partition gives the same bits.
typedef void (*DitherParallelBody)(void *env, int64_t begin, int64_t end);

/// What generated code may ask of its host. Passed to each call, so that an
/// artifact imports no symbol of the runtime.
typedef struct DitherContext {
  /// Runs `body` over [0, extent), cut in chunks, and returns when all are
  /// done. A host may supply its own.
  void (*parallel_for)(struct DitherContext *context, DitherParallelBody body,
                       void *env, int64_t extent);
  /// Owned by the supplier of parallel_for; generated code does not touch it.
  void *host;
  /// Runs a kernel on `grid` blocks, behind what was asked for before the call.
  /// `kernel` is its place among the kernels of the version that the calling
  /// code belongs to, in the order of the table. `arguments` point to the
  /// values of its arguments, which are copied before it returns; of a tensor
  /// map, to the DitherMatrix that it is made of.
  ///
  /// `after` says which launches before it in this call of the function it has
  /// to follow: how far back each is, 1 for the one right before it, ended by a
  /// 0. It also follows what these follow; beside all others it may run at the
  /// same time. NULL: it follows all before it, and all behind it follow it,
  /// whatever they say. An order that is not said is a race.
  ///
  /// What fails is kept, and is the error of the call. NULL where code runs on
  /// the CPU alone.
  void (*launch)(struct DitherContext *context, uint32_t kernel,
                 const int64_t grid[3], const void *const *arguments,
                 const uint32_t *after);
  /// The device that kernels run on; owned by the runtime.
  void *device;
} DitherContext;

/// The strided descriptor of one tensor argument of rank `r`. In memory the
/// two arrays have exactly `r` elements each, without padding:
///   { allocated, data, offset, sizes[r], strides[r] }
/// `offset` and `strides` count elements. This is also MLIR's ranked memref.
typedef struct DitherDescriptorHeader {
  void *allocated;
  void *data;
  int64_t offset;
} DitherDescriptorHeader;

/// A compiled function. `arguments[i]` points to the descriptor of the i-th
/// entry of "arguments" in the function's part of the manifest.
typedef void (*DitherFunction)(DitherContext *context, void *const *arguments);

/// A kernel for a device, and how it is launched.
typedef struct DitherKernelEntry {
  /// Its symbol in the images of its version.
  const char *name;
  /// The version of the artifact's code that launches it.
  const char *version;
  /// Threads of a block.
  uint32_t threads[3];
  /// Bytes of shared memory that a launch gives each block.
  uint32_t shared_bytes;
  uint32_t argument_count;
  /// 1 where threads of a block or of a warp wait for each other.
  uint32_t is_collective;
  /// Those of its arguments that are tensor maps, in their order.
  uint32_t map_count;
  const DitherTensorMap *maps;
  /// For `cuda-emulator`: what one thread of it does; else NULL.
  DitherEmulatedKernel emulated;
} DitherKernelEntry;

/// The code of all kernels of a version, for one kind of device.
typedef enum DitherImageKind {
  DITHER_IMAGE_PTX = 0,  ///< text, ends in a zero byte that `size` counts
  DITHER_IMAGE_CUBIN = 1 ///< for devices of that compute capability alone
} DitherImageKind;
typedef struct DitherDeviceImage {
  /// As NVIDIA names it: "sm_80", "sm_90a". PTX without a letter at the end
  /// serves all later devices, with one that device alone.
  const char *chip;
  /// Whose kernels it has. A device that runs them calls that version.
  const char *version;
  uint32_t kind;
  /// The least version of the driver, as cuDriverGetVersion gives it: 12000.
  uint32_t driver;
  const unsigned char *data;
  uint64_t size;
} DitherDeviceImage;

/// The code of a function in one of the versions that the manifest lists.
typedef struct DitherFunctionEntry {
  const char *name;
  const char *version;
  DitherFunction function;
} DitherFunctionEntry;

/// The one exported symbol of an artifact, `dither_embedded`.
typedef struct DitherEmbedded {
  uint32_t abi_version;
  uint32_t function_count;
  const DitherFunctionEntry *functions;
  /// JSON in UTF-8, see docs/artifact.md.
  const char *manifest;
  uint64_t manifest_size;
  /// Packed parameters; each tensor starts at a multiple of 64 bytes.
  const unsigned char *data;
  uint64_t data_size;
  /// Kernels for a device, those of a version in the order of their numbers,
  /// and their code.
  /// Empty in an artifact for the CPU.
  uint32_t kernel_count;
  uint32_t image_count;
  const DitherKernelEntry *kernels;
  const DitherDeviceImage *images;
} DitherEmbedded;

/// The last 32 bytes of an artifact file, behind the ELF image. The checksum
/// covers all bytes before the trailer.
typedef struct DitherTrailer {
  char magic[8]; // "DITHER\0\1": name, zero, version of this trailer
  uint64_t image_size;
  uint64_t checksum; // XXH3, 64 bits
  uint64_t reserved; // zero
} DitherTrailer;

#ifdef __cplusplus
}
#endif

#endif // DITHER_ABI_H
