//===- StateSpace.cpp - Selective state-space scans -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops over the samples surround one over blocks of steps, which carries the
// states. Within a block, tensors are [states, steps, channels]: a recurrence
// along the steps, of which vectors take channels and threads take states.
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/BlockSupport.h"

using namespace mlir;
using namespace dither;

//===- Types --------------------------------------------------------------===//

LogicalResult SelectiveScanOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<SelectiveScanOp>(operands, attributes,
                                                  properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto x = cast<RankedTensorType>(op.getX().getType());
  if (x.getRank() < 2 || llvm::any_of(x.getShape().drop_front(x.getRank() > 2),
                                      ShapedType::isDynamic))
    return emitOptionalError(
        location,
        "(C1) needs `x` [..., steps, channels], static but for a "
        "first dimension in front of these, got ",
        x);
  SmallVector<int64_t> samples(x.getShape().drop_back(2));
  int64_t steps = x.getDimSize(x.getRank() - 2), channels = x.getShape().back();
  auto a = cast<RankedTensorType>(op.getA().getType());
  int64_t states = a.getRank() == 2 ? a.getDimSize(1) : 0;
  Type element = x.getElementType(), wide = getWideElement(x);
  auto getType = [&](ArrayRef<int64_t> extents, Type element,
                     bool hasSamples = true) {
    SmallVector<int64_t> shape;
    if (hasSamples)
      llvm::append_range(shape, samples);
    llvm::append_range(shape, extents);
    return RankedTensorType::get(shape, element);
  };
  auto check = [&](StringRef constraint, StringRef name, Value value,
                   RankedTensorType type) -> LogicalResult {
    if (!value)
      return success();
    auto actual = cast<RankedTensorType>(value.getType());
    if (actual.getShape() != type.getShape())
      return emitOptionalError(location, "(", constraint, ") needs `", name,
                               "` of the shape of ", type, ", got ", actual);
    if (actual.getElementType() != type.getElementType())
      return emitOptionalError(location, "(C4) needs `", name, "` of ",
                               type.getElementType(), ", got ", actual,
                               "; convert it with dither.cast");
    return success();
  };
  auto projected = getType({steps, states}, element);
  auto state = getType({channels, states}, wide);
  if (a.getRank() != 2 || a.isDynamicDim(1))
    return emitOptionalError(location,
                             "(C2) needs `a` [channels, states], "
                             "static, got ",
                             a);
  if (failed(check("C2", "a", op.getA(),
                   getType({channels, states}, element, false))) ||
      failed(check("C2", "b", op.getB(), projected)) ||
      failed(check("C2", "c", op.getC(), projected)) ||
      failed(check("C3", "skip", op.getSkip(),
                   getType({channels}, element, false))) ||
      failed(check("C3", "initial", op.getInitial(), state)))
    return failure();
  auto block = int64_t(op.getBlock());
  if (block < 1)
    return emitOptionalError(location, "(C5) needs a positive `block`, got ",
                             block);
  int64_t blocks = int64_t(llvm::divideCeil(steps, block));
  types.assign({x, state, getType({blocks, states, channels}, wide)});
  return success();
}

//===- Blocks -------------------------------------------------------------===//

static Value flip(ImplicitLocOpBuilder &b, Value matrix) {
  return TransposeOp::create(b, matrix, b.getDenseI64ArrayAttr({1, 0}));
}

static Value sum(ImplicitLocOpBuilder &b, Value x, int64_t dim) {
  return ReduceOp::create(b, ReduceKind::sum, x, b.getDenseI64ArrayAttr({dim}),
                          /*keep=*/false);
}

static Value multiply(ImplicitLocOpBuilder &b, Value x, Value y) {
  return MulOp::create(b, x, y);
}

/// The number of blocks before those steps that fill none; a single one is
/// taken as such steps.
static int64_t countBlocks(int64_t steps, int64_t block) {
  return steps <= block ? 0 : steps / block;
}

namespace {
/// A piece of a sample: `[steps, channels]` and `[steps, states]`. The gradient
/// of its result is null forward.
struct Piece {
  Value x, dt, b, c, dy;

  SmallVector<Value> getAll() const { return {x, dt, b, c, dy}; }
  static Piece get(ArrayRef<Value> v) { return {v[0], v[1], v[2], v[3], v[4]}; }
  Piece map(function_ref<Value(Value)> change) const {
    SmallVector<Value> values = getAll();
    for (Value &value : values)
      value = value ? change(value) : Value();
    return get(values);
  }
  int64_t getSteps() const { return getExtents(x)[0]; }
};

/// What a piece adds to gradients; states and their rates are
/// `[states, channels]`.
struct PieceGradients {
  Value state, a, x, dt, b, c;
};

/// Builds what is done with pieces.
class Scan {
public:
  Scan(ImplicitLocOpBuilder &b, SelectiveScanOp op)
      : b(b), element(getElementTypeOrSelf(op.getX())),
        block(int64_t(op.getBlock())) {
    Value rates = flip(b, buildWide(b, op.getA()));
    states = getExtents(rates)[0];
    channels = getExtents(rates)[1];
    a = buildReshape(b, rates, {states, 1, channels});
    skip = op.getSkip() ? buildWide(b, op.getSkip()) : Value();
  }

  /// The last states, the result and, stacked, the states ahead of blocks.
  struct Sample {
    Value last, y, starts;
  };
  Sample buildSample(const Piece &all, Value initial);
  /// The gradients of a whole sample, whose `state` is that of the initial
  /// states; `start` holds those of the last ones and of rates.
  PieceGradients buildSampleGradients(const Piece &all, Value starts,
                                      Value dstarts,
                                      const PieceGradients &start);
  Value buildZeroState() {
    return buildSplat(b, 0, getStateType({states, channels}));
  }

private:
  RankedTensorType getStateType(ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, getElementTypeOrSelf(a.getType()));
  }
  /// `[steps, states]` as `[states, steps, 1]`.
  Value spread(Value projected) {
    return buildReshape(b, flip(b, projected),
                        {states, getExtents(projected)[0], 1});
  }
  /// `[states, channels]` of a step of `[states, steps, channels]`.
  Value getStep(Value all, int64_t step) {
    return buildReshape(b, buildRows(b, all, 1, step, 1), {states, channels});
  }
  Value narrow(Value x) { return buildCast(b, x, element); }
  Piece widen(const Piece &piece) {
    return piece.map([&](Value value) { return buildWide(b, value); });
  }
  /// How much of its states a step keeps, and what it adds.
  std::pair<Value, Value> buildTerms(const Piece &p) {
    Value decay = ExpOp::create(b, multiply(b, p.dt, a));
    return {decay, multiply(b, multiply(b, p.dt, p.x), spread(p.b))};
  }
  Value buildRecurrence(Value decay, Value added, Value initial, bool reverse,
                        bool exclusive) {
    return RecurrenceOp::create(b, decay.getType(), decay, added, initial,
                                /*dim=*/1, reverse, exclusive);
  }
  /// The states behind a piece, and its result.
  std::pair<Value, Value> buildPiece(const Piece &piece, Value state);
  PieceGradients buildPieceGradients(const Piece &piece, Value state,
                                     Value dstate);
  PieceGradients buildBlockGradients(const Piece &all, int64_t count,
                                     Value starts, Value dstarts,
                                     const PieceGradients &behind);

  ImplicitLocOpBuilder &b;
  Type element;
  int64_t block, states, channels;
  /// Rates `[states, 1, channels]`; the skip may be null.
  Value a, skip;
};
} // namespace

//===- Forward ------------------------------------------------------------===//

std::pair<Value, Value> Scan::buildPiece(const Piece &piece, Value state) {
  Piece p = widen(piece);
  auto [decay, added] = buildTerms(p);
  Value h = buildRecurrence(decay, added, state, false, false);
  Value y = sum(b, multiply(b, h, spread(p.c)), 0);
  if (skip)
    y = AddOp::create(b, y, multiply(b, p.x, skip));
  return {getStep(h, piece.getSteps() - 1), narrow(y)};
}

Scan::Sample Scan::buildSample(const Piece &all, Value initial) {
  int64_t steps = all.getSteps(), count = countBlocks(steps, block),
          first = count * block;
  if (steps == 0)
    return {initial, all.x,
            buildSplat(b, 0, getStateType({0, states, channels}))};
  Value state = initial, y, starts;
  if (count > 0) {
    auto blocks = all.map(
        [&](Value value) { return buildBlocks(b, value, count, block); });
    SmallVector<Value> values = buildForEach(
        b, state, blocks.getAll(), [&](ValueRange found, ArrayRef<Value> each) {
          auto [next, y] = buildPiece(Piece::get(each), found[0]);
          return SmallVector<Value>{next, y, found[0]};
        });
    state = values[0];
    y = buildMergedBlocks(b, values[1]);
    starts = values[2];
  }
  if (first < steps) {
    Piece rest = all.map([&](Value value) {
      return buildRows(b, value, 0, first, steps - first);
    });
    auto [next, behind] = buildPiece(rest, state);
    y = buildJoinedRows(b, y, behind);
    starts = buildJoinedRows(b, starts,
                             buildReshape(b, state, {1, states, channels}));
    state = next;
  }
  return {state, y, starts};
}

/// Runs `build` for each sample: loops over all dimensions but the last two.
static SmallVector<Value> forEachSample(ImplicitLocOpBuilder &b, int64_t depth,
                                        ValueRange carried,
                                        ArrayRef<Value> tensors,
                                        BuildElement build) {
  if (depth == 0)
    return build(carried, tensors);
  return buildForEach(b, carried, tensors,
                      [&](ValueRange found, ArrayRef<Value> each) {
                        return forEachSample(b, depth - 1, found, each, build);
                      });
}

static int64_t countSampleDims(SelectiveScanOp op) {
  return op.getX().getType().getRank() - 2;
}

SmallVector<Value> SelectiveScanOp::decompose(ImplicitLocOpBuilder &b) {
  Scan scan(b, *this);
  return forEachSample(
      b, countSampleDims(*this), {},
      {getX(), getDt(), getB(), getC(), Value(), getInitial()},
      [&](ValueRange, ArrayRef<Value> sample) {
        Value initial = sample[5] ? flip(b, sample[5]) : scan.buildZeroState();
        auto [last, y, starts] = scan.buildSample(Piece::get(sample), initial);
        return SmallVector<Value>{y, flip(b, last), starts};
      });
}

//===- Backward -----------------------------------------------------------===//

PieceGradients Scan::buildPieceGradients(const Piece &piece, Value state,
                                         Value dstate) {
  Piece p = widen(piece);
  auto [decay, added] = buildTerms(p);
  // The states ahead of each step, and what later steps hand back to it.
  Value before = buildRecurrence(decay, added, state, false, true);
  Value own = multiply(b, p.dy, spread(p.c));
  Value later =
      buildRecurrence(decay, multiply(b, decay, own), dstate, true, true);
  Value dh = AddOp::create(b, own, later);
  Value h = AddOp::create(b, multiply(b, decay, before), added);
  Value exponent = multiply(b, multiply(b, dh, decay), before);
  Value dadded = sum(b, multiply(b, dh, spread(p.b)), 0);
  Value dx = multiply(b, p.dt, dadded);
  if (skip)
    dx = AddOp::create(b, dx, multiply(b, p.dy, skip));
  Value ddt = AddOp::create(b, multiply(b, p.x, dadded),
                            sum(b, multiply(b, exponent, a), 0));
  Value dprojected = sum(b, multiply(b, dh, multiply(b, p.dt, p.x)), 2);
  return {multiply(b, getStep(dh, 0), getStep(decay, 0)),
          sum(b, multiply(b, exponent, p.dt), 1),
          narrow(dx),
          narrow(ddt),
          narrow(flip(b, dprojected)),
          narrow(flip(b, sum(b, multiply(b, h, p.dy), 2)))};
}

/// Of all blocks, from the last to the first.
PieceGradients Scan::buildBlockGradients(const Piece &all, int64_t count,
                                         Value starts, Value dstarts,
                                         const PieceGradients &behind) {
  Piece blocks =
      all.map([&](Value value) { return buildBlocks(b, value, count, block); });
  SmallVector<Value> rows = blocks.getAll();
  for (Value each : {starts, dstarts})
    if (each)
      rows.push_back(buildRows(b, each, 0, 0, count));
  SmallVector<Value> values = buildFor(
      b, {behind.state, behind.a}, rows,
      [&](Value, ValueRange found, ValueRange row) {
        SmallVector<Value> each(row);
        PieceGradients g =
            buildPieceGradients(Piece::get(each), each[5], found[0]);
        if (dstarts)
          g.state = AddOp::create(b, g.state, each[6]);
        return SmallVector<Value>{
            g.state, AddOp::create(b, found[1], g.a), g.x, g.dt, g.b, g.c};
      },
      /*reverse=*/true);
  for (Value &value : MutableArrayRef(values).drop_front(2))
    value = buildMergedBlocks(b, value);
  return {values[0], values[1], values[2], values[3], values[4], values[5]};
}

PieceGradients Scan::buildSampleGradients(const Piece &all, Value starts,
                                          Value dstarts,
                                          const PieceGradients &start) {
  int64_t steps = all.getSteps(), count = countBlocks(steps, block),
          first = count * block;
  if (steps == 0)
    return {start.state, start.a, all.x, all.dt, all.b, all.c};
  PieceGradients back = start, front;
  if (first < steps) {
    auto getState = [&](Value stack) {
      return buildReshape(b, buildRows(b, stack, 0, count, 1),
                          {states, channels});
    };
    Piece rest = all.map([&](Value value) {
      return buildRows(b, value, 0, first, steps - first);
    });
    back = buildPieceGradients(rest, getState(starts), start.state);
    back.a = AddOp::create(b, back.a, start.a);
    if (dstarts)
      back.state = AddOp::create(b, back.state, getState(dstarts));
  }
  if (count == 0)
    return back;
  front = buildBlockGradients(all, count, starts, dstarts, back);
  return {front.state,
          front.a,
          buildJoinedRows(b, front.x, back.x),
          buildJoinedRows(b, front.dt, back.dt),
          buildJoinedRows(b, front.b, back.b),
          buildJoinedRows(b, front.c, back.c)};
}

SmallVector<Value> SelectiveScanOp::buildGradients(ImplicitLocOpBuilder &b,
                                                   ValueRange dys) {
  Scan scan(b, *this);
  Value dy = dys[0] ? dys[0] : buildZerosLike(b, getY());
  // The gradient of rates is a sum over the samples: loops carry it.
  SmallVector<Value> values = forEachSample(
      b, countSampleDims(*this), scan.buildZeroState(),
      {getX(), getDt(), getB(), getC(), dy, getStarts(), dys[2], dys[1]},
      [&](ValueRange found, ArrayRef<Value> sample) {
        PieceGradients start;
        start.state = sample[7] ? flip(b, sample[7]) : scan.buildZeroState();
        start.a = found[0];
        PieceGradients g = scan.buildSampleGradients(
            Piece::get(sample), sample[5], sample[6], start);
        SmallVector<Value> all = {g.a, g.x, g.dt, g.b, g.c};
        if (getInitial())
          all.push_back(flip(b, g.state));
        return all;
      });
  Type element = getElementTypeOrSelf(getX());
  SmallVector<Value> result = {values[1], values[2],
                               buildCast(b, flip(b, values[0]), element),
                               values[3], values[4]};
  if (getSkip()) {
    Value product = multiply(b, buildWide(b, dy), buildWide(b, getX()));
    auto all =
        llvm::to_vector(llvm::seq<int64_t>(0, getX().getType().getRank() - 1));
    Value dskip = ReduceOp::create(b, ReduceKind::sum, product,
                                   b.getDenseI64ArrayAttr(all), false);
    result.push_back(buildCast(b, dskip, element));
  }
  if (getInitial())
    result.push_back(values[5]);
  return result;
}
