//===- IntegerWeights.cpp - Codes of weights as bytes ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/IntegerWeights.h"
#include "Dither/Ops/Representation/Layout.h"
#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CPU/Weights/IntegerPanels.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/WeightSource.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// Of an instruction, along the contraction.
static constexpr int64_t instructionDepth = 32;
/// Elements of a row that are side by side in registers.
static constexpr int64_t pairLanes = 2;

static FormatAttrInterface getFormat(ContractOp op) {
  return dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
}

static RankedTensorType getDense(ContractOp op) {
  return cast<RankedTensorType>(*op.getDense());
}

bool dither::isForIntegerCores(ContractOp op) {
  FormatAttrInterface format = getFormat(op);
  // Of x, scales and what other kernels take the weights' offset off by.
  if (!format || op.getPatternAttr() || op.getXParts().size() != 2)
    return false;
  std::optional<IntegerCodes> codes = format.getIntegerCodes();
  int64_t scaled = getScaledElements(op);
  // So that integers are signed bytes.
  constexpr int64_t mostOffset = 128;
  return codes && codes->getOffset() <= mostOffset &&
         (codes->areCodes() || codes->areCodes(2)) &&
         format.getVectorSize() == 1 &&
         areInWords(getDense(op), 0, format.getBits()) &&
         (scaled == op.getDepth() || scaled % instructionDepth == 0);
}

IntegerWeights::IntegerWeights(ImplicitLocOpBuilder &b, ContractOp op)
    : op(op), format(getFormat(op)), integers(*format.getIntegerCodes()),
      group(getScaledElements(op)),
      step(getWordStep(GroupPatternAttrInterface(), format)),
      codes(b, op.getParts()[0], getDense(op), format.getBits(), panelColumns),
      scales(b, op.getParts().back(), format) {}

SmallVector<Value> IntegerWeights::emitWords(ImplicitLocOpBuilder &b, Value k,
                                             int64_t count, Value column) {
  auto words = VectorType::get({panelColumns}, b.getI32Type());
  Value exists = arith::AndIOp::create(
      b, emitLess(b, k, emitConstant(b, op.getDepth())),
      emitLess(b, column, emitConstant(b, getDense(op).getDimSize(1))));
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(words));
  // Those that are twice their codes are one bit further up.
  int64_t lift = integers.areCodes() ? 0 : 1;
  SmallVector<Value> decoded;
  for (int64_t i = 0; i < count; i += step) {
    Value slot = emitAdd(b, k, emitConstant(b, i));
    if (i > 0)
      exists = arith::AndIOp::create(
          b, exists, emitLess(b, slot, emitConstant(b, op.getDepth())));
    decoded.append(
        emitChoice(b, exists, SmallVector<Value>(step / wordBytes, zero), [&] {
          SmallVector<Value> bytes = codes.emitBytes(
              b, slot, step, Panel{column, Value()}, /*spread=*/1, lift);
          for (Value &word : bytes)
            word = emitSigned(b, word);
          return bytes;
        }));
  }
  return decoded;
}

/// Takes the offset off all bytes of words. The highest bit lends to the others
/// of its byte, so that bytes keep to themselves.
Value IntegerWeights::emitSigned(ImplicitLocOpBuilder &b, Value words) {
  constexpr int64_t ones = 0x01010101, highest = 0x80;
  Value bits = emitI32Splat(b, panelColumns, highest * ones);
  int64_t offset = integers.getOffset();
  if (offset != highest) {
    words = arith::OrIOp::create(b, words, bits);
    words = arith::SubIOp::create(b, words,
                                  emitI32Splat(b, panelColumns, offset * ones));
  }
  return arith::XOrIOp::create(b, words, bits);
}

Value IntegerWeights::emitScaled(ImplicitLocOpBuilder &b, Value k,
                                 Value firstColumn, Value sums,
                                 Value products) {
  auto combine = tile::CombineOp::create(b, sums.getType(), sums, products);
  Type index = b.getIndexType();
  auto floats = VectorType::get({pairLanes}, b.getF32Type());
  auto words = VectorType::get({pairLanes}, b.getI32Type());
  OpBuilder::InsertionGuard guard(b);
  Location loc = b.getLoc();
  Block *body =
      b.createBlock(&combine.getBody(), {}, {index, index, floats, words},
                    {loc, loc, loc, loc});
  int64_t columns = getDense(op).getDimSize(1);
  Value column = arith::MinUIOp::create(
      b, emitAdd(b, firstColumn, body->getArgument(1)),
      emitConstant(b, (columns - 1) / pairLanes * pairLanes));
  Value scale = emitScales(
      b, k, emitPanel(b, column, emitConstant(b, columns), pairLanes));
  Value value = arith::SIToFPOp::create(b, floats, body->getArgument(3));
  tile::YieldOp::create(
      b, vector::FMAOp::create(b, value, scale, body->getArgument(2)));
  return combine;
}

Value IntegerWeights::emitScales(ImplicitLocOpBuilder &b, Value k,
                                 Panel panel) {
  Value scale =
      format.emitDecodeScales(b, scales.emit(b, k, 0, panel, pairLanes));
  if (integers.factor == 1)
    return scale;
  // A power of two.
  Value factor = arith::ConstantOp::create(
      b, DenseElementsAttr::get(cast<ShapedType>(scale.getType()),
                                float(integers.factor)));
  return arith::MulFOp::create(b, scale, factor);
}
