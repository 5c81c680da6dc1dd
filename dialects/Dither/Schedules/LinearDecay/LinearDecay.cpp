//===- LinearDecay.cpp - From 1 in a straight line ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

LogicalResult
LinearDecayAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                        FloatAttr to) {
  double value = to.getValueAsDouble();
  if (!(value >= 0 && value <= 1))
    return emitError() << "(C1) `to` is " << value << "; it must be in [0, 1]";
  return success();
}

double LinearDecayAttr::getFactor(double progress) const {
  return 1 - progress * (1 - getTo().getValueAsDouble());
}
