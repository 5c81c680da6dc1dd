//===- Attention.cpp - Scaled dot-product attention -----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops over the batch, groups and heads of a group surround one over blocks of
// keys. Forward, blocks of queries are taken one after the other, each with its
// running maximum and sum; those of causal attention skip the blocks of keys
// behind them. Backward, a block of keys meets all queries at once.
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/BlockSupport.h"
#include <cmath>

using namespace mlir;
using namespace dither;

/// Rows of a block. Scores of a block of queries and one of keys are 128 KB.
static constexpr int64_t kQueries = 256, kKeys = 128;

//===- Types --------------------------------------------------------------===//

LogicalResult
AttentionOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                              ValueRange operands, DictionaryAttr attributes,
                              OpaqueProperties properties, RegionRange regions,
                              SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<AttentionOp>(operands, attributes, properties,
                                              regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  auto getType = [](Value value) {
    return cast<RankedTensorType>(value.getType());
  };
  auto q = getType(op.getQ()), k = getType(op.getK()), v = getType(op.getV());
  for (RankedTensorType type : {q, k, v})
    if (type.getRank() != 4 ||
        llvm::any_of(type.getShape().drop_front(), ShapedType::isDynamic))
      return emitOptionalError(location,
                               "(C1) needs tensors [batch, heads, length, "
                               "width], static but for the batch, got ",
                               type);
  if (k.getShape().drop_back() != v.getShape().drop_back() ||
      k.getDimSize(0) != q.getDimSize(0) || k.getDimSize(3) != q.getDimSize(3))
    return emitOptionalError(location, "(C2) has queries ", q, ", keys ", k,
                             " and values ", v, ", which do not fit");
  if (k.getDimSize(1) == 0 || q.getDimSize(1) % k.getDimSize(1) != 0 ||
      q.getDimSize(1) == 0)
    return emitOptionalError(location, "(C2) cannot share ", k.getDimSize(1),
                             " groups of keys among ", q.getDimSize(1),
                             " heads");
  if (op.getBias()) {
    auto bias = getType(op.getBias());
    int64_t heads = bias.getRank() == 3 ? bias.getDimSize(0) : 0;
    if ((heads != 1 && heads != q.getDimSize(1)) ||
        bias.getDimSize(1) != q.getDimSize(2) ||
        bias.getDimSize(2) != k.getDimSize(2))
      return emitOptionalError(location, "(C3) needs a bias [", q.getDimSize(1),
                               " or 1, ", q.getDimSize(2), ", ",
                               k.getDimSize(2), "], got ", bias);
  }
  for (Value operand : operands)
    if (getElementTypeOrSelf(operand.getType()) != q.getElementType())
      return emitOptionalError(
          location, "(C4) element types differ; convert with dither.cast");
  SmallVector<int64_t> shape(q.getShape());
  types.push_back(RankedTensorType::get(
      {shape[0], shape[1], shape[2], v.getDimSize(3)}, q.getElementType()));
  types.push_back(RankedTensorType::get({shape[0], shape[1], shape[2]},
                                        q.getElementType()));
  return success();
}

//===- Blocks -------------------------------------------------------------===//

/// A tensor of rank 0 of a number times a constant.
static Value scaleIndex(ImplicitLocOpBuilder &b, Value index, int64_t factor) {
  return MulOp::create(b, index, buildScalarLike(b, double(factor), index));
}

namespace {
/// What a head's computation reads beside its tensors.
class Head {
public:
  Head(ImplicitLocOpBuilder &b, AttentionOp op, double scale)
      : b(b), causal(op.getCausal()), scale(scale) {}

  struct State {
    Value maximum, sum, y;
  };

  /// The scores of queries, which are scaled, and keys; `bias` may be null.
  /// `row` and `column` are the positions (i64) of the first ones.
  Value buildScores(Value q, Value k, Value bias, Value row, Value column) {
    Value scores = MatmulOp::create(b, q, k, false, true);
    if (bias)
      scores = AddOp::create(b, scores, bias);
    if (!causal)
      return scores;
    auto count = [&](int64_t dim, int64_t extent, Value first) -> Value {
      SmallVector<int64_t> shape = {1, 1};
      shape[dim] = extent;
      Value numbers =
          IotaOp::create(b, RankedTensorType::get(shape, b.getI64Type()),
                         b.getI64IntegerAttr(dim));
      return AddOp::create(b, numbers, first);
    };
    Value rows = count(0, getExtents(scores)[0], row);
    Value columns = count(1, getExtents(scores)[1], column);
    Value isSeen = CompareOp::create(b, Predicate::le, columns, rows);
    return SelectOp::create(b, isSeen, scores,
                            buildScalarLike(b, -INFINITY, scores));
  }

  /// A maximum that may be subtracted: that of hidden keys alone is not.
  Value buildShift(Value maximum) {
    Value lowest = buildScalarLike(b, -INFINITY, maximum);
    Value isHidden = CompareOp::create(b, Predicate::eq, maximum, lowest);
    return SelectOp::create(b, isHidden, buildScalarLike(b, 0, maximum),
                            maximum);
  }

  State buildStep(const State &state, Value scores, Value v) {
    auto columns = b.getDenseI64ArrayAttr({1});
    Value highest =
        ReduceOp::create(b, ReduceKind::max, scores, columns, /*keep=*/true);
    Value maximum = MaxOp::create(b, state.maximum, highest);
    Value shift = buildShift(maximum);
    Value weights = ExpOp::create(b, SubOp::create(b, scores, shift));
    Value fade = ExpOp::create(b, SubOp::create(b, state.maximum, shift));
    Value sum =
        ReduceOp::create(b, ReduceKind::sum, weights, columns, /*keep=*/true);
    Value product = MatmulOp::create(b, weights, v, false, false);
    return {maximum, AddOp::create(b, MulOp::create(b, state.sum, fade), sum),
            AddOp::create(b, MulOp::create(b, state.y, fade), product)};
  }

  /// Attention of a block of queries, the first one at `row`.
  std::pair<Value, Value> buildQueries(Value q, Value k, Value v, Value bias,
                                       Value row) {
    int64_t rows = getExtents(q)[0], keys = getExtents(k)[0];
    q = MulOp::create(b, q, buildScalarLike(b, scale, q));
    auto fill = [&](double value, int64_t columns) {
      return buildSplat(
          b, value,
          RankedTensorType::get({rows, columns}, getElementTypeOrSelf(q)));
    };
    State state = {fill(-INFINITY, 1), fill(0, 1), fill(0, getExtents(v)[1])};
    int64_t count = keys / kKeys;
    if (count > 0) {
      SmallVector<Value> blocks = {buildBlocks(b, k, count, kKeys),
                                   buildBlocks(b, v, count, kKeys)};
      if (bias)
        blocks.push_back(blockColumns(bias, count));
      SmallVector<Value> values =
          buildFor(b, {state.maximum, state.sum, state.y}, blocks,
                   [&](Value index, ValueRange found, ValueRange block) {
                     return buildBlock({found[0], found[1], found[2]}, q, block,
                                       index, row);
                   });
      state = {values[0], values[1], values[2]};
    }
    if (int64_t first = count * kKeys; first < keys) {
      Value scores = buildScores(
          q, buildRows(b, k, 0, first, keys - first),
          bias ? buildRows(b, bias, 1, first, keys - first) : Value(), row,
          constant(first));
      state = buildStep(state, scores, buildRows(b, v, 0, first, keys - first));
    }
    return finish(state);
  }

  Value constant(int64_t value) {
    return buildScalar(b, double(value), b.getI64Type());
  }

  /// Blocks of columns of a matrix, one after the other.
  Value blockColumns(Value x, int64_t count) {
    int64_t rows = getExtents(x)[0];
    Value blocks = buildReshape(b, buildRows(b, x, 1, 0, count * kKeys),
                                {rows, count, kKeys});
    return TransposeOp::create(b, blocks, b.getDenseI64ArrayAttr({1, 0, 2}));
  }

private:
  /// One block of keys in the loop; causal attention skips those that no query
  /// sees.
  SmallVector<Value> buildBlock(const State &state, Value q, ValueRange block,
                                Value index, Value row) {
    Value column = scaleIndex(b, index, kKeys);
    auto build = [&]() -> SmallVector<Value> {
      Value bias = block.size() > 2 ? block[2] : Value();
      State next = buildStep(state, buildScores(q, block[0], bias, row, column),
                             block[1]);
      return {next.maximum, next.sum, next.y};
    };
    if (!causal)
      return build();
    Value last = AddOp::create(b, row, constant(getExtents(q)[0] - 1));
    Value isSeen = CompareOp::create(b, Predicate::le, column, last);
    SmallVector<Value> values = {state.maximum, state.sum, state.y};
    auto choice = CondOp::create(b, TypeRange(ValueRange(values)), isSeen);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&choice.getThen().emplaceBlock());
    YieldOp::create(b, build());
    b.setInsertionPointToStart(&choice.getOtherwise().emplaceBlock());
    YieldOp::create(b, values);
    return llvm::to_vector_of<Value>(choice.getResults());
  }

  /// The weighted mean, and the logarithm of the sum of weights. Where no key
  /// is seen, zeros and -inf.
  std::pair<Value, Value> finish(const State &state) {
    Value zero = buildScalarLike(b, 0, state.sum);
    Value isEmpty = CompareOp::create(b, Predicate::eq, state.sum, zero);
    Value sum = SelectOp::create(b, isEmpty, buildScalarLike(b, 1, state.sum),
                                 state.sum);
    Value y = DivOp::create(b, state.y, sum);
    Value lse = AddOp::create(b, state.maximum, LogOp::create(b, sum));
    return {y, buildReshape(b, lse, {getExtents(lse)[0]})};
  }

  ImplicitLocOpBuilder &b;
  bool causal;
  double scale;
};
} // namespace

static double getScaleOrDefault(AttentionOp op) {
  if (auto scale = op.getScale())
    return scale->convertToDouble();
  return 1 / std::sqrt(double(getExtents(op.getQ())[3]));
}

/// Heads in their groups: `[batch, groups, heads of a group, ...]`.
static Value splitHeads(ImplicitLocOpBuilder &b, Value x, int64_t dim,
                        int64_t groups) {
  SmallVector<int64_t> shape(getExtents(x));
  int64_t heads = shape[dim] / groups;
  shape[dim] = groups;
  shape.insert(shape.begin() + dim + 1, heads);
  return buildReshape(b, x, shape);
}

//===- Forward ------------------------------------------------------------===//

/// Attention of one head.
static SmallVector<Value> buildHead(ImplicitLocOpBuilder &b, Head &head,
                                    Value q, Value k, Value v, Value bias) {
  int64_t n = getExtents(q)[0], count = n / kQueries, first = count * kQueries;
  Value y, lse, yBehind, lseBehind;
  if (count > 0) {
    SmallVector<Value> blocks = {buildBlocks(b, q, count, kQueries)};
    if (bias)
      blocks.push_back(buildBlocks(b, bias, count, kQueries));
    SmallVector<Value> values =
        buildFor(b, {}, blocks, [&](Value index, ValueRange, ValueRange block) {
          auto [y, lse] =
              head.buildQueries(block[0], k, v, bias ? block[1] : Value(),
                                scaleIndex(b, index, kQueries));
          return SmallVector<Value>{y, lse};
        });
    y = buildReshape(b, values[0], {first, getExtents(v)[1]});
    lse = buildReshape(b, values[1], {first});
  }
  if (first < n || n == 0)
    std::tie(yBehind, lseBehind) = head.buildQueries(
        buildRows(b, q, 0, first, n - first), k, v,
        bias ? buildRows(b, bias, 0, first, n - first) : Value(),
        head.constant(first));
  if (!y)
    return {yBehind, lseBehind};
  return {buildJoinedRows(b, y, yBehind), buildJoinedRows(b, lse, lseBehind)};
}

namespace {
/// The bias that all heads share, and that of each; one of them, or neither.
struct Biases {
  Value shared, own;

  Biases(ImplicitLocOpBuilder &b, AttentionOp op) {
    Value bias = op.getBias();
    if (bias && getExtents(bias)[0] == 1)
      shared = buildReshape(b, bias, getExtents(bias).drop_front());
    else if (bias)
      own = splitHeads(b, bias, 0, getExtents(op.getK())[1]);
  }
};
} // namespace

SmallVector<Value> AttentionOp::decompose(ImplicitLocOpBuilder &b) {
  Head head(b, *this, getScaleOrDefault(*this));
  int64_t groups = getExtents(getK())[1];
  Biases biases(b, *this);
  Value shared = biases.shared, own = biases.own;
  auto mergeHeads = [&](Value x, ArrayRef<int64_t> shape) {
    return buildReshape(b, x, shape.drop_front());
  };
  return buildForEach(
      b, {}, {splitHeads(b, getQ(), 1, groups), getK(), getV()},
      [&](ValueRange, ArrayRef<Value> sample) {
        auto values = buildForEach(
            b, {}, {sample[0], sample[1], sample[2], own},
            [&](ValueRange, ArrayRef<Value> group) {
              return buildForEach(b, {}, {group[0], group[3]},
                                  [&](ValueRange, ArrayRef<Value> each) {
                                    return buildHead(
                                        b, head, each[0], group[1], group[2],
                                        each[1] ? each[1] : shared);
                                  });
            });
        return SmallVector<Value>{mergeHeads(values[0], getExtents(getY())),
                                  mergeHeads(values[1], getExtents(getLse()))};
      });
}

//===- Backward -----------------------------------------------------------===//

namespace {
/// What one head reads, and the gradients that follow from it.
struct HeadTensors {
  Value q, k, v, bias, y, lse, dy, dlse;
};
struct HeadGradients {
  Value q, k, v, bias;
};

class HeadBackward {
public:
  HeadBackward(ImplicitLocOpBuilder &b, Head &head, const HeadTensors &t,
               double scale)
      : b(b), head(head), t(t), scale(scale) {
    q = MulOp::create(b, t.q, buildScalarLike(b, scale, t.q));
    int64_t n = getExtents(t.q)[0];
    Value product = MulOp::create(b, t.dy, t.y);
    mean = ReduceOp::create(b, ReduceKind::sum, product,
                            b.getDenseI64ArrayAttr({1}), /*keep=*/true);
    if (t.dlse)
      mean = SubOp::create(b, mean, buildReshape(b, t.dlse, {n, 1}));
    shift = head.buildShift(buildReshape(b, t.lse, {n, 1}));
  }

  HeadGradients build() {
    int64_t keys = getExtents(t.k)[0], count = keys / kKeys,
            first = count * kKeys;
    HeadGradients front, back;
    Value dq = buildZerosLike(b, t.q);
    if (count > 0) {
      SmallVector<Value> blocks = {buildBlocks(b, t.k, count, kKeys),
                                   buildBlocks(b, t.v, count, kKeys)};
      if (t.bias)
        blocks.push_back(head.blockColumns(t.bias, count));
      SmallVector<Value> values = buildFor(
          b, dq, blocks, [&](Value index, ValueRange found, ValueRange block) {
            HeadGradients g = buildBlock(found[0], block[0], block[1],
                                         t.bias ? block[2] : Value(),
                                         scaleIndex(b, index, kKeys));
            SmallVector<Value> all = {g.q, g.k, g.v};
            if (t.bias)
              all.push_back(g.bias);
            return all;
          });
      dq = values[0];
      front = {dq, buildMergedBlocks(b, values[1]),
               buildMergedBlocks(b, values[2]),
               t.bias ? buildMergedBlocks(b, transposed(values[3])) : Value()};
    }
    if (first < keys || keys == 0) {
      back = buildBlock(dq, buildRows(b, t.k, 0, first, keys - first),
                        buildRows(b, t.v, 0, first, keys - first),
                        t.bias ? buildRows(b, t.bias, 1, first, keys - first)
                               : Value(),
                        head.constant(first));
      dq = back.q;
      if (t.bias)
        back.bias = flipped(back.bias);
    }
    dq = MulOp::create(b, dq, buildScalarLike(b, scale, dq));
    return {dq, buildJoinedRows(b, front.k, back.k),
            buildJoinedRows(b, front.v, back.v),
            t.bias ? flipped(buildJoinedRows(b, front.bias, back.bias))
                   : Value()};
  }

private:
  /// `dq` with what a block of keys adds, before scaling.
  HeadGradients buildBlock(Value dq, Value k, Value v, Value bias,
                           Value column) {
    Value scores = head.buildScores(q, k, bias, head.constant(0), column);
    Value weights = ExpOp::create(b, SubOp::create(b, scores, shift));
    Value dv = MatmulOp::create(b, weights, t.dy, true, false);
    Value dweights = MatmulOp::create(b, t.dy, v, false, true);
    Value dscores = MulOp::create(b, weights, SubOp::create(b, dweights, mean));
    Value product = MatmulOp::create(b, dscores, k, false, false);
    return {AddOp::create(b, dq, product),
            MatmulOp::create(b, dscores, q, true, false), dv, dscores};
  }

  /// Blocks of columns, transposed; and a matrix.
  Value transposed(Value blocks) {
    return TransposeOp::create(b, blocks, b.getDenseI64ArrayAttr({0, 2, 1}));
  }
  Value flipped(Value matrix) {
    return TransposeOp::create(b, matrix, b.getDenseI64ArrayAttr({1, 0}));
  }

  ImplicitLocOpBuilder &b;
  Head &head;
  HeadTensors t;
  double scale;
  /// Scaled queries; for each query, the mean gradient of its weights, and what
  /// makes weights of scores.
  Value q, mean, shift;
};
} // namespace

SmallVector<Value> AttentionOp::buildGradients(ImplicitLocOpBuilder &b,
                                               ValueRange dys) {
  double scale = getScaleOrDefault(*this);
  Head head(b, *this, scale);
  int64_t groups = getExtents(getK())[1];
  Biases biases(b, *this);
  Value shared = biases.shared, own = biases.own;
  Value dy = dys[0] ? dys[0] : buildZerosLike(b, getY());
  auto split = [&](Value x) {
    return x ? splitHeads(b, x, 1, groups) : Value();
  };
  // The gradient of a bias is a sum over the batch, that of a shared one over
  // heads, too: loops carry it. That of another one is stacked by heads.
  SmallVector<Value> carried;
  if (Value bias = shared ? shared : own)
    carried.push_back(buildZerosLike(b, bias));
  auto perHead = [&](ValueRange found, ArrayRef<Value> group,
                     ArrayRef<Value> each) {
    HeadTensors t = {each[0], group[1], group[2], each[5] ? each[5] : shared,
                     each[1], each[2],  each[3],  each[4]};
    HeadGradients g = HeadBackward(b, head, t, scale).build();
    SmallVector<Value> values = {AddOp::create(b, found[0], g.k),
                                 AddOp::create(b, found[1], g.v)};
    if (shared)
      values.push_back(AddOp::create(b, found[2], g.bias));
    values.push_back(g.q);
    if (own)
      values.push_back(g.bias);
    return values;
  };
  // Carried: the sum of a shared bias; stacked: dk, dv, dq and those of own
  // biases.
  auto perGroup = [&](ValueRange found, ArrayRef<Value> group) {
    SmallVector<Value> initial = {buildZerosLike(b, group[1]),
                                  buildZerosLike(b, group[2])};
    llvm::append_range(initial, found);
    SmallVector<Value> values = buildForEach(
        b, initial,
        {group[0], group[3], group[4], group[5], group[6], group[7]},
        [&](ValueRange sums, ArrayRef<Value> each) {
          return perHead(sums, group, each);
        });
    SmallVector<Value> ordered(ArrayRef(values).slice(2, found.size()));
    ordered.push_back(values[0]);
    ordered.push_back(values[1]);
    llvm::append_range(ordered, ArrayRef(values).drop_front(2 + found.size()));
    return ordered;
  };
  SmallVector<Value> values = buildForEach(
      b, carried,
      {split(getQ()), getK(), getV(), split(getY()), split(getLse()), split(dy),
       split(dys[1])},
      [&](ValueRange found, ArrayRef<Value> sample) {
        SmallVector<Value> all(sample);
        all.push_back(own);
        SmallVector<Value> inner =
            buildForEach(b, shared ? found : ValueRange(), all, perGroup);
        SmallVector<Value> result;
        if (shared)
          result.push_back(inner[0]);
        if (own)
          result.push_back(AddOp::create(b, found[0], inner.back()));
        ArrayRef<Value> stacks = ArrayRef(inner).drop_front(shared ? 1 : 0);
        llvm::append_range(result, stacks.take_front(3));
        return result;
      });
  ArrayRef<Value> gradients = ArrayRef(values).drop_front(carried.size());
  SmallVector<Value> result = {
      buildReshape(b, gradients[2], getExtents(getQ())), gradients[0],
      gradients[1]};
  if (getBias())
    result.push_back(buildReshape(b, values[0], getExtents(getBias())));
  return result;
}
