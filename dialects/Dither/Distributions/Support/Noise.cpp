//===- Noise.cpp - Random numbers that draws are made of ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Noise.h"

using namespace mlir;
using namespace dither;

Value dither::findRows(RankedTensorType type, ValueRange parameters) {
  if (type.getRank() == 0 || !type.isDynamicDim(0))
    return {};
  for (Value parameter : parameters) {
    auto candidate = cast<RankedTensorType>(parameter.getType());
    if (candidate.getRank() > 0 && candidate.isDynamicDim(0))
      return parameter;
  }
  return {};
}

Value dither::buildOwnRng(ImplicitLocOpBuilder &b, Value rng, int64_t stream,
                          int64_t number) {
  Value constant = buildScalar(b, double(number), b.getI64Type());
  return FoldInOp::create(b, rng, constant, stream);
}
