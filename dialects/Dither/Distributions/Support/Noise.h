//===- Noise.h - Random numbers that draws are made of ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_DISTRIBUTIONS_SUPPORT_NOISE_H
#define DITHER_DISTRIBUTIONS_SUPPORT_NOISE_H

#include "Dither/IR/Dither.h"

namespace dither {

/// A parameter that has the rows of a sample of `type`; null where those are
/// known.
mlir::Value findRows(mlir::RankedTensorType type, mlir::ValueRange parameters);

/// Another seed, for what a node draws beside its stream.
mlir::Value buildOwnRng(mlir::ImplicitLocOpBuilder &b, mlir::Value rng,
                        int64_t stream, int64_t number);

/// Numbers of a random op such as `dither.normal`, with the elements of `type`.
template <typename Op>
mlir::Value buildNoise(mlir::ImplicitLocOpBuilder &b,
                       mlir::RankedTensorType type, mlir::Value rows,
                       mlir::Value rng, int64_t stream) {
  mlir::Value noise =
      Op::create(b, withElement(type, b.getF32Type()), rng, rows, stream);
  return buildCast(b, noise, type.getElementType());
}

} // namespace dither

#endif // DITHER_DISTRIBUTIONS_SUPPORT_NOISE_H
