//===- GenericBody.h - The body of a linalg op, at a place ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_GENERICBODY_H
#define DITHER_CODEGEN_CUDA_KERNELS_GENERICBODY_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// What makes a result, or a row of them.
enum class ElementKernelKind {
  threads, ///< a thread
  warps,   ///< a warp
  blocks   ///< a block of threads
};

/// Emits what an op on buffers does at one place of its loops.
class GenericBody {
public:
  GenericBody(mlir::ImplicitLocOpBuilder &b, mlir::linalg::GenericOp op)
      : position(op.getNumLoops()), b(b), op(op) {}

  /// How many iterations each loop has: to be asked for outside of a launch.
  void emitExtents();
  /// The product of the extents of some loops.
  mlir::Value emitCount(llvm::ArrayRef<unsigned> loops);
  /// Sets the places of loops, of which `number` counts the iterations.
  void setPosition(llvm::ArrayRef<unsigned> loops, mlir::Value number);

  /// Values of the body at the present place, with results as given.
  llvm::SmallVector<mlir::Value> emitValues(mlir::ValueRange results,
                                            mlir::ValueRange wanted);
  /// What the body yields.
  llvm::SmallVector<mlir::Value> emitYield(mlir::ValueRange results);
  /// An element of an operand.
  mlir::Value emitLoad(mlir::OpOperand &operand);
  void emitStore(mlir::OpOperand &init, mlir::Value result);

  /// Whether results of different iterations of a loop are different elements
  /// of a result, whatever other loops do: some dimension counts it alone. Of
  /// windows that overlap, loops over windows write to the same elements.
  bool isAlone(unsigned loop, mlir::OpOperand &init);

  /// Iterations, if static, or what to reckon with.
  int64_t estimateCount(llvm::ArrayRef<unsigned> loops);

  llvm::SmallVector<mlir::Value> extents;
  /// Of each loop; null where no place is set.
  llvm::SmallVector<mlir::Value> position;

private:
  mlir::Value emitExtent(unsigned loop);
  llvm::SmallVector<mlir::Value> emitPlace(mlir::AffineMap map);
  llvm::SmallVector<mlir::Value> getKnownPosition();

  mlir::ImplicitLocOpBuilder &b;
  mlir::linalg::GenericOp op;
};

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_GENERICBODY_H
