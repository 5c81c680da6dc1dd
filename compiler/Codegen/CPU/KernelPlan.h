//===- KernelPlan.h - Which kernel a product gets ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All choices of kernels on the CPU: the schedule, the register tile, blocks by
// a model of the caches, and whether threads share the work. `dither tune`
// corrects them by measurement (Pipelines/Tuning.h).
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_KERNELPLAN_H
#define DITHER_CODEGEN_CPU_KERNELPLAN_H

#include "Dither/IR/Dither.h"

namespace dither {

/// What plans depend on besides the product.
struct KernelLimits {
  /// f32 elements of a vector register, and the register tile of floats.
  int64_t lanes = 16, rows = 8, panels = 2;
  /// What the target multiplies with: AMX codes of 8 bits, AMX bf16, AVX-512
  /// VBMI products that are looked up.
  bool hasTiles = false, hasFloatTiles = false, hasLookups = false;
  /// Bytes of a core's caches.
  int64_t firstCache = 32 << 10, secondCache = 512 << 10;
  /// Bytes of a matrix, rows of a product, and operations from which on staging
  /// pays, tiles pay, and threads pay.
  int64_t minBytes = 1 << 19, minRows = 32, minTileRows = 8;
  int64_t parallelFlops = 500000;
};

/// The plan of a product by the model. It gives a transposed matrix, and listed
/// elements, the only schedules that they have.
KernelAttr planKernel(ContractOp op, const KernelLimits &limits);

/// The plan of as few rows as another plan leaves, where their number is not
/// known.
KernelAttr planFewRows(ContractOp op, KernelAttr plan, int64_t lanes);

/// The scratch memory of a product that is planned.
llvm::SmallVector<mlir::MemRefType> getScratchTypes(ContractOp op);

/// Why a plan does not fit a product on a target; empty if it does.
std::string explainNotPlanned(ContractOp op, KernelAttr plan,
                              const KernelLimits &limits);

/// What products have in common that may share a plan: their types and what
/// they do with them, but for epilogues.
std::string getProductKey(ContractOp op);
/// The same of a product of matrices; of a packed one `w` is the dense type,
/// and `hasRows` says that it meets chosen rows of `w`.
std::string makeProductKey(mlir::ShapedType x, bool transposeX,
                           mlir::ShapedType w, bool transposeW,
                           mlir::Attribute pattern = {},
                           mlir::Attribute format = {}, bool hasRows = false);

/// Attribute of a module with plans by such keys, which go before the model.
constexpr llvm::StringLiteral tunedAttrName = "dither.tuned";

/// Plans that differ in one respect from a plan, to be measured beside it: all
/// fit the product.
llvm::SmallVector<KernelAttr> listNeighbours(ContractOp op, KernelAttr plan,
                                             const KernelLimits &limits);

/// Vectors of columns of a dense matrix that are walked down together.
constexpr int64_t directPanels = 8;

/// A dynamic number of rows is taken for this one.
constexpr int64_t assumedRows = 64;

} // namespace dither

#endif // DITHER_CODEGEN_CPU_KERNELPLAN_H
