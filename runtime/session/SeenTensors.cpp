//===- SeenTensors.cpp - The tensors of the last call ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/session/SeenTensors.h"

#include <algorithm>

namespace dither::runtime {

/// The tensor's own pointers to its shape and strides say nothing: what they
/// point to is compared.
void SeenTensors::Seen::set(const DLTensor &other) {
  tensor = other;
  std::copy_n(other.shape, other.ndim, shape);
  if (other.strides)
    std::copy_n(other.strides, other.ndim, strides);
}

bool SeenTensors::Seen::isSame(const DLTensor &other) const {
  return other.data == tensor.data && other.byte_offset == tensor.byte_offset &&
         other.ndim == tensor.ndim &&
         other.device.device_type == tensor.device.device_type &&
         other.device.device_id == tensor.device.device_id &&
         other.dtype.code == tensor.dtype.code &&
         other.dtype.bits == tensor.dtype.bits &&
         other.dtype.lanes == tensor.dtype.lanes &&
         !other.strides == !tensor.strides &&
         (other.ndim == 0 || other.shape) &&
         std::equal(shape, shape + other.ndim, other.shape) &&
         (!other.strides ||
          std::equal(strides, strides + other.ndim, other.strides));
}

void SeenTensors::remember(const DLTensor *inputs, size_t inputCount,
                           const DLTensor *outputs, size_t outputCount) {
  Seen *next = tensors.data();
  for (size_t i = 0; i < inputCount; ++i)
    (next++)->set(inputs[i]);
  for (size_t i = 0; i < outputCount; ++i)
    (next++)->set(outputs[i]);
  seenInputs = inputCount;
  isKnown = true;
}

bool SeenTensors::areSame(const DLTensor *inputs, size_t inputCount,
                          const DLTensor *outputs, size_t outputCount) const {
  if (!isKnown || inputCount != seenInputs ||
      outputCount != tensors.size() - seenInputs ||
      (inputCount != 0 && !inputs) || (outputCount != 0 && !outputs))
    return false;
  const Seen *next = tensors.data();
  for (size_t i = 0; i < inputCount; ++i)
    if (!(next++)->isSame(inputs[i]))
      return false;
  for (size_t i = 0; i < outputCount; ++i)
    if (!(next++)->isSame(outputs[i]))
      return false;
  return true;
}

} // namespace dither::runtime
