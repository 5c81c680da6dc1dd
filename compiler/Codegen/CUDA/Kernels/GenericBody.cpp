//===- GenericBody.cpp - The body of a linalg op, at a place --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/GenericBody.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace dither;

/// Of an operand that walks along the loop.
Value GenericBody::emitExtent(unsigned loop) {
  int64_t known = op.getStaticLoopRanges()[loop];
  if (!ShapedType::isDynamic(known))
    return emitConstant(b, known);
  for (OpOperand &operand : op->getOpOperands())
    for (auto [i, result] :
         llvm::enumerate(op.getMatchingIndexingMap(&operand).getResults()))
      if (result == getAffineDimExpr(loop, op.getContext()))
        return memref::DimOp::create(b, operand.get(), i);
  llvm_unreachable("each loop walks along an operand");
}

void GenericBody::emitExtents() {
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    extents.push_back(emitExtent(loop));
}

Value GenericBody::emitCount(ArrayRef<unsigned> loops) {
  Value count = emitConstant(b, 1);
  for (unsigned loop : loops)
    count = emitMul(b, count, extents[loop]);
  return count;
}

int64_t GenericBody::estimateCount(ArrayRef<unsigned> loops) {
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  int64_t count = 1;
  for (unsigned loop : loops)
    count *= ShapedType::isDynamic(ranges[loop]) ? 64 : ranges[loop];
  return count;
}

void GenericBody::setPosition(ArrayRef<unsigned> loops, Value number) {
  for (unsigned loop : llvm::reverse(loops)) {
    if (loop == loops.front()) {
      position[loop] = number;
      break;
    }
    position[loop] = b.createOrFold<arith::RemUIOp>(number, extents[loop]);
    number = b.createOrFold<arith::DivUIOp>(number, extents[loop]);
  }
}

bool GenericBody::isAlone(unsigned loop, OpOperand &init) {
  return llvm::is_contained(op.getMatchingIndexingMap(&init).getResults(),
                            getAffineDimExpr(loop, op.getContext()));
}

SmallVector<Value> GenericBody::emitPlace(AffineMap map) {
  SmallVector<Value> place;
  for (AffineExpr result : map.getResults()) {
    if (auto dim = dyn_cast<AffineDimExpr>(result))
      place.push_back(position[dim.getPosition()]);
    else
      place.push_back(affine::AffineApplyOp::create(
          b, AffineMap::get(map.getNumDims(), 0, result), getKnownPosition()));
  }
  return place;
}

/// Loops have no place as long as none is entered; then nothing asks for it.
SmallVector<Value> GenericBody::getKnownPosition() {
  SmallVector<Value> known = position;
  for (Value &place : known)
    if (!place)
      place = emitConstant(b, 0);
  return known;
}

Value GenericBody::emitLoad(OpOperand &operand) {
  if (!isa<MemRefType>(operand.get().getType()))
    return operand.get();
  return memref::LoadOp::create(b, operand.get(),
                                emitPlace(op.getMatchingIndexingMap(&operand)));
}

void GenericBody::emitStore(OpOperand &init, Value result) {
  memref::StoreOp::create(b, result, init.get(),
                          emitPlace(op.getMatchingIndexingMap(&init)));
}

SmallVector<Value> GenericBody::emitValues(ValueRange results,
                                           ValueRange wanted) {
  IRMapping mapping;
  for (OpOperand *input : op.getDpsInputOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(input);
    if (!argument.use_empty())
      mapping.map(argument, emitLoad(*input));
  }
  mapping.map(op.getRegionOutputArgs(), results);
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      mapping.map(index.getResult(), position[index.getDim()]);
    else
      b.clone(inner, mapping);
  }
  return llvm::map_to_vector(
      wanted, [&](Value value) { return mapping.lookupOrDefault(value); });
}

SmallVector<Value> GenericBody::emitYield(ValueRange results) {
  return emitValues(results, op.getBody()->getTerminator()->getOperands());
}
