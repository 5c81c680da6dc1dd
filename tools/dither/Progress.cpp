//===- Progress.cpp - A progress bar --------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Progress.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace dither;

Progress::Progress() : isTerminal(isatty(STDERR_FILENO)) {}

void Progress::update(int64_t epoch, int64_t epochs, int64_t step,
                      int64_t steps, double loss) {
  constexpr int64_t width = 40;
  int64_t done = epoch * steps + step, all = epochs * steps;
  int64_t filled = all ? done * width / all : width;
  // Redrawn when a character changes or an epoch ends: cheap enough.
  if (!isTerminal || (filled == shown && step != steps))
    return;
  shown = filled;
  llvm::errs() << llvm::formatv(
      "\r[{0}{1}] epoch {2}/{3} loss {4:f4} ", std::string(filled, '='),
      std::string(width - filled, ' '), epoch + 1, epochs, loss * steps / step);
}

void Progress::finishEpoch(const std::string &line) {
  if (isTerminal)
    llvm::errs() << "\r\x1b[K";
  llvm::errs() << line << "\n";
}
