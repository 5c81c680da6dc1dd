//===- Gzip.cpp - Unpacking gzip ------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Gzip.h"

#include <algorithm>
#include <cstring>
#include <zlib.h>

namespace dither::runtime {

namespace {
constexpr size_t maxStep = size_t(1) << 30; // zlib counts in 32 bits

struct Inflater {
  z_stream stream = {};
  bool ready = false;

  Inflater() {
    constexpr int gzipOnly = 16 + MAX_WBITS;
    ready = inflateInit2(&stream, gzipOnly) == Z_OK;
  }
  ~Inflater() {
    if (ready)
      inflateEnd(&stream);
  }
};

/// A buffer of `size` bytes with the first `used` of `old`.
Expected<Buffer> resized(const Buffer &old, size_t used, size_t size) {
  Expected<Buffer> next = Buffer::allocate(size, "unpacked data");
  if (next && used != 0)
    memcpy(next->data(), old.data(), used);
  return next;
}
} // namespace

bool isGzip(Bytes file) {
  return file.size >= 2 && file.data[0] == 0x1f && file.data[1] == 0x8b;
}

Expected<Buffer> gunzip(Bytes file, uint64_t limit) {
  Inflater inflater;
  if (!inflater.ready)
    return Error(Code::OutOfMemory, "no memory to unpack gzip data");
  z_stream &stream = inflater.stream;
  size_t consumed = 0, produced = 0;
  Buffer output;
  while (true) {
    if (produced == output.size()) {
      if (produced > limit)
        return Error(Code::Unsupported,
                     concat("the gzip data unpack to more than ", limit,
                            " bytes, the most that is read"));
      // One byte beyond the limit, to tell "just fits" from "goes on".
      size_t size = static_cast<size_t>(std::min<uint64_t>(
          std::max<size_t>(produced * 2, 1 << 16), limit + 1));
      Expected<Buffer> next = resized(output, produced, size);
      if (!next)
        return next;
      output = std::move(*next);
    }
    size_t in = std::min(file.size - consumed, maxStep);
    size_t out = std::min(output.size() - produced, maxStep);
    stream.next_in = const_cast<Bytef *>(file.data + consumed);
    stream.avail_in = static_cast<uInt>(in);
    stream.next_out = output.data() + produced;
    stream.avail_out = static_cast<uInt>(out);
    int code = inflate(&stream, Z_NO_FLUSH);
    consumed += in - stream.avail_in;
    produced += out - stream.avail_out;
    if (code == Z_STREAM_END) {
      if (consumed == file.size)
        break;
      inflateReset(&stream); // members may follow each other
    } else if (code == Z_BUF_ERROR && consumed == file.size &&
               produced < output.size()) {
      return Error(Code::Corrupt, "the gzip data are cut");
    } else if (code == Z_MEM_ERROR) {
      return Error(Code::OutOfMemory, "no memory to unpack gzip data");
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      return Error(Code::Corrupt,
                   concat("the gzip data are damaged at byte ", consumed));
    }
  }
  if (produced > limit)
    return Error(Code::Unsupported,
                 concat("the gzip data unpack to more than ", limit,
                        " bytes, the most that is read"));
  return resized(output, produced, produced);
}

} // namespace dither::runtime
