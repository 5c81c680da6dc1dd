//===- Slopes.h - Gradients against finite differences -------- -*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_CHECK_SLOPES_H
#define DITHER_COMPILER_CHECK_SLOPES_H

#include "Dither/IR/Dither.h"

namespace dither {

/// The largest differences between gradients and slopes, relative to the
/// largest slope along the same argument; infinite where either is NaN.
struct GradientErrors {
  double first = 0;
  /// Of the gradient of the gradient.
  std::optional<double> second;
};

/// What a correct gradient of f64 stays below.
constexpr double gradientTolerance = 1e-7;

/// Differentiates a function with respect to its f64 arguments, with its batch
/// dynamic and static, once or twice, and compares what that gives at
/// `arguments` with slopes: differences of the function that are extrapolated
/// to steps of no length.
llvm::FailureOr<GradientErrors>
checkGradients(mlir::func::FuncOp function,
               llvm::ArrayRef<HostTensor> arguments, int64_t batch,
               bool isSmooth, uint64_t seed);

/// The derivative, at 0, of a function whose `getDifference(h)` is
/// (f(h) - f(-h)) / 2h. Steps may be larger than the distance to a kink.
double extrapolateSlope(llvm::function_ref<double(double)> getDifference);

} // namespace dither

#endif // DITHER_COMPILER_CHECK_SLOPES_H
