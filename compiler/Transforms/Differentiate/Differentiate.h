//===- Differentiate.h - Reverse-mode gradients -----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_TRANSFORMS_DIFFERENTIATE_H
#define DITHER_COMPILER_TRANSFORMS_DIFFERENTIATE_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Where the streams of estimators begin, above those that models use and,
/// should there be any, those that a function has beyond. The first estimated
/// op of a function has the first one, the next one the following, in the order
/// of the ops.
constexpr int64_t firstEstimatorStream = int64_t(1) << 31;

/// The first stream of estimators that no random op of a function has.
int64_t findFreeStream(mlir::func::FuncOp function);

/// Where estimators keep what they remember, in a function that is a step of
/// training.
class EstimatorStates {
public:
  virtual ~EstimatorStates() = default;
  /// The numbers of the samples of the batch, an i32 tensor.
  virtual mlir::Value getSamples() = 0;
  /// Adds the state `name`.
  virtual mlir::Value add(const std::string &name, mlir::RankedTensorType type,
                          mlir::Location loc) = 0;
  /// Sets what it will be after the step.
  virtual void update(const std::string &name, mlir::Value value) = 0;
};

/// Inlines calls but those with a gradient of their own, decomposes ops that
/// are differentiated by their parts, and lets loops keep what their gradients
/// need: what has to be done before the reverse sweep.
llvm::LogicalResult prepareForGradients(mlir::func::FuncOp function);

/// The gradient of a value, from which those of others follow.
struct Seed {
  mlir::Value value, gradient;
};

/// What a reverse sweep of a training step has beside the function.
struct StepContext {
  /// Seed and step for estimators.
  mlir::Value rng;
  EstimatorStates *states = nullptr;
};

/// Builds, before the terminator of a function that has been prepared, the
/// gradients with respect to values of its body from those of others. Without
/// a step, estimators remember nothing, and the seed and step are those of the
/// function, which gets a dither.rng where it has none and an estimator draws.
/// What estimators build is then marked: no gradient passes through it.
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
buildReverse(mlir::func::FuncOp function, llvm::ArrayRef<Seed> seeds,
             llvm::ArrayRef<mlir::Value> wrt,
             const StepContext *step = nullptr);

/// The same for one result, a floating-point number.
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
buildReverse(mlir::func::FuncOp function, mlir::Value result,
             llvm::ArrayRef<mlir::Value> wrt,
             const StepContext *step = nullptr);

/// Adds, after `function`, the function that `dither.vjp` of it calls, and that
/// of `dither.jvp`: inputs and directions to results and derivatives. Null
/// after an error. They are for inlining and have no name of their own.
mlir::func::FuncOp buildVjpFunction(mlir::func::FuncOp function);
mlir::func::FuncOp buildJvpFunction(mlir::func::FuncOp function);

/// Adds the function `<name>.gradient` after `function`; null after an error.
mlir::func::FuncOp buildGradientFunction(mlir::func::FuncOp function);

} // namespace dither

#endif // DITHER_COMPILER_TRANSFORMS_DIFFERENTIATE_H
