//===- Draws.h - Numbers from random words ----------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tails of a distribution need is not many digits but all exponents.
// So the uniform number of which others are made is a *centred* one: s in
// [-1/2, 1/2] stands for u = s modulo 1, so that u and 1 - u have their
// exponents near 0, where floats have them. A signed word is such a number as
// it is.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_RANDOM_DRAWS_H
#define DITHER_OPS_RANDOM_DRAWS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// What random numbers follow from, and their shape. `like` has the rows of a
/// dynamic first extent; otherwise it may be null.
struct RandomSource {
  mlir::Value rng, like;
  uint64_t stream;
  llvm::ArrayRef<int64_t> shape;
};

/// `planes` tensors of random words; an element depends on nothing but its
/// place.
llvm::SmallVector<mlir::Value> buildWords(mlir::ImplicitLocOpBuilder &b,
                                          const RandomSource &source,
                                          int64_t planes);

/// Uniform in (0, 1), of one word.
mlir::Value buildUniform(mlir::ImplicitLocOpBuilder &b, mlir::Value word);

/// Centred, of a word and the `bits` lower ones of another, of which there are
/// at most 23: never 0, exact to 2^-(33 + bits).
mlir::Value buildCentred(mlir::ImplicitLocOpBuilder &b, mlir::Value word,
                         mlir::Value more, int64_t bits);

/// -log(1 - u) of a centred uniform number: exponential.
mlir::Value buildExponential(mlir::ImplicitLocOpBuilder &b,
                             mlir::Value centred);

/// The same of two words of a stream.
mlir::Value drawExponential(mlir::ImplicitLocOpBuilder &b,
                            const RandomSource &source);
/// A centred uniform number of two words of a stream.
mlir::Value drawCentred(mlir::ImplicitLocOpBuilder &b,
                        const RandomSource &source);
/// Standard normal numbers.
mlir::Value drawNormal(mlir::ImplicitLocOpBuilder &b,
                       const RandomSource &source);

} // namespace dither

#endif // DITHER_OPS_RANDOM_DRAWS_H
