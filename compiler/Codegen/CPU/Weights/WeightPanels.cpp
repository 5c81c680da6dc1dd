//===- WeightPanels.cpp - Decoded panels of a weight matrix ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/WeightPanels.h"
#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/Weights/BookVectors.h"
#include "compiler/Codegen/CPU/Weights/IntegerPanels.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace mlir;
using namespace dither;

//===- Products of floats -------------------------------------------------===//

/// One element of x for all lanes, or a group to select from.
Value WeightPanels::emitRead(ImplicitLocOpBuilder &b, Value row, Value k,
                             const Term &term) {
  SmallVector<Value> position = {row, k};
  if (op.getTransposeX())
    std::swap(position[0], position[1]);
  if (!term.indices) {
    Value element = emitWide(b, memref::LoadOp::create(b, op.getX(), position));
    return vector::BroadcastOp::create(b, getFloats(), element);
  }
  Type element = getElementTypeOrSelf(op.getX().getType());
  auto type = VectorType::get({term.length}, element);
  return emitWide(b, vector::LoadOp::create(b, type, op.getX(), position));
}

Value WeightPanels::emitMultiplyAdd(ImplicitLocOpBuilder &b, const Term &term,
                                    Value x, Value sum, Value &) {
  if (term.indices)
    x = emitSelect(b, x, term.indices);
  return vector::FMAOp::create(b, x, term.weights, sum);
}

Value WeightPanels::emitWide(ImplicitLocOpBuilder &b, Value value) {
  if (getElementTypeOrSelf(value).isF32())
    return value;
  Type wide = b.getF32Type();
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    wide = vector.clone(wide);
  return arith::ExtFOp::create(b, wide, value);
}

SmallVector<Value> WeightPanels::emitRows(ImplicitLocOpBuilder &, Value,
                                          int64_t, Panel) {
  llvm_unreachable("only packed matrices of values are transposed");
}

SmallVector<Value> WeightPanels::emitStart(ImplicitLocOpBuilder &b, Value,
                                           Value) {
  return {arith::ConstantOp::create(b, b.getZeroAttr(getFloats()))};
}

Value WeightPanels::emitScaled(ImplicitLocOpBuilder &b, ValueRange parts,
                               Value scale, Value result) {
  return vector::FMAOp::create(b, parts.front(), scale, result);
}

Value WeightPanels::emitResult(ImplicitLocOpBuilder &, Value, Value sum) {
  return sum;
}

Value WeightPanels::emitSelect(ImplicitLocOpBuilder &, Value, Value) {
  llvm_unreachable("only patterns give terms with indices");
}

Value WeightPanels::emitScale(ImplicitLocOpBuilder &, Value, Panel) {
  llvm_unreachable("only formats have scales");
}

bool dither::isHalf(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isBF16() || element.isF16();
}

//===- Representations ----------------------------------------------------===//

/// Columns that are inside of a block on any target, if they begin with it.
static constexpr int64_t kBlockLanes = 16;

/// Rows of a transposed matrix that are decoded at a time, at most: whole
/// panels of any target.
static constexpr int64_t kMostStep = 256, kMostWidth = 32;

int64_t dither::getScaledElements(ContractOp op) {
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  int64_t group = format ? format.getGroupSize() : 0, depth = op.getDepth();
  // Each weight is scaled before it is rounded.
  if (isHalf(op.getX().getType()))
    return depth;
  return group > 0 ? std::min(group, depth) : depth;
}

Value dither::emitMatrixRow(ImplicitLocOpBuilder &b, ContractOp op, Value k) {
  if (!op.getRows())
    return k;
  Value row = memref::LoadOp::create(b, op.getRows(), k);
  return arith::IndexCastOp::create(b, b.getIndexType(), row);
}

namespace {
/// A dense matrix: decoding is loading.
class DensePanels : public WeightPanels {
public:
  using WeightPanels::WeightPanels;
  int64_t getStep() const override { return 1; }
  SmallVector<Term> emitStep(ImplicitLocOpBuilder &b, Value k, int64_t,
                             Panel panel) override {
    Term term;
    term.weights = emitWide(b, emitLoad(b, op.getParts()[0],
                                        {emitMatrixRow(b, op, k), panel.column},
                                        panel.mask, options.lanes));
    return {term};
  }
};

} // namespace

std::unique_ptr<WeightPanels> dither::makeWeightPanels(ContractOp op,
                                                       KernelOptions options) {
  if (!op.getDense())
    return std::make_unique<DensePanels>(op, options);
  if (!op.getXParts().empty())
    return makeIntegerPanels(op, options);
  return makePackedPanels(op, options);
}

std::string dither::explainUnsupported(RankedTensorType dense,
                                       PatternAttrInterface pattern,
                                       FormatAttrInterface format) {
  if (dense.getRank() != 2)
    return "not a matrix";
  if (!dense.getElementType().isF32())
    return "elements are not f32";
  auto groups = dyn_cast_if_present<GroupPatternAttrInterface>(pattern);
  if (isa_and_present<ListPatternAttrInterface>(pattern))
    return format ? "the elements of a list have no codes that a kernel decodes"
                  : "";
  auto blocks = dyn_cast_if_present<BlockPatternAttrInterface>(pattern);
  if (blocks && blocks.getBlockColumns() % kBlockLanes != 0 &&
      blocks.getBlockColumns() != dense.getDimSize(1))
    return "a register would hold columns of several blocks, whose columns are "
           "no multiple of 16";
  if (blocks && format && format.getGroupSize() > 0 &&
      format.getGroupSize() % blocks.getBlockRows() != 0 &&
      blocks.getBlockRows() % format.getGroupSize() != 0)
    return "a block would lie across groups of the format";
  if (pattern && !groups && !blocks)
    return "no kernel knows the structure of the pattern";
  if (groups && groups.getGroupDim() != 0)
    return "the pattern lies along the columns, across the lanes of a register";
  if (format && format.getGroupDim() != 0)
    return "the groups of the format lie along the columns, as of activations";
  int64_t group = groups ? groups.getGroupSize() : 1;
  if (format && format.getGroupSize() > 0 && format.getGroupSize() % group != 0)
    return "a group of the pattern would need two scales";
  return "";
}

std::string dither::explainNotTransposed(RankedTensorType dense,
                                         PatternAttrInterface pattern,
                                         FormatAttrInterface format) {
  std::string reason = explainUnsupported(dense, pattern, format);
  if (!reason.empty())
    return reason;
  if (dense.getNumElements() == 0)
    return "the matrix is empty";
  if (isa_and_present<BlockPatternAttrInterface>(pattern))
    return "the transpose of blocks is multiplied dense";
  if (int64_t step =
          std::lcm(getDecodeStep(dense, pattern, format), kMostWidth);
      step > kMostStep)
    return llvm::formatv("{0} rows would be decoded at a time, {1} are staged",
                         step, kMostStep);
  return "";
}
