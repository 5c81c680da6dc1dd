//===- Buffer.cpp - Aligned, zeroed memory --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Buffer.h"

#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace dither::runtime {

// Below this, malloc is cheaper than a system call.
static constexpr size_t mapThreshold = size_t(1) << 20;
static constexpr size_t hugePageThreshold = size_t(4) << 20;

Buffer::~Buffer() {
  if (length >= mapThreshold)
    munmap(start, length);
  else
    free(start);
}

bool Buffer::isUntouched() const { return length >= mapThreshold; }

Expected<Buffer> Buffer::allocate(size_t size, std::string_view purpose) {
  Buffer buffer;
  if (size == 0)
    return buffer;
  void *memory = nullptr;
  if (size >= mapThreshold) {
    memory = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
      memory = nullptr;
    else if (size >= hugePageThreshold)
      madvise(memory, size, MADV_HUGEPAGE); // fewer TLB misses; may be refused
  } else if (posix_memalign(&memory, alignment, size) == 0) {
    memset(memory, 0, size);
  } else {
    memory = nullptr;
  }
  if (!memory)
    return Error(Code::OutOfMemory,
                 concat("no memory for ", size, " bytes of ", purpose,
                        "; free memory, or use smaller sizes"));
  buffer.start = static_cast<uint8_t *>(memory);
  buffer.length = size;
  return buffer;
}

} // namespace dither::runtime
