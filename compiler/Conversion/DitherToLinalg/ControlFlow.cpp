//===- ControlFlow.cpp - Loops and conditions to scf ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stacks, and results of a condition, are tensors from outside of the regions
// that write them. What a loop carries is bound to memory later, by
// dither-bind-outputs. So no memory leaves the region in which it is taken.
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// Moves the ops of a region to the end of a block, with `arguments` for those
/// of its own, and gives what it yields.
static SmallVector<Value> moveBody(PatternRewriter &rewriter, Region &region,
                                   Block *block, ValueRange arguments) {
  Block &body = region.front();
  Operation *terminator = body.getTerminator();
  rewriter.inlineBlockBefore(&body, block, block->end(), arguments);
  SmallVector<Value> yielded(terminator->getOperands());
  rewriter.eraseOp(terminator);
  rewriter.setInsertionPointToEnd(block);
  return yielded;
}

/// The dynamic extents of a result of an op with regions: those of any argument
/// of the function, since there is but one number.
static SmallVector<Value> createExtents(OpBuilder &b, Operation *op,
                                        RankedTensorType tensorType) {
  SmallVector<Value> extents;
  if (tensorType.hasStaticShape())
    return extents;
  for (Value argument : op->getParentOfType<func::FuncOp>().getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    for (int64_t d = 0; type && d < type.getRank(); ++d)
      if (type.isDynamicDim(d) && extents.empty())
        extents.assign(
            tensorType.getNumDynamicDims(),
            tensor::DimOp::create(b, op->getLoc(), argument, d).getResult());
  }
  return extents;
}

/// Memory of its own for a result that two regions write. An empty tensor could
/// become another one for one of them alone.
static Value createMemory(OpBuilder &b, Operation *op, Type type) {
  auto tensorType = cast<RankedTensorType>(type);
  return bufferization::AllocTensorOp::create(b, op->getLoc(), tensorType,
                                              createExtents(b, op, tensorType));
}

/// A row of rows, as the box of a slice.
namespace {
struct RowBox {
  SmallVector<OpFoldResult> offsets, sizes, strides;

  RowBox(OpBuilder &b, Location loc, Value rows, Value number)
      : strides(cast<RankedTensorType>(rows.getType()).getRank(),
                b.getIndexAttr(1)) {
    offsets.assign(strides.size(), b.getIndexAttr(0));
    offsets[0] = number;
    sizes = tensor::getMixedSizes(b, loc, rows);
    sizes[0] = b.getIndexAttr(1);
  }
};
} // namespace

/// Whether rows have no elements: upstream has no slices of such.
static bool areEmpty(RankedTensorType rows) {
  return llvm::is_contained(rows.getShape().drop_front(), 0);
}

static Value readRow(OpBuilder &b, Location loc, Value rows, Value number) {
  auto type = cast<RankedTensorType>(rows.getType());
  auto row = RankedTensorType::get(type.getShape().drop_front(),
                                   type.getElementType());
  RowBox box(b, loc, rows, number);
  if (areEmpty(type))
    return tensor::EmptyOp::create(b, loc, ArrayRef(box.sizes).drop_front(),
                                   type.getElementType());
  return tensor::ExtractSliceOp::create(b, loc, row, rows, box.offsets,
                                        box.sizes, box.strides);
}

static Value writeRow(OpBuilder &b, Location loc, Value row, Value rows,
                      Value number) {
  if (areEmpty(cast<RankedTensorType>(rows.getType())))
    return rows;
  RowBox box(b, loc, rows, number);
  return tensor::InsertSliceOp::create(b, loc, row, rows, box.offsets,
                                       box.sizes, box.strides);
}

/// A tensor of rank 0 that holds a number of type index.
static Value createNumber(OpBuilder &b, Location loc, Value number) {
  Value wide = arith::IndexCastOp::create(b, loc, b.getI64Type(), number);
  return tensor::FromElementsOp::create(
      b, loc, RankedTensorType::get({}, b.getI64Type()), wide);
}

namespace {
struct LowerFor : OpRewritePattern<ForOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ForOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    unsigned numCarried = op.getNumCarried();
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    Value trips =
        op.getSlices().empty()
            ? arith::ConstantIndexOp::create(rewriter, loc, *op.getTrips())
            : Value(tensor::DimOp::create(rewriter, loc, op.getSlices()[0], 0));
    SmallVector<Value> initial(op.getCarried());
    for (Type type : TypeRange(op.getResults()).drop_front(numCarried))
      initial.push_back(tensor::EmptyOp::create(
          rewriter, loc, type,
          createExtents(rewriter, op, cast<RankedTensorType>(type))));
    auto loop = scf::ForOp::create(rewriter, loc, zero, trips, one, initial);
    Block *block = loop.getBody();
    if (!block->empty()) // Without results, it ends already.
      rewriter.eraseOp(block->getTerminator());
    rewriter.setInsertionPointToStart(block);
    Value number = loop.getInductionVar();
    if (op.getReverse()) {
      Value last = arith::SubIOp::create(rewriter, loc, trips, one);
      number = arith::SubIOp::create(rewriter, loc, last, number);
    }
    auto carried = loop.getRegionIterArgs().take_front(numCarried);
    auto stacks = loop.getRegionIterArgs().drop_front(numCarried);
    SmallVector<Value> arguments = {createNumber(rewriter, loc, number)};
    llvm::append_range(arguments, carried);
    for (Value rows : op.getSlices())
      arguments.push_back(readRow(rewriter, loc, rows, number));
    SmallVector<Value> yielded =
        moveBody(rewriter, op.getBody(), block, arguments);
    for (auto [i, rows] : llvm::enumerate(stacks)) {
      Value &row = yielded[numCarried + i];
      row = writeRow(rewriter, loc, row, rows, number);
    }
    scf::YieldOp::create(rewriter, loc, yielded);
    rewriter.replaceOp(op, loop.getResults());
    return success();
  }
};

struct LowerWhile : OpRewritePattern<WhileOp> {
  using OpRewritePattern::OpRewritePattern;

  /// With a limit, the loop counts its trips.
  LogicalResult matchAndRewrite(WhileOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    bool isLimited = op.getMaxTrips().has_value();
    SmallVector<Value> initial(op.getCarried());
    // What has no elements is an empty tensor by now, which bufferization would
    // make in the memory of the result.
    for (Value &value : initial)
      if (llvm::is_contained(cast<RankedTensorType>(value.getType()).getShape(),
                             0))
        value = createMemory(rewriter, op, value.getType());
    if (isLimited)
      initial.push_back(arith::ConstantIndexOp::create(rewriter, loc, 0));
    SmallVector<Type> types(ValueRange(initial).getTypes());
    auto loop = scf::WhileOp::create(rewriter, loc, types, initial);
    SmallVector<Location> locations(types.size(), loc);
    Block *before =
        rewriter.createBlock(&loop.getBefore(), {}, types, locations);
    Block *after = rewriter.createBlock(&loop.getAfter(), {}, types, locations);
    unsigned numCarried = op.getCarried().size();
    auto first = before->getArguments(), second = after->getArguments();

    rewriter.setInsertionPointToStart(before);
    Value truth = moveBody(rewriter, op.getCondition(), before,
                           first.take_front(numCarried))
                      .front();
    Value goesOn =
        tensor::ExtractOp::create(rewriter, loc, truth, ValueRange());
    if (isLimited) {
      Value limit =
          arith::ConstantIndexOp::create(rewriter, loc, *op.getMaxTrips());
      Value isBelow = arith::CmpIOp::create(
          rewriter, loc, arith::CmpIPredicate::ult, first.back(), limit);
      goesOn = arith::AndIOp::create(rewriter, loc, isBelow, goesOn);
    }
    scf::ConditionOp::create(rewriter, loc, goesOn, first);

    rewriter.setInsertionPointToStart(after);
    SmallVector<Value> next =
        moveBody(rewriter, op.getBody(), after, second.take_front(numCarried));
    if (isLimited) {
      Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
      next.push_back(arith::AddIOp::create(rewriter, loc, second.back(), one));
    }
    scf::YieldOp::create(rewriter, loc, next);
    rewriter.replaceOp(op, loop.getResults().take_front(numCarried));
    return success();
  }
};

struct LowerCond : OpRewritePattern<CondOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(CondOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value truth = tensor::ExtractOp::create(rewriter, loc, op.getCondition(),
                                            ValueRange());
    SmallVector<Value> targets;
    for (Type type : op.getResultTypes())
      targets.push_back(createMemory(rewriter, op, type));
    auto choice = scf::IfOp::create(rewriter, loc, op.getResultTypes(), truth,
                                    /*withElseRegion=*/true);
    for (auto [from, to] :
         {std::pair(&op.getThen(), choice.thenBlock()),
          std::pair(&op.getOtherwise(), choice.elseBlock())}) {
      if (!to->empty())
        rewriter.eraseOp(to->getTerminator());
      SmallVector<Value> yielded = moveBody(rewriter, *from, to, {});
      for (auto [value, target] : llvm::zip_equal(yielded, targets))
        value = bufferization::MaterializeInDestinationOp::create(
                    rewriter, loc, TypeRange(value.getType()), value, target)
                    .getResult();
      scf::YieldOp::create(rewriter, loc, yielded);
    }
    rewriter.replaceOp(op, choice.getResults());
    return success();
  }
};
} // namespace

void dither::populateControlFlowToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerFor, LowerWhile, LowerCond>(patterns.getContext());
}
