//===- Rejection.cpp - Draws that take several rounds ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Distributions/Support/Rejection.h"

using namespace mlir;
using namespace dither;

using Build = function_ref<SmallVector<Value>(ValueRange)>;

/// A `dither.while` without a gradient.
static SmallVector<Value> buildWhile(ImplicitLocOpBuilder &b,
                                     ValueRange initial, Build condition,
                                     Build body) {
  auto loop = WhileOp::create(b, initial, /*max_trips=*/IntegerAttr());
  OpBuilder::InsertionGuard guard(b);
  auto fill = [&](Region &region, Build build) {
    Block &block = region.emplaceBlock();
    for (Value value : initial)
      block.addArgument(value.getType(), b.getLoc());
    b.setInsertionPointToStart(&block);
    YieldOp::create(b, build(block.getArguments()));
  };
  fill(loop.getCondition(), condition);
  fill(loop.getBody(), body);
  return llvm::to_vector_of<Value>(loop.getResults());
}

/// Whether any element is true, and fewer than `limit` rounds have passed.
static SmallVector<Value> buildGoesOn(Value round, int64_t limit, Term isLeft) {
  ImplicitLocOpBuilder &b = *isLeft.b;
  Value some = ReduceOp::create(
      b, ReduceKind::max,
      CastOp::create(b, withElement(isLeft.value.getType(), b.getF32Type()),
                     isLeft.value),
      DenseI64ArrayAttr());
  Value isSome =
      CompareOp::create(b, Predicate::gt, some, buildScalarLike(b, 0, some));
  Value isEarly = CompareOp::create(b, Predicate::lt, round,
                                    buildScalarLike(b, double(limit), round));
  return {AndOp::create(b, isSome, isEarly)};
}

static Value addOne(ImplicitLocOpBuilder &b, Value round) {
  return AddOp::create(b, round, buildScalarLike(b, 1, round));
}

/// The seed of a round. Loops of a node have numbers far from each other.
static Value buildRoundRng(const DrawBuilder &draws, Value round,
                           int64_t number) {
  constexpr double loops = 1 << 20;
  ImplicitLocOpBuilder &b = *draws.b;
  Value own = AddOp::create(
      b, round, buildScalarLike(b, double(number + 1) * loops, round));
  return FoldInOp::create(b, draws.rng, own, draws.stream);
}

Term dither::drawByRejection(const DrawBuilder &draws, Term start,
                             int64_t number, int64_t limit,
                             function_ref<Proposal(Value)> propose) {
  ImplicitLocOpBuilder &b = *draws.b;
  // Carried are the number of the round, what is found, and 1 where something
  // is still to be accepted.
  Value zero = buildScalar(b, 0, b.getI64Type());
  Term todo = Term{&b, buildZerosLike(b, start.value)} + 1.0;
  auto condition = [&](ValueRange values) {
    return buildGoesOn(values[0], limit, isPositive({&b, values[2]}));
  };
  auto body = [&](ValueRange values) -> SmallVector<Value> {
    Term found{&b, values[1]}, left{&b, values[2]};
    Proposal next = propose(buildRoundRng(draws, values[0], number));
    Term isNumber = compare(Predicate::eq, next.value, next.value);
    Value isTaken = AndOp::create(b, isPositive(left).value, isNumber.value);
    return {addOne(b, values[0]),
            choose({&b, isTaken}, next.value, found).value,
            choose(next.isAccepted, left.constant(0), left).value};
  };
  auto results =
      buildWhile(b, {zero, start.value, todo.value}, condition, body);
  return {&b, results[1]};
}

Term dither::countArrivals(const DrawBuilder &draws, Term rate, int64_t number,
                           int64_t limit) {
  ImplicitLocOpBuilder &b = *draws.b;
  auto isBefore = [&](Value sum) {
    return compare(Predicate::le, {&b, sum}, rate);
  };
  auto condition = [&](ValueRange values) {
    return buildGoesOn(values[0], limit, isBefore(values[1]));
  };
  auto body = [&](ValueRange values) -> SmallVector<Value> {
    Value own = buildRoundRng(draws, values[0], number);
    Term sum = Term{&b, values[1]} + draws.drawFrom<ExponentialOp>(own, 0);
    Term count{&b, values[2]};
    count = choose(isBefore(sum.value), count + 1.0, count);
    return {addOne(b, values[0]), sum.value, count.value};
  };
  Value zeros = buildZerosLike(b, rate.value);
  auto results = buildWhile(
      b, {buildScalar(b, 0, b.getI64Type()), zeros, zeros}, condition, body);
  return {&b, results[2]};
}

Term dither::drawLogGamma(const DrawBuilder &draws, Term shape,
                          int64_t number) {
  // The way a number was found is no part of the derivative.
  Term a = draws.fill(shape.apply<StopGradientOp>());
  Term isSmall = compare(Predicate::lt, a, a.constant(1));
  Term d = choose(isSmall, a + 1.0, a) - 1.0 / 3, c = 1 / sqrt(d * 9.0);
  Term logD = log(d);
  auto propose = [&](Value own) -> Proposal {
    Term x = draws.drawFrom<NormalOp>(own, 0);
    Term e = draws.drawFrom<ExponentialOp>(own, 1);
    // NaN where there is no logarithm, which is not accepted.
    Term root = c * x + 1.0, logarithm = log(root) * 3.0;
    Term bound = x * x * 0.5 + d * (1.0 - root * root * root + logarithm);
    return {logD + logarithm, compare(Predicate::lt, -e, bound)};
  };
  Term found = drawByRejection(draws, logD, number, 20, propose);
  Value own = buildOwnRng(*draws.b, draws.rng, draws.stream, number);
  Term power = draws.drawFrom<ExponentialOp>(own, 2) / a;
  found = choose(isSmall, found - power, found);
  return {draws.b, ImplicitGammaOp::create(*draws.b, shape.value, found.value)};
}
