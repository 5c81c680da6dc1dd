//===- IntegerWeights.h - Codes of weights as bytes -------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_INTEGERWEIGHTS_H
#define DITHER_CODEGEN_CUDA_KERNELS_INTEGERWEIGHTS_H

#include "compiler/Codegen/CPU/Weights/PackedFields.h"

namespace dither {

/// Whether codes of x meet codes of the matrix that are integers of up to 8
/// bits in words, without a pattern, and one scale serves whole instructions.
bool isForIntegerCores(ContractOp op);

/// The matrix of such a product. Its codes become signed bytes, four of them in
/// a word: those of a column that follow each other along the contraction.
class IntegerWeights {
public:
  /// Columns that a thread decodes together: 16 bytes of words.
  static constexpr int64_t panelColumns = 4;
  static constexpr int64_t wordBytes = 4;

  IntegerWeights(mlir::ImplicitLocOpBuilder &b, ContractOp op);

  /// Elements along the contraction that words are decoded of together.
  int64_t getStep() const { return step; }
  /// Those that have one scale, and whether that is all of them.
  int64_t getGroup() const { return group; }
  bool isWhole() { return group == op.getDepth(); }

  /// Emits the words of `count` elements, whole steps, from `k` on, each of a
  /// panel of columns from `column` on; zeros where there are none.
  llvm::SmallVector<mlir::Value> emitWords(mlir::ImplicitLocOpBuilder &b,
                                           mlir::Value k, int64_t count,
                                           mlir::Value column);

  /// Emits the tile `sums` and the `products` of the group of element `k`,
  /// which get their scales. The tiles begin at a column of the result; those
  /// that it does not have are its last ones.
  mlir::Value emitScaled(mlir::ImplicitLocOpBuilder &b, mlir::Value k,
                         mlir::Value firstColumn, mlir::Value sums,
                         mlir::Value products);

private:
  mlir::Value emitSigned(mlir::ImplicitLocOpBuilder &b, mlir::Value words);
  mlir::Value emitScales(mlir::ImplicitLocOpBuilder &b, mlir::Value k,
                         Panel panel);

  ContractOp op;
  FormatAttrInterface format;
  IntegerCodes integers;
  int64_t group, step;
  PackedFields codes;
  PackedScales scales;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_INTEGERWEIGHTS_H
