//===- WinnerTakeAll.cpp - Winner-take-all column-row sampling ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Estimators/Support/Rows.h"
#include "Dither/IR/Dither.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace dither;

LogicalResult
WinnerTakeAllAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                          FloatAttr ratio, int64_t samples) {
  double value = ratio.getValueAsDouble();
  if (!(value > 0 && value <= 1))
    return emitError() << "(C1) `ratio` is " << value
                       << "; it must be in (0, 1]";
  if (samples < 0)
    return emitError() << "(C2) `samples` is " << samples
                       << "; it must not be negative";
  return success();
}

LogicalResult WinnerTakeAllAttr::verifyOn(Operation *op) const {
  return verifyLinear(op, *this);
}

bool WinnerTakeAllAttr::isUnbiased() const { return true; }

/// The rows of the input, and how many of them are kept.
static int64_t countRows(Operation *op) {
  return cast<RankedTensorType>(cast<LinearOp>(op).getX().getType())
      .getDimSize(0);
}
static int64_t countKeptSamples(WinnerTakeAllAttr attr, Operation *op) {
  return countKeptRows(attr.getRatio().getValueAsDouble(), countRows(op));
}

SmallVector<std::pair<std::string, RankedTensorType>>
WinnerTakeAllAttr::getStates(Operation *op, int64_t batch) const {
  if (getSamples() == 0 || countKeptSamples(*this, op) == countRows(op))
    return {};
  auto type = RankedTensorType::get(
      {getSamples(), std::max<int64_t>(1, countRows(op) / batch)},
      Float32Type::get(getContext()));
  return {{"norms", type}};
}

//===- Building blocks ----------------------------------------------------===//

static Value buildSum(ImplicitLocOpBuilder &b, Value x,
                      std::optional<int64_t> dim = {}) {
  DenseI64ArrayAttr dims;
  if (dim)
    dims = b.getDenseI64ArrayAttr({*dim});
  return ReduceOp::create(b, ReduceKind::sum, x, dims);
}

static Value buildF32(ImplicitLocOpBuilder &b, Value x) {
  return CastOp::create(b, withElement(x.getType(), b.getF32Type()), x);
}

/// The Euclidean norm of each row of a matrix.
static Value buildNorms(ImplicitLocOpBuilder &b, Value x) {
  x = buildF32(b, x);
  return SqrtOp::create(b, buildSum(b, MulOp::create(b, x, x), 1));
}

/// Where the norms of the batch's samples are remembered.
static Value buildSlots(ImplicitLocOpBuilder &b, WinnerTakeAllAttr attr,
                        Value samples) {
  Value size = buildScalarLike(b, double(attr.getSamples()), samples);
  Value rounds = DivOp::create(b, samples, size);
  return SubOp::create(b, samples, MulOp::create(b, rounds, size));
}

/// What is known of the norms of the gradient's rows: 1 where nothing is.
static Value buildKnownNorms(ImplicitLocOpBuilder &b, WinnerTakeAllAttr attr,
                             const EstimatorContext &context, int64_t rows) {
  Value norms = GatherOp::create(b, context.states[0],
                                 buildSlots(b, attr, context.samples));
  norms = buildReshape(b, norms, {rows});
  Value zero = buildScalarLike(b, 0, norms), one = buildScalarLike(b, 1, norms);
  Value isSeen = CompareOp::create(b, Predicate::gt, norms, zero);
  Value count = MaxOp::create(b, buildSum(b, buildF32(b, isSeen)), one);
  Value mean = DivOp::create(b, buildSum(b, norms), count);
  norms = SelectOp::create(b, isSeen, norms, mean);
  norms = MaxOp::create(b, norms,
                        MulOp::create(b, mean, buildScalarLike(b, 0.1, mean)));
  Value isAnySeen = CompareOp::create(b, Predicate::gt, mean, zero);
  return SelectOp::create(b, isAnySeen, norms, one);
}

namespace {
/// The rows that are kept, and what each is multiplied by.
struct Choice {
  Value rows, weights;
};

/// Chooses `kept` of the rows by their scores, which are shares but for a
/// factor.
class Chooser {
public:
  Chooser(ImplicitLocOpBuilder &b, Value scores, int64_t kept)
      : b(b), scores(scores), kept(kept),
        count(cast<RankedTensorType>(scores.getType()).getDimSize(0)),
        zero(buildScalarLike(b, 0, scores)) {}

  Choice choose(const EstimatorContext &context) {
    findWinners();
    Value slotIndex = IotaOp::create(
        b, RankedTensorType::get({kept, 1}, b.getF32Type()), uint64_t(0));
    // The first slots are those of winners, in the order of the rows.
    Value isWinner =
        CompareOp::create(b, Predicate::lt, slotIndex, winnerCount);
    Value losers = SelectOp::create(b, wins, zero, scores);
    Value winnerEnds = buildEnds(buildF32(b, wins)), ends = buildEnds(losers);
    Value total =
        ReduceOp::create(b, ReduceKind::max, ends, DenseI64ArrayAttr());
    Value uniform =
        UniformOp::create(b, slotIndex.getType(), context.rng, context.stream);
    Value target = SelectOp::create(b, isWinner, slotIndex,
                                    MulOp::create(b, uniform, total));
    // The first row whose sum is above the target.
    Value isBefore = CompareOp::create(
        b, Predicate::le, SelectOp::create(b, isWinner, winnerEnds, ends),
        target);
    Value rows = buildSum(
        b,
        CastOp::create(b, withElement(isBefore.getType(), b.getI32Type()),
                       isBefore),
        1);
    return {rows, buildWeights(rows, isWinner, total)};
  }

private:
  /// A row wins where that lowers (1 - P_C) / (k - |C|) for the set C of all
  /// larger ones: p (k - |C|) > 1 - P_C. Shares fall and the ratio rises from
  /// the first row on that does not, so that the sum of the remaining shares,
  /// the row's own among them, is all there is to know. Equal rows win
  /// together.
  void findWinners() {
    Value column = buildReshape(b, scores, {count, 1});
    Value line = buildReshape(b, scores, {1, count});
    Value isLarger = CompareOp::create(b, Predicate::gt, line, column);
    Value larger = buildSum(b, buildF32(b, isLarger), 1);
    Value rest = buildSum(b, SelectOp::create(b, isLarger, zero, line), 1);
    Value left =
        SubOp::create(b, buildScalarLike(b, double(kept), larger), larger);
    wins = CompareOp::create(b, Predicate::gt, MulOp::create(b, scores, left),
                             rest);
    winnerCount = buildSum(b, buildF32(b, wins));
  }

  Value buildEnds(Value x) {
    Value sums = ScanOp::create(b, x.getType(), ScanKind::sum, x, uint64_t(0),
                                /*reverse=*/false, /*exclusive=*/false);
    return buildReshape(b, sums, {1, count});
  }

  /// 1 for winners, else (1 - P_C) / ((k - |C|) p). A row without a share is
  /// drawn only where all others won, and adds nothing.
  Value buildWeights(Value rows, Value isWinner, Value total) {
    Value drawn =
        SubOp::create(b, buildScalarLike(b, double(kept), total), winnerCount);
    Value score = buildReshape(b, GatherOp::create(b, scores, rows), {kept, 1});
    Value weight = DivOp::create(b, total, MulOp::create(b, drawn, score));
    Value isNone = CompareOp::create(b, Predicate::eq, score, zero);
    weight = SelectOp::create(b, isNone, zero, weight);
    return SelectOp::create(b, isWinner, buildScalarLike(b, 1, weight), weight);
  }

  ImplicitLocOpBuilder &b;
  Value scores;
  int64_t kept, count;
  Value zero, wins, winnerCount;
};
} // namespace

//===- The estimator ------------------------------------------------------===//

SmallVector<Value>
WinnerTakeAllAttr::buildResiduals(ImplicitLocOpBuilder &b, Operation *op,
                                  const EstimatorContext &context) const {
  Value x = cast<LinearOp>(op).getX();
  if (failed(verifyStaticRows(op, x.getType(), *this)))
    return {Value()};
  int64_t rows = countRows(op), kept = countKeptSamples(*this, op);
  if (kept == rows)
    return {x};
  Value scores = buildNorms(b, x);
  if (!context.states.empty()) {
    auto batch = cast<RankedTensorType>(context.samples.getType());
    if (rows % batch.getDimSize(0) != 0) {
      op->emitOpError() << "(C3) has " << rows << " rows for "
                        << batch.getDimSize(0) << " samples; " << *this
                        << " remembers the same number for each";
      return {Value()};
    }
    scores = MulOp::create(b, scores, buildKnownNorms(b, *this, context, rows));
  }
  Choice choice = Chooser(b, scores, kept).choose(context);
  Value weights = CastOp::create(
      b,
      withElement(choice.weights.getType(), getElementTypeOrSelf(x.getType())),
      choice.weights);
  Value chosen = GatherOp::create(b, x, choice.rows);
  return {MulOp::create(b, chosen, weights), choice.rows};
}

SmallVector<Value> WinnerTakeAllAttr::buildBackward(
    ImplicitLocOpBuilder &b, Operation *op, ValueRange residuals,
    ValueRange resultGradients, EstimatorContext &context) const {
  auto linear = cast<LinearOp>(op);
  Value dy = resultGradients[0];
  Value dx = MatmulOp::create(b, dy, linear.getW(), /*transpose_x=*/false,
                              /*transpose_y=*/true);
  Value kept =
      residuals.size() == 1 ? dy : GatherOp::create(b, dy, residuals[1]);
  Value dw = MatmulOp::create(b, residuals[0], kept, /*transpose_x=*/true,
                              /*transpose_y=*/false);
  if (!context.states.empty()) {
    Value norms = context.states[0];
    auto perSample = cast<RankedTensorType>(norms.getType()).getDimSize(1);
    Value seen = buildReshape(b, buildNorms(b, dy),
                              {countRows(op) / perSample, perSample});
    context.newStates.push_back(
        ScatterOp::create(b, norms.getType(), seen, norms,
                          buildSlots(b, *this, context.samples)));
  }
  SmallVector<Value> gradients = {dx, dw};
  if (linear.getB())
    gradients.push_back(buildSum(b, dy, 0));
  return gradients;
}

int64_t WinnerTakeAllAttr::getResidualBytes(Operation *op) const {
  auto type = cast<RankedTensorType>(cast<LinearOp>(op).getX().getType());
  int64_t kept = countKeptSamples(*this, op);
  int64_t positions = kept == countRows(op) ? 0 : 4 * kept;
  return kept * type.getDimSize(1) *
             HostTensor::elementBytes(type.getElementType()) +
         positions;
}

std::string WinnerTakeAllAttr::getCheckProgram() const {
  return printLinearProgram(*this);
}
