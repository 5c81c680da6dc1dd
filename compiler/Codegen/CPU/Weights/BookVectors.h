//===- BookVectors.h - Vectors of weights from a book -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_BOOKVECTORS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_BOOKVECTORS_H

#include "compiler/Codegen/CPU/Weights/PackedFields.h"

namespace dither {

/// The codes of a vector format and its book in memory. A vector is eight
/// bytes, so that one load brings all of it.
class BookVectors {
public:
  /// `dense` is the type of the matrix.
  BookVectors(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange parts,
              mlir::RankedTensorType dense, FormatAttrInterface format,
              int64_t lanes);

  /// Elements of a vector.
  int64_t getSize() const { return size; }

  /// Emits the vectors of `count` elements from `k` on: of each, for each four
  /// elements, their bytes as a vector of i32.
  llvm::SmallVector<mlir::Value> emitWords(mlir::ImplicitLocOpBuilder &b,
                                           mlir::Value k, int64_t count,
                                           Panel panel) const;

private:
  /// The rows of the book that the codes of a vector say.
  llvm::SmallVector<mlir::Value>
  emitRows(mlir::ImplicitLocOpBuilder &b,
           llvm::ArrayRef<mlir::Value> fields) const;
  /// The vectors of half of the lanes in rows of the book, as bytes.
  mlir::Value emitGather(mlir::ImplicitLocOpBuilder &b, mlir::Value base,
                         mlir::Value rows, int64_t half) const;

  PartView codes;
  mlir::Value book;
  FormatAttrInterface format;
  int64_t lanes, size, codesPerVector;
};

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_BOOKVECTORS_H
