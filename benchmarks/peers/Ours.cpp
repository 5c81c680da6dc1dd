//===- Ours.cpp - Functions of an artifact --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include <cstdio>

using namespace dither::bench;

void dither::bench::fail(const std::string &message) {
  fprintf(stderr, "error: %s\n", message.c_str());
  exit(1);
}

std::vector<Peer> &dither::bench::getPeers() {
  static std::vector<Peer> peers;
  return peers;
}

static void check(DitherStatus *status) {
  if (status)
    fail(dither_status_message(status));
}

static Ours::Tensor describe(const DitherTensorInfo &info) {
  return {{info.shape, info.shape + info.rank}, info.dtype};
}

size_t Ours::Tensor::countBytes() const {
  size_t count = type.bits / 8;
  for (int64_t extent : shape)
    count *= size_t(extent);
  return count;
}

Ours::Ours(const std::string &path, uint32_t threads) {
  check(dither_artifact_open(path.c_str(), nullptr, &artifact));
  DitherSessionOptions options = {threads, nullptr, nullptr};
  check(dither_session_create(artifact, &options, &session));
  for (uint32_t i = 0; i < dither_artifact_function_count(artifact); ++i) {
    DitherFunctionInfo info;
    check(dither_artifact_function_info(artifact, i, &info));
    Function function;
    function.name = info.name;
    function.index = i;
    DitherTensorInfo tensor;
    for (uint32_t j = 0; j < info.argument_count; ++j) {
      check(dither_artifact_argument_info(artifact, i, j, &tensor));
      if (tensor.kind == DITHER_INPUT)
        function.inputs.push_back(describe(tensor));
      if (tensor.kind == DITHER_OUTPUT)
        function.output = describe(tensor);
      if (tensor.kind == DITHER_CONSTANT)
        function.constantBytes += tensor.bytes;
    }
    all.push_back(std::move(function));
  }
}

Ours::~Ours() {
  dither_session_destroy(session);
  dither_artifact_close(artifact);
}

Call Ours::makeCall(const Function &function,
                    const std::vector<const Buffer *> &inputs,
                    const Buffer &output) {
  auto makeTensor = [](const Buffer &buffer, const Tensor &like) {
    DLTensor tensor = {};
    tensor.data = buffer.data();
    tensor.device = {kDLCPU, 0};
    tensor.ndim = int32_t(like.shape.size());
    tensor.dtype = like.type;
    tensor.shape = const_cast<int64_t *>(like.shape.data());
    return tensor;
  };
  std::vector<DLTensor> tensors;
  for (size_t i = 0; i < inputs.size(); ++i)
    tensors.push_back(makeTensor(*inputs[i], function.inputs[i]));
  DLTensor result = makeTensor(output, function.output);
  return [this, index = function.index, tensors, result] {
    check(dither_session_call(session, index, tensors.data(), tensors.size(),
                              &result, 1));
  };
}
