//===- Layout.h - How the parts of a packed matrix lie in memory *- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels walk down the columns of a matrix, and read what they find as it is:
//
//  * A part that is a matrix [R, N] is stored panel after panel, a panel being
//    all rows of 64 columns, where 64 divides N. So a kernel reads consecutive
//    memory, a cache line of bytes for each row. Where it does not, rows follow
//    each other.
//  * Fields of a few bits lie in words: 32 bits of one column that follow each
//    other. Byte b of a word has the elements b, b + 4, b + 8 and so on, the
//    first in its low bits. One shift therefore brings four consecutive
//    elements into the four bytes, where instructions that multiply bytes want
//    them. Fields of 16 bits lie in pairs: element k, and k + 1 in the high
//    half.
//
// Fields are padded with zeros to whole words and panels. Both extents become
// multiples of 64 where that adds no more than an eighth to them; otherwise
// there are whole words along K, or 32 fields of 16 bits, and panels of 16
// columns. A matrix of which padding would make more than three times as much
// is as `dither.pack_bits` packs it along K, or as it is where fields have 16
// bits; that is slower, not wrong.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_REPRESENTATION_LAYOUT_H
#define DITHER_OPS_REPRESENTATION_LAYOUT_H

#include "Dither/IR/Dither.h"

namespace dither {

/// Columns of a packed matrix that lie together.
inline constexpr int64_t kPanelColumns = 64;

/// Bits of fields that are whole elements of a part, not packed into bytes.
inline constexpr int64_t kPairBits = 16;

/// Elements of a part that make a word: bytes, or fields of 16 bits.
int64_t getWordElements(mlir::ShapedType part);

/// The columns of a panel of a part: 64, or all; of words, 64 or 16.
int64_t getPanelColumns(mlir::ShapedType part, bool words = false);

/// Permutes a part from row-major order to that of memory, and back. `words`
/// says that its elements are parts of words.
mlir::Value buildToMemory(mlir::ImplicitLocOpBuilder &b, mlir::Value part,
                          bool words = false);
mlir::Value buildFromMemory(mlir::ImplicitLocOpBuilder &b, mlir::Value part,
                            bool words = false);

/// Whether fields that are packed along `dim` lie in words.
bool areInWords(mlir::RankedTensorType fields, int64_t dim, int64_t bits);

/// Fields that are packed along `dim` as they are padded in memory: of the same
/// type, unless they lie in words.
mlir::RankedTensorType getPaddedType(mlir::RankedTensorType fields, int64_t dim,
                                     int64_t bits);

/// The bytes of fields, or fields of 16 bits.
mlir::RankedTensorType getBytesType(mlir::RankedTensorType fields, int64_t dim,
                                    int64_t bits);

/// Packs fields (i8, in the low bits, or i16) along `dim`, in the order of
/// memory.
mlir::Value buildPackFields(mlir::ImplicitLocOpBuilder &b, mlir::Value fields,
                            int64_t dim, int64_t bits);

/// Reads fields of `type` that buildPackFields wrote.
mlir::Value buildUnpackFields(mlir::ImplicitLocOpBuilder &b, mlir::Value bytes,
                              mlir::RankedTensorType type, int64_t dim,
                              int64_t bits);

} // namespace dither

#endif // DITHER_OPS_REPRESENTATION_LAYOUT_H
