//===- Dataset.cpp - Samples for training ---------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/dither/Dataset.h"
#include "runtime/io/Checksum.h"
#include "runtime/rng/Philox.h"

using namespace llvm;
using namespace dither;

/// The stream of shuffles: those of models and of estimators are counted up
/// from 0 and from 2^31.
static constexpr uint32_t shuffleStream = 0xFFFFFFFF;

Dataset Dataset::gather(ArrayRef<int64_t> indices) const {
  Dataset result;
  result.count = indices.size();
  for (const HostTensor &input : inputs) {
    SmallVector<int64_t> shape(input.getShape());
    shape[0] = indices.size();
    result.inputs.emplace_back(input.getElementType(), shape);
  }
  gatherInto(indices, result.inputs);
  return result;
}

void Dataset::gatherInto(ArrayRef<int64_t> indices,
                         MutableArrayRef<HostTensor> tensors) const {
  for (auto [input, tensor] : zip_equal(inputs, tensors)) {
    int64_t bytes = count ? input.getNumBytes() / count : 0;
    for (auto [row, index] : enumerate(indices))
      std::copy_n(input.data() + index * bytes, bytes,
                  tensor.data() + row * bytes);
  }
}

std::string Dataset::getChecksum() const {
  runtime::ChecksumStream stream;
  for (const HostTensor &input : inputs)
    stream.add({reinterpret_cast<const uint8_t *>(input.data()),
                size_t(input.getNumBytes())});
  return runtime::checksumText(stream.value());
}

Split dither::splitSamples(int64_t count, int64_t every, int64_t offset) {
  Split split;
  for (int64_t i = 0; i < count; ++i)
    (every > 0 && i % every == offset ? split.test : split.train).push_back(i);
  return split;
}

void dither::shuffle(MutableArrayRef<int64_t> indices, uint64_t seed,
                     uint64_t epoch) {
  for (size_t i = indices.size(); i > 1; --i) {
    uint32_t bits =
        runtime::Philox::bits(seed, epoch, shuffleStream, uint32_t(i));
    // A multiply instead of a remainder; the bias is below i / 2^32.
    std::swap(indices[i - 1], indices[(uint64_t(bits) * i) >> 32]);
  }
}
