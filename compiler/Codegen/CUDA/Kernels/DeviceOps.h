//===- DeviceOps.h - Ops that have kernels of their own ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_DEVICEOPS_H
#define DITHER_CODEGEN_CUDA_KERNELS_DEVICEOPS_H

#include "Dither/IR/Dither.h"

namespace dither {

/// An op on tensors of static shapes that a device has kernels of: what linalg
/// and loops would say of it leaves one thread.
struct DeviceOp {
  llvm::StringRef name;
  /// What is in the memory of the results when the kernels begin: nothing,
  /// zeros, or an operand that they change.
  enum Start { nothing, zeros, operand } start;
  unsigned operandNumber;
  /// Emits the kernels.
  void (*emit)(mlir::ImplicitLocOpBuilder &b, OnDeviceOp op);
};

/// The entry of an op; null if it has none.
const DeviceOp *findDeviceOp(llvm::StringRef name);

/// `dither.top_mask`. The threshold is found four bits at a time, from the
/// highest on: each launch counts keys by all blocks. No order of sums matters.
void emitTopMask(mlir::ImplicitLocOpBuilder &b, OnDeviceOp op);

/// `dither.list_rows`: a block has a column, before and after a scan of their
/// counts.
void emitListRows(mlir::ImplicitLocOpBuilder &b, OnDeviceOp op);
/// `dither.gather_listed` and `dither.scatter_listed`: a block has a column.
void emitGatherListed(mlir::ImplicitLocOpBuilder &b, OnDeviceOp op);
void emitScatterListed(mlir::ImplicitLocOpBuilder &b, OnDeviceOp op);

/// `dither.scatter`: a block has a row of the updates, and writes it if no
/// later one has the same place.
void emitScatter(mlir::ImplicitLocOpBuilder &b, OnDeviceOp op);
/// `dither.scatter_add`: a block has a row of the updates, and adds all later
/// ones of the same place, too, if no earlier one has it.
void emitScatterAdd(mlir::ImplicitLocOpBuilder &b, OnDeviceOp op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_DEVICEOPS_H
