//===- Dataset.h - Samples for training -------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_DATASET_H
#define DITHER_TOOLS_DITHER_DATASET_H

#include "Dither/Interfaces/HostTensor.h"
#include "mlir/IR/BuiltinTypes.h"

namespace dither {

/// Samples in memory: one tensor for each input of the loss, samples first.
struct Dataset {
  std::vector<HostTensor> inputs;
  int64_t count = 0;

  /// The samples of the given indices, as new tensors.
  Dataset gather(llvm::ArrayRef<int64_t> indices) const;
  /// Copies samples into tensors that are already there.
  void gatherInto(llvm::ArrayRef<int64_t> indices,
                  std::vector<HostTensor> &tensors) const;
};

/// Where samples come from; `labels` only beside an .npy file.
struct DataFiles {
  std::string data, labels;
};

/// Reads samples for inputs of the given types (batch first): a table (.csv,
/// .csv.gz) whose last column is the label where there are two inputs, a
/// safetensors file with tensors "x" and "y", or .npy files. Numbers are
/// rounded to the inputs' types; values that are not finite, labels that are no
/// integers and what a type cannot hold are errors.
llvm::FailureOr<Dataset>
loadDataset(const DataFiles &files,
            llvm::ArrayRef<mlir::RankedTensorType> types);

/// Every `every`-th sample, from `offset` on, is for the test.
struct Split {
  std::vector<int64_t> train, test;
};
Split splitDataset(int64_t count, int64_t every, int64_t offset);

/// The order of an epoch: a Fisher-Yates shuffle by Philox with the key `seed`
/// and the step `epoch`.
void shuffle(std::vector<int64_t> &indices, uint64_t seed, uint64_t epoch);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_DATASET_H
