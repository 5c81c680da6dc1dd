//===- Regions.h - What ops with regions are given --------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_INTERFACES_REGIONS_H
#define DITHER_INTERFACES_REGIONS_H

#include "Dither/Interfaces/HostTensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// Interprets a region of the op that runs, with arguments for its block, and
/// gives what it yields.
using RunRegion =
    llvm::function_ref<llvm::FailureOr<llvm::SmallVector<HostTensor>>(
        mlir::Region &, llvm::ArrayRef<HostTensor>)>;

/// Differentiates regions for the ops that have them.
class ReverseSweep {
public:
  virtual ~ReverseSweep() = default;

  /// Copies the ops of a region to where `b` stands, with `arguments` for those
  /// of its block, and builds behind them the gradients (null: zero) of
  /// `wanted`, which are captures and some of `arguments`, from those of what
  /// the region yields (null: zero). Failure after an error.
  virtual llvm::FailureOr<llvm::SmallVector<mlir::Value>>
  run(mlir::ImplicitLocOpBuilder &b, mlir::Region &region,
      mlir::ValueRange arguments, llvm::ArrayRef<mlir::Value> dys,
      llvm::ArrayRef<mlir::Value> wanted) = 0;

  /// Which of the yielded values depend on `values`, which are captures or
  /// arguments of the region's block.
  virtual llvm::SmallVector<bool>
  findDependents(mlir::Region &region, llvm::ArrayRef<mlir::Value> values) = 0;
};

} // namespace dither

#endif // DITHER_INTERFACES_REGIONS_H
