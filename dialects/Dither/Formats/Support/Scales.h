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
///
/// Scales are stored as f32, f16, or i8 for E8M0, whose code is a biased
/// exponent: 2^(code - 127).
class ScaleGroups {
public:
  ScaleGroups(mlir::Type tensor, int64_t group, ScaleKind kind, int64_t dim)
      : type(llvm::cast<mlir::RankedTensorType>(tensor)), group(group),
        kind(kind), dim(dim) {}

  /// Checks that the tensor is an f32 matrix or vector that the group divides.
  llvm::LogicalResult
  verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError) const;

  /// The stored scales and, after them, i8 zero points.
  llvm::SmallVector<PackedPart> getParts(bool zeroPoints) const;

  //===- Calibration ------------------------------------------------------===//

  /// Scales by which the largest finite magnitude of a group becomes `largest`;
  /// 1 for a group of zeros. Powers of two are the next ones above if nothing
  /// may be `clipped`; else those for which the exponent of the magnitude
  /// becomes that of `largest`.
  mlir::Value buildMagnitudeScales(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                                   double largest, bool clipped) const;
  /// Scales that are the mean of the finite magnitudes of each group, others
  /// counting as zero; 1 for a group of zeros.
  mlir::Value buildMeanScales(mlir::ImplicitLocOpBuilder &b,
                              mlir::Value x) const;
  /// Stores f32 scales as f32 or f16, within the normal range of f32 or the
  /// non-zero finite range of f16: x / scale is never 0 / 0.
  mlir::Value buildStore(mlir::ImplicitLocOpBuilder &b,
                         mlir::Value scales) const;
  /// The f32 values of stored scales.
  mlir::Value buildLoad(mlir::ImplicitLocOpBuilder &b,
                        mlir::Value stored) const;
  /// Combines the elements of each group; the result has the scales' shape.
  mlir::Value buildReduce(mlir::ImplicitLocOpBuilder &b, ReduceKind kind,
                          mlir::Value x) const;

  //===- Meaning ----------------------------------------------------------===//

  /// Builds the i8 codes of x from its elements times the reciprocals of their
  /// scales, and the elements themselves; `encode` makes i32 of them, in a
  /// shape that broadcasts with what buildStretchable makes.
  using Encode =
      llvm::function_ref<mlir::Value(mlir::Value scaled, mlir::Value elements)>;
  mlir::Value buildQuantize(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                            mlir::Value stored, Encode encode) const;
  /// Builds the values of codes; `decode` makes f32 before the scale of fields
  /// of `bits` bits, unsigned i32.
  using Decode = llvm::function_ref<mlir::Value(mlir::Value fields)>;
  mlir::Value buildDequantize(mlir::ImplicitLocOpBuilder &b, mlir::Value codes,
                              mlir::Value stored, unsigned bits,
                              Decode decode) const;
  /// Scales, or what has their shape, under one that broadcasts with the
  /// elements that `encode` and `decode` see.
  mlir::Value buildStretchable(mlir::ImplicitLocOpBuilder &b,
                               mlir::Value scales) const;

private:
  /// The tensor under the shape [G, g, N] or [M, G, g]: scales stretch along g.
  mlir::Value buildGrouped(mlir::ImplicitLocOpBuilder &b, mlir::Value x) const;
  /// Back from the grouped shape.
  mlir::Value buildUngrouped(mlir::ImplicitLocOpBuilder &b,
                             mlir::Value x) const;

  mlir::RankedTensorType type;
  int64_t group;
  ScaleKind kind;
  int64_t dim;
};

/// Checks a `group` parameter.
llvm::LogicalResult
verifyGroup(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
            int64_t group);

/// The same for scales that are means, which are no powers of two.
llvm::LogicalResult
verifyMeans(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
            int64_t group, ScaleKind scale);

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

/// The sign bits of f32 elements, as i32, at a position.
mlir::Value buildSignField(mlir::ImplicitLocOpBuilder &b, mlir::Value x,
                           int64_t position);

/// A constant vector of i32, of the shape of `like`.
mlir::Value emitSplat(mlir::ImplicitLocOpBuilder &b, int64_t value,
                      mlir::Value like);

} // namespace dither

#endif // DITHER_FORMATS_SUPPORT_SCALES_H
