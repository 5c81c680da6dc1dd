//===- Options.h - The command line of a stand-alone executable -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_EXE_OPTIONS_H
#define DITHER_RUNTIME_EXE_OPTIONS_H

#include "runtime/io/Error.h"

#include <string>
#include <vector>

namespace dither::runtime {

/// A file of an input or output; without a name, the next by position.
struct NamedFile {
  std::string name;
  std::string path;
};

struct Options {
  bool help = false;
  bool list = false;
  std::string function; // empty: the first one
  std::vector<NamedFile> inputs;
  std::vector<NamedFile> outputs;
  std::string load; // a checkpoint, or empty
  std::string save; // likewise
  uint64_t bench = 0;
  uint32_t threads = 0;
  uint64_t seed = 0;
  uint64_t step = 0;
  bool seedGiven = false;
  bool stepGiven = false;
};

Expected<Options> parseOptions(int argc, char **argv);

/// What --help prints.
std::string helpText(std::string_view program);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_EXE_OPTIONS_H
