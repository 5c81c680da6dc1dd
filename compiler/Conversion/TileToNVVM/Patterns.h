//===- Patterns.h - Patterns over tiles -------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CONVERSION_TILETONVVM_PATTERNS_H
#define DITHER_CONVERSION_TILETONVVM_PATTERNS_H

#include "compiler/Conversion/TileToNVVM/Emitter.h"
#include "mlir/Transforms/DialectConversion.h"

namespace dither::tile {

/// `types` say what becomes of tiles, `converter` what descriptors of buffers
/// are.
template <typename Op> struct TilePattern : mlir::OpConversionPattern<Op> {
  TilePattern(const mlir::TypeConverter &types,
              const mlir::LLVMTypeConverter &converter,
              mlir::MLIRContext *context)
      : mlir::OpConversionPattern<Op>(types, context), converter(converter) {}
  const mlir::LLVMTypeConverter &converter;
};

/// What a thread holds of a tile.
mlir::VectorType getHeld(RegistersType tile);

/// The registers of what a thread holds.
llvm::SmallVector<mlir::Value> split(mlir::ImplicitLocOpBuilder &b,
                                     mlir::Value held);

/// Adds the patterns of barriers, TMA and `wgmma`.
void addAsyncPatterns(mlir::RewritePatternSet &patterns,
                      const mlir::TypeConverter &types,
                      const mlir::LLVMTypeConverter &converter);
/// Makes branches of the roles of warps, whose ops are lowered.
void lowerRoles(mlir::Operation *root);

} // namespace dither::tile

#endif // DITHER_CONVERSION_TILETONVVM_PATTERNS_H
