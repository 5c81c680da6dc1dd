//===- Checksum.h - XXH3, 64 bits -------------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_CHECKSUM_H
#define DITHER_RUNTIME_IO_CHECKSUM_H

#include "runtime/io/Buffer.h"

#include <string>

namespace dither::runtime {

/// XXH3-64 of some bytes. Finds damage, not malice.
uint64_t checksum(Bytes bytes);

/// XXH3-64 of several pieces as if they lay behind each other.
class ChecksumStream {
public:
  ChecksumStream();
  ~ChecksumStream();
  ChecksumStream(const ChecksumStream &) = delete;
  void add(Bytes bytes);
  uint64_t value() const;

private:
  void *state;
};

/// 16 lower case hexadecimal digits.
std::string checksumText(uint64_t value);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_CHECKSUM_H
