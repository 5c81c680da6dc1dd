//===- Timing.h - Times of functions ----------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_TIMING_H
#define DITHER_TOOLS_DITHER_TIMING_H

#include "tools/dither/Session.h"

namespace dither {

/// Of the calls of a function, in microseconds, and the bytes of its arena.
struct Timing {
  double median = 0, least = 0;
  uint64_t arena = 0;
};

/// A function's operands: random inputs, and memory for its results. They serve
/// any artifact in which it has the same ones.
class TimedFunction {
public:
  /// Extents that are not known are `batch`.
  static llvm::FailureOr<TimedFunction> create(LiveSession &session,
                                               const std::string &name,
                                               int64_t batch,
                                               mlir::MLIRContext *context);
  llvm::FailureOr<Timing> run(LiveSession &session, int64_t repetitions);
  /// The bytes of the results of the last run.
  std::string getResults() const;

private:
  std::string name;
  std::vector<HostTensor> tensors;
  uint32_t inputs = 0;
};

/// Times a function on random inputs.
llvm::FailureOr<Timing> timeFunction(LiveSession &session,
                                     const std::string &function, int64_t batch,
                                     int64_t repetitions);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_TIMING_H
