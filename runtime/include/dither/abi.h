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

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DITHER_ABI_VERSION 2

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
