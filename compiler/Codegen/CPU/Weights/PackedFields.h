//===- PackedFields.h - Parts of a packed matrix in registers ---*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_PACKEDFIELDS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_PACKEDFIELDS_H

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"

namespace dither {

mlir::Value emitIndex(mlir::ImplicitLocOpBuilder &b, int64_t value);
mlir::Value emitI32Splat(mlir::ImplicitLocOpBuilder &b, int64_t lanes,
                         int64_t value);

/// Loads lanes of a row from a position on; those under no mask are zero, and
/// need not exist. Without a mask, all exist.
mlir::Value emitLoad(mlir::ImplicitLocOpBuilder &b, mlir::Value matrix,
                     mlir::ValueRange position, mlir::Value mask,
                     int64_t lanes);

/// A part of a packed matrix as it lies in memory: the rows of all panels
/// follow each other, each row of the columns of a panel, or of their words.
class PartView {
public:
  /// `words` says that the part has words, of bytes or pairs; of those, a row
  /// has one for each column.
  PartView(mlir::ImplicitLocOpBuilder &b, mlir::Value part, bool words = false);

  bool areWords() const { return words; }
  mlir::Value getMemory() const { return memory; }

  /// Loads a row of `lanes` columns, elements or words, from a panel's column
  /// on. Lanes that do not exist are zero; of words, anything.
  mlir::Value emitLoad(mlir::ImplicitLocOpBuilder &b, mlir::Value row,
                       Panel panel, int64_t lanes) const;

  /// Asks for what lies so many rows ahead, in the next panel, too.
  void emitPrefetch(mlir::ImplicitLocOpBuilder &b, mlir::Value row, Panel panel,
                    int64_t ahead) const;

private:
  int64_t getMemoryRows() const;
  llvm::SmallVector<mlir::Value, 2> getPosition(mlir::ImplicitLocOpBuilder &b,
                                                mlir::Value row,
                                                mlir::Value column) const;

  mlir::Value memory;
  /// Of a panel, and the columns of all panels; elements of a word.
  int64_t rows, columns, all, perWord;
  bool words;
};

/// Fields of a few bits, packed along K.
class PackedFields {
public:
  /// `fields` is the type of the fields, before they were packed.
  PackedFields(mlir::ImplicitLocOpBuilder &b, mlir::Value part,
               mlir::RankedTensorType fields, int64_t bits, int64_t lanes);

  /// Emits the fields of `slots` consecutive slots from `slot` on, which begins
  /// a row of storage in every plane; vectors of i32. Where `mayKeepMore`,
  /// there may be other fields above each.
  llvm::SmallVector<mlir::Value> emit(mlir::ImplicitLocOpBuilder &b,
                                      mlir::Value slot, int64_t slots,
                                      Panel panel, bool mayKeepMore) const;

  /// Of fields in words: emits, for each four of the slots that begin with
  /// `slot`, their fields as the bytes of a vector of i32. Of each `spread` of
  /// them that follow each other, the first has its field `lift` bits above the
  /// bottom of its bytes, the others above one another: they are cut out where
  /// they are.
  llvm::SmallVector<mlir::Value> emitBytes(mlir::ImplicitLocOpBuilder &b,
                                           mlir::Value slot, int64_t slots,
                                           Panel panel, int64_t spread = 1,
                                           int64_t lift = 0) const;

  /// The most that may be spread: the fields of a byte.
  int64_t getMostSpread() const {
    return widths.size() == 1 ? 8 / widths.back() : 1;
  }

private:
  /// Fields of a row of storage, of elements or of words.
  int64_t getRowFields(int64_t width) const;
  mlir::Value emitRow(mlir::ImplicitLocOpBuilder &b, mlir::Value base,
                      int64_t offset, Panel panel) const;
  /// The field at a position of a row.
  mlir::Value emitField(mlir::ImplicitLocOpBuilder &b, mlir::Value row,
                        int64_t position, int64_t width,
                        bool mayKeepMore) const;

  PartView bytes;
  llvm::SmallVector<int64_t> widths;
  int64_t count, lanes;
};

/// Stored scales, or zero points.
class PackedScales {
public:
  PackedScales(mlir::ImplicitLocOpBuilder &b, mlir::Value part,
               FormatAttrInterface format)
      : part(b, part), group(format.getGroupSize()),
        isScalar(llvm::cast<mlir::MemRefType>(part.getType()).getDimSize(1) ==
                 1) {}

  /// Emits, as they are stored, those that serve element k + offset.
  mlir::Value emit(mlir::ImplicitLocOpBuilder &b, mlir::Value k, int64_t offset,
                   Panel panel, int64_t lanes) const;

private:
  PartView part;
  int64_t group;
  /// One scale for the whole tensor.
  bool isScalar;
};

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_PACKEDFIELDS_H
