//===- EstimatorContext.h - What an estimator is given ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_INTERFACES_ESTIMATORCONTEXT_H
#define DITHER_INTERFACES_ESTIMATORCONTEXT_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

namespace dither {

/// What an estimator is given beside its op, the same in both passes.
struct EstimatorContext {
  /// Seed and step, and the op's own stream of random numbers.
  mlir::Value rng;
  int64_t stream = 0;
  /// The number (i32) in the training set of each sample of the batch. Null
  /// outside of a training step, where nothing is remembered, either.
  mlir::Value samples;
  /// What is remembered, as of `getStates`, and what will be after this step.
  llvm::SmallVector<mlir::Value> states, newStates;
};

} // namespace dither

#endif // DITHER_INTERFACES_ESTIMATORCONTEXT_H
