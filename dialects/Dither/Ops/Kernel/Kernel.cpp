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

void ContractOp::build(OpBuilder &b, OperationState &state, Type type, Value x,
                       ValueRange xParts, ValueRange parts, Value rows,
                       Value init, bool transposeX, bool transposeW,
                       TypeAttr dense, Attribute pattern, Attribute format) {
  build(b, state, type, x, xParts, parts, rows, init, /*fused=*/ValueRange(),
        /*scratch=*/ValueRange(), transposeX, transposeW, dense, pattern,
        format, /*fused_maps=*/ArrayAttr(), /*kernel=*/Attribute());
}

bool ContractOp::isElementwise(Block &block) {
  return llvm::all_of(block.without_terminator(), dither::isElementwise);
}

bool ContractOp::isFusedMap(AffineMap map, int64_t rank) {
  if (map.getNumDims() != 2 || map.getNumSymbols() != 0 ||
      map.getNumResults() != rank || rank == 0)
    return false;
  for (auto [i, result] : llvm::enumerate(map.getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(result);
    if (!dim && !isa<AffineConstantExpr>(result))
      return false;
    if (dim && dim.getPosition() == 1 && int64_t(i) + 1 != rank)
      return false;
  }
  return true;
}

/// Whether the columns that a map names lie side by side.
static bool isContiguous(AffineMap map, ShapedType tensor) {
  auto memory = dyn_cast<MemRefType>(tensor);
  return !memory || !map.isFunctionOfDim(1) || memory.isLastDimUnitStride();
}

/// Whether a map stays inside of a tensor for all elements of the result.
static bool isInside(AffineMap map, ShapedType tensor, ShapedType result) {
  for (auto [expression, extent] :
       llvm::zip_equal(map.getResults(), tensor.getShape())) {
    if (auto constant = dyn_cast<AffineConstantExpr>(expression)) {
      if (constant.getValue() < 0 ||
          (!ShapedType::isDynamic(extent) && constant.getValue() >= extent))
        return false;
    } else if (extent != result.getDimSize(
                             cast<AffineDimExpr>(expression).getPosition())) {
      return false;
    }
  }
  return true;
}

static LogicalResult verifyEpilogue(ContractOp op) {
  ArrayAttr maps = op.getFusedMapsAttr();
  OperandRange fused = op.getFused();
  if (op.getEpilogue().empty()) {
    if (!fused.empty() || maps)
      return op.emitOpError("(C8) fuses tensors only in an epilogue");
    return success();
  }
  if ((maps ? maps.size() : 0) != fused.size())
    return op.emitOpError("(C8) needs a map for each of ")
           << fused.size() << " fused tensors, got "
           << (maps ? maps.size() : 0);
  auto y = cast<ShapedType>(op.getInit().getType());
  SmallVector<Type> types = {Float32Type::get(op.getContext())};
  for (auto [i, tensor] : llvm::enumerate(fused)) {
    auto type = cast<ShapedType>(tensor.getType());
    AffineMap map = cast<AffineMapAttr>(maps[i]).getValue();
    if (!type.hasRank() || !ContractOp::isFusedMap(map, type.getRank()) ||
        !isInside(map, type, y) || !isContiguous(map, type))
      return op.emitOpError("(C8) finds no elements of ")
             << type << " for the result " << y << " by " << maps[i];
    types.push_back(type.getElementType());
  }
  Block &block = op.getEpilogue().front();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  if (llvm::to_vector(block.getArgumentTypes()) != types || !yield ||
      yield->getOperandTypes() != TypeRange(y.getElementType()) ||
      !ContractOp::isElementwise(block))
    return op.emitOpError("(C9) has an epilogue that is no elementwise "
                          "function of its product and fused tensors to ")
           << y.getElementType();
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
  if (getTransposeW() && !getXParts().empty())
    return emitOpError("(C5) multiplies codes of x with a matrix as it is, not "
                       "with its transpose");
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
  if (failed(verifyEpilogue(*this)))
    return failure();
  if (getKernelAttr() && !isa<KernelAttr>(getKernelAttr()))
    return emitOpError("(C10) takes a #dither.kernel, not ") << getKernelAttr();
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

//===- Kernels by name ----------------------------------------------------===//

void OnDeviceOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : getOperation()->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    bool isInit = isDpsInit(&operand);
    if (isInit)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    if (!isInit || getUpdates())
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}
