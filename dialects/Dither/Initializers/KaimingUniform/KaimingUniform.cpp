//===- KaimingUniform.cpp - Uniform by the fan in -------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include <cmath>

using namespace mlir;
using namespace dither;

LogicalResult
KaimingUniformAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           FloatAttr gain) {
  if (gain && !(gain.getValueAsDouble() > 0))
    return emitError() << "(C1) `gain` is " << gain.getValueAsDouble()
                       << "; it must be positive";
  return success();
}

Value KaimingUniformAttr::buildInitial(ImplicitLocOpBuilder &b,
                                       RankedTensorType type, Value rng,
                                       int64_t stream) const {
  double gain = getGain() ? getGain().getValueAsDouble() : M_SQRT2;
  int64_t fanIn = type.getRank() > 0 ? type.getDimSize(0) : 1;
  double bound = gain * std::sqrt(3.0 / std::max<int64_t>(fanIn, 1));
  // u - 1/2 is exact: u is an odd multiple of 2^-25.
  Value u =
      UniformOp::create(b, withElement(type, b.getF32Type()), rng, stream);
  Value centered = SubOp::create(b, u, buildScalarLike(b, 0.5, u));
  Value value =
      MulOp::create(b, centered, buildScalarLike(b, 2 * bound, centered));
  return CastOp::create(b, type, value);
}
