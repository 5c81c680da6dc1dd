//===- Progress.h - A progress bar ------------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_PROGRESS_H
#define DITHER_TOOLS_DITHER_PROGRESS_H

#include <cstdint>
#include <string>

namespace dither {

/// A bar on a terminal, a line for each epoch elsewhere. Writes to stderr.
class Progress {
public:
  Progress();
  void update(int64_t epoch, int64_t epochs, int64_t step, int64_t steps,
              double loss);
  void finishEpoch(const std::string &line);

private:
  bool isTerminal;
  int64_t shown = -1;
};

} // namespace dither

#endif // DITHER_TOOLS_DITHER_PROGRESS_H
