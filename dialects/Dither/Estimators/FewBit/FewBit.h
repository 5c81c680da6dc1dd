//===- FewBit.h - Piecewise-constant derivatives ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_ESTIMATORS_FEWBIT_FEWBIT_H
#define DITHER_ESTIMATORS_FEWBIT_FEWBIT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace dither {

/// A function that is constant between ascending boundaries: `levels[i]` where
/// `i` boundaries are below x.
struct StepFunction {
  llvm::SmallVector<double> boundaries, levels;

  double evaluate(double x) const;
};

/// The step function of `numLevels` levels with the least weighted squared
/// distance to `values` at ascending `points`, of all step functions whose
/// boundaries lie midway between points. `numLevels` is at most the number of
/// points; weights are positive.
StepFunction fitStepFunction(llvm::ArrayRef<double> points,
                             llvm::ArrayRef<double> values,
                             llvm::ArrayRef<double> weights, int64_t numLevels);

/// The best step function of 2^bits levels under the standard normal density.
StepFunction
approximateDerivative(llvm::function_ref<double(double)> derivative,
                      int64_t bits);

} // namespace dither

#endif // DITHER_ESTIMATORS_FEWBIT_FEWBIT_H
