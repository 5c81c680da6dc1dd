//===- Combiner.cpp - How parts of a reduction are combined ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/Combiner.h"
#include "compiler/Codegen/CUDA/Kernels/BlockScan.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace dither;

std::optional<Combiner> Combiner::match(linalg::GenericOp op,
                                        ArrayRef<unsigned> reduced) {
  Combiner result;
  for (BlockArgument argument : op.getRegionOutputArgs())
    result.types.push_back(argument.getType());
  if (!llvm::all_of(result.types, canShuffle))
    return std::nullopt;
  if (result.matchOperations(op))
    return result;
  // A row has a first element, which its threads start with.
  if (reduced.size() != 1 || op.getStaticLoopRanges()[reduced[0]] < 1)
    return std::nullopt;
  result.loop = reduced[0];
  result.operations.clear();
  if (result.matchBest(op))
    return result;
  return std::nullopt;
}

bool Combiner::matchOperations(linalg::GenericOp op) {
  for (unsigned i = 0; i < op.getNumDpsInits(); ++i) {
    SmallVector<Operation *> found;
    if (!matchReduction(op.getRegionOutputArgs(), i, found) ||
        found.size() != 1 || !arith::getNeutralElement(found[0]))
      return false;
    operations.push_back(found[0]);
  }
  return true;
}

/// Whether a value is made of two others and of constants.
static bool isMadeOf(Value value, Value x, Value y) {
  if (value == x || value == y)
    return true;
  Operation *def = value.getDefiningOp();
  return def && def->getNumRegions() == 0 && isPure(def) &&
         !isa<linalg::IndexOp>(def) &&
         llvm::all_of(def->getOperands(),
                      [&](Value operand) { return isMadeOf(operand, x, y); });
}

/// Two selections by one comparison: of elements, and of their indices.
bool Combiner::matchBest(linalg::GenericOp op) {
  if (op.getNumDpsInits() != 2)
    return false;
  Operation *yield = op.getBody()->getTerminator();
  auto best = yield->getOperand(0).getDefiningOp<arith::SelectOp>();
  auto where = yield->getOperand(1).getDefiningOp<arith::SelectOp>();
  if (!best || !where || best.getCondition() != where.getCondition())
    return false;
  held = op.getRegionOutputArgs()[0];
  element = best.getTrueValue();
  index = where.getTrueValue();
  isBetter = best.getCondition();
  auto cast = index.getDefiningOp<arith::IndexCastOp>();
  auto place =
      cast ? cast.getIn().getDefiningOp<linalg::IndexOp>() : linalg::IndexOp();
  return place && place.getDim() == loop && best.getFalseValue() == held &&
         where.getFalseValue() == op.getRegionOutputArgs()[1] &&
         isMadeOf(isBetter, element, held) && !isMadeOf(element, held, held);
}

SmallVector<Value> Combiner::emitStart(ImplicitLocOpBuilder &b,
                                       GenericBody &body) const {
  if (operations.empty()) {
    // The first element of the row: to meet it twice changes nothing.
    body.position[loop] = arith::ConstantIndexOp::create(b, 0);
    SmallVector<Value> unused;
    for (Type type : types)
      unused.push_back(arith::ConstantOp::create(b, b.getZeroAttr(type)));
    return body.emitValues(unused, {element, index});
  }
  return llvm::map_to_vector(operations, [&](Operation *each) -> Value {
    return arith::ConstantOp::create(b, *arith::getNeutralElement(each));
  });
}

/// The comparison of the body, of other values.
Value Combiner::emitIsBetter(ImplicitLocOpBuilder &b, Value x,
                             Value other) const {
  IRMapping mapping;
  mapping.map(element, x);
  mapping.map(held, other);
  std::function<Value(Value)> emit = [&](Value value) -> Value {
    if (Value known = mapping.lookupOrNull(value))
      return known;
    Operation *def = value.getDefiningOp();
    for (Value operand : def->getOperands())
      mapping.map(operand, emit(operand));
    return b.clone(*def, mapping)->getResult(0);
  };
  return emit(isBetter);
}

SmallVector<Value> Combiner::emit(ImplicitLocOpBuilder &b, ValueRange x,
                                  ValueRange y) const {
  SmallVector<Value> combined;
  if (operations.empty()) {
    // Of elements of which none is better, the first one.
    Value isBetter = emitIsBetter(b, y[0], x[0]);
    Value isWorse = emitIsBetter(b, x[0], y[0]);
    Value isEarlier =
        arith::CmpIOp::create(b, arith::CmpIPredicate::slt, y[1], x[1]);
    Value isFirst = arith::SelectOp::create(b, isWorse, isBetter, isEarlier);
    Value takesOther = arith::OrIOp::create(b, isBetter, isFirst);
    for (auto [one, other] : llvm::zip_equal(x, y))
      combined.push_back(arith::SelectOp::create(b, takesOther, other, one));
    return combined;
  }
  for (auto [operation, one, other] : llvm::zip_equal(operations, x, y)) {
    Operation *each = b.clone(*operation);
    each->setOperands({one, other});
    combined.push_back(each->getResult(0));
  }
  return combined;
}
