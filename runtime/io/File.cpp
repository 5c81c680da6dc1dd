//===- File.cpp - Whole files: read, and write atomically -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/File.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dither::runtime {

Descriptor::~Descriptor() {
  if (number >= 0)
    close(number);
}

namespace {
ssize_t readSome(int descriptor, uint8_t *data, size_t size) {
  ssize_t count;
  do
    count = read(descriptor, data, std::min(size, size_t(1) << 30));
  while (count < 0 && errno == EINTR);
  return count;
}

Error readError(const std::string &path, int number) {
  Code code = number == ENOENT || number == ENOTDIR ? Code::NotFound : Code::IO;
  return Error(code,
               concat("cannot read ", inQuotes(path), ": ", systemText(number),
                      "; check the path and its "
                      "permissions"));
}

Error tooLarge(const std::string &path, uint64_t limit) {
  return Error(Code::Unsupported,
               concat(inQuotes(path), " has more than ", limit,
                      " bytes, the most that is read"));
}

/// For what has no size in advance: doubles the buffer until the end comes.
Expected<Buffer> readStream(int descriptor, const std::string &path,
                            uint64_t limit) {
  Expected<Buffer> buffer = Buffer::allocate(size_t(1) << 16, path);
  size_t used = 0;
  while (buffer) {
    ssize_t count =
        readSome(descriptor, buffer->data() + used, buffer->size() - used);
    if (count < 0)
      return readError(path, errno);
    used += static_cast<size_t>(count);
    if (used > limit)
      return tooLarge(path, limit);
    bool end = count == 0;
    if (!end && used < buffer->size())
      continue;
    Expected<Buffer> next =
        Buffer::allocate(end ? used : buffer->size() * 2, path);
    if (next && used != 0)
      memcpy(next->data(), buffer->data(), used);
    buffer = std::move(next);
    if (end)
      break;
  }
  return buffer;
}
} // namespace

Expected<Buffer> readFile(const std::string &path, uint64_t limit) {
  Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status;
  if (file.number < 0 || fstat(file.number, &status) != 0)
    return readError(path, errno);
  if (S_ISDIR(status.st_mode))
    return readError(path, EISDIR);
  if (!S_ISREG(status.st_mode))
    return readStream(file.number, path, limit);
  if (static_cast<uint64_t>(status.st_size) > limit)
    return tooLarge(path, limit);

  Expected<Buffer> buffer =
      Buffer::allocate(static_cast<size_t>(status.st_size), path);
  if (!buffer)
    return buffer;
  for (size_t used = 0; used < buffer->size();) {
    ssize_t count =
        readSome(file.number, buffer->data() + used, buffer->size() - used);
    if (count < 0)
      return readError(path, errno);
    if (count == 0)
      return Error(Code::IO, concat(inQuotes(path), " became shorter while it "
                                                    "was read; try again"));
    used += static_cast<size_t>(count);
  }
  return buffer;
}

//===----------------------------------------------------------------------===//
// AtomicFile
//===----------------------------------------------------------------------===//

AtomicFile::~AtomicFile() {
  if (descriptor >= 0)
    close(descriptor);
  if (!temporary.empty())
    unlink(temporary.c_str());
}

Error AtomicFile::fail(std::string_view action, int number) {
  return Error(Code::IO, concat("cannot ", action, ' ', inQuotes(target), ": ",
                                systemText(number),
                                "; nothing was changed, check the folder, its "
                                "permissions and its free space"));
}

/// The folder of `path`, with its slash; empty for the current one.
static std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

Error AtomicFile::open(const std::string &path) {
  target = resolved = path;
  struct stat status;
  bool exists = stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode))
    return fail("write", EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    return descriptor < 0 ? fail("open", errno) : Error::success();
  }
  // Renaming onto a symbolic link would replace the link, not the file.
  char real[PATH_MAX];
  if (exists && realpath(path.c_str(), real))
    resolved = real;

  static std::atomic<unsigned> counter{0};
  std::string folder = folderOf(resolved);
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::string name = concat(folder, ".dither-", static_cast<long>(getpid()),
                              '-', counter.fetch_add(1), ".tmp");
    // Mode 0666 as filtered by the umask: as any new file of this user.
    descriptor =
        ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      temporary = name;
      if (exists)
        (void)!fchmod(descriptor, status.st_mode & 07777);
      return Error::success();
    }
    if (errno != EEXIST)
      break;
  }
  return fail("create", errno);
}

Error AtomicFile::write(const void *data, size_t size) {
  const uint8_t *next = static_cast<const uint8_t *>(data);
  while (size != 0) {
    ssize_t count = ::write(descriptor, next, std::min(size, size_t(1) << 30));
    if (count < 0) {
      if (errno == EINTR)
        continue;
      return fail("write", errno);
    }
    next += count;
    size -= static_cast<size_t>(count);
  }
  return Error::success();
}

Error AtomicFile::commit() {
  // A pipe or a terminal cannot be synchronized, and need not be.
  if (fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS)
    return fail("write", errno);
  int result = close(descriptor);
  descriptor = -1;
  if (result != 0)
    return fail("write", errno);
  if (temporary.empty())
    return Error::success();
  if (rename(temporary.c_str(), resolved.c_str()) != 0)
    return fail("rename a new file to", errno);
  temporary.clear();
  // The name itself is durable once its folder is.
  std::string folder = folderOf(resolved);
  Descriptor handle{::open(folder.empty() ? "." : folder.c_str(),
                           O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (handle.number >= 0)
    (void)!fsync(handle.number);
  return Error::success();
}

} // namespace dither::runtime
