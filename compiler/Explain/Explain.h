//===- Explain.h - What the compiler knows of a model -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_COMPILER_EXPLAIN_EXPLAIN_H
#define DITHER_COMPILER_EXPLAIN_EXPLAIN_H

#include "compiler/Explain/CostModel.h"
#include "compiler/Pipelines/Pipelines.h"

namespace dither {

/// Where an op was written; the line is 0 if that is not known.
struct SourcePlace {
  std::string file;
  unsigned line = 0, column = 0;
};
/// Of an inlined op, the place in the function that was called.
SourcePlace getSourcePlace(mlir::Location location);

/// A parameter under its representation.
struct ParameterReport {
  std::string name, type, pattern, format, recipe, estimator;
  /// Of the gradient through the representation.
  bool isUnbiased = true;
  int64_t elements = 0, denseBytes = 0, packedBytes = 0;
  double bitsPerWeight() const {
    return elements ? 8.0 * packedBytes / elements : 0;
  }
};

/// A product and the kernel that runs it.
struct ContractionReport {
  std::string function, shape, kernel, rejected;
  SourcePlace place;
  /// How this machine's kernel becomes loops (#dither.kernel); empty if it is
  /// not known.
  std::string plan;
  int64_t denseFlops = 0, doneFlops = 0;
  /// By the cost model, for a packed kernel: nanoseconds at the batch of the
  /// report, and up to where the packed kernel is faster.
  double denseTime = 0, packedTime = 0, bytesRatio = 1;
  BreakEven breakEven;
  bool isPacked() const { return packedTime > 0; }
};

/// An op whose gradient is estimated, in the step of training.
struct EstimatorReport {
  std::string training, op, estimator;
  SourcePlace place;
  bool isUnbiased = false;
  int64_t exactBytes = 0, keptBytes = 0;
};

/// An op that is done again to stay within a budget of memory; the place is
/// that of the op in the model.
struct RecomputedReport {
  std::string op, type;
  SourcePlace place;
  int64_t operations = 0;
};

/// The planned memory of a function.
struct MemoryReport {
  std::string function;
  int64_t arenaFixed = 0, arenaPerBatch = 0;
  /// At the batch of the report.
  int64_t peak = 0;
  /// The arena of the same function without estimators; -1: not of interest.
  int64_t withoutEstimators = -1;
  /// The peak without a budget of memory; -1: there is none.
  int64_t withoutBudget = -1;
  /// Of the whole function, without and with those that are done again.
  int64_t operationsBefore = 0, operationsAfter = 0;
  std::vector<RecomputedReport> recomputed;
};

struct ModelReport {
  int64_t batch = 1;
  std::vector<ParameterReport> parameters;
  std::vector<ContractionReport> contractions;
  std::vector<EstimatorReport> estimators;
  std::vector<MemoryReport> memory;
};

/// Derives all of it from the model: the numbers are those of the compiler's
/// own types and plans. Works on clones.
llvm::FailureOr<ModelReport>
explainModel(mlir::ModuleOp module,
             std::optional<int64_t> memoryBudget = std::nullopt);

/// Adds the products of all functions, or in `train` mode of the steps.
llvm::LogicalResult explainContractions(mlir::ModuleOp module,
                                        ParameterMode mode,
                                        ModelReport &report);

/// In words, from where on a packed product pays.
std::string describeBreakEven(const ContractionReport &contraction);

/// Bytes of a tensor of static shape.
int64_t getTensorBytes(mlir::RankedTensorType type);

} // namespace dither

#endif // DITHER_COMPILER_EXPLAIN_EXPLAIN_H
