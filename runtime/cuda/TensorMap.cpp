//===- TensorMap.cpp - Tensor maps of the driver --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/TensorMap.h"

#include "runtime/device/TensorMap.h"

#include <algorithm>

namespace dither::runtime::cuda {

/// Where a matrix without elements is, of which nothing is read: the driver
/// takes no null pointer.
alignas(mapAlignment) static unsigned char nowhere[mapAlignment];

/// Numbers of 8 bits are bytes: tiles are copied, and not computed with.
static MapElement getElement(uint32_t element) {
  switch (element) {
  case DITHER_F16:
    return MapFloat16;
  case DITHER_BF16:
    return MapBfloat16;
  case DITHER_TF32:
    return MapTfloat32;
  case DITHER_F32:
    return MapFloat32;
  case DITHER_S32:
    return MapInt32;
  default:
    return MapUint8;
  }
}

static MapSwizzle getSwizzle(uint32_t bytes) {
  switch (bytes) {
  case 32:
    return MapSwizzle32;
  case 64:
    return MapSwizzle64;
  case 128:
    return MapSwizzle128;
  default:
    return MapNoSwizzle;
  }
}

Result encodeMap(const Driver &driver, const DitherTensorMap &map,
                 const DitherMatrix &matrix, TensorMap &encoded) {
  // The driver takes no empty extents.
  auto getExtent = [](int64_t n) {
    return static_cast<uint64_t>(std::max<int64_t>(n, 1));
  };
  uint64_t extents[] = {getExtent(matrix.columns), getExtent(matrix.rows)};
  // A stride that nobody needs is whatever it was given: any will do.
  uint64_t width = extents[0] * getElementBytes(map.element);
  uint64_t alone = (width + mapAlignment - 1) / mapAlignment * mapAlignment;
  uint64_t stride = hasNextRow(matrix)
                        ? static_cast<uint64_t>(getRowBytes(map, matrix))
                        : alone;
  uint32_t box[] = {map.columns, map.rows}, steps[] = {1, 1};
  void *data = matrix.data ? const_cast<void *>(matrix.data) : nowhere;
  return driver.cuTensorMapEncodeTiled(
      &encoded, getElement(map.element), /*rank=*/2, data, extents, &stride,
      box, steps, MapNoInterleave, getSwizzle(map.swizzle), MapPromotion128,
      MapFillsZeros);
}

} // namespace dither::runtime::cuda
