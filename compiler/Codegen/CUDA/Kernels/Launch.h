//===- Launch.h - Kernels as they are launched ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_LAUNCH_H
#define DITHER_CODEGEN_CUDA_KERNELS_LAUNCH_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// Threads of a block, and of a warp.
constexpr int64_t blockThreads = 256, warpThreads = 32;

/// A launch of one-dimensional blocks of `blockThreads` that is being built:
/// `b` inserts into its body.
struct Launch {
  /// `grid` has one to three extents, of which the first may have 2^31 - 1
  /// blocks, the others 65535.
  Launch(mlir::ImplicitLocOpBuilder &b, mlir::ValueRange grid,
         int64_t threads = blockThreads);
  ~Launch();
  Launch(const Launch &) = delete;

  /// Adds shared memory to it.
  mlir::Value addShared(llvm::ArrayRef<int64_t> shape, mlir::Type element);

  mlir::gpu::LaunchOp op;
  mlir::Value thread;
  mlir::Value block[3];

private:
  mlir::ImplicitLocOpBuilder &b;
  mlir::OpBuilder::InsertPoint after;
};

/// Emits small arithmetic on indices; of what is known, constants.
mlir::Value emitConstant(mlir::ImplicitLocOpBuilder &b, int64_t value);
mlir::Value emitDim(mlir::ImplicitLocOpBuilder &b, mlir::Value memory,
                    int64_t dim);
mlir::Value emitAdd(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                    mlir::Value y);
mlir::Value emitMul(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                    mlir::Value y);
mlir::Value emitDiv(mlir::ImplicitLocOpBuilder &b, mlir::Value x, int64_t y);
mlir::Value emitRem(mlir::ImplicitLocOpBuilder &b, mlir::Value x, int64_t y);
mlir::Value emitLess(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                     mlir::Value y);
/// The number of parts of `size` that hold `x`.
mlir::Value emitParts(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                      int64_t size);

/// Emits the place of an element of a static shape, by its row-major number.
llvm::SmallVector<mlir::Value> emitPlaceOf(mlir::ImplicitLocOpBuilder &b,
                                           mlir::Value number,
                                           llvm::ArrayRef<int64_t> shape);

/// Emits `scf.if` and what is in it.
void emitIf(mlir::ImplicitLocOpBuilder &b, mlir::Value condition,
            llvm::function_ref<void()> body);
/// Emits `scf.for` over [from, to) that carries values.
llvm::SmallVector<mlir::Value>
emitFor(mlir::ImplicitLocOpBuilder &b, mlir::Value from, mlir::Value to,
        int64_t step, mlir::ValueRange carried,
        llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value,
                                                          mlir::ValueRange)>
            body);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_LAUNCH_H
