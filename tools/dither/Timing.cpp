//===- Timing.cpp - Times of functions ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Timing.h"
#include "runtime/rng/Philox.h"
#include "tools/dither/Commands.h"
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

FailureOr<TimedFunction> TimedFunction::create(LiveSession &session,
                                               const std::string &name,
                                               int64_t batch,
                                               MLIRContext *context) {
  auto function = session.find(name);
  if (failed(function))
    return failure();
  DitherFunctionInfo info;
  if (reportStatus(dither_artifact_function_info(session.getArtifact(),
                                                 *function, &info)))
    return failure();
  TimedFunction result;
  result.name = name;
  result.inputs = info.input_count;
  for (uint32_t i = 0; i < info.input_count + info.output_count; ++i) {
    DitherTensorInfo tensor;
    bool isInput = i < info.input_count;
    if (reportStatus((isInput ? dither_artifact_input_info
                              : dither_artifact_output_info)(
            session.getArtifact(), *function,
            isInput ? i : i - info.input_count, &tensor)))
      return failure();
    result.tensors.push_back(makeRandom(tensor, batch, i, context));
  }
  return result;
}

FailureOr<Timing> TimedFunction::run(LiveSession &session,
                                     int64_t repetitions) {
  auto function = session.find(name);
  if (failed(function))
    return failure();
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
    if (reportStatus(dither_session_call(session.get(), *function, views.data(),
                                         inputs, views.data() + inputs,
                                         uint32_t(views.size()) - inputs)))
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

std::string TimedFunction::getResults() const {
  std::string bytes;
  for (const HostTensor &tensor : llvm::ArrayRef(tensors).drop_front(inputs))
    bytes.append(tensor.data(), size_t(tensor.getNumBytes()));
  return bytes;
}

FailureOr<Timing> dither::timeFunction(LiveSession &session,
                                       const std::string &name, int64_t batch,
                                       int64_t repetitions) {
  MLIRContext context;
  auto function = TimedFunction::create(session, name, batch, &context);
  if (failed(function))
    return failure();
  return function->run(session, repetitions);
}
