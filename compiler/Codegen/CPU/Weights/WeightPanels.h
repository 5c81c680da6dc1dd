//===- WeightPanels.h - Decoded panels of a weight matrix -------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CPU_WEIGHTS_WEIGHTPANELS_H
#define DITHER_CODEGEN_CPU_WEIGHTS_WEIGHTPANELS_H

#include "Dither/IR/Dither.h"
#include <memory>

namespace dither {

struct KernelOptions {
  /// f32 elements of a vector register.
  int64_t lanes = 16;
  /// Whether permutes may be used, of AVX2 or AVX-512.
  bool permute = true;
  /// Whether AVX-512 VNNI may be used.
  bool dots = true;
  /// Whether decoded weights are rounded to the type of an x of 16 bits.
  bool rounds = true;
};

/// Consecutive columns of the matrix, one for each lane.
struct Panel {
  mlir::Value column;
  /// Which lanes exist; null says all.
  mlir::Value mask;
  /// Position among the panels of a tile.
  int64_t number = 0;
};

/// One product of a step: the weights of a panel and the elements of a row of
/// x that they meet. Of floats, each lane has one weight; of integers, four
/// unsigned bytes.
struct Term {
  mlir::Value weights;
  /// Position of the first element of x, and how many follow: counted from the
  /// start of the step or, where blocks are absent, from `base`.
  mlir::Value base;
  int64_t offset = 0;
  int64_t length = 1;
  /// Of those, how many x lacks at its end: they count as zero.
  int64_t missing = 0;
  /// Which of them each weight meets (vector of i32, or of bytes); null if all
  /// lanes meet the same.
  mlir::Value indices;
  /// Which of a sum's parts it adds to.
  int64_t part = 0;
  /// Whether products that are pending for its part are added to the sum with
  /// it; so for each part at the end of a step, at the latest.
  bool isLast = true;
};

/// How the contraction generator sees a weight matrix [K, N]: a source of
/// decoded panels, step after step along K, and the arithmetic in which they
/// meet x. The generator itself knows nothing of patterns and formats.
class WeightPanels {
public:
  WeightPanels(ContractOp op, KernelOptions options)
      : op(op), options(options) {}
  virtual ~WeightPanels() = default;

  /// Elements along K that a full step covers.
  virtual int64_t getStep() const = 0;

  /// Elements along K that steps cover altogether, where those are not all of
  /// them.
  virtual std::optional<int64_t> getDepth() const { return {}; }

  /// Emits the terms of the step that starts at `k` and covers `count`
  /// elements, which is less than a full step only at the end of K.
  virtual llvm::SmallVector<Term> emitStep(mlir::ImplicitLocOpBuilder &b,
                                           mlir::Value k, int64_t count,
                                           Panel panel) = 0;

  /// Emits the elements of the rows [k, k + count) of the dense matrix, scales
  /// and zeros included; `count` is as of `emitStep`.
  virtual llvm::SmallVector<mlir::Value> emitRows(mlir::ImplicitLocOpBuilder &b,
                                                  mlir::Value k, int64_t count,
                                                  Panel panel);

  //===- Products ---------------------------------------------------------===//

  /// Emits what a term needs of a row of x, whose element `k` is the term's
  /// first: for all lanes, or to select from.
  virtual mlir::Value emitRead(mlir::ImplicitLocOpBuilder &b, mlir::Value row,
                               mlir::Value k, const Term &term);

  /// Emits the sum and the products of a term with what was read. Products may
  /// be kept in `pending`, which is null at the first term of a step, until a
  /// term `isLast`.
  virtual mlir::Value emitMultiplyAdd(mlir::ImplicitLocOpBuilder &b,
                                      const Term &term, mlir::Value x,
                                      mlir::Value sum, mlir::Value &pending);

  //===- Scales -----------------------------------------------------------===//

  /// Elements along K whose products are summed before their scale is applied
  /// to the sum, once for all of them; 0 if the terms are complete.
  virtual int64_t getScaledDepth() const { return 0; }

  /// Registers that hold a sum of scaled elements in a tile of so many sums.
  virtual int64_t startTile(int64_t) { return 1; }

  /// Emits what the terms of the scaled elements from `k` on share; before
  /// them.
  virtual void enterScaled(mlir::ImplicitLocOpBuilder &, mlir::Value, Panel) {}

  /// Emits what the parts of a row's sum of the scaled elements from `k` on
  /// start from.
  virtual llvm::SmallVector<mlir::Value>
  emitStart(mlir::ImplicitLocOpBuilder &b, mlir::Value row, mlir::Value k);

  /// Emits `result` and the sum of the scaled elements times its scale.
  virtual mlir::Value emitScaled(mlir::ImplicitLocOpBuilder &b,
                                 mlir::ValueRange parts, mlir::Value scale,
                                 mlir::Value result);

  /// Emits the scale of each lane for the sum of the elements from `k` on.
  virtual mlir::Value emitScale(mlir::ImplicitLocOpBuilder &b, mlir::Value k,
                                Panel panel);

  /// Emits a row's result from the sum over all groups.
  virtual mlir::Value emitResult(mlir::ImplicitLocOpBuilder &b, mlir::Value row,
                                 mlir::Value sum);

protected:
  mlir::VectorType getFloats() {
    return mlir::VectorType::get({options.lanes},
                                 mlir::Float32Type::get(op.getContext()));
  }
  /// Emits the f32 of each element, which may be bf16.
  static mlir::Value emitWide(mlir::ImplicitLocOpBuilder &b, mlir::Value value);
  /// Emits, for each lane, the element of `group` (vector of f32) at `indices`.
  virtual mlir::Value emitSelect(mlir::ImplicitLocOpBuilder &b,
                                 mlir::Value group, mlir::Value indices);

  ContractOp op;
  KernelOptions options;
};

/// Whether elements are bf16 or f16.
bool isHalf(mlir::Type type);

/// Elements along the contraction whose sum is scaled: a group, or all.
int64_t getScaledElements(ContractOp op);

/// Emits the row of a dense matrix that element `k` of the contraction meets.
mlir::Value emitMatrixRow(mlir::ImplicitLocOpBuilder &b, ContractOp op,
                          mlir::Value k);

/// The panels of the op's matrix.
std::unique_ptr<WeightPanels> makeWeightPanels(ContractOp op,
                                               KernelOptions options);

/// Why the generator cannot decode a representation; empty if it can.
std::string explainUnsupported(mlir::RankedTensorType dense,
                               PatternAttrInterface pattern,
                               FormatAttrInterface format);

/// The same of the transpose of a matrix, but for lists.
std::string explainNotTransposed(mlir::RankedTensorType dense,
                                 PatternAttrInterface pattern,
                                 FormatAttrInterface format);

} // namespace dither

#endif // DITHER_CODEGEN_CPU_WEIGHTS_WEIGHTPANELS_H
