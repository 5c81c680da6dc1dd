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
/// and the place; `first` gives that of a row. They are rounded to the type, as
/// registers are.
static void evaluateStates(HostTensor &result, int64_t dim, bool reverse,
                           bool exclusive, function_ref<Scalar(int64_t)> first,
                           function_ref<Scalar(Scalar, int64_t)> next) {
  HostTensor state(result.getElementType(), {});
  int64_t row = 0;
  forEachRow(result.getShape(), dim, reverse, [&](ArrayRef<int64_t> places) {
    state.set(0, first(row++));
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
  Value later =
      RecurrenceOp::create(b, a.getType(), a, added, /*initial=*/Value(), dim,
                           !reverse, /*exclusive=*/true);
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
  evaluateStates(
      results[0], int64_t(getDim()), getReverse(), getExclusive(),
      [&](int64_t) { return first; },
      [&](Scalar before, int64_t place) {
        Scalar element = x.get(place);
        return kind ? combine(*kind, before, element)
                    : Scalar::of(addExponentials(before.f, element.f));
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

LogicalResult RecurrenceOp::verify() {
  if (failed(verifyDim(*this, getDim())))
    return failure();
  if (!getInitial())
    return success();
  auto type = cast<RankedTensorType>(getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + int64_t(getDim()));
  auto expected = RankedTensorType::get(shape, type.getElementType());
  bool isKnown =
      !type.isDynamicDim(int64_t(getDim())) &&
      llvm::none_of(type.getShape().drop_front(), ShapedType::isDynamic);
  if (!isKnown || getInitial().getType() != expected)
    return emitOpError("(C2) goes through ")
           << type << " from " << expected
           << ", static but for a first dimension that stays, got "
           << getInitial().getType();
  return success();
}

LogicalResult RecurrenceOp::evaluate(ArrayRef<HostTensor> operands,
                                     MutableArrayRef<HostTensor> results) {
  const HostTensor &a = operands[0], &b = operands[1];
  Scalar zero = getNeutral(ReduceKind::sum, a.getElementType());
  evaluateStates(
      results[0], int64_t(getDim()), getReverse(), getExclusive(),
      [&](int64_t row) { return getInitial() ? operands[2].get(row) : zero; },
      [&](Scalar before, int64_t place) {
        return combine(ReduceKind::sum,
                       combine(ReduceKind::product, a.get(place), before),
                       b.get(place));
      });
  return success();
}

/// What the state before the first one gets from that one's, and, if it is the
/// first result itself, from that.
static Value buildInitialGradient(ImplicitLocOpBuilder &b, RecurrenceOp op,
                                  Value dh, Value dState) {
  auto type = cast<RankedTensorType>(op.getType());
  auto dim = int64_t(op.getDim());
  int64_t extent = type.getDimSize(dim);
  if (extent == 0)
    return buildZerosLike(b, op.getInitial());
  auto getFirst = [&](Value all) {
    SmallVector<int64_t> offsets(type.getRank(), 0), sizes(type.getShape()),
        strides(type.getRank(), 1);
    llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
    offsets[dim] = op.getReverse() ? extent - 1 : 0;
    sizes[dim] = 1;
    return buildReshape(
        b, SliceOp::create(b, all, offsets, sizes, strides),
        cast<RankedTensorType>(op.getInitial().getType()).getShape());
  };
  Value gradient = MulOp::create(b, getFirst(op.getA()), getFirst(dState));
  return op.getExclusive()
             ? AddOp::create(b, gradient, getFirst(dh)).getResult()
             : gradient;
}

SmallVector<Value> RecurrenceOp::buildGradients(ImplicitLocOpBuilder &b,
                                                ValueRange dhs) {
  if (!isa<FloatType>(getElementTypeOrSelf(getType())))
    return SmallVector<Value>(getNumOperands());
  Value dState = buildStateGradient(b, getA(), dhs[0], getDim(), getReverse(),
                                    getExclusive());
  Value before = getH();
  if (!getExclusive())
    before = RecurrenceOp::create(b, getType(), getA(), getB(), getInitial(),
                                  getDim(), getReverse(), /*exclusive=*/true);
  SmallVector<Value> result = {MulOp::create(b, dState, before), dState};
  if (getInitial())
    result.push_back(buildInitialGradient(b, *this, dhs[0], dState));
  return result;
}
