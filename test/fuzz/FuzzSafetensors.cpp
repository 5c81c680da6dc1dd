//===- FuzzSafetensors.cpp - Fuzz target of safetensors -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Safetensors.h"

#include <cstdlib>

using namespace dither::runtime;

/// What a file is said to hold must lie in the file, and be readable.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Expected<Safetensors> file = parseSafetensors({data, size});
  if (!file) {
    if (file.error().message().empty())
      abort();
    return 0;
  }
  uint64_t total = 0;
  unsigned sum = 0;
  for (const TensorView &tensor : file->tensors) {
    total += tensor.bytes.size;
    if (denseBytes(tensor.element, tensor.shape) != tensor.bytes.size ||
        !file->find(tensor.name))
      abort();
    for (size_t i = 0; i < tensor.bytes.size; ++i)
      sum += tensor.bytes.data[i];
  }
  volatile unsigned sink = sum;
  (void)sink;
  if (total != file->data.size)
    abort();
  return 0;
}
