//===- ControlFlow.cpp - Conditions and loops by a condition --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace dither;

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

static Block::BlockArgListType getArguments(Region &region) {
  return region.front().getArguments();
}

static OperandRange getYielded(Region &region) {
  return region.front().getTerminator()->getOperands();
}

static LogicalResult verifyYield(Operation *op, Region &region,
                                 TypeRange expected, StringRef constraint) {
  if (isa<YieldOp>(region.front().getTerminator()) &&
      getYielded(region).getTypes() == expected)
    return success();
  auto diagnostic = op->emitOpError() << "(" << constraint << ") yields ";
  llvm::interleaveComma(getYielded(region).getTypes(), diagnostic);
  diagnostic << " where it should yield ";
  llvm::interleaveComma(expected, diagnostic);
  return diagnostic;
}

//===- Cond ---------------------------------------------------------------===//

LogicalResult CondOp::verifyRegions() {
  if (getNumResults() == 0)
    return emitOpError("(C2) gives at least one value");
  for (Region *region : {&getThen(), &getOtherwise()}) {
    if (region->getNumArguments() > 0)
      return emitOpError("(C1) has regions without arguments");
    if (failed(verifyYield(*this, *region, getResultTypes(), "C2")))
      return failure();
  }
  return success();
}

FailureOr<SmallVector<HostTensor>>
CondOp::evaluateRegions(ArrayRef<HostTensor> operands, RunRegion run) {
  return run(operands[0].getInt(0) ? getThen() : getOtherwise(), {});
}

FailureOr<SmallVector<Value>>
CondOp::buildRegionGradients(ImplicitLocOpBuilder &b, ValueRange dys,
                             ArrayRef<Value> wanted, ReverseSweep &sweep) {
  SmallVector<Value> floats =
      llvm::filter_to_vector(wanted, [](Value v) { return isFloat(v); });
  auto backward =
      CondOp::create(b, TypeRange(ValueRange(floats)), getCondition());
  for (auto [from, to] :
       {std::pair(&getThen(), &backward.getThen()),
        std::pair(&getOtherwise(), &backward.getOtherwise())}) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&to->emplaceBlock());
    // What is lost in integers is an error, so they are asked for, too.
    FailureOr<SmallVector<Value>> gradients =
        sweep.run(b, *from, {}, llvm::to_vector(dys), wanted);
    if (failed(gradients))
      return failure();
    SmallVector<Value> yielded;
    for (auto [gradient, value] : llvm::zip_equal(*gradients, wanted))
      if (isFloat(value))
        yielded.push_back(gradient ? gradient : buildZerosLike(b, value));
    YieldOp::create(b, yielded);
  }
  SmallVector<Value> result;
  unsigned next = 0;
  for (Value value : wanted)
    result.push_back(isFloat(value) ? backward.getResult(next++) : Value());
  return result;
}

namespace {
/// Of a condition that is known, one region remains.
struct FoldKnownCondition : OpRewritePattern<CondOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CondOp op,
                                PatternRewriter &rewriter) const override {
    auto constant = op.getCondition().getDefiningOp<ConstantOp>();
    auto value = constant ? dyn_cast<DenseElementsAttr>(constant.getValue())
                          : DenseElementsAttr();
    if (!value)
      return failure();
    Region &taken =
        value.getSplatValue<bool>() ? op.getThen() : op.getOtherwise();
    SmallVector<Value> values(getYielded(taken));
    rewriter.eraseOp(taken.front().getTerminator());
    rewriter.inlineBlockBefore(&taken.front(), op);
    rewriter.replaceOp(op, values);
    return success();
  }
};

/// Results that nobody reads are not made.
struct DropUnusedChoices : OpRewritePattern<CondOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CondOp op,
                                PatternRewriter &rewriter) const override {
    BitVector unused(op->getNumResults());
    for (OpResult result : op->getResults())
      if (result.use_empty())
        unused.set(result.getResultNumber());
    if (unused.none())
      return failure();
    if (unused.all()) {
      rewriter.eraseOp(op);
      return success();
    }
    for (Region *region : {&op.getThen(), &op.getOtherwise()})
      rewriter.modifyOpInPlace(region->front().getTerminator(), [&] {
        region->front().getTerminator()->eraseOperands(unused);
      });
    SmallVector<Value> kept;
    for (Value value : op->getResults())
      if (!value.use_empty())
        kept.push_back(value);
    auto smaller = CondOp::create(
        rewriter, op.getLoc(), TypeRange(ValueRange(kept)), op.getCondition());
    smaller.getThen().takeBody(op.getThen());
    smaller.getOtherwise().takeBody(op.getOtherwise());
    rewriter.replaceAllUsesWith(kept, smaller.getResults());
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void CondOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *context) {
  patterns.add<FoldKnownCondition, DropUnusedChoices>(context);
}

//===- While --------------------------------------------------------------===//

LogicalResult WhileOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                        ValueRange operands, DictionaryAttr,
                                        OpaqueProperties, RegionRange,
                                        SmallVectorImpl<Type> &types) {
  llvm::append_range(types, operands.getTypes());
  return success();
}

LogicalResult WhileOp::verifyRegions() {
  TypeRange types = getCarried().getTypes();
  for (Region *region : {&getCondition(), &getBody()})
    if (region->getArgumentTypes() != types)
      return emitOpError("(C1) has regions that take the carried values");
  auto truth = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  if (failed(verifyYield(*this, getCondition(), Type(truth), "C2")) ||
      failed(verifyYield(*this, getBody(), types, "C2")))
    return failure();
  if (getMaxTrips().value_or(0) > uint64_t(INT64_MAX))
    return emitOpError("(C3) needs `max_trips` that are not negative");
  return success();
}

FailureOr<SmallVector<HostTensor>>
WhileOp::evaluateRegions(ArrayRef<HostTensor> operands, RunRegion run) {
  SmallVector<HostTensor> values(operands);
  for (uint64_t trip = 0; !getMaxTrips() || trip < *getMaxTrips(); ++trip) {
    FailureOr<SmallVector<HostTensor>> goesOn = run(getCondition(), values);
    if (failed(goesOn))
      return failure();
    if (!goesOn->front().getInt(0))
      break;
    FailureOr<SmallVector<HostTensor>> next = run(getBody(), values);
    if (failed(next))
      return failure();
    values = *next;
  }
  return values;
}

/// With a limit, another loop has taken the place of this one.
FailureOr<SmallVector<Value>>
WhileOp::buildRegionGradients(ImplicitLocOpBuilder &, ValueRange,
                              ArrayRef<Value>, ReverseSweep &) {
  return emitOpError("has a gradient only with `max_trips`, since what is "
                     "carried is kept for each of them");
}

/// A loop of known length, in which the body runs where the condition holds:
/// where it does not, it never does again, since the values stay.
LogicalResult WhileOp::saveForGradients() {
  // Through integers alone, no gradient passes.
  if (!getMaxTrips() || llvm::none_of(getCarried(), isFloat))
    return success();
  ImplicitLocOpBuilder b(getLoc(), *this);
  auto loop = ForOp::create(b, getResultTypes(), getCarried(), ValueRange(),
                            getMaxTripsAttr(), /*reverse=*/false);
  auto clone = [&](Region &region, ValueRange arguments) {
    IRMapping map;
    map.map(getArguments(region), arguments);
    for (Operation &op : region.front().without_terminator())
      b.clone(op, map);
    return llvm::map_to_vector(::getYielded(region), [&](Value value) {
      return map.lookupOrDefault(value);
    });
  };
  Block &block = loop.getBody().emplaceBlock();
  b.setInsertionPointToStart(&block);
  block.addArgument(RankedTensorType::get({}, b.getI64Type()), getLoc());
  SmallVector<Value> values;
  for (Type type : getResultTypes())
    values.push_back(block.addArgument(type, getLoc()));
  Value goesOn = clone(getCondition(), values).front();
  auto choice = CondOp::create(b, getResultTypes(), goesOn);
  YieldOp::create(b, choice.getResults());
  b.setInsertionPointToStart(&choice.getThen().emplaceBlock());
  YieldOp::create(b, clone(getBody(), values));
  b.setInsertionPointToStart(&choice.getOtherwise().emplaceBlock());
  YieldOp::create(b, values);
  replaceAllUsesWith(loop.getResults());
  erase();
  return loop.saveForGradients();
}
