//===- Rows.cpp - Estimators that keep some rows --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Estimators/Support/Rows.h"
#include <cmath>

using namespace mlir;
using namespace dither;

int64_t dither::countKeptRows(double ratio, int64_t rows) {
  // A decimal ratio is the nearest double: 0.07 of 100 is 7 rows, not 8.
  double kept = ratio * double(rows);
  return std::max<int64_t>(1, std::ceil(kept - 1e-9 * double(rows)));
}

LogicalResult dither::verifyLinear(Operation *op, Attribute estimator) {
  auto linear = dyn_cast<LinearOp>(op);
  if (!linear)
    return op->emitOpError() << estimator << " serves dither.linear";
  auto x = cast<RankedTensorType>(linear.getX().getType());
  if (x.getRank() != 2)
    return op->emitOpError()
           << estimator << " chooses rows of a matrix, not of " << x
           << "; reshape it before";
  return success();
}

LogicalResult dither::verifyStaticRows(Operation *op, Type type,
                                       Attribute estimator) {
  if (cast<RankedTensorType>(type).hasStaticShape())
    return success();
  return op->emitOpError()
         << estimator << " needs a static batch to be differentiated, not "
         << type << "; dither.train and dither-specialize give it one";
}

std::string dither::printLinearProgram(Attribute estimator) {
  std::string program;
  llvm::raw_string_ostream(program)
      << "func.func @f(%x: tensor<12x5xf32>, %w: tensor<5x3xf32>, "
      << "%b: tensor<3xf32>) -> tensor<12x3xf32> {\n"
      << "  %y = dither.linear %x, %w, %b {backward = " << estimator
      << "} : tensor<12x5xf32>, tensor<5x3xf32>, tensor<3xf32>\n"
      << "  return %y : tensor<12x3xf32>\n}\n";
  return program;
}
