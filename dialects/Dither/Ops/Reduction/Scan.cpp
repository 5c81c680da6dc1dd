//===- Scan.cpp - Scans and recurrences -----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Reduction/Reduction.h"
#include <cmath>

using namespace mlir;
using namespace dither;

static LogicalResult verifyDim(Operation *op, uint64_t dim) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  if (int64_t(dim) < 0 || int64_t(dim) >= type.getRank())
    return op->emitOpError("(C1) has no dimension ")
           << int64_t(dim) << " in " << type;
  return success();
}

/// Calls `body` with the places of each row along a dimension, in the order in
/// which it is gone through.
static void forEachRow(ArrayRef<int64_t> shape, int64_t dim, bool reverse,
                       function_ref<void(ArrayRef<int64_t>)> body) {
  int64_t stride = ShapedType::getNumElements(shape.drop_front(dim + 1));
  SmallVector<int64_t> rows(shape), places;
  rows[dim] = std::min<int64_t>(shape[dim], 1);
  forEachIndex(rows, [&](ArrayRef<int64_t> index) {
    places.clear();
    for (int64_t i = 0; i < shape[dim]; ++i)
      places.push_back(linearize(index, shape) + i * stride);
    if (reverse)
      std::reverse(places.begin(), places.end());
    body(places);
  });
}

/// Fills a result with states that `next` makes, each from the one before it
/// and the place. They are rounded to the type, as registers are.
static void evaluateStates(HostTensor &result, int64_t dim, bool reverse,
                           bool exclusive, Scalar first,
                           function_ref<Scalar(Scalar, int64_t)> next) {
  HostTensor state(result.getElementType(), {});
  forEachRow(result.getShape(), dim, reverse, [&](ArrayRef<int64_t> places) {
    state.set(0, first);
    for (int64_t place : places) {
      Scalar before = state.get(0);
      state.set(0, next(before, place));
      result.set(place, exclusive ? before : state.get(0));
    }
  });
}

/// The gradients of states of which each depends on the one before it by a
/// factor `a`, from those of the results.
static Value buildStateGradient(ImplicitLocOpBuilder &b, Value a, Value dy,
                                uint64_t dim, bool reverse, bool exclusive) {
  // That of a state is what its own result adds and what later ones hand back.
  Value added = exclusive ? dy : MulOp::create(b, a, dy).getResult();
  Value later = RecurrenceOp::create(b, a.getType(), a, added, dim, !reverse,
                                     /*exclusive=*/true);
  return exclusive ? later : AddOp::create(b, dy, later).getResult();
}

//===- Scan ---------------------------------------------------------------===//

std::optional<ReduceKind> ScanOp::getReduceKind() {
  switch (getKind()) {
  case ScanKind::sum:
    return ReduceKind::sum;
  case ScanKind::product:
    return ReduceKind::product;
  case ScanKind::max:
    return ReduceKind::max;
  case ScanKind::min:
    return ReduceKind::min;
  case ScanKind::logsumexp:
    return std::nullopt;
  }
  llvm_unreachable("all kinds are covered");
}

LogicalResult ScanOp::verify() {
  if (failed(verifyDim(*this, getDim())))
    return failure();
  Type element = getElementTypeOrSelf(getType());
  if (getKind() == ScanKind::logsumexp && !isa<FloatType>(element))
    return emitOpError("(C2) combines floats by `logsumexp`, not ") << element;
  return success();
}

/// log(exp(x) + exp(y)).
static double addExponentials(double x, double y) {
  double difference = x == y ? 0 : -std::fabs(x - y);
  return std::max(x, y) + std::log1p(std::exp(difference));
}

LogicalResult ScanOp::evaluate(ArrayRef<HostTensor> operands,
                               MutableArrayRef<HostTensor> results) {
  const HostTensor &x = operands[0];
  std::optional<ReduceKind> kind = getReduceKind();
  Scalar first = getNeutral(kind.value_or(ReduceKind::max), x.getElementType());
  evaluateStates(results[0], int64_t(getDim()), getReverse(), getExclusive(),
                 first, [&](Scalar before, int64_t place) {
                   Scalar element = x.get(place);
                   return kind ? combine(*kind, before, element)
                               : Scalar::of(
                                     addExponentials(before.f, element.f));
                 });
  return success();
}

namespace {
/// The derivatives of a state by the one before it and by its element.
struct Derivatives {
  Value byBefore, byElement;
};
} // namespace

/// `scan` gives the states, or with true those before them.
static Derivatives buildDerivatives(ImplicitLocOpBuilder &b, ScanKind kind,
                                    Value x, function_ref<Value(bool)> scan) {
  Value before = scan(true);
  if (kind == ScanKind::product)
    return {x, before};
  if (kind == ScanKind::logsumexp) {
    Value after = scan(false);
    return {buildExponentialWeight(b, before, after),
            buildExponentialWeight(b, x, after)};
  }
  Predicate isBeyond = kind == ScanKind::max ? Predicate::gt : Predicate::lt;
  Value isNew = CompareOp::create(b, isBeyond, x, before);
  Value byElement =
      StopGradientOp::create(b, CastOp::create(b, x.getType(), isNew));
  return {SubOp::create(b, buildScalarLike(b, 1, x), byElement), byElement};
}

SmallVector<Value> ScanOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dys) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value()};
  if (getKind() == ScanKind::sum)
    return {ScanOp::create(b, getType(), ScanKind::sum, dys[0], getDim(),
                           !getReverse(), getExclusive())};
  auto scan = [&](bool exclusive) -> Value {
    if (exclusive == getExclusive())
      return getY();
    return ScanOp::create(b, getType(), getKind(), getX(), getDim(),
                          getReverse(), exclusive);
  };
  auto [byBefore, byElement] = buildDerivatives(b, getKind(), getX(), scan);
  Value dState = buildStateGradient(b, byBefore, dys[0], getDim(), getReverse(),
                                    getExclusive());
  return {MulOp::create(b, byElement, dState)};
}

//===- Recurrence ---------------------------------------------------------===//

LogicalResult RecurrenceOp::verify() { return verifyDim(*this, getDim()); }

LogicalResult RecurrenceOp::evaluate(ArrayRef<HostTensor> operands,
                                     MutableArrayRef<HostTensor> results) {
  const HostTensor &a = operands[0], &b = operands[1];
  Scalar first = getNeutral(ReduceKind::sum, a.getElementType());
  evaluateStates(results[0], int64_t(getDim()), getReverse(), getExclusive(),
                 first, [&](Scalar before, int64_t place) {
                   return combine(
                       ReduceKind::sum,
                       combine(ReduceKind::product, a.get(place), before),
                       b.get(place));
                 });
  return success();
}

SmallVector<Value> RecurrenceOp::buildGradients(ImplicitLocOpBuilder &b,
                                                ValueRange dhs) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return {Value(), Value()};
  Value dState = buildStateGradient(b, getA(), dhs[0], getDim(), getReverse(),
                                    getExclusive());
  Value before = getH();
  if (!getExclusive())
    before = RecurrenceOp::create(b, getType(), getA(), getB(), getDim(),
                                  getReverse(), /*exclusive=*/true);
  return {MulOp::create(b, dState, before), dState};
}
