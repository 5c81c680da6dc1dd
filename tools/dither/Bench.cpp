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
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <algorithm>

using namespace mlir;
using namespace dither;

/// Memory for a tensor of the manifest, filled with small numbers.
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
    tensor.set(i, isFloat ? Scalar::of(std::ldexp(double(bits), -32))
                          : Scalar::ofInt(bits % 10));
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

int dither::runBench(const BenchOptions &options) {
  LoadedModel model;
  LiveSession session;
  if (isArtifact(options.model)
          ? failed(session.open(options.model, options.threads))
          : failed(compileModel(options, model, session)))
    return 1;
  auto function = session.find(options.function);
  if (failed(function))
    return 1;
  MLIRContext plain, *context = &plain;
  DitherFunctionInfo info;
  if (reportStatus(dither_artifact_function_info(session.getArtifact(),
                                                 *function, &info)))
    return 1;
  std::vector<HostTensor> tensors;
  for (uint32_t i = 0; i < info.input_count + info.output_count; ++i) {
    DitherTensorInfo tensor;
    bool isInput = i < info.input_count;
    if (reportStatus((isInput ? dither_artifact_input_info
                              : dither_artifact_output_info)(
            session.getArtifact(), *function,
            isInput ? i : i - info.input_count, &tensor)))
      return 1;
    tensors.push_back(makeRandom(tensor, options.batch, i, context));
  }
  std::vector<TensorRef> refs(tensors.begin(), tensors.end());
  std::vector<DLTensor> views;
  for (TensorRef &ref : refs)
    views.push_back(ref.get());
  int64_t repetitions = std::max<int64_t>(1, options.repetitions);
  if (reportStatus(
          dither_session_profile_start(session.get(), size_t(repetitions))))
    return 1;
  for (int64_t i = 0; i < repetitions; ++i) {
    dither_session_set_step(session.get(), i + 1);
    if (reportStatus(dither_session_call(
            session.get(), *function, views.data(), info.input_count,
            views.data() + info.input_count, info.output_count)))
      return 1;
  }
  size_t count = 0;
  uint64_t dropped = 0;
  const DitherProfileEvent *events =
      dither_session_profile_events(session.get(), &count, &dropped);
  std::vector<double> micros;
  for (size_t i = 0; i < count; ++i)
    micros.push_back(events[i].duration / 1e3);
  std::sort(micros.begin(), micros.end());
  uint64_t arena = count ? events[0].arena_bytes : 0;
  DitherMemory memory;
  dither_session_memory(session.get(), &memory);
  double median = micros.empty() ? 0 : micros[micros.size() / 2];
  if (options.json)
    llvm::outs() << llvm::formatv(
        "{0}\n",
        llvm::json::Value(llvm::json::Object{
            {"function", options.function},
            {"threads", int64_t(dither_session_threads(session.get()))},
            {"median_us", median},
            {"min_us", micros.empty() ? 0 : micros.front()},
            {"arena_bytes", int64_t(arena)},
            {"resident_bytes", int64_t(memory.resident)}}));
  else
    llvm::outs() << llvm::formatv(
        "{0}: median {1:f1} us, min {2:f1} us, arena {3} bytes, resident {4} "
        "bytes, {5} threads\n",
        options.function, median, micros.empty() ? 0 : micros.front(), arena,
        memory.resident, dither_session_threads(session.get()));
  return 0;
}
