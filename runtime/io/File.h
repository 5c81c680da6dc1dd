//===- File.h - Whole files: read, and write atomically ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_IO_FILE_H
#define DITHER_RUNTIME_IO_FILE_H

#include "runtime/io/Buffer.h"

namespace dither::runtime {

/// Closes a file descriptor at the end of the scope.
struct Descriptor {
  int number;

  explicit Descriptor(int number) : number(number) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor();
};

/// A file larger than this is a mistake.
constexpr uint64_t maxFileSize = uint64_t(1) << 44;

/// Reads a file, or a pipe until its end, of at most `limit` bytes. Reads
/// rather than maps: a mapped file that another process cuts ends this one by
/// SIGBUS.
Expected<Buffer> readFile(const std::string &path,
                          uint64_t limit = maxFileSize);

/// Writes a file that appears under its name complete or not at all. A target
/// that is no regular file, such as a pipe, is written in place.
class AtomicFile {
public:
  AtomicFile() = default;
  AtomicFile(const AtomicFile &) = delete;
  /// Removes what was written unless commit() succeeded.
  ~AtomicFile();

  Error open(const std::string &path);
  Error write(const void *data, size_t size);
  /// Makes the content durable and gives it its name.
  Error commit();

private:
  Error fail(std::string_view action, int number);

  std::string target;    // as given, for messages
  std::string resolved;  // behind symbolic links
  std::string temporary; // empty where the target is written in place
  int descriptor = -1;
};

} // namespace dither::runtime

#endif // DITHER_RUNTIME_IO_FILE_H
