//===- TrainingLog.h - What a training reports ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_TRAININGLOG_H
#define DITHER_TOOLS_DITHER_TRAININGLOG_H

#include "mlir/Support/LLVM.h"
#include <optional>
#include <string>
#include <vector>

namespace dither {

/// What one epoch gave. The numbers of the metric are means over all samples
/// of a set after the epoch; the loss is the mean over the epoch's steps.
struct EpochResult {
  int64_t epoch = 0; ///< from 1
  double loss = 0, rate = 0, seconds = 0;
  std::optional<double> trainMetric, testMetric;
};

/// The epochs of a training in `<folder>/log.jsonl`, one object a line.
class TrainingLog {
public:
  explicit TrainingLog(const std::string &folder);

  /// Keeps the epochs up to `last` of a log that is already there.
  llvm::LogicalResult keepUntil(int64_t last);
  /// Adds an epoch and writes the file, atomically.
  llvm::LogicalResult add(const EpochResult &result);
  llvm::ArrayRef<EpochResult> getEpochs() const { return epochs; }

private:
  std::string path;
  std::string text;
  std::vector<EpochResult> epochs;
};

/// "epoch 3/60  loss 0.1234  train 0.9812  test 0.9700  rate 9.50e-04".
std::string formatEpoch(const EpochResult &result, int64_t epochs);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_TRAININGLOG_H
