//===- Draws.cpp - Numbers from random words ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Random/Draws.h"
#include <cmath>

using namespace mlir;
using namespace dither;

SmallVector<Value> dither::buildWords(ImplicitLocOpBuilder &b,
                                      const RandomSource &source,
                                      int64_t planes) {
  // The planes are the last dimension, so that a row depends on nothing but its
  // number.
  SmallVector<int64_t> stacked(source.shape);
  if (planes > 1)
    stacked.push_back(planes);
  Value all = RandomBitsOp::create(
      b, RankedTensorType::get(stacked, b.getI32Type()), source.rng,
      source.like, b.getI64IntegerAttr(int64_t(source.stream)));
  if (planes == 1)
    return {all};
  SmallVector<Value> words;
  SmallVector<int64_t> sizes(stacked), strides(stacked.size(), 1);
  for (int64_t &size : sizes)
    size = ShapedType::isDynamic(size) ? -1 : size;
  sizes.back() = 1;
  for (int64_t plane = 0; plane < planes; ++plane) {
    SmallVector<int64_t> offsets(stacked.size(), 0);
    offsets.back() = plane;
    Value slice = SliceOp::create(b, all, offsets, sizes, strides);
    words.push_back(buildReshape(b, slice, source.shape));
  }
  return words;
}

static Value buildReal(ImplicitLocOpBuilder &b, Value word) {
  return CastOp::create(b, withElement(word.getType(), b.getF32Type()), word);
}

static Value scale(ImplicitLocOpBuilder &b, Value x, int exponent) {
  return MulOp::create(b, x, buildScalarLike(b, std::ldexp(1.0, exponent), x));
}

Value dither::buildUniform(ImplicitLocOpBuilder &b, Value word) {
  // Taken as signed, words of the upper half are those of the lower one less
  // 2^32.
  Value real = buildReal(b, word);
  Value centred =
      scale(b, AddOp::create(b, real, buildScalarLike(b, 0.5, real)), -32);
  Value zero = buildScalarLike(b, 0, real);
  Value isUpper = CompareOp::create(b, Predicate::lt, real, zero);
  Value shift = SelectOp::create(b, isUpper, buildScalarLike(b, 1, real), zero);
  // The sum rounds to 1 where the word is close to 2^32.
  Value below = buildScalarLike(b, 1 - std::ldexp(1.0, -24), real);
  return MinOp::create(b, AddOp::create(b, centred, shift), below);
}

Value dither::buildCentred(ImplicitLocOpBuilder &b, Value word, Value more,
                           int64_t bits) {
  // Few bits, so that their sum with one half is exact.
  Value mask = buildScalarLike(b, double((int64_t(1) << bits) - 1), more);
  Value low = buildReal(b, AndOp::create(b, more, mask));
  low =
      scale(b, AddOp::create(b, low, buildScalarLike(b, 0.5, low)), -int(bits));
  return scale(b, AddOp::create(b, buildReal(b, word), low), -32);
}

Value dither::buildExponential(ImplicitLocOpBuilder &b, Value centred) {
  Value negative = NegOp::create(b, centred);
  Value isSmall = CompareOp::create(b, Predicate::gt, centred,
                                    buildScalarLike(b, 0, centred));
  // u = s, or u = 1 + s, so that 1 - u = -s.
  Value logarithm = SelectOp::create(b, isSmall, Log1pOp::create(b, negative),
                                     LogOp::create(b, negative));
  return NegOp::create(b, logarithm);
}

Value dither::drawCentred(ImplicitLocOpBuilder &b, const RandomSource &source) {
  auto words = buildWords(b, source, 2);
  return buildCentred(b, words[0], words[1], 23);
}

Value dither::drawExponential(ImplicitLocOpBuilder &b,
                              const RandomSource &source) {
  return buildExponential(b, drawCentred(b, source));
}

Value dither::drawNormal(ImplicitLocOpBuilder &b, const RandomSource &source) {
  // Box-Muller; only the cosine half is used, so that an element depends on
  // nothing but its own index. The angle takes the upper 24 bits of a word and
  // leaves the others to the radius, whose exponents are the tail's.
  auto words = buildWords(b, source, 2);
  Value exponential =
      buildExponential(b, buildCentred(b, words[0], words[1], 8));
  Value radius = SqrtOp::create(
      b, MulOp::create(b, exponential, buildScalarLike(b, 2, exponential)));
  Value turns =
      buildReal(b, ShrOp::create(b, words[1], buildScalarLike(b, 8, words[1])));
  Value angle = MulOp::create(
      b, turns, buildScalarLike(b, 2 * M_PI * std::ldexp(1.0, -24), turns));
  return MulOp::create(b, radius, CosOp::create(b, angle));
}
