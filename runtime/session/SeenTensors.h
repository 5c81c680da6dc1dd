//===- SeenTensors.h - The tensors of the last call -------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The checks of a call take longer than a small product (17 x 17). A host that
// calls a function again and again often gives it the same tensors, of which
// all checks would say the same.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_SESSION_SEENTENSORS_H
#define DITHER_RUNTIME_SESSION_SEENTENSORS_H

#include "runtime/session/HostTensor.h"

#include <vector>

namespace dither::runtime {

class SeenTensors {
public:
  /// Makes room for so many, so that to remember allocates nothing.
  explicit SeenTensors(size_t count = 0) : tensors(count) {}

  /// Remembers the tensors of a call, as many as there is room for in all.
  void remember(const DLTensor *inputs, size_t inputCount,
                const DLTensor *outputs, size_t outputCount);
  void forget() { isKnown = false; }

  /// Whether a call has the tensors that are remembered, so that the same holds
  /// of them as held then: their number, addresses, types and shapes.
  bool areSame(const DLTensor *inputs, size_t inputCount,
               const DLTensor *outputs, size_t outputCount) const;

private:
  struct Seen {
    DLTensor tensor = {};
    int64_t shape[maxRank], strides[maxRank];

    void set(const DLTensor &other);
    bool isSame(const DLTensor &other) const;
  };

  std::vector<Seen> tensors;
  size_t seenInputs = 0; // the first ones
  bool isKnown = false;
};

} // namespace dither::runtime

#endif // DITHER_RUNTIME_SESSION_SEENTENSORS_H
