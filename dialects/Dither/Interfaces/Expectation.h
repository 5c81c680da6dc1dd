//===- Expectation.h - What sample estimators are given ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_INTERFACES_EXPECTATION_H
#define DITHER_INTERFACES_EXPECTATION_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// The derivative of a distribution: scale (positive - negative).
struct MeasuredDerivative {
  mlir::Value scale, positive, negative;
};

/// Builds the rest of the region of an expectation for a value of a random
/// node, and gives the cost. Failure after an error.
using BuildCost = llvm::function_ref<llvm::FailureOr<mlir::Value>(
    mlir::ImplicitLocOpBuilder &, mlir::Value)>;

/// A part of the gradient of an expectation that is not the gradient of its
/// cost: that of `score`, times `signal` and `weight` (null: 1), all of the
/// shape of the cost.
struct ScoreTerm {
  mlir::Value score, signal, weight;
  /// Whether what other samples of the expectation have cost is taken off the
  /// signal.
  bool leaveOneOut = false;
};

/// An expectation while its nodes are built.
struct Expectation {
  /// The type of the cost of one sample.
  mlir::RankedTensorType cost;
  /// Whether costs are averaged as exponents, which leaves no linear way to
  /// split them.
  bool isBound = false;
  llvm::SmallVector<ScoreTerm> terms;
};

/// Runs `build` once for each of `numbers`, in a loop: the costs, stacked. So
/// are the terms that it adds.
llvm::FailureOr<mlir::Value>
buildRuns(mlir::ImplicitLocOpBuilder &b, mlir::Value numbers,
          Expectation &expectation,
          llvm::function_ref<llvm::FailureOr<mlir::Value>(mlir::Value)> build);

/// Sums what belongs to the elements of a node to what belongs to the rows of a
/// cost. All elements of a node that rows share belong to each of them.
mlir::Value buildRowSums(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                         const Expectation &expectation, bool isShared,
                         mlir::Value cost);

/// Checks a distribution whose draws are single elements: parameters broadcast
/// to the shape of the sample and have its floating-point elements.
llvm::LogicalResult verifyElementwiseDistribution(
    llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
    llvm::ArrayRef<llvm::StringRef> names,
    llvm::ArrayRef<mlir::RankedTensorType> parameters,
    mlir::RankedTensorType sample);

} // namespace dither

#endif // DITHER_INTERFACES_EXPECTATION_H
