//===- TileWeights.cpp - A weight matrix as tiles take it -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/TileWeights.h"

using namespace mlir;
using namespace dither;

std::unique_ptr<TileWeights> dither::makeTileWeights(ContractOp op,
                                                     KernelOptions options) {
  return op.getDense() ? makeIntegerTiles(op, options) : makeFloatTiles(op);
}

int64_t dither::getTileUnit(ContractOp op) {
  // Of bf16, a row of a tile.
  return op.getDense() ? getIntegerUnit(op) : kTileRowBytes / 2;
}

std::string dither::explainNoTiles(ContractOp op) {
  auto w = dyn_cast<MemRefType>(op.getParts()[0].getType());
  auto x = dyn_cast<MemRefType>(op.getX().getType());
  if (!x || !x.getLayout().isIdentity() || x.isDynamicDim(1))
    return "the layout of x is not known";
  if (op.getDepth() == 0 ||
      cast<ShapedType>(op.getInit().getType()).getDimSize(0) == 0)
    return "there is nothing to multiply";
  if (op.getDense())
    return op.getXParts().empty() ? "x has no codes"
                                  : explainNoIntegerTiles(op);
  if (!x.getElementType().isBF16() || !w || !w.getElementType().isBF16())
    return "tiles multiply codes, or bf16";
  if (op.getRows())
    return "the rows of the matrix are chosen";
  if (op.getTransposeX() || op.getTransposeW())
    return "tiles multiply matrices as they are, not their transposes";
  if (!w.hasStaticShape() || !w.getLayout().isIdentity() ||
      w.getNumElements() == 0)
    return "the layout of the matrix is not known, or it is empty";
  return "";
}
