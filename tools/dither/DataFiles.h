//===- DataFiles.h - Samples from files -------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TOOLS_DITHER_DATAFILES_H
#define DITHER_TOOLS_DITHER_DATAFILES_H

#include "tools/dither/Dataset.h"

namespace dither {

/// Reads samples for inputs of the given types, batch first. The files are one
/// of:
///   - a table (.csv, .csv.gz, or a matrix in .npy): a sample is a line, its
///     columns are those of the inputs, one input behind the other;
///   - a .safetensors file with the tensors "x" and, for a second input, "y";
///   - one .npy file for each input.
/// Numbers of other types are converted. Those that are not finite or do not
/// fit are an error.
llvm::FailureOr<Dataset>
loadDataset(llvm::ArrayRef<std::string> paths,
            llvm::ArrayRef<mlir::RankedTensorType> types);

} // namespace dither

#endif // DITHER_TOOLS_DITHER_DATAFILES_H
