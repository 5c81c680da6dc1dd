//===- Epilogue.cpp - What follows a product in its kernel ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/Epilogue.h"
#include "compiler/Codegen/CPU/Loops/VectorBody.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// Elements of a fused tensor, or one that all lanes share.
static Value emitFused(ImplicitLocOpBuilder &b, Value memory, AffineMap map,
                       Value row, Panel panel, int64_t lanes) {
  SmallVector<Value> position;
  for (AffineExpr result : map.getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(result);
    if (!dim)
      position.push_back(arith::ConstantIndexOp::create(
          b, cast<AffineConstantExpr>(result).getValue()));
    else
      position.push_back(dim.getPosition() == 0 ? row : panel.column);
  }
  if (!map.isFunctionOfDim(1))
    return memref::LoadOp::create(b, memory, position);
  auto type = VectorType::get(
      {lanes}, cast<MemRefType>(memory.getType()).getElementType());
  if (!panel.mask)
    return vector::LoadOp::create(b, type, memory, position);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return vector::MaskedLoadOp::create(b, type, memory, position, panel.mask,
                                      zero);
}

Value dither::emitEpilogue(ImplicitLocOpBuilder &b, ContractOp op, Value row,
                           Panel panel, Value product) {
  Block &body = op.getEpilogue().front();
  int64_t lanes = cast<VectorType>(product.getType()).getDimSize(0);
  IRMapping mapping;
  mapping.map(body.getArgument(0), product);
  for (auto [i, memory] : llvm::enumerate(op.getFused())) {
    AffineMap map = cast<AffineMapAttr>((*op.getFusedMaps())[i]).getValue();
    mapping.map(body.getArgument(i + 1),
                emitFused(b, memory, map, row, panel, lanes));
  }
  return emitVectorBody(b, body, lanes, mapping).front();
}
