//===- CarriedState.h - What scans carry from element to element *- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_CARRIEDSTATE_H
#define DITHER_CODEGEN_CUDA_KERNELS_CARRIEDSTATE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// A result that each element of a row changes, where parts of a row can be
/// combined before it is known what comes before them. A part is known by one
/// value or two, of which the last is the state behind it if nothing is before.
class CarriedState {
public:
  /// Nothing if parts cannot be combined.
  static std::optional<CarriedState> match(mlir::linalg::GenericOp op,
                                           mlir::OpOperand &init);

  /// Values of the body: the part of one element.
  llvm::ArrayRef<mlir::Value> getElement() const { return element; }
  /// The part of no element.
  llvm::SmallVector<mlir::Value>
  emitNeutral(mlir::ImplicitLocOpBuilder &b) const;
  /// An earlier part and a later one.
  llvm::SmallVector<mlir::Value> emitCombined(mlir::ImplicitLocOpBuilder &b,
                                              mlir::ValueRange earlier,
                                              mlir::ValueRange later) const;

private:
  bool matchOperation();
  bool matchExponentials();
  bool matchLinear();
  mlir::Value emitProduct(mlir::ImplicitLocOpBuilder &b, mlir::Value factor,
                          mlir::Value x, bool isState) const;

  mlir::Value before, after;
  llvm::SmallVector<mlir::Value, 2> element;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_CARRIEDSTATE_H
