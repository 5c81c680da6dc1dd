//===- Expect.cpp - Expectations of a region ------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include "mlir/IR/IRMapping.h"
#include <cmath>

using namespace mlir;
using namespace dither;

//===- Verifier -----------------------------------------------------------===//

static LogicalResult verifyNode(ExpectOp expect, DrawOp node) {
  auto cost = cast<RankedTensorType>(expect.getType());
  auto type = cast<RankedTensorType>(node.getType());
  int64_t eventRank = node.getDistributionInterface().getEventRank();
  bool hasRows = type.getRank() - eventRank >= cost.getRank() &&
                 type.getShape().take_front(cost.getRank()) == cost.getShape();
  if (!hasRows && !node.getShared())
    return node.emitOpError("(C5) has the shape of ")
           << type << ", whose first extents are not those of the cost, "
           << cost << "; say that it is `shared` if all rows depend on it";
  if (node.getBaseline() && node.getBaseline().getType() != cost)
    return node.emitOpError("(C6) has a baseline of ")
           << node.getBaseline().getType() << " for a cost of " << cost;
  return success();
}

LogicalResult ExpectOp::verifyRegions() {
  Block &block = getBody().front();
  auto rng = RankedTensorType::get({2}, IntegerType::get(getContext(), 64));
  if (getRng().getType() != rng || block.getArgumentTypes() != TypeRange(rng))
    return emitOpError("(C1) takes a seed and step, and so does its region: ")
           << rng;
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  if (!yield || yield->getOperandTypes() != TypeRange(getType()))
    return emitOpError("(C2) has a region that yields something else than ")
           << getType();
  if (int64_t(getSamples()) < 1)
    return emitOpError("(C3) needs a positive number of `samples`, got ")
           << int64_t(getSamples());
  if (getStream() >= uint64_t(1) << 32)
    return emitOpError("(C3) needs a stream in [0, 2^32), got ") << getStream();
  for (DrawOp node : block.getOps<DrawOp>())
    if (node.getEstimatorAttr() && failed(verifyNode(*this, node)))
      return failure();
  return success();
}

//===- One sample ---------------------------------------------------------===//

/// Copies the ops of a region from `next` on, up to the next random node, whose
/// estimator then copies what follows.
static FailureOr<Value> buildRest(ImplicitLocOpBuilder &b, Block::iterator next,
                                  IRMapping map, Expectation &expectation) {
  while (!isa<YieldOp>(*next)) {
    auto node = dyn_cast<DrawOp>(*next);
    Operation *copy = b.clone(*next++, map);
    if (!node || !node.getEstimatorAttr())
      continue;
    auto sample = cast<DrawOp>(copy);
    sample.removeEstimatorAttr();
    auto rest = [&](ImplicitLocOpBuilder &at, Value value) -> FailureOr<Value> {
      IRMapping inner(map);
      inner.map(node.getResult(), value);
      return buildRest(at, next, inner, expectation);
    };
    return node.getEstimatorInterface().buildCost(b, sample, rest, expectation);
  }
  return map.lookupOrDefault(next->getOperand(0));
}

//===- All samples --------------------------------------------------------===//

/// 0, 1, ... as rows of a loop.
static Value buildNumbers(ImplicitLocOpBuilder &b, int64_t count) {
  return IotaOp::create(b, RankedTensorType::get({count}, b.getI64Type()),
                        b.getI64IntegerAttr(0));
}

/// Sums over all dimensions in front of the last `rank` ones.
static Value buildSumOfSamples(ImplicitLocOpBuilder &b, Value x, int64_t rank) {
  auto type = cast<RankedTensorType>(x.getType());
  auto dims = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank() - rank));
  if (dims.empty())
    return x;
  return ReduceOp::create(b, ReduceKind::sum, x, b.getDenseI64ArrayAttr(dims));
}

/// Stacked values of samples, each replaced by the sum of all others.
static Value buildSumOfOthers(ImplicitLocOpBuilder &b, Value x) {
  Value sum = ReduceOp::create(b, ReduceKind::sum, x,
                               b.getDenseI64ArrayAttr({0}), /*keep=*/true);
  return SubOp::create(b, sum, x);
}

/// For each sample, the logarithm of the mean of all weights, with the
/// geometric mean of the others in the place of its own.
static Value buildBoundWithoutOne(ImplicitLocOpBuilder &b, Value logWeights,
                                  int64_t samples) {
  auto type = cast<RankedTensorType>(logWeights.getType());
  Value others = buildSumOfOthers(b, logWeights);
  others = MulOp::create(b, others,
                         buildScalarLike(b, 1.0 / double(samples - 1), others));
  Value numbers = buildNumbers(b, samples);
  SmallVector<Value> stacked = buildFor(
      b, {}, {numbers, others},
      [&](Value, ValueRange, ValueRange found) -> SmallVector<Value> {
        SmallVector<int64_t> shape(type.getRank(), 1);
        shape[0] = samples;
        Value all = buildReshape(b, numbers, shape);
        Value isOwn = CompareOp::create(b, Predicate::eq, all, found[0]);
        Value weights = SelectOp::create(b, isOwn, found[1], logWeights);
        return {LogSumExpOp::create(b, weights, b.getDenseI64ArrayAttr({0}))};
      });
  return SubOp::create(
      b, stacked[0], buildScalarLike(b, std::log(double(samples)), stacked[0]));
}

namespace {
/// The runs of an expectation, and what is made of them.
class Samples {
public:
  Samples(ExpectOp op, ImplicitLocOpBuilder &b)
      : op(op), b(b), count(op.getSamples()) {
    expectation.cost = cast<RankedTensorType>(op.getType());
    expectation.isBound = op.getCombine() == Combination::logMeanExp;
  }

  FailureOr<Value> build() {
    if (failed(run()))
      return failure();
    Value value = expectation.isBound ? buildBound() : buildMean(costs);
    Value proxy = value;
    for (const ScoreTerm &term : expectation.terms)
      proxy = AddOp::create(b, proxy, buildTerm(term, value));
    if (proxy == value)
      return value;
    return SurrogateOp::create(b, value, proxy).getResult();
  }

private:
  /// Runs the region for each sample; costs and terms are stacked.
  LogicalResult run() {
    auto buildOne = [&](Value number) -> FailureOr<Value> {
      IRMapping map;
      Block &block = op.getBody().front();
      map.map(block.getArgument(0),
              FoldInOp::create(b, op.getRng(), number, op.getStream()));
      return buildRest(b, block.begin(), map, expectation);
    };
    // One run needs no loop, outside of which estimators of other ops stand.
    FailureOr<Value> built =
        count == 1
            ? buildOne(buildScalar(b, 0, b.getI64Type()))
            : buildRuns(b, buildNumbers(b, count), expectation, buildOne);
    if (failed(built))
      return failure();
    costs = *built;
    for (const ScoreTerm &term : expectation.terms)
      if (term.leaveOneOut && count == 1)
        return op.emitOpError("(C4) has a node whose estimator leaves one "
                              "sample out, but only one sample; raise "
                              "`samples`");
    return success();
  }

  Value buildMean(Value x) {
    Value sum = buildSumOfSamples(b, x, expectation.cost.getRank());
    if (count == 1)
      return sum;
    return MulOp::create(b, sum, buildScalarLike(b, 1.0 / double(count), sum));
  }

  Value buildBound() {
    if (count == 1)
      return costs;
    Value sum = LogSumExpOp::create(b, costs, b.getDenseI64ArrayAttr({0}));
    return SubOp::create(b, sum,
                         buildScalarLike(b, std::log(double(count)), sum));
  }

  /// The term of a node, summed over what has been stacked.
  Value buildTerm(const ScoreTerm &term, Value value) {
    if (expectation.isBound) {
      // A sample has cost whatever the bound is; it is not split.
      Value signal = BroadcastOp::create(b, value, term.signal);
      if (term.leaveOneOut)
        signal =
            SubOp::create(b, signal, buildBoundWithoutOne(b, costs, count));
      return buildSumOfSamples(b, buildScore(term, signal),
                               expectation.cost.getRank());
    }
    Value signal = term.signal;
    if (term.leaveOneOut) {
      Value others = buildSumOfOthers(b, signal);
      signal = SubOp::create(
          b, signal,
          MulOp::create(b, others,
                        buildScalarLike(b, 1.0 / double(count - 1), others)));
    }
    return buildMean(buildScore(term, signal));
  }

  Value buildScore(const ScoreTerm &term, Value signal) {
    if (term.weight)
      signal = MulOp::create(b, signal, term.weight);
    return ScoreOp::create(b, term.score, signal);
  }

  ExpectOp op;
  ImplicitLocOpBuilder &b;
  int64_t count;
  Expectation expectation;
  /// Of each sample.
  Value costs;
};
} // namespace

FailureOr<Value>
dither::buildRuns(ImplicitLocOpBuilder &b, Value numbers,
                  Expectation &expectation,
                  function_ref<FailureOr<Value>(Value)> build) {
  SmallVector<ScoreTerm> before;
  std::swap(before, expectation.terms);
  bool failedToBuild = false;
  SmallVector<Value> stacked =
      buildFor(b, {}, numbers,
               [&](Value, ValueRange, ValueRange rows) -> SmallVector<Value> {
                 FailureOr<Value> cost = build(rows[0]);
                 failedToBuild = failed(cost);
                 if (failedToBuild)
                   return {};
                 SmallVector<Value> yielded = {*cost};
                 for (const ScoreTerm &term : expectation.terms) {
                   llvm::append_values(yielded, term.score, term.signal);
                   if (term.weight)
                     yielded.push_back(term.weight);
                 }
                 return yielded;
               });
  if (failedToBuild)
    return failure();
  const Value *next = stacked.begin() + 1;
  for (ScoreTerm &term : expectation.terms) {
    term.score = *next++;
    term.signal = *next++;
    if (term.weight)
      term.weight = *next++;
  }
  expectation.terms.insert(expectation.terms.begin(), before.begin(),
                           before.end());
  return stacked[0];
}

SmallVector<Value> ExpectOp::decompose(ImplicitLocOpBuilder &b) {
  FailureOr<Value> value = Samples(*this, b).build();
  return {succeeded(value) ? *value : Value()};
}

Value dither::buildRowSums(ImplicitLocOpBuilder &b, Value x,
                           const Expectation &expectation, bool isShared,
                           Value cost) {
  int64_t rank = isShared ? 0 : expectation.cost.getRank();
  auto type = cast<RankedTensorType>(x.getType());
  auto dims = llvm::to_vector(llvm::seq<int64_t>(rank, type.getRank()));
  if (!dims.empty())
    x = ReduceOp::create(b, ReduceKind::sum, x, b.getDenseI64ArrayAttr(dims));
  return x.getType() == cost.getType()
             ? x
             : BroadcastOp::create(b, x, cost).getResult();
}
