//===- Link.cpp - Artifacts and executables as files ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Pipelines/Pipelines.h"
#include "runtime/include/dither/abi.h"
#include "runtime/io/File.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace dither;

namespace {
/// A file that is removed when it goes out of scope.
struct TemporaryFile {
  SmallString<128> path;
  llvm::FileRemover remover;
};
} // namespace

static LogicalResult fail(const Twine &message) {
  llvm::errs() << "error: " << message << "\n";
  return failure();
}

static std::error_code writeAll(StringRef path, ArrayRef<char> bytes) {
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (error)
    return error;
  stream.write(bytes.data(), bytes.size());
  stream.close();
  error = stream.error();
  stream.clear_error();
  return error;
}

static LogicalResult createTemporary(TemporaryFile &file, StringRef suffix,
                                     ArrayRef<char> bytes) {
  if (std::error_code error =
          llvm::sys::fs::createTemporaryFile("dither", suffix, file.path))
    return fail("cannot create a temporary file: " + error.message() +
                "; set TMPDIR to a writable folder");
  file.remover.setFile(file.path);
  if (std::error_code error = writeAll(file.path, bytes))
    return fail("cannot write " + file.path + ": " + error.message() +
                "; make room there, or set TMPDIR to another folder");
  return success();
}

/// Runs a program found on PATH; its own messages go to stderr.
static LogicalResult runProgram(ArrayRef<StringRef> names,
                                ArrayRef<StringRef> arguments) {
  for (StringRef name : names) {
    auto program = llvm::sys::findProgramByName(name);
    if (!program)
      continue;
    SmallVector<StringRef> command = {*program};
    command.append(arguments.begin(), arguments.end());
    std::string message;
    int status = llvm::sys::ExecuteAndWait(*program, command, std::nullopt, {},
                                           0, 0, &message);
    if (status == 0)
      return success();
    return fail("linking with " + *program + " failed" +
                (message.empty() ? "" : ": " + message));
  }
  return fail("no linker found: looked for " + llvm::join(names, ", ") +
              " on PATH; install the package lld-22");
}

/// No half-written file is ever seen in its place.
static LogicalResult writeAtomically(StringRef path, ArrayRef<char> bytes,
                                     bool isExecutable) {
  runtime::AtomicFile file;
  runtime::Error error = file.open(path.str());
  if (!error)
    error = file.write(bytes.data(), bytes.size());
  if (!error)
    error = file.commit();
  if (error)
    return fail(error.message());
  if (isExecutable && llvm::sys::fs::is_regular_file(path))
    (void)llvm::sys::fs::setPermissions(path, llvm::sys::fs::perms(0755));
  return success();
}

LogicalResult dither::writeArtifact(ArrayRef<char> object, StringRef path) {
  TemporaryFile input, output;
  if (failed(createTemporary(input, "o", object)) ||
      failed(createTemporary(output, "so", {})))
    return failure();
  if (failed(runProgram({"ld.lld-22", "ld.lld", "ld"},
                        {"-shared", "--build-id=none", "-z", "noexecstack",
                         "-o", output.path, input.path})))
    return failure();
  auto image = llvm::MemoryBuffer::getFile(output.path);
  if (!image)
    return fail("cannot read " + output.path + ": " +
                image.getError().message());
  StringRef bytes = (*image)->getBuffer();
  DitherTrailer trailer = {};
  std::memcpy(trailer.magic, "DITHER\0\1", sizeof(trailer.magic));
  trailer.image_size = bytes.size();
  trailer.checksum = llvm::xxh3_64bits(bytes);
  SmallVector<char, 0> file(bytes.begin(), bytes.end());
  const char *raw = reinterpret_cast<const char *>(&trailer);
  file.append(raw, raw + sizeof(trailer));
  return writeAtomically(path, file, /*isExecutable=*/false);
}

LogicalResult dither::writeExecutable(ArrayRef<char> object, StringRef path,
                                      StringRef runtimeFolder) {
  TemporaryFile input, output;
  if (failed(createTemporary(input, "o", object)) ||
      failed(createTemporary(output, "exe", {})))
    return failure();
  SmallString<128> mainLibrary(runtimeFolder), runtimeLibrary(runtimeFolder);
  llvm::sys::path::append(mainLibrary, "libdither_exe_main.a");
  llvm::sys::path::append(runtimeLibrary, "libdither_runtime.a");
  for (StringRef library : {mainLibrary.str(), runtimeLibrary.str()})
    if (!llvm::sys::fs::exists(library))
      return fail("the runtime library " + library +
                  " is missing; build the target 'all', or compile without "
                  "--exe");
  // The C++ library of the runtime goes into the file: it needs libc alone.
  if (failed(runProgram({"clang++-22", "g++", "c++"},
                        {"-o", output.path, input.path, mainLibrary,
                         runtimeLibrary, "-static-libstdc++", "-static-libgcc",
                         "-Wl,--gc-sections", "-lpthread", "-ldl", "-lm"})))
    return failure();
  auto image = llvm::MemoryBuffer::getFile(output.path);
  if (!image)
    return fail("cannot read " + output.path + ": " +
                image.getError().message());
  StringRef bytes = (*image)->getBuffer();
  return writeAtomically(path, ArrayRef<char>(bytes.begin(), bytes.end()),
                         /*isExecutable=*/true);
}
