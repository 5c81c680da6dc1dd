//===- TensorMap.h - Tensor maps of the driver ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_CUDA_TENSORMAP_H
#define DITHER_RUNTIME_CUDA_TENSORMAP_H

#include "runtime/cuda/Driver.h"

#include "dither/abi.h"

namespace dither::runtime::cuda {

/// Makes the map of a matrix that checkMatrix took, for `map`, which verifyMaps
/// took. Needs a driver that has cuTensorMapEncodeTiled.
Result encodeMap(const Driver &driver, const DitherTensorMap &map,
                 const DitherMatrix &matrix, TensorMap &encoded);

} // namespace dither::runtime::cuda

#endif // DITHER_RUNTIME_CUDA_TENSORMAP_H
