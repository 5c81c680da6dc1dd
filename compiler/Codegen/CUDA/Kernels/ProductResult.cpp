//===- ProductResult.cpp - What a kernel writes of a product --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/ProductResult.h"
#include "compiler/Codegen/CPU/Schedules/Epilogue.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

Panel dither::emitPanel(ImplicitLocOpBuilder &b, Value column, Value count,
                        int64_t lanes) {
  Panel panel{column, Value()};
  APInt known;
  if (matchPattern(count, m_ConstantInt(&known)) && known.urem(lanes) == 0)
    return panel;
  Value left = arith::SubIOp::create(b, count, column);
  panel.mask = vector::CreateMaskOp::create(
      b, VectorType::get({lanes}, b.getI1Type()), left);
  return panel;
}

Value dither::emitActivation(ImplicitLocOpBuilder &b, ContractOp op, Value row,
                             Value k) {
  SmallVector<Value> place = {row, k};
  if (op.getTransposeX())
    std::swap(place[0], place[1]);
  Value element = memref::LoadOp::create(b, op.getX(), place);
  if (element.getType().isInteger())
    return arith::SIToFPOp::create(b, b.getF32Type(), element);
  if (element.getType().isF32())
    return element;
  return arith::ExtFOp::create(b, b.getF32Type(), element);
}

void dither::emitProductResult(ImplicitLocOpBuilder &b, ContractOp op,
                               Value row, Panel panel, Value sum) {
  if (!op.getXParts().empty()) {
    Value scale = memref::LoadOp::create(b, op.getXParts()[0],
                                         ValueRange{row, emitConstant(b, 0)});
    sum = arith::MulFOp::create(
        b, sum, vector::BroadcastOp::create(b, sum.getType(), scale));
  }
  if (!op.getEpilogue().empty())
    sum = emitEpilogue(b, op, row, panel, sum);
  Value place[] = {row, panel.column};
  if (cast<VectorType>(sum.getType()).getNumElements() == 1)
    memref::StoreOp::create(b, vector::ExtractOp::create(b, sum, 0),
                            op.getInit(), place);
  else if (panel.mask)
    vector::MaskedStoreOp::create(b, op.getInit(), place, panel.mask, sum);
  else
    vector::StoreOp::create(b, sum, op.getInit(), place);
}
