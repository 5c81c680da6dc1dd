//===- Kernel.cpp - Ops that become kernels -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"

using namespace mlir;
using namespace dither;

/// The dense type of the matrix that is multiplied.
static ShapedType getMatrixType(ContractOp op) {
  return cast<ShapedType>(op.getDense() ? *op.getDense()
                                        : op.getParts()[0].getType());
}

static LogicalResult verifyRows(ContractOp op) {
  if (!op.getRows())
    return success();
  auto rows = cast<ShapedType>(op.getRows().getType());
  if (!rows.hasRank() || rows.getRank() != 1 ||
      !rows.getElementType().isInteger(32))
    return op.emitOpError("(C7) takes positions of rows as i32 of rank 1, not ")
           << rows;
  if (op.getDense() || op.getTransposeW())
    return op.emitOpError("(C7) chooses among the rows of a dense matrix, "
                          "neither of a packed one nor of a transpose");
  return success();
}

LogicalResult ContractOp::verify() {
  bool isRepresented = getPatternAttr() || getFormatAttr();
  if (isRepresented != bool(getDense()))
    return emitOpError(
        "(C1) needs `dense`, the type of a packed matrix, if and "
        "only if it has a pattern or a format");
  if (!isRepresented && getParts().size() != 1)
    return emitOpError("(C1) multiplies one matrix, got ") << getParts().size();
  ShapedType w = getMatrixType(*this);
  if (isRepresented && failed(verifyPackedParts(
                           *this, cast<RankedTensorType>(w), getPatternAttr(),
                           getFormatAttr(), getParts().getTypes())))
    return failure();
  bool isListed = isa_and_present<ListPatternAttrInterface>(getPatternAttr()) &&
                  !getFormatAttr();
  if (isRepresented && getTransposeW() && !isListed)
    return emitOpError("(C5) multiplies a packed matrix as it is, not its "
                       "transpose; unpack it before");
  if (failed(verifyRows(*this)))
    return failure();
  auto x = cast<ShapedType>(getX().getType());
  auto y = cast<ShapedType>(getInit().getType());
  bool areMatrices = x.hasRank() && w.hasRank() && y.hasRank() &&
                     x.getRank() == 2 && w.getRank() == 2 && y.getRank() == 2;
  int64_t tx = getTransposeX(), tw = getTransposeW();
  auto getDepth = [&]() {
    return getRows() ? cast<ShapedType>(getRows().getType()).getDimSize(0)
                     : w.getDimSize(tw);
  };
  if (!areMatrices || x.getDimSize(1 - tx) != getDepth() ||
      y.getDimSize(0) != x.getDimSize(tx) ||
      y.getDimSize(1) != w.getDimSize(1 - tw))
    return emitOpError("(C4) is no product: ")
           << x << " times " << w << " to " << y;
  if (!isRepresented && getXParts().empty())
    return success();
  return verifyActivations(
      *this, x, getXParts().getTypes(),
      dyn_cast_if_present<PatternAttrInterface>(getPatternAttr()),
      dyn_cast_if_present<FormatAttrInterface>(getFormatAttr()), "(C6) ");
}

/// A kernel reads its operands, writes its result and uses scratch memory.
template <typename Op>
static void getKernelEffects(
    Op op, SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
               &effects) {
  OperandRange scratch = op.getScratchMutable();
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    bool isScratch = llvm::is_contained(scratch, operand.get());
    if (isScratch || operand.get() == op.getInit())
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    if (isScratch || operand.get() != op.getInit())
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}

void ContractOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  getKernelEffects(*this, effects);
}

//===- Sampled products ---------------------------------------------------===//

LogicalResult SampledContractOp::verify() {
  auto x = cast<ShapedType>(getX().getType());
  auto y = cast<ShapedType>(getY().getType());
  if (!x.hasRank() || !y.hasRank() || x.getRank() != 2 || y.getRank() != 2 ||
      x.getDimSize(0) != y.getDimSize(0) || x.isDynamicDim(1) ||
      y.isDynamicDim(1))
    return emitOpError("(C1) needs matrices with as many rows and known "
                       "columns, not ")
           << x << " and " << y;
  auto dense = RankedTensorType::get({x.getDimSize(1), y.getDimSize(1)},
                                     x.getElementType());
  auto init = cast<ShapedType>(getInit().getType());
  auto isAs = [](Type type, RankedTensorType expected) {
    auto shaped = cast<ShapedType>(type);
    return shaped.getShape() == expected.getShape() &&
           shaped.getElementType() == expected.getElementType();
  };
  if (!init.hasRank() || init.getRank() != 1 ||
      y.getElementType() != x.getElementType() ||
      init.getElementType() != x.getElementType() ||
      !isAs(getRows().getType(),
            getListedRowsType(dense, init.getDimSize(0))) ||
      !isAs(getOffsets().getType(), getListOffsetsType(dense)))
    return emitOpError("(C2) does not list elements of ")
           << dense << " by " << getRows().getType() << " and "
           << getOffsets().getType() << " for " << init;
  return success();
}

void SampledContractOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  getKernelEffects(*this, effects);
}
