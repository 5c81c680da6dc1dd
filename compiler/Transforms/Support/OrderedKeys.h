//===- OrderedKeys.h - Floats as integers in their order --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_TRANSFORMS_SUPPORT_ORDEREDKEYS_H
#define DITHER_COMPILER_TRANSFORMS_SUPPORT_ORDEREDKEYS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// An unsigned i32 in the order of floats of at most 32 bits: zeros are equal,
/// and NaN is the largest.
mlir::Value emitOrderedKey(mlir::ImplicitLocOpBuilder &b, mlir::Value element);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_SUPPORT_ORDEREDKEYS_H
