//===- HostTensor.h - Checking and copying DLPack tensors -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_SESSION_HOSTTENSOR_H
#define DITHER_RUNTIME_SESSION_HOSTTENSOR_H

#include "runtime/artifact/Manifest.h"

#include <dlpack/dlpack.h>

namespace dither::runtime {

DLDataType toDLPack(Element element);
std::optional<Element> fromDLPack(DLDataType type);

/// A checked tensor of the host: CPU memory, or that of the session's device;
/// known type, explicit strides.
struct HostTensor {
  uint8_t *data = nullptr;
  size_t rank = 0;
  size_t elementBytes = 0;
  int64_t shape[maxRank];
  int64_t strides[maxRank];
  uint64_t bytes = 0;    // of all elements, without gaps
  bool rowMajor = false; // without gaps
  bool onDevice = false;
  uintptr_t low = 0, high = 0; // addresses [low, high) of all elements

  bool overlaps(uintptr_t otherLow, uintptr_t otherHigh) const {
    return low < otherHigh && otherLow < high;
  }
  bool overlaps(const HostTensor &other) const {
    return overlaps(other.low, other.high);
  }
};

/// Checks a tensor of the host against a specification and fills `out`. Unknown
/// dynamic dimensions (`dims[k]` < 0) are set from the tensor, known ones must
/// agree; `dimNames` is for messages. `where` names the tensor in messages. It
/// may be, row-major, on `device`, if that is not null.
Error checkHostTensor(const DLTensor &tensor, const TensorSpec &spec,
                      const std::vector<std::string> &dimNames, int64_t *dims,
                      std::string_view where, HostTensor &out,
                      const DLDevice *device = nullptr);

/// A row-major tensor without gaps at `data`.
HostTensor denseTensor(void *data, Element element, const int64_t *shape,
                       size_t rank);

/// Whether no two elements share an address. May say no to exotic strides.
bool hasDistinctElements(const HostTensor &tensor);

/// Copies between tensors of equal shape and element size.
void copyTensor(const HostTensor &to, const HostTensor &from);

/// Whether each element of an i1 tensor is a byte of 0 or 1; generated code may
/// rely on it.
bool hasOnlyBooleans(const HostTensor &tensor);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_SESSION_HOSTTENSOR_H
