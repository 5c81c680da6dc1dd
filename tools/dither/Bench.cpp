//===- Bench.cpp - dither bench -------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Commands.h"
#include "tools/dither/Execute.h"
#include "tools/dither/Roofline.h"
#include "tools/dither/Timing.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace dither;

static LogicalResult compileModel(const BenchOptions &options,
                                  LoadedModel &model, LiveSession &session) {
  if (failed(model.load(options)))
    return failure();
  CompileOptions compile;
  compile.evaluate = evaluateCompiled;
  compile.mode =
      options.training ? ParameterMode::train : ParameterMode::deploy;
  compile.functions.push_back(options.function);
  if (failed(setTarget(compile, options.target, options.chips)))
    return failure();
  auto values =
      options.params.empty()
          ? initializeParameters(model.getModel(), 0, evaluateCompiled)
          : loadParameters(model.getModel(), options.params);
  if (failed(values))
    return failure();
  if (!options.training) {
    compile.parameters = std::move(*values);
    return session.compile(model.getModule(), compile, options.threads);
  }
  if (failed(session.compile(model.getModule(), compile, options.threads)))
    return failure();
  // The time of a step depends on what is kept.
  return setParameters(session, model.getModel(), *values, evaluateCompiled);
}

int dither::runBench(const BenchOptions &options) {
  if (!options.roofline.empty())
    return runRoofline(options);
  LoadedModel model;
  LiveSession session;
  if (isArtifact(options.model)
          ? failed(session.open(options.model, options.threads))
          : failed(compileModel(options, model, session)))
    return 1;
  auto timing = timeFunction(session, options.function, options.batch,
                             options.repetitions);
  if (failed(timing))
    return 1;
  DitherMemory memory;
  dither_session_memory(session.get(), &memory);
  uint32_t threads = dither_session_threads(session.get());
  if (options.json)
    llvm::outs() << llvm::formatv(
        "{0}\n", llvm::json::Value(llvm::json::Object{
                     {"function", options.function},
                     {"threads", int64_t(threads)},
                     {"median_us", timing->median},
                     {"min_us", timing->least},
                     {"arena_bytes", int64_t(timing->arena)},
                     {"resident_bytes", int64_t(memory.resident)}}));
  else
    llvm::outs() << llvm::formatv(
        "{0}: median {1:f1} us, min {2:f1} us, arena {3} bytes, resident {4} "
        "bytes, {5} threads\n",
        options.function, timing->median, timing->least, timing->arena,
        memory.resident, threads);
  return 0;
}
