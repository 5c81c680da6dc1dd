//===- For.cpp - Loops over numbers and rows ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include "mlir/IR/PatternMatch.h"
#include <cstring>

using namespace mlir;
using namespace dither;

static bool isFloat(Value value) {
  return isa<FloatType>(getElementTypeOrSelf(value.getType()));
}

/// The type of as many values of a type as there are trips, and that of a row.
static RankedTensorType stack(Type type, int64_t trips) {
  auto row = cast<RankedTensorType>(type);
  SmallVector<int64_t> shape = {trips};
  llvm::append_range(shape, row.getShape());
  return RankedTensorType::get(shape, row.getElementType());
}
static RankedTensorType getRow(Type type) {
  auto rows = cast<RankedTensorType>(type);
  return RankedTensorType::get(rows.getShape().drop_front(),
                               rows.getElementType());
}

SmallVector<Region *> ForOp::getLoopRegions() { return {&getBody()}; }

int64_t ForOp::getNumTrips() {
  if (getSlices().empty())
    return *getTrips();
  return cast<RankedTensorType>(getSlices()[0].getType()).getDimSize(0);
}

SmallVector<Value> dither::buildFor(ImplicitLocOpBuilder &b, ValueRange carried,
                                    ValueRange rows, BuildRun build,
                                    bool reverse) {
  Region region;
  Block &block = region.emplaceBlock();
  Location loc = b.getLoc();
  Value index =
      block.addArgument(RankedTensorType::get({}, b.getI64Type()), loc);
  SmallVector<Value> found, elements;
  for (Value value : carried)
    found.push_back(block.addArgument(value.getType(), loc));
  for (Value value : rows)
    elements.push_back(block.addArgument(getRow(value.getType()), loc));
  SmallVector<Value> yielded;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&block);
    yielded = build(index, found, elements);
    YieldOp::create(b, yielded);
  }
  SmallVector<Type> types(carried.getTypes());
  int64_t trips = cast<RankedTensorType>(rows[0].getType()).getDimSize(0);
  for (Value row : ArrayRef(yielded).drop_front(carried.size()))
    types.push_back(stack(row.getType(), trips));
  auto loop =
      ForOp::create(b, types, carried, rows, /*trips=*/IntegerAttr(), reverse);
  loop.getBody().takeBody(region);
  return llvm::to_vector_of<Value>(loop.getResults());
}

//===- Verifier -----------------------------------------------------------===//

static LogicalResult verifyTrips(ForOp op) {
  if (op.getSlices().empty() != op.getTrips().has_value())
    return op.emitOpError("(C1) needs either `trips` or rows to run over");
  if (op.getTrips().value_or(0) > uint64_t(INT64_MAX))
    return op.emitOpError("(C1) needs `trips` that are not negative");
  for (Type type : op.getSlices().getTypes()) {
    auto rows = cast<RankedTensorType>(type);
    if (rows.getRank() == 0)
      return op.emitOpError("(C1) cannot run over the rows of ") << rows;
    if (rows.getDimSize(0) != op.getNumTrips())
      return op.emitOpError("(C1) runs over different numbers of rows: ")
             << op.getSlices()[0].getType() << " and " << rows;
  }
  return success();
}

LogicalResult ForOp::verifyRegions() {
  if (failed(verifyTrips(*this)))
    return failure();
  SmallVector<Type> arguments = {
      RankedTensorType::get({}, IntegerType::get(getContext(), 64))};
  llvm::append_range(arguments, getCarried().getTypes());
  llvm::append_range(arguments,
                     llvm::map_range(getSlices().getTypes(), getRow));
  if (getBody().getArgumentTypes() != TypeRange(arguments)) {
    auto diagnostic = emitOpError("(C2) has a region that takes ");
    llvm::interleaveComma(arguments, diagnostic);
    return diagnostic;
  }
  OperandRange yielded = getYielded();
  if (yielded.size() < getNumCarried() ||
      yielded.take_front(getNumCarried()).getTypes() != getCarried().getTypes())
    return emitOpError("(C3) has a region that yields the carried values, "
                       "with the types given, and then rows");
  SmallVector<Type> results(getCarried().getTypes());
  auto canBeCounted = [](RankedTensorType type) {
    int64_t bytes = 8;
    return llvm::none_of(type.getShape(), [&](int64_t extent) {
      return !ShapedType::isDynamic(extent) &&
             llvm::MulOverflow(bytes, extent, bytes);
    });
  };
  for (Value row : yielded.drop_front(getNumCarried())) {
    if (!isa<RankedTensorType>(row.getType()))
      return emitOpError("(C3) yields a ")
             << row.getType() << ", which is no tensor";
    RankedTensorType type = stack(row.getType(), getNumTrips());
    if (!canBeCounted(type))
      return emitOpError("(C4) stacks more elements than can be counted");
    results.push_back(type);
  }
  if (getResultTypes() != TypeRange(results)) {
    auto diagnostic = emitOpError("(C4) gives ");
    llvm::interleaveComma(results, diagnostic);
    return diagnostic;
  }
  return success();
}

//===- Reference ----------------------------------------------------------===//

static void copyBytes(HostTensor &to, int64_t toOffset, const HostTensor &from,
                      int64_t fromOffset, int64_t count) {
  if (count > 0)
    std::memcpy(to.data() + toOffset, from.data() + fromOffset, count);
}

FailureOr<SmallVector<HostTensor>>
ForOp::evaluateRegions(ArrayRef<HostTensor> operands, RunRegion run) {
  unsigned numCarried = getNumCarried();
  SmallVector<HostTensor> carried(operands.take_front(numCarried)), stacks;
  for (Type type : TypeRange(getResults()).drop_front(numCarried))
    stacks.emplace_back(getElementTypeOrSelf(type),
                        cast<RankedTensorType>(type).getShape());
  int64_t trips = getNumTrips();
  for (int64_t trip = 0; trip < trips; ++trip) {
    int64_t number = getReverse() ? trips - 1 - trip : trip;
    HostTensor index(IntegerType::get(getContext(), 64), {});
    index.set(0, Scalar::ofInt(number));
    SmallVector<HostTensor> arguments = {index};
    llvm::append_range(arguments, carried);
    for (const HostTensor &rows : operands.drop_front(numCarried)) {
      HostTensor row(rows.getElementType(), rows.getShape().drop_front());
      copyBytes(row, 0, rows, number * row.getNumBytes(), row.getNumBytes());
      arguments.push_back(row);
    }
    FailureOr<SmallVector<HostTensor>> yielded = run(getBody(), arguments);
    if (failed(yielded))
      return failure();
    carried.assign(yielded->begin(), yielded->begin() + numCarried);
    for (auto [all, row] :
         llvm::zip_equal(stacks, ArrayRef(*yielded).drop_front(numCarried)))
      copyBytes(all, number * row.getNumBytes(), row, 0, row.getNumBytes());
  }
  llvm::append_range(carried, stacks);
  return carried;
}

//===- Gradient -----------------------------------------------------------===//

/// For each carried value, the result that stacks it as each run found it; null
/// where there is none.
static SmallVector<Value> findSaved(ForOp op) {
  SmallVector<Value> saved(op.getNumCarried());
  auto stacks = llvm::enumerate(op.getYielded());
  for (auto [i, value] : stacks)
    for (auto [k, argument] : llvm::enumerate(op.getCarriedArguments()))
      if (i >= op.getNumCarried() && value == argument)
        saved[k] = op.getResult(i);
  return saved;
}

LogicalResult ForOp::saveForGradients() {
  SmallVector<Value> saved = findSaved(*this);
  Operation *terminator = getBody().front().getTerminator();
  SmallVector<Value> yielded(getYielded());
  SmallVector<Type> types(getResultTypes());
  for (auto [value, argument] : llvm::zip_equal(saved, getCarriedArguments())) {
    if (value)
      continue;
    yielded.push_back(argument);
    types.push_back(stack(argument.getType(), getNumTrips()));
  }
  if (yielded.size() == getYielded().size())
    return success();
  OpBuilder b(*this);
  terminator->setOperands(yielded);
  auto loop = ForOp::create(b, getLoc(), types, getCarried(), getSlices(),
                            getTripsAttr(), getReverse());
  loop.getBody().takeBody(getBody());
  replaceAllUsesWith(loop.getResults().take_front(getNumResults()));
  erase();
  return success();
}

namespace {
/// The backward loop of a loop: over what the runs found, in the other
/// direction. It carries the gradients of carried values and the sums of those
/// of captures, and stacks those of rows.
class BackwardLoop {
public:
  BackwardLoop(ForOp op, ArrayRef<Value> wanted, ReverseSweep &sweep)
      : op(op), wanted(wanted), sweep(sweep), saved(findSaved(op)) {
    findCarried();
    for (auto [i, rows] : llvm::enumerate(op.getSlices()))
      if (isFloat(rows) && llvm::is_contained(wanted, rows))
        slices.push_back(i);
    for (Value value : wanted)
      if (isCaptured(value))
        (isFloat(value) ? captures : discrete).push_back(value);
  }

  FailureOr<SmallVector<Value>> build(ImplicitLocOpBuilder &b, ValueRange dys) {
    SmallVector<Value> initial, rows(saved);
    for (unsigned k : carried)
      initial.push_back(dys[k] ? dys[k]
                               : buildZerosLike(b, op.getCarried()[k]));
    for (Value value : captures)
      initial.push_back(buildZerosLike(b, value));
    llvm::append_range(rows, op.getSlices());
    unsigned numCarried = op.getNumCarried();
    for (unsigned i = numCarried; i < dys.size(); ++i)
      if (dys[i])
        rows.push_back(dys[i]);
    SmallVector<Type> types(ValueRange(initial).getTypes());
    for (unsigned i : slices)
      types.push_back(op.getSlices()[i].getType());
    auto loop = ForOp::create(b, types, initial, rows,
                              rows.empty() ? op.getTripsAttr() : IntegerAttr(),
                              !op.getReverse());
    OpBuilder::InsertionGuard guard(b);
    Block &block = loop.getBody().emplaceBlock();
    block.addArgument(op.getIndex().getType(), op.getLoc());
    for (Value value : initial)
      block.addArgument(value.getType(), op.getLoc());
    for (Value value : rows)
      block.addArgument(getRow(value.getType()), op.getLoc());
    b.setInsertionPointToStart(&block);
    if (failed(fill(b, loop, dys)))
      return failure();
    return collect(b, loop);
  }

private:
  /// The carried values of which a run's depend on what is wanted: with those
  /// of one run, others of the next may.
  void findCarried() {
    SmallVector<Value> sources(wanted);
    for (auto [value, argument] : llvm::zip_equal(op.getSlices(), op.getRows()))
      if (llvm::is_contained(wanted, value))
        sources.push_back(argument);
    SmallVector<bool> depends(op.getNumCarried());
    for (auto [k, value] : llvm::enumerate(op.getCarried()))
      depends[k] = llvm::is_contained(wanted, value);
    for (bool grows = true; grows;) {
      SmallVector<Value> values(sources);
      for (auto [k, argument] : llvm::enumerate(op.getCarriedArguments()))
        if (depends[k])
          values.push_back(argument);
      SmallVector<bool> yielded = sweep.findDependents(op.getBody(), values);
      grows = false;
      for (unsigned k = 0; k < op.getNumCarried(); ++k) {
        grows |= yielded[k] && !depends[k];
        depends[k] = depends[k] || yielded[k];
      }
    }
    for (unsigned k = 0; k < op.getNumCarried(); ++k) {
      if (!depends[k])
        continue;
      dependents.push_back(k);
      if (isFloat(op.getCarried()[k]))
        carried.push_back(k);
    }
  }

  bool isCaptured(Value value) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      return op.getBody().isAncestor(user->getParentRegion());
    });
  }

  /// Builds one run: the forward one again, its gradients behind it.
  LogicalResult fill(ImplicitLocOpBuilder &b, ForOp loop, ValueRange dys) {
    unsigned numCarried = op.getNumCarried(), numSlices = op.getSlices().size();
    auto found = loop.getRows();
    SmallVector<Value> arguments = {loop.getIndex()};
    llvm::append_range(arguments, found.take_front(numCarried + numSlices));
    // Of what is yielded: for carried values, what the loop carries; for rows,
    // the rows of their gradients.
    SmallVector<Value> seeds(dys.size());
    for (auto [i, k] : llvm::enumerate(carried))
      seeds[k] = loop.getCarriedArguments()[i];
    unsigned next = numCarried + numSlices;
    for (unsigned i = numCarried; i < dys.size(); ++i)
      if (dys[i])
        seeds[i] = found[next++];
    // Integers that depend are asked for, too, so that what is lost in them is
    // an error.
    SmallVector<Value> asked;
    for (unsigned k : dependents)
      asked.push_back(arguments[1 + k]);
    unsigned firstSlice = asked.size();
    for (unsigned i : slices)
      asked.push_back(arguments[1 + numCarried + i]);
    unsigned firstCapture = asked.size();
    llvm::append_range(asked, captures);
    llvm::append_range(asked, discrete);
    for (auto [i, rows] : llvm::enumerate(op.getSlices()))
      if (!isFloat(rows) && llvm::is_contained(wanted, rows))
        asked.push_back(arguments[1 + numCarried + i]);
    FailureOr<SmallVector<Value>> gradients =
        sweep.run(b, op.getBody(), arguments, seeds, asked);
    if (failed(gradients))
      return failure();
    SmallVector<Value> yielded;
    for (auto [i, k] : llvm::enumerate(dependents))
      if (isFloat(op.getCarried()[k]))
        yielded.push_back(orZeros(b, (*gradients)[i], asked[i]));
    for (unsigned i = 0; i < captures.size(); ++i) {
      Value sum = loop.getCarriedArguments()[carried.size() + i];
      Value gradient = (*gradients)[firstCapture + i];
      yielded.push_back(gradient ? AddOp::create(b, sum, gradient).getResult()
                                 : sum);
    }
    for (unsigned i = 0; i < slices.size(); ++i)
      yielded.push_back(
          orZeros(b, (*gradients)[firstSlice + i], asked[firstSlice + i]));
    YieldOp::create(b, yielded);
    return success();
  }

  static Value orZeros(ImplicitLocOpBuilder &b, Value gradient, Value like) {
    return gradient ? gradient : buildZerosLike(b, like);
  }

  /// The gradients of what is wanted, each the sum of all ways in which the
  /// loop reads it.
  SmallVector<Value> collect(ImplicitLocOpBuilder &b, ForOp loop) {
    b.setInsertionPointAfter(loop);
    SmallVector<Value> result(wanted.size());
    auto add = [&](Value value, Value gradient) {
      for (auto [sum, candidate] : llvm::zip_equal(result, wanted))
        if (candidate == value)
          sum = sum ? AddOp::create(b, sum, gradient).getResult() : gradient;
    };
    unsigned next = 0;
    for (unsigned k : carried)
      add(op.getCarried()[k], loop.getResult(next++));
    for (Value value : captures)
      add(value, loop.getResult(next++));
    for (unsigned i : slices)
      add(op.getSlices()[i], loop.getResult(next++));
    return result;
  }

  ForOp op;
  ArrayRef<Value> wanted;
  ReverseSweep &sweep;
  SmallVector<Value> saved;
  /// The carried values that depend on what is wanted, and those of them that
  /// have a gradient; so do these rows and these captures.
  SmallVector<unsigned> dependents, carried, slices;
  SmallVector<Value> captures;
  /// Captures without a gradient that depend on what is wanted.
  SmallVector<Value> discrete;
};
} // namespace

FailureOr<SmallVector<Value>>
ForOp::buildRegionGradients(ImplicitLocOpBuilder &b, ValueRange dys,
                            ArrayRef<Value> wanted, ReverseSweep &sweep) {
  if (llvm::is_contained(findSaved(*this), Value()))
    return emitOpError(
        "has not kept what it carries, which its gradient needs");
  return BackwardLoop(*this, wanted, sweep).build(b, dys);
}

//===- Canonicalization ---------------------------------------------------===//

namespace {
/// Drops stacks that nobody reads, and carried values whose only reader is the
/// next of them.
struct DropUnusedValues : OpRewritePattern<ForOp> {
  using OpRewritePattern::OpRewritePattern;

  static bool isUnused(ForOp op, unsigned i) {
    if (!op.getResult(i).use_empty())
      return false;
    if (i >= op.getNumCarried())
      return true;
    Operation *terminator = op.getBody().front().getTerminator();
    Value argument = op.getCarriedArguments()[i];
    return llvm::all_of(argument.getUses(), [&](OpOperand &use) {
      return use.getOwner() == terminator && use.getOperandNumber() == i;
    });
  }

  LogicalResult matchAndRewrite(ForOp op,
                                PatternRewriter &rewriter) const override {
    BitVector unused(op->getNumResults());
    for (unsigned i = 0; i < op->getNumResults(); ++i)
      if (isUnused(op, i))
        unused.set(i);
    if (unused.none())
      return failure();
    unsigned numCarried = op.getNumCarried();
    SmallVector<Value> carried, kept;
    BitVector arguments(op.getBody().getNumArguments());
    for (unsigned i = 0; i < op->getNumResults(); ++i) {
      if (!unused[i])
        kept.push_back(op.getResult(i));
      if (i < numCarried && !unused[i])
        carried.push_back(op.getCarried()[i]);
      if (i < numCarried && unused[i])
        arguments.set(1 + i);
    }
    Block &block = op.getBody().front();
    rewriter.modifyOpInPlace(op, [&] {
      block.getTerminator()->eraseOperands(unused);
      block.eraseArguments(arguments);
    });
    auto smaller = ForOp::create(
        rewriter, op.getLoc(), TypeRange(ValueRange(kept)), carried,
        op.getSlices(), op.getTripsAttr(), op.getReverse());
    smaller.getBody().takeBody(op.getBody());
    rewriter.replaceAllUsesWith(kept, smaller.getResults());
    rewriter.eraseOp(op);
    return success();
  }
};

/// Rows that the region does not read, unless they alone count the runs.
struct DropUnusedRows : OpRewritePattern<ForOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ForOp op,
                                PatternRewriter &rewriter) const override {
    bool isKnown = !ShapedType::isDynamic(op.getNumTrips());
    SmallVector<Value> kept;
    BitVector arguments(op.getBody().getNumArguments());
    for (auto [rows, argument] :
         llvm::zip_equal(op.getSlices(), op.getRows())) {
      bool isLast = argument == op.getRows().back() && kept.empty();
      if (argument.use_empty() && (isKnown || !isLast))
        arguments.set(argument.getArgNumber());
      else
        kept.push_back(rows);
    }
    if (arguments.none())
      return failure();
    int64_t trips = op.getNumTrips();
    rewriter.modifyOpInPlace(op, [&] {
      op.getBody().front().eraseArguments(arguments);
      op.getSlicesMutable().assign(kept);
      if (kept.empty())
        op.setTrips(trips);
    });
    return success();
  }
};
} // namespace

void ForOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                        MLIRContext *context) {
  patterns.add<DropUnusedValues, DropUnusedRows>(context);
}
