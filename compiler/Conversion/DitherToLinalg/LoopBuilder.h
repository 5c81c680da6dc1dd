//===- LoopBuilder.h - Loops over elements of tensors -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CONVERSION_DITHERTOLINALG_LOOPBUILDER_H
#define DITHER_CONVERSION_DITHERTOLINALG_LOOPBUILDER_H

#include "Dither/IR/Dither.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace dither {

/// Loops that carry tensors and numbers.
class LoopBuilder {
public:
  LoopBuilder(mlir::Location loc, mlir::OpBuilder &builder) : b(loc, builder) {}

  mlir::Value index(int64_t value) {
    return mlir::arith::ConstantIndexOp::create(b, value);
  }
  mlir::Value integer(int64_t value, unsigned bits = 32) {
    return mlir::arith::ConstantOp::create(
        b,
        b.getIntegerAttr(b.getIntegerType(bits),
                         llvm::APInt(bits, uint64_t(value), /*isSigned=*/true,
                                     /*implicitTrunc=*/true)));
  }
  mlir::Value extract(mlir::Value tensor, mlir::ValueRange position) {
    return mlir::tensor::ExtractOp::create(b, tensor, position);
  }
  mlir::Value insert(mlir::Value element, mlir::Value tensor,
                     mlir::ValueRange position) {
    return mlir::tensor::InsertOp::create(b, element, tensor, position);
  }
  /// An unsigned element as an index.
  mlir::Value extractIndex(mlir::Value tensor, mlir::Value position) {
    return mlir::arith::IndexCastUIOp::create(b, b.getIndexType(),
                                              extract(tensor, position));
  }
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value x,
                      mlir::Value y) {
    return mlir::arith::CmpIOp::create(b, predicate, x, y);
  }
  mlir::Value zeros(mlir::RankedTensorType type) {
    mlir::Value zero = mlir::arith::ConstantOp::create(
        b, b.getZeroAttr(type.getElementType()));
    mlir::Value empty = mlir::tensor::EmptyOp::create(b, type.getShape(),
                                                      type.getElementType());
    return mlir::linalg::FillOp::create(b, zero, empty).getResult(0);
  }

  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::Value, mlir::ValueRange)>;
  llvm::SmallVector<mlir::Value> loop(mlir::Value from, mlir::Value to,
                                      mlir::ValueRange carried, Body body) {
    auto loop = mlir::scf::ForOp::create(b, from, to, index(1), carried);
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    mlir::scf::YieldOp::create(
        b, body(loop.getInductionVar(), loop.getRegionIterArgs()));
    return llvm::SmallVector<mlir::Value>(loop.getResults());
  }

  /// For each listed element: its position and place.
  mlir::Value listLoop(mlir::Value rows, mlir::Value offsets,
                       mlir::Value carried,
                       llvm::function_ref<mlir::Value(mlir::Value, mlir::Value,
                                                      mlir::Value, mlir::Value)>
                           body) {
    int64_t columns =
        llvm::cast<mlir::RankedTensorType>(offsets.getType()).getDimSize(0) - 1;
    auto emitColumn =
        [&](mlir::Value j,
            mlir::ValueRange outer) -> llvm::SmallVector<mlir::Value> {
      mlir::Value from = extractIndex(offsets, j);
      mlir::Value next = mlir::arith::AddIOp::create(b, j, index(1));
      return loop(from, extractIndex(offsets, next), outer,
                  [&](mlir::Value p, mlir::ValueRange inner)
                      -> llvm::SmallVector<mlir::Value> {
                    return {body(p, extractIndex(rows, p), j, inner[0])};
                  });
    };
    return loop(index(0), index(columns), carried, emitColumn)[0];
  }

  mlir::ImplicitLocOpBuilder b;
};

} // namespace dither

#endif // DITHER_CONVERSION_DITHERTOLINALG_LOOPBUILDER_H
