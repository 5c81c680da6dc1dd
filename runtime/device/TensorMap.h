//===- TensorMap.h - Matrices that kernels are given by maps ----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_DEVICE_TENSORMAP_H
#define DITHER_RUNTIME_DEVICE_TENSORMAP_H

#include "runtime/io/Error.h"

#include "dither/abi.h"

namespace dither::runtime {

/// What a matrix and its rows begin at multiples of, in bytes.
constexpr uint32_t mapAlignment = 16;

/// Bytes of an element, a DitherNumber; 0 where it is none.
uint32_t getElementBytes(uint32_t element);

/// Bytes from a row of a matrix to the next one.
int64_t getRowBytes(const DitherTensorMap &map, const DitherMatrix &matrix);

/// Whether that matters: whether there is a row behind another.
inline bool hasNextRow(const DitherMatrix &matrix) {
  return matrix.rows > 1 && matrix.columns > 0;
}

/// Checks what an artifact says of the tensor maps of a kernel. Errors:
/// Corrupt.
Error verifyMaps(const DitherKernelEntry &kernel);

/// Checks a matrix that a kernel is launched with. Errors: InvalidArgument
/// where it does not lie as maps need it.
Error checkMatrix(const DitherKernelEntry &kernel, const DitherTensorMap &map,
                  const DitherMatrix &matrix);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_DEVICE_TENSORMAP_H
