//===- Gzip.h - Unpacking gzip ----------------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_GZIP_H
#define DITHER_RUNTIME_IO_GZIP_H

#include "runtime/io/Buffer.h"

namespace dither::runtime {

/// Whether bytes begin as a gzip file does.
bool isGzip(Bytes file);

/// Unpacks all members of a gzip file, checks included. Stops with an error at
/// `limit` bytes, so that a small file cannot fill the memory.
Expected<Buffer> gunzip(Bytes file, uint64_t limit);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_GZIP_H
