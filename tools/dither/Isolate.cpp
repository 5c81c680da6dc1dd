//===- Isolate.cpp - Work in a process of its own -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Isolate.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using namespace dither;

/// Reads until the other end is closed.
static std::string readAll(int file) {
  std::string text;
  char buffer[4096];
  while (true) {
    ssize_t count = read(file, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return text;
    text.append(buffer, size_t(count));
  }
}

static void writeAll(int file, const std::string &text) {
  size_t written = 0;
  while (written < text.size()) {
    ssize_t count = write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return;
    written += size_t(count);
  }
}

static std::string describeDeath(int status, int64_t seconds) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return "not done in " + std::to_string(seconds) + " seconds";
  if (WIFSIGNALED(status))
    return "signal " + std::to_string(WTERMSIG(status)) + " (" +
           strsignal(WTERMSIG(status)) + ")";
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    return "exit status " + std::to_string(WEXITSTATUS(status));
  return "";
}

Isolated dither::isolate(int64_t seconds,
                         llvm::function_ref<std::string()> work) {
  int ends[2];
  if (pipe(ends) != 0)
    return {"", std::string("no pipe: ") + std::strerror(errno)};
  // Or else the copy would write it once more.
  llvm::outs().flush();
  pid_t child = fork();
  if (child < 0)
    return {"", std::string("no process: ") + std::strerror(errno)};
  if (child == 0) {
    close(ends[0]);
    alarm(unsigned(seconds));
    writeAll(ends[1], work());
    _exit(0);
  }
  close(ends[1]);
  std::string text = readAll(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  return {std::move(text), describeDeath(status, seconds)};
}
