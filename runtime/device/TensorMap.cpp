//===- TensorMap.cpp - Matrices that kernels are given by maps ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/TensorMap.h"

namespace dither::runtime {

/// Of an extent of a tile.
static constexpr uint32_t mostElements = 256;

uint32_t getElementBytes(uint32_t element) {
  switch (element) {
  case DITHER_F16:
  case DITHER_BF16:
    return 2;
  case DITHER_TF32:
  case DITHER_F32:
  case DITHER_S32:
    return 4;
  case DITHER_S8:
  case DITHER_U8:
  case DITHER_E4M3:
  case DITHER_E5M2:
    return 1;
  default:
    return 0;
  }
}

int64_t getRowBytes(const DitherTensorMap &map, const DitherMatrix &matrix) {
  return matrix.stride * static_cast<int64_t>(getElementBytes(map.element));
}

/// Whether a device copies such tiles.
static bool isTile(const DitherTensorMap &map) {
  auto isExtent = [](uint32_t n) { return n >= 1 && n <= mostElements; };
  bool isSwizzle = map.swizzle == 0 || map.swizzle == 32 || map.swizzle == 64 ||
                   map.swizzle == 128;
  uint32_t bytes = getElementBytes(map.element);
  if (bytes == 0 || !isExtent(map.rows) || !isExtent(map.columns) || !isSwizzle)
    return false;
  bytes *= map.columns;
  return bytes % mapAlignment == 0 &&
         (map.swizzle == 0 || bytes <= map.swizzle);
}

Error verifyMaps(const DitherKernelEntry &kernel) {
  auto corrupt = [&](const std::string &what) {
    return Error(Code::Corrupt,
                 concat("kernel ", inQuotes(kernel.name), " of the artifact ",
                        what, "; compile it again"));
  };
  if (kernel.map_count != 0 && !kernel.maps)
    return corrupt("has no table of its tensor maps");
  for (uint32_t i = 0; i < kernel.map_count; ++i) {
    const DitherTensorMap &map = kernel.maps[i];
    if (map.argument >= kernel.argument_count)
      return corrupt(concat("has a tensor map as argument ", map.argument,
                            ", and takes ", kernel.argument_count));
    if (i != 0 && kernel.maps[i - 1].argument >= map.argument)
      return corrupt("has tensor maps that are not in the order of its "
                     "arguments");
    if (!isTile(map))
      return corrupt(concat("has a tensor map of tiles that no device copies: "
                            "argument ",
                            map.argument, " of ", map.rows, " x ", map.columns,
                            " elements of kind ", map.element,
                            " with a swizzle of ", map.swizzle, " bytes"));
  }
  return Error::success();
}

Error checkMatrix(const DitherKernelEntry &kernel, const DitherTensorMap &map,
                  const DitherMatrix &matrix) {
  auto fail = [&](const std::string &what) {
    return Error(Code::InvalidArgument,
                 concat("kernel ", inQuotes(kernel.name), ", argument ",
                        map.argument, ": ", what));
  };
  uintptr_t offset = reinterpret_cast<uintptr_t>(matrix.data) % mapAlignment;
  if (offset != 0)
    return fail(concat("its tensor begins ", offset,
                       " bytes behind a multiple of ", mapAlignment,
                       ", where tiles are not copied from; call with a tensor "
                       "that begins at one, such as a copy"));
  int64_t bytes = getRowBytes(map, matrix);
  if (hasNextRow(matrix) && (bytes < 0 || bytes % mapAlignment != 0))
    return fail(concat("the rows of its tensor are ", bytes,
                       " bytes apart, which is no multiple of ", mapAlignment,
                       "; call with a tensor whose rows are, or compile with "
                       "--chips=sm_80"));
  return Error::success();
}

} // namespace dither::runtime
