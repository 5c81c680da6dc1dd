//===- FuzzNpy.cpp - Fuzz target of .npy ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/io/Npy.h"

#include <cstdlib>

using namespace dither::runtime;

/// What a file is said to hold must lie in the file, and be readable.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Expected<NpyArray> array = parseNpy({data, size});
  if (!array) {
    if (array.error().message().empty())
      abort();
    return 0;
  }
  if (denseBytes(array->element, array->shape) != array->bytes.size)
    abort();
  unsigned sum = 0;
  for (size_t i = 0; i < array->bytes.size; ++i)
    sum += array->bytes.data[i];
  volatile unsigned sink = sum;
  (void)sink;
  return 0;
}
