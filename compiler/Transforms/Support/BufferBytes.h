//===- BufferBytes.h - Bytes of buffers -------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TRANSFORMS_SUPPORT_BUFFERBYTES_H
#define DITHER_TRANSFORMS_SUPPORT_BUFFERBYTES_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace dither {

/// Bytes of a buffer, those for each element of the batch where that is
/// dynamic. What plans memory and what compares places agree by it.
inline int64_t getBufferBytes(mlir::MemRefType type) {
  int64_t bytes =
      llvm::divideCeil(type.getElementType().getIntOrFloatBitWidth(), 8);
  for (int64_t extent : type.getShape())
    if (!mlir::ShapedType::isDynamic(extent))
      bytes *= extent;
  return bytes;
}

} // namespace dither

#endif // DITHER_TRANSFORMS_SUPPORT_BUFFERBYTES_H
