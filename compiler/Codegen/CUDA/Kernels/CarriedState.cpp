//===- CarriedState.cpp - What scans carry from element to element --------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/CarriedState.h"
#include "compiler/Codegen/CUDA/Kernels/BlockScan.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace dither;

/// Whether a value of the body depends on no result.
static bool isFree(linalg::GenericOp op, Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argument.getOwner() != op.getBody() ||
           argument.getArgNumber() < op.getNumDpsInputs();
  Operation *def = value.getDefiningOp();
  return def->getBlock() != op.getBody() ||
         (def->getNumRegions() == 0 &&
          llvm::all_of(def->getOperands(),
                       [&](Value operand) { return isFree(op, operand); }));
}

std::optional<CarriedState> CarriedState::match(linalg::GenericOp op,
                                                OpOperand &init) {
  CarriedState state;
  BlockArgument before = op.getMatchingBlockArgument(&init);
  state.before = before;
  state.after = op.getBody()->getTerminator()->getOperand(
      before.getArgNumber() - op.getNumDpsInputs());
  bool isKnown = state.after.getDefiningOp() && canShuffle(before.getType()) &&
                 (state.matchOperation() || state.matchExponentials() ||
                  state.matchLinear());
  if (!isKnown || !llvm::all_of(state.element,
                                [&](Value value) { return isFree(op, value); }))
    return std::nullopt;
  return state;
}

/// By one operation with a neutral element.
bool CarriedState::matchOperation() {
  Operation *combiner = after.getDefiningOp();
  if (combiner->getNumOperands() != 2 || combiner->getOperand(0) != before ||
      !arith::getNeutralElement(combiner))
    return false;
  element = {combiner->getOperand(1)};
  return true;
}

/// log(exp(before) + exp(x)), as lowering writes it.
bool CarriedState::matchExponentials() {
  using namespace mlir::matchers;
  auto sum = after.getDefiningOp<arith::AddFOp>();
  auto larger = sum ? sum.getLhs().getDefiningOp<arith::MaximumFOp>()
                    : arith::MaximumFOp();
  if (!larger)
    return false;
  Value x = larger.getRhs();
  auto distance =
      m_Op<math::AbsFOp>(m_Op<arith::SubFOp>(m_Val(x), m_Val(before)));
  auto isEqual = m_Op<arith::CmpFOp>(m_Val(x), m_Val(before));
  auto exponent = m_Op<arith::SelectOp>(isEqual, m_AnyZeroFloat(),
                                        m_Op<arith::NegFOp>(distance));
  auto both = m_Op<arith::AddFOp>(m_Op<math::ExpOp>(exponent), m_OneFloat());
  if (larger.getLhs() != before ||
      !matchPattern(sum.getRhs(), m_Op<math::LogOp>(both)))
    return false;
  element = {x};
  return true;
}

/// The one of two operands that is not `known`; null if neither is.
static Value getOther(Operation *op, Value known) {
  if (op->getOperand(0) == known)
    return op->getOperand(1);
  return op->getOperand(1) == known ? op->getOperand(0) : Value();
}

/// a * before + b: two such functions after each other are one.
bool CarriedState::matchLinear() {
  Operation *sum = after.getDefiningOp();
  if (!isa<arith::AddFOp, arith::AddIOp>(sum))
    return false;
  for (Value operand : sum->getOperands()) {
    Operation *product = operand.getDefiningOp();
    if (!isa_and_present<arith::MulFOp, arith::MulIOp>(product))
      continue;
    Value a = getOther(product, before);
    if (!a)
      continue;
    element = {a, getOther(sum, operand)};
    return true;
  }
  return false;
}

SmallVector<Value> CarriedState::emitNeutral(ImplicitLocOpBuilder &b) const {
  auto constant = [&](TypedAttr value) -> Value {
    return arith::ConstantOp::create(b, value);
  };
  Type type = before.getType();
  if (element.size() == 2)
    return {constant(b.getOneAttr(type)), constant(b.getZeroAttr(type))};
  if (auto known = arith::getNeutralElement(after.getDefiningOp());
      known && after.getDefiningOp()->getOperand(0) == before)
    return {constant(*known)};
  const llvm::fltSemantics &semantics =
      cast<FloatType>(type).getFloatSemantics();
  return {constant(b.getFloatAttr(type, APFloat::getInf(semantics, true)))};
}

/// A factor of many elements may overflow where the state is 0, or becomes 0:
/// then the product is 0, as it is element by element.
Value CarriedState::emitProduct(ImplicitLocOpBuilder &b, Value factor, Value x,
                                bool isState) const {
  if (!isa<FloatType>(x.getType()))
    return arith::MulIOp::create(b, factor, x);
  using P = arith::CmpFPredicate;
  Value product = arith::MulFOp::create(b, factor, x);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(x.getType()));
  auto is = [&](P predicate, Value x, Value y) -> Value {
    return arith::CmpFOp::create(b, predicate, x, y);
  };
  Value isNaN = is(P::UNO, product, product);
  // A state that is infinite has come to be so.
  Value areNumbers = is(P::ORD, factor, x);
  if (isState)
    areNumbers = arith::AndIOp::create(b, areNumbers, is(P::OEQ, x, zero));
  return arith::SelectOp::create(b, arith::AndIOp::create(b, isNaN, areNumbers),
                                 zero, product);
}

SmallVector<Value> CarriedState::emitCombined(ImplicitLocOpBuilder &b,
                                              ValueRange earlier,
                                              ValueRange later) const {
  if (element.size() == 2) {
    Value product = emitProduct(b, later[0], earlier[1], /*isState=*/true);
    Operation *sum = b.clone(*after.getDefiningOp());
    sum->setOperands({product, later[1]});
    return {emitProduct(b, later[0], earlier[0], /*isState=*/false),
            sum->getResult(0)};
  }
  // The body, of the states behind the two.
  IRMapping mapping;
  mapping.map(before, earlier[0]);
  mapping.map(element[0], later[0]);
  std::function<Value(Value)> emit = [&](Value value) -> Value {
    if (Value known = mapping.lookupOrNull(value))
      return known;
    Operation *def = value.getDefiningOp();
    for (Value operand : def->getOperands())
      mapping.map(operand, emit(operand));
    return b.clone(*def, mapping)->getResult(0);
  };
  return {emit(after)};
}
