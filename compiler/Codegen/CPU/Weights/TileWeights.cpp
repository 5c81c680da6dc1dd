//===- TileWeights.cpp - A weight matrix as tiles take it -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/TileWeights.h"
#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"

using namespace mlir;
using namespace dither;

bool dither::hasCodes(ContractOp op) { return !op.getXParts().empty(); }

std::unique_ptr<TileWeights> dither::makeTileWeights(ContractOp op,
                                                     KernelOptions options) {
  return hasCodes(op) ? makeIntegerTiles(op, options)
                      : makeFloatTiles(op, options);
}

int64_t dither::getTileUnit(ContractOp op) {
  return hasCodes(op) ? getIntegerUnit(op) : getFloatUnit(op);
}

Value dither::emitWordsOfPart(ImplicitLocOpBuilder &b, Value part,
                              Value column) {
  auto type = cast<MemRefType>(part.getType());
  Value width = emitIndex(b, getPanelColumns(type, /*words=*/true));
  int64_t columnBytes = type.getDimSize(0) * type.getElementTypeBitWidth() / 8;
  Value inside = arith::RemUIOp::create(b, column, width);
  Value first = arith::SubIOp::create(b, column, inside);
  Value panel = arith::MulIOp::create(b, first, emitIndex(b, columnBytes));
  Value word = arith::MulIOp::create(b, inside, emitIndex(b, 4));
  return emitAddress(b, emitAddress(b, part),
                     arith::AddIOp::create(b, panel, word));
}

bool dither::areWordsInMemory(ContractOp op) {
  if (!op.getDense())
    return false;
  return hasCodes(op) ? areBytesInMemory(op) : areFloatsInMemory(op);
}

std::string dither::explainNoTiles(ContractOp op) {
  auto x = dyn_cast<MemRefType>(op.getX().getType());
  if (!x || !x.getLayout().isIdentity() || x.isDynamicDim(1))
    return "the layout of x is not known";
  if (op.getDepth() == 0 ||
      cast<ShapedType>(op.getInit().getType()).getDimSize(0) == 0)
    return "there is nothing to multiply";
  return hasCodes(op) ? explainNoIntegerTiles(op) : explainNoFloatTiles(op);
}
