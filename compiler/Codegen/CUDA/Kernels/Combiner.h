//===- Combiner.h - How parts of a reduction are combined -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_COMBINER_H
#define DITHER_CODEGEN_CUDA_KERNELS_COMBINER_H

#include "compiler/Codegen/CUDA/Kernels/GenericBody.h"

namespace dither {

/// What threads that each reduce some elements of a row start with, and how the
/// results of two of them become one, in any order: results that are combined
/// by one operation each, or the best element of a row with its index.
class Combiner {
public:
  static std::optional<Combiner> match(mlir::linalg::GenericOp op,
                                       llvm::ArrayRef<unsigned> reduced);

  llvm::ArrayRef<mlir::Type> getTypes() const { return types; }
  /// What a thread starts with.
  llvm::SmallVector<mlir::Value> emitStart(mlir::ImplicitLocOpBuilder &b,
                                           GenericBody &body) const;
  llvm::SmallVector<mlir::Value> emit(mlir::ImplicitLocOpBuilder &b,
                                      mlir::ValueRange x,
                                      mlir::ValueRange y) const;

private:
  bool matchOperations(mlir::linalg::GenericOp op);
  bool matchBest(mlir::linalg::GenericOp op);
  mlir::Value emitIsBetter(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                           mlir::Value held) const;

  llvm::SmallVector<mlir::Type> types;
  /// One for each result; none where the best element is sought.
  llvm::SmallVector<mlir::Operation *> operations;
  /// Whether an element is better than the one that is held, and the index.
  mlir::Value isBetter, element, index;
  mlir::BlockArgument held;
  unsigned loop = 0;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_COMBINER_H
