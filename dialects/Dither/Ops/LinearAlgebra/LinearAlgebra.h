//===- LinearAlgebra.h - Expressions in matrices ----------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_LINEARALGEBRA_LINEARALGEBRA_H
#define DITHER_OPS_LINEARALGEBRA_LINEARALGEBRA_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Shorthand for expressions in matrices, which are the last two dimensions of
/// tensors. Where nothing else is said, there may be dimensions before them.
class MatrixBuilder {
public:
  explicit MatrixBuilder(mlir::ImplicitLocOpBuilder &b) : b(b) {}

  static llvm::ArrayRef<int64_t> getShape(mlir::Value x) {
    return mlir::cast<mlir::RankedTensorType>(x.getType()).getShape();
  }
  static int64_t getRows(mlir::Value x) {
    return getShape(x).drop_back().back();
  }
  static int64_t getColumns(mlir::Value x) { return getShape(x).back(); }

  mlir::Value add(mlir::Value x, mlir::Value y) {
    return AddOp::create(b, x, y);
  }
  mlir::Value sub(mlir::Value x, mlir::Value y) {
    return SubOp::create(b, x, y);
  }
  mlir::Value mul(mlir::Value x, mlir::Value y) {
    return MulOp::create(b, x, y);
  }
  mlir::Value div(mlir::Value x, mlir::Value y) {
    return DivOp::create(b, x, y);
  }
  mlir::Value scale(double factor, mlir::Value x) {
    return mul(x, buildScalarLike(b, factor, x));
  }
  mlir::Value select(mlir::Value condition, mlir::Value x, mlir::Value y) {
    return SelectOp::create(b, condition, x, y);
  }
  /// Where a condition holds x, else a number.
  mlir::Value selectOr(mlir::Value condition, mlir::Value x, double otherwise) {
    return select(condition, x, buildScalarLike(b, otherwise, x));
  }
  mlir::Value compare(Predicate predicate, mlir::Value x, mlir::Value y) {
    return CompareOp::create(b, predicate, x, y);
  }
  /// Compares elements with a number.
  mlir::Value compare(Predicate predicate, mlir::Value x, double y) {
    return compare(predicate, x, buildScalarLike(b, y, x));
  }
  mlir::Value reduce(ReduceKind kind, mlir::Value x,
                     llvm::ArrayRef<int64_t> dims, bool keep) {
    return ReduceOp::create(b, kind, x, b.getDenseI64ArrayAttr(dims), keep);
  }

  /// The product of two matrices, of which `transposeX` and `transposeY` take
  /// the transpose.
  mlir::Value multiply(mlir::Value x, mlir::Value y, bool transposeX = false,
                       bool transposeY = false);
  mlir::Value transpose(mlir::Value x);
  /// (x + x') / 2.
  mlir::Value symmetrize(mlir::Value x);

  /// The numbers 0, 1, ... (i32) along a dimension of a shape.
  mlir::Value count(llvm::ArrayRef<int64_t> shape, int64_t dim);
  /// Where the number of the row compares so with that of the column.
  mlir::Value compareRows(Predicate predicate, int64_t rows, int64_t columns);
  /// x at these places, else 0.
  mlir::Value keep(mlir::Value x, Predicate predicate);
  /// The lower triangle, with half of the diagonal.
  mlir::Value keepHalf(mlir::Value x);
  mlir::Value identity(int64_t extent, mlir::Type element);
  /// `[..., n]` of `[..., n, n]`.
  mlir::Value getDiagonal(mlir::Value x);
  /// `[..., n]` as `[..., n, 1]` and as `[..., 1, n]`.
  mlir::Value asColumn(mlir::Value x);
  mlir::Value asRow(mlir::Value x);

  /// Elements `first, ..., first + count - 1` along a dimension.
  mlir::Value slice(mlir::Value x, int64_t dim, int64_t first, int64_t count);
  mlir::Value concat(mlir::ValueRange xs, int64_t dim) {
    return ConcatOp::create(b, xs, dim);
  }
  /// x with zeros in front of and behind its rows and columns; of rank 2.
  mlir::Value pad(mlir::Value x, llvm::ArrayRef<int64_t> low,
                  llvm::ArrayRef<int64_t> high) {
    return PadOp::create(b, x, b.getDenseI64ArrayAttr(low),
                         b.getDenseI64ArrayAttr(high), mlir::FloatAttr());
  }
  mlir::Value reverse(mlir::Value x, llvm::ArrayRef<int64_t> dims) {
    return ReverseOp::create(b, x, b.getDenseI64ArrayAttr(dims));
  }

  using BuildMatrix =
      llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::ValueRange)>;
  /// Runs `build` on each matrix of tensors and stacks what it makes.
  llvm::SmallVector<mlir::Value> forEachMatrix(mlir::ValueRange xs,
                                               BuildMatrix build);

  mlir::ImplicitLocOpBuilder &b;
};

/// Rows of a block. There are no more than 16 blocks, however large a matrix
/// is, as each is written out.
inline int64_t getBlockRows(int64_t rows) {
  return std::max<int64_t>(32, llvm::divideCeil(rows, 16));
}

} // namespace dither

#endif // DITHER_OPS_LINEARALGEBRA_LINEARALGEBRA_H
