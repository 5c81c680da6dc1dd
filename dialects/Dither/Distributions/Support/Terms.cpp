//===- Terms.cpp - Densities and draws as formulas ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Terms.h"

using namespace mlir;
using namespace dither;

DrawBuilder::DrawBuilder(ImplicitLocOpBuilder &b, RankedTensorType type,
                         ValueRange parameters, Value rng, int64_t stream)
    : b(&b), type(type), wide(withElement(type, getWideElement(type))),
      rows(findRows(type, parameters)), rng(rng), stream(stream) {
  for (Value parameter : parameters)
    this->parameters.push_back(buildWide(b, parameter));
}

Term DrawBuilder::fill(Term x) const {
  if (x.value.getType() == wide)
    return x;
  // The noise has the shape, and is never computed for it alone.
  Value noise = RandomBitsOp::create(*b, withElement(wide, b->getI32Type()),
                                     rng, rows, b->getI64IntegerAttr(stream));
  return {b, BroadcastOp::create(*b, x.value, noise)};
}

Value DrawBuilder::finish(Term x) const {
  return buildCast(*b, fill(x).value, type.getElementType());
}

Value dither::buildWideDensity(
    ImplicitLocOpBuilder &b, Value sample, ValueRange parameters,
    function_ref<Term(Term, ArrayRef<Term>)> density) {
  Type element = getElementTypeOrSelf(sample.getType());
  SmallVector<Term> terms;
  for (Value parameter : parameters)
    terms.push_back({&b, buildWide(b, parameter)});
  return buildCast(b, density({&b, buildWide(b, sample)}, terms).value,
                   element);
}

Term dither::limitTo(Term isInside, Term density) {
  return choose(isInside, density, density.constant(-INFINITY));
}
