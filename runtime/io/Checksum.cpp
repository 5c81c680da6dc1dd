//===- Checksum.cpp - XXH3, 64 bits ---------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace dither::runtime {

uint64_t checksum(Bytes bytes) { return XXH3_64bits(bytes.data, bytes.size); }

ChecksumStream::ChecksumStream() : state(XXH3_createState()) {
  if (state)
    XXH3_64bits_reset(static_cast<XXH3_state_t *>(state));
}

ChecksumStream::~ChecksumStream() {
  XXH3_freeState(static_cast<XXH3_state_t *>(state));
}

void ChecksumStream::add(Bytes bytes) {
  if (state && bytes.size != 0)
    XXH3_64bits_update(static_cast<XXH3_state_t *>(state), bytes.data,
                       bytes.size);
}

uint64_t ChecksumStream::value() const {
  return state ? XXH3_64bits_digest(static_cast<XXH3_state_t *>(state)) : 0;
}

std::string checksumText(uint64_t value) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4)
    text += digits[value >> shift & 15];
  return text;
}

} // namespace dither::runtime
