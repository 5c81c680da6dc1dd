//===- Bench.cpp - dither bench -------------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/rng/Philox.h"
#include "tools/dither/Commands.h"
#include "tools/dither/Execute.h"
#include "tools/dither/Roofline.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <algorithm>

using namespace mlir;
using namespace dither;

/// Memory for a tensor of the manifest, filled with small numbers; bytes are
/// around 127, of which the exponents of scales are near 1.
static HostTensor makeRandom(const DitherTensorInfo &info, int64_t batch,
                             uint32_t stream, MLIRContext *context) {
  Type type = getMLIRType(info.dtype, context);
  bool isFloat = isa<FloatType>(type);
  SmallVector<int64_t> shape(info.shape, info.shape + info.rank);
  for (int64_t &extent : shape)
    if (extent < 0)
      extent = batch;
  HostTensor tensor(type, shape);
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    uint32_t bits = runtime::Philox::bits(1, 0, stream, uint32_t(i));
    tensor.set(
        i, isFloat ? Scalar::of(std::ldexp(double(bits), -32))
                   : Scalar::ofInt(bits % 10 + (type.isInteger(8) ? 118 : 0)));
  }
  return tensor;
}

static LogicalResult compileModel(const BenchOptions &options,
                                  LoadedModel &model, LiveSession &session) {
  if (failed(model.load(options.model)))
    return failure();
  CompileOptions compile;
  compile.evaluate = evaluateCompiled;
  compile.mode =
      options.training ? ParameterMode::train : ParameterMode::deploy;
  compile.functions.push_back(options.function);
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

FailureOr<Timing> dither::timeFunction(LiveSession &session,
                                       const std::string &name, int64_t batch,
                                       int64_t repetitions) {
  auto function = session.find(name);
  if (failed(function))
    return failure();
  MLIRContext context;
  DitherFunctionInfo info;
  if (reportStatus(dither_artifact_function_info(session.getArtifact(),
                                                 *function, &info)))
    return failure();
  std::vector<HostTensor> tensors;
  for (uint32_t i = 0; i < info.input_count + info.output_count; ++i) {
    DitherTensorInfo tensor;
    bool isInput = i < info.input_count;
    if (reportStatus((isInput ? dither_artifact_input_info
                              : dither_artifact_output_info)(
            session.getArtifact(), *function,
            isInput ? i : i - info.input_count, &tensor)))
      return failure();
    tensors.push_back(makeRandom(tensor, batch, i, &context));
  }
  std::vector<TensorRef> refs(tensors.begin(), tensors.end());
  std::vector<DLTensor> views;
  for (TensorRef &ref : refs)
    views.push_back(ref.get());
  repetitions = std::max<int64_t>(1, repetitions);
  if (reportStatus(
          dither_session_profile_start(session.get(), size_t(repetitions))))
    return failure();
  for (int64_t i = 0; i < repetitions; ++i) {
    dither_session_set_step(session.get(), i + 1);
    if (reportStatus(dither_session_call(
            session.get(), *function, views.data(), info.input_count,
            views.data() + info.input_count, info.output_count)))
      return failure();
  }
  size_t count = 0;
  uint64_t dropped = 0;
  const DitherProfileEvent *events =
      dither_session_profile_events(session.get(), &count, &dropped);
  std::vector<double> micros;
  for (size_t i = 0; i < count; ++i)
    micros.push_back(events[i].duration / 1e3);
  if (micros.empty())
    return Timing();
  std::sort(micros.begin(), micros.end());
  return Timing{micros[micros.size() / 2], micros.front(),
                events[0].arena_bytes};
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
