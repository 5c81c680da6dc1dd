//===- Buffer.h - Aligned, zeroed memory ------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_BUFFER_H
#define DITHER_RUNTIME_IO_BUFFER_H

#include "runtime/io/Error.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace dither::runtime {

/// Bytes that belong to someone else.
struct Bytes {
  const uint8_t *data = nullptr;
  size_t size = 0;
};

/// Owns zero-initialized bytes, aligned for every vector register (64). Large
/// ones come straight from the system, which gives zero pages on first touch
/// and says no to absurd sizes instead of ending the process.
class Buffer {
public:
  static constexpr size_t alignment = 64;

  Buffer() = default;
  Buffer(Buffer &&other) noexcept { *this = std::move(other); }
  Buffer &operator=(Buffer &&other) noexcept {
    std::swap(start, other.start);
    std::swap(length, other.length);
    return *this;
  }
  ~Buffer();

  /// `purpose` goes into the message: "the arena of 'forward'".
  static Expected<Buffer> allocate(size_t size, std::string_view purpose);

  /// Whether it is one of those, so that no page of fresh memory exists yet.
  bool isUntouched() const;

  uint8_t *data() { return start; }
  const uint8_t *data() const { return start; }
  size_t size() const { return length; }
  Bytes bytes() const { return {start, length}; }

private:
  uint8_t *start = nullptr;
  size_t length = 0;
};

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_BUFFER_H
