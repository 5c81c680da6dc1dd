//===- Scales.h - Scales that groups of elements share ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the formats have in common: which elements share a scale, how scales
// are stored, and the exact arithmetic on powers of two.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_FORMATS_SUPPORT_SCALES_H
#define DITHER_FORMATS_SUPPORT_SCALES_H

#include "Dither/IR/Dither.h"

namespace dither {

//===- Groups -------------------------------------------------------------===//

/// Which elements of a matrix [K, N] or a vector [K] share a scale. A `group`
/// above 0 is that many consecutive elements along the first dimension, 0 all
/// elements along it, -1 the whole tensor. The scales have the shape [G, N] or
/// [G]; for the whole tensor, [1, 1] or [1]. With `dim` 1, groups lie along the
/// second dimension, and a matrix [M, K] has scales [M, G].
class ScaleGroups {
public:
  ScaleGroups(mlir::Type tensor, int64_t group, int64_t dim = 0)
      : type(llvm::cast<mlir::RankedTensorType>(tensor)), group(group),
        dim(dim) {}

  mlir::RankedTensorType getScaleType(mlir::Type element) const;

  /// The tensor under the shape [G, g, N] or [M, G, g]: scales stretch along g.
  mlir::Value buildGrouped(mlir::ImplicitLocOpBuilder &b, mlir::Value x) const;
  /// Scales under the shape that broadcasts with the grouped tensor.
  mlir::Value buildStretchable(mlir::ImplicitLocOpBuilder &b,
                               mlir::Value scales) const;
  /// Back from the grouped shape.
  mlir::Value buildUngrouped(mlir::ImplicitLocOpBuilder &b,
                             mlir::Value x) const;
  /// Combines the elements of each group; the result has the scales' shape.
  mlir::Value buildReduce(mlir::ImplicitLocOpBuilder &b, ReduceKind kind,
                          mlir::Value x) const;
  /// The largest finite magnitude of each group; `whenZero` for a group of
  /// zeros, so that no scale is zero.
  mlir::Value buildMagnitude(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                             double whenZero) const;
  /// The mean of the finite magnitudes of each group, others counting as zero;
  /// 1 for a group of zeros.
  mlir::Value buildMeanMagnitude(mlir::ImplicitLocOpBuilder &b,
                                 mlir::Value x) const;

private:
  mlir::RankedTensorType type;
  int64_t group, dim;
};

/// Checks a `group` parameter; `constraint` is its number in the format's doc.
llvm::LogicalResult
verifyGroup(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
            int64_t group, llvm::StringRef constraint);

/// Checks that a tensor is an f32 matrix or vector that `group` divides.
llvm::LogicalResult
verifyScaledType(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                 mlir::RankedTensorType type, int64_t group,
                 llvm::StringRef groupConstraint,
                 llvm::StringRef typeConstraint, int64_t dim = 0);

//===- Storage ------------------------------------------------------------===//

/// The element type of stored scales: f32, f16, or i8 for E8M0, whose code
/// is a biased exponent: 2^(code - 127).
mlir::Type getStoredScaleType(ScaleKind kind, mlir::MLIRContext *context);

/// Stores f32 scales as f32 or f16, within the normal range of f32 or the
/// non-zero finite range of f16: x / scale is never 0 / 0.
mlir::Value buildStoreScales(mlir::ImplicitLocOpBuilder &b, ScaleKind kind,
                             mlir::Value scales);

/// Stores powers of two as E8M0: the exponent of each magnitude, less
/// `exponent`, rounded up where the mantissa is above `mantissa` (23 bits; the
/// greatest never is exceeded, so it stands for rounding down). The codes are
/// 1 to 254, normal numbers. 255, NaN in the OCP format, is never written.
mlir::Value buildStoreExponents(mlir::ImplicitLocOpBuilder &b,
                                mlir::Value magnitudes, int64_t exponent,
                                int64_t mantissa);

/// The f32 values of stored scales.
mlir::Value buildLoadScales(mlir::ImplicitLocOpBuilder &b, ScaleKind kind,
                            mlir::Value stored);

/// x / scale. Powers of two are exact, and multiply by their reciprocal.
mlir::Value buildDivideByScales(mlir::ImplicitLocOpBuilder &b, ScaleKind kind,
                                mlir::Value x, mlir::Value stored);

/// The f32 values of a vector of stored scales.
mlir::Value emitLoadScales(mlir::ImplicitLocOpBuilder &b, ScaleKind kind,
                           mlir::Value stored);

//===- Arithmetic ---------------------------------------------------------===//

/// The bits of f32 elements, as i32.
mlir::Value buildBits(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// 2^(biased - 127) of i32 elements from 0 to 254, exactly.
mlir::Value buildPowerOfTwo(mlir::ImplicitLocOpBuilder &b, mlir::Value biased);

/// min(max(x, low), high).
mlir::Value buildClamp(mlir::ImplicitLocOpBuilder &b, mlir::Value x, double low,
                       double high);

/// Elements that are infinite or NaN become 0: they do not choose a scale.
mlir::Value buildFinite(mlir::ImplicitLocOpBuilder &b, mlir::Value x);

/// Codes, stored in i8, as unsigned i32 of `bits` bits.
mlir::Value buildUnsigned(mlir::ImplicitLocOpBuilder &b, mlir::Value codes,
                          unsigned bits);

/// The elements as another type.
mlir::Value buildCast(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                      mlir::Type element);

/// A constant vector of i32, of the shape of `like`.
mlir::Value emitSplat(mlir::ImplicitLocOpBuilder &b, int64_t value,
                      mlir::Value like);

} // namespace dither

#endif // DITHER_FORMATS_SUPPORT_SCALES_H
