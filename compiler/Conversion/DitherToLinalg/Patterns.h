//===- Patterns.h - Lowering patterns by op group ---------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CONVERSION_DITHERTOLINALG_PATTERNS_H
#define DITHER_CONVERSION_DITHERTOLINALG_PATTERNS_H

#include "Dither/IR/Dither.h"
#include "mlir/IR/PatternMatch.h"

namespace dither {

void populateElementwiseToLinalg(mlir::RewritePatternSet &patterns);
void populateReductionToLinalg(mlir::RewritePatternSet &patterns);
void populateScanToLinalg(mlir::RewritePatternSet &patterns);
void populateShapeToLinalg(mlir::RewritePatternSet &patterns);
void populateRearrangeToLinalg(mlir::RewritePatternSet &patterns);
void populateRandomToLinalg(mlir::RewritePatternSet &patterns);
void populateContractionToLinalg(mlir::RewritePatternSet &patterns);
void populateConvolutionToLinalg(mlir::RewritePatternSet &patterns);
void populateIndexingToLinalg(mlir::RewritePatternSet &patterns);
void populateControlFlowToLinalg(mlir::RewritePatternSet &patterns);
void populateSparseToLinalg(mlir::RewritePatternSet &patterns);
void populateSortingToLinalg(mlir::RewritePatternSet &patterns);

/// An uninitialized tensor of `type`; a dynamic extent is that of the first of
/// `sources` which has a dynamic one there, shapes aligned at the right.
mlir::Value createEmpty(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::RankedTensorType type, mlir::ValueRange sources);

/// The map that reads an operand of `type` in a loop nest of `rank` dims:
/// aligned at the right, extents of 1 stretch.
mlir::AffineMap getBroadcastMap(mlir::RankedTensorType type,
                                llvm::ArrayRef<int64_t> loopShape,
                                mlir::MLIRContext *context);

/// An i32 position as an index in [0, count).
mlir::Value createClamped(mlir::OpBuilder &b, mlir::Location loc,
                          mlir::Value position, mlir::Value count);

/// Adds an element to a sum, which may be wider.
mlir::Value createAdded(mlir::OpBuilder &b, mlir::Location loc,
                        mlir::Value element, mlir::Value sum);

/// `rank` parallel iterators.
llvm::SmallVector<mlir::utils::IteratorType> getParallel(int64_t rank);

//===- Reductions ---------------------------------------------------------===//

/// Floats of 16 bits are widened on the way, and a sum is rounded once.
mlir::Value widen(mlir::OpBuilder &b, mlir::Location loc, mlir::Value x,
                  mlir::Type type);

/// What nothing combines to.
mlir::Value createNeutral(mlir::OpBuilder &b, mlir::Location loc,
                          ReduceKind kind, mlir::Type type);

/// Combines an element with what came before it, of which it takes the type.
mlir::Value createCombine(mlir::OpBuilder &b, mlir::Location loc,
                          ReduceKind kind, mlir::Value x, mlir::Value acc);

/// The map of the result in the loop nest over the operand.
mlir::AffineMap getReducedMap(int64_t rank, llvm::ArrayRef<int64_t> dims,
                              bool keep, mlir::MLIRContext *context);

/// An empty tensor for the result of a reduction of `x`.
mlir::Value createReducedEmpty(mlir::OpBuilder &b, mlir::Location loc,
                               mlir::RankedTensorType type, mlir::Value x,
                               mlir::AffineMap map);

} // namespace dither

#endif // DITHER_CONVERSION_DITHERTOLINALG_PATTERNS_H
