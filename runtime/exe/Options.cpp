//===- Options.cpp - The command line of a stand-alone executable ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exe/Options.h"

#include <charconv>
#include <cstring>
#include <getopt.h>
#include <limits>

namespace dither::runtime {

namespace {
enum Id {
  Help = 1,
  List,
  Function,
  Input,
  Output,
  Bench,
  Threads,
  Seed,
  Step,
  Load,
  Save
};

const option table[] = {
    {"help", no_argument, nullptr, Help},
    {"list", no_argument, nullptr, List},
    {"function", required_argument, nullptr, Function},
    {"input", required_argument, nullptr, Input},
    {"output", required_argument, nullptr, Output},
    {"bench", required_argument, nullptr, Bench},
    {"threads", required_argument, nullptr, Threads},
    {"seed", required_argument, nullptr, Seed},
    {"step", required_argument, nullptr, Step},
    {"load", required_argument, nullptr, Load},
    {"save", required_argument, nullptr, Save},
    {nullptr, 0, nullptr, 0},
};

template <typename T>
Error parseNumber(const char *option, const char *text, T &out) {
  const char *end = text + strlen(text);
  auto [stop, code] = std::from_chars(text, end, out);
  if (code != std::errc() || stop != end || stop == text)
    return Error(Code::InvalidArgument,
                 concat("--", option, " needs a number from 0 to ",
                        std::numeric_limits<T>::max(), ", not ",
                        inQuotes(text)));
  return Error::success();
}

/// "[NAME=]PATH". A path with '=' in it needs a name before it.
NamedFile parseFile(std::string_view text) {
  size_t equal = text.find('=');
  if (equal == std::string_view::npos)
    return {"", std::string(text)};
  return {std::string(text.substr(0, equal)),
          std::string(text.substr(equal + 1))};
}

Error apply(int id, const char *value, Options &options) {
  switch (id) {
  case Help:
    options.help = true;
    return Error::success();
  case List:
    options.list = true;
    return Error::success();
  case Function:
    options.function = value;
    return Error::success();
  case Input:
    options.inputs.push_back(parseFile(value));
    return Error::success();
  case Output:
    options.outputs.push_back(parseFile(value));
    return Error::success();
  case Load:
    options.load = value;
    return Error::success();
  case Save:
    options.save = value;
    return Error::success();
  case Bench:
    return parseNumber("bench", value, options.bench);
  case Threads:
    return parseNumber("threads", value, options.threads);
  case Seed:
    options.seedGiven = true;
    return parseNumber("seed", value, options.seed);
  case Step:
    options.stepGiven = true;
    return parseNumber("step", value, options.step);
  default:
    return Error(Code::InvalidArgument, "unknown option");
  }
}
} // namespace

Expected<Options> parseOptions(int argc, char **argv) {
  Options options;
  opterr = 0; // messages are made here
  optind = 0; // begin anew, whoever parsed before
  while (true) {
    int current = optind ? optind : 1;
    int id = getopt_long(argc, argv, ":", table, nullptr);
    if (id == -1)
      break;
    const char *text = current < argc ? argv[current] : "";
    if (id == ':')
      return Error(Code::InvalidArgument,
                   concat(inQuotes(text), " needs a value; see --help"));
    if (id == '?')
      return Error(Code::InvalidArgument,
                   concat("unknown option ", inQuotes(text), "; see --help"));
    if (Error error = apply(id, optarg, options))
      return error;
  }
  if (optind < argc)
    return Error(Code::InvalidArgument,
                 concat("unexpected argument ", inQuotes(argv[optind]),
                        "; inputs are given as --input, see --help"));
  return options;
}

std::string helpText(std::string_view program) {
  return concat(
      "Usage: ", program,
      " [options]\n"
      "Runs a compiled model on arrays of numpy.\n\n"
      "  --list                 print the versions of the code, the functions "
      "with their inputs and outputs, and stop\n"
      "  --function NAME        the function to run; the first one if absent\n"
      "  --input [NAME=]X.npy   an input, by name or by position; repeatable\n"
      "  --output [NAME=]Y.npy  where an output goes; others are summed up in "
      "a line\n"
      "  --load X.safetensors   read the state tensors before the run\n"
      "  --save X.safetensors   write the state tensors after the run\n"
      "  --bench N              run N times, print microseconds and bytes\n"
      "  --threads N            threads to use; 0, the default: one per core\n"
      "  --seed N, --step N     where random numbers come from\n"
      "  --help                 print this text\n\n"
      "The environment variable DITHER_CPU_FEATURES, such as "
      "-amx-tile,-avx512f, takes features of the CPU for absent. Kernels for "
      "cuda find NVIDIA's "
      "driver, or the library that DITHER_LIBCUDA names; for cuda-emulator, "
      "DITHER_EMULATOR_SCHEDULE is a number that chooses the order of threads, "
      "DITHER_EMULATOR_MEMORY the bytes of the device.\n\n"
      "Example: ",
      program, " --input x.npy --output y.npy\n");
}

} // namespace dither::runtime
