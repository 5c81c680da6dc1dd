//===- Operations.h - How much an op computes -------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TRANSFORMS_REMATERIALIZE_OPERATIONS_H
#define DITHER_TRANSFORMS_REMATERIALIZE_OPERATIONS_H

#include "mlir/IR/Operation.h"

namespace dither {

/// Operations on elements that an op does with all its regions, where a dynamic
/// extent is `batch`. A multiplication that is added counts as two, a function
/// such as exp as ten; ops that move or describe tensors count as nothing.
int64_t countOperations(mlir::Operation *op, int64_t batch);

/// The same, as often as loops around the op run it.
int64_t countAllRuns(mlir::Operation *op, int64_t batch);

/// Bytes of a tensor where a dynamic extent is `batch`; 0 of all other types.
int64_t countBytes(mlir::Type type, int64_t batch);

} // namespace dither

#endif // DITHER_TRANSFORMS_REMATERIALIZE_OPERATIONS_H
