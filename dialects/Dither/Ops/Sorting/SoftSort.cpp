//===- SoftSort.cpp - Differentiable sorting networks ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a layer, each element x meets a partner p and becomes x f + p (1 - f) with
// f = f(s (p - x)), where s is the steepness, negative where the larger one
// stays. Since f(-t) = 1 - f(t), both of a pair find the same swap. An element
// without a partner is its own, and stays.
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include <cmath>

using namespace mlir;
using namespace dither;

using Shape = SmallVector<int64_t>;

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===- Verifying ----------------------------------------------------------===//

static LogicalResult verifySoftSort(std::optional<Location> location,
                                    RankedTensorType x, double steepness,
                                    SortingNetwork network) {
  if (x.getRank() == 0 || x.isDynamicDim(x.getRank() - 1) ||
      llvm::any_of(x.getShape().drop_front(), ShapedType::isDynamic))
    return emitOptionalError(location,
                             "(C1) needs a rank of at least 1 and known "
                             "extents, but for the first of several; got ",
                             x);
  if (!(steepness > 0) || std::isinf(steepness))
    return emitOptionalError(
        location, "(C2) needs a steepness that is positive and finite, not ",
        steepness);
  int64_t extent = x.getShape().back();
  if (network == SortingNetwork::bitonic && extent > 0 &&
      !llvm::isPowerOf2_64(uint64_t(extent)))
    return emitOptionalError(location, "(C3) cannot sort ", extent,
                             " elements by a bitonic network, which takes a "
                             "power of two; odd_even takes any number");
  return success();
}

LogicalResult SoftSortOp::verify() {
  return verifySoftSort(getLoc(), getTensorType(getX()),
                        getSteepness().convertToDouble(), getNetwork());
}

LogicalResult SoftPermutationOp::inferReturnTypes(
    MLIRContext *, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<SoftPermutationOp>(operands, attributes,
                                                    properties, regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX());
  // Where types are inferred, defaults are not there yet; this one is valid.
  FloatAttr steepness = op.getSteepnessAttr();
  if (failed(verifySoftSort(location, x,
                            steepness ? steepness.getValueAsDouble() : 1,
                            op.getNetwork())))
    return failure();
  Shape shape(x.getShape());
  shape.push_back(shape.back());
  types.push_back(x.clone(shape));
  return success();
}

//===- Swaps --------------------------------------------------------------===//

namespace {
/// The share of an element that stays, of `t`, how far it is from its place.
class SwapBuilder {
public:
  SwapBuilder(ImplicitLocOpBuilder &b, SoftSwap swap) : b(b), swap(swap) {}

  Value build(Value t) {
    switch (swap) {
    case SoftSwap::logistic:
      return SigmoidOp::create(b, t);
    case SoftSwap::reciprocal:
      return add(DivOp::create(b, t, add(scale(buildSize(t), 2), 1)), 0.5);
    case SoftSwap::cauchy:
      return add(scale(AtanOp::create(b, scale(t, M_PI)), M_1_PI), 0.5);
    case SoftSwap::optimal:
      return buildOptimal(t);
    }
    llvm_unreachable("all swaps are covered");
  }

private:
  /// |t|, whose derivative has a derivative.
  Value buildSize(Value t) { return MaxOp::create(b, t, NegOp::create(b, t)); }

  /// 1/2 + t near 0; beyond, 1/2 and what remains of it but for 1 / (16 |t|).
  Value buildOptimal(Value t) {
    Value border = buildScalarLike(b, 0.25, t);
    Value size = buildSize(t);
    Value isNear = CompareOp::create(b, Predicate::le, size, border);
    Value isAbove =
        CompareOp::create(b, Predicate::gt, t, buildScalarLike(b, 0, t));
    // Not below the border, where another value is taken.
    Value far = MaxOp::create(b, size, border);
    Value rest = DivOp::create(b, buildScalarLike(b, -1.0 / 16, t), far);
    Value above = add(rest, 0.5);
    Value beyond = SelectOp::create(b, isAbove, above, NegOp::create(b, above));
    return add(SelectOp::create(b, isNear, t, beyond), 0.5);
  }

  Value add(Value x, double y) {
    return AddOp::create(b, x, buildScalarLike(b, y, x));
  }
  Value scale(Value x, double y) {
    return MulOp::create(b, x, buildScalarLike(b, y, x));
  }

  ImplicitLocOpBuilder &b;
  SoftSwap swap;
};

//===- Networks -----------------------------------------------------------===//

/// Which elements a layer compares: blocks of `2 stride` behind the first
/// `skipped` elements, whose halves meet. Directions of elements are 1 where
/// the smaller one stays, -1 where the larger one does.
struct Layer {
  int64_t stride = 1, skipped = 0;
  SmallVector<double> directions;
};

/// Runs rows of elements and, if wanted, of a matrix through a network.
class NetworkBuilder {
public:
  NetworkBuilder(ImplicitLocOpBuilder &b, SoftSwap swap, double steepness,
                 bool descending, int64_t extent)
      : b(b), swap(b, swap), steepness(descending ? -steepness : steepness),
        extent(extent) {}

  /// `values` are the elements and perhaps the matrix.
  SmallVector<Value> build(SortingNetwork network, ValueRange values) {
    if (extent < 2)
      return SmallVector<Value>(values);
    return network == SortingNetwork::bitonic ? buildBitonic(values)
                                              : buildOddEven(values);
  }

private:
  /// Two layers are a run of a loop; one may remain.
  SmallVector<Value> buildOddEven(ValueRange values) {
    Layer even = getNeighbours(0), odd = getNeighbours(1);
    auto loop =
        ForOp::create(b, values.getTypes(), values, ValueRange(),
                      b.getI64IntegerAttr(extent / 2), /*reverse=*/false);
    fillBody(loop, [&](ValueRange carried) {
      return buildLayer(odd, buildLayer(even, carried));
    });
    SmallVector<Value> results(loop.getResults());
    return extent % 2 == 0 ? results : buildLayer(even, results);
  }

  void fillBody(ForOp loop,
                function_ref<SmallVector<Value>(ValueRange)> build) {
    OpBuilder::InsertionGuard guard(b);
    SmallVector<Type> types = {RankedTensorType::get({}, b.getI64Type())};
    llvm::append_range(types, loop.getResultTypes());
    Block *block =
        b.createBlock(&loop.getBody(), {}, types,
                      SmallVector<Location>(types.size(), b.getLoc()));
    dither::YieldOp::create(b, build(block->getArguments().drop_front()));
  }

  /// Neighbours, from the first element or the second one on.
  Layer getNeighbours(int64_t skipped) {
    Layer layer{1, skipped, SmallVector<double>(extent, 0)};
    for (int64_t i = skipped; i + 1 < extent; i += 2) {
      layer.directions[i] = 1;
      layer.directions[i + 1] = -1;
    }
    return layer;
  }

  /// Merges runs of `size / 2` elements, of which every other one is sorted the
  /// other way.
  SmallVector<Value> buildBitonic(ValueRange values) {
    SmallVector<Value> current(values);
    for (int64_t size = 2; size <= extent; size *= 2)
      for (int64_t stride = size / 2; stride > 0; stride /= 2) {
        Layer layer{stride, 0, {}};
        for (int64_t i = 0; i < extent; ++i)
          layer.directions.push_back(
              ((i & stride) == 0) == ((i & size) == 0) ? 1 : -1);
        current = buildLayer(layer, current);
      }
    return current;
  }

  SmallVector<Value> buildLayer(const Layer &layer, ValueRange values) {
    Value x = values[0];
    int64_t dim = getTensorType(x).getRank() - 1;
    Value partner = buildPartners(x, dim, layer);
    Value t =
        MulOp::create(b, SubOp::create(b, partner, x), getFactors(layer, x));
    Value stays = swap.build(t);
    SmallVector<Value> results = {buildMix(stays, x, partner)};
    if (values.size() > 1) {
      Shape column(getTensorType(stays).getShape());
      column.push_back(1);
      Value partners = buildPartners(values[1], dim, layer);
      results.push_back(
          buildMix(buildReshape(b, stays, column), values[1], partners));
    }
    return results;
  }

  /// x f + p (1 - f), which is exact where f is 0 or 1.
  Value buildMix(Value stays, Value x, Value partner) {
    Value goes = SubOp::create(b, buildScalarLike(b, 1, stays), stays);
    return AddOp::create(b, MulOp::create(b, x, stays),
                         MulOp::create(b, partner, goes));
  }

  /// Steepness and direction of each element, of the type of `like`.
  Value getFactors(const Layer &layer, Value like) {
    auto type = RankedTensorType::get({extent}, getElementTypeOrSelf(like));
    const llvm::fltSemantics &semantics =
        cast<FloatType>(type.getElementType()).getFloatSemantics();
    SmallVector<APFloat> factors;
    for (double direction : layer.directions) {
      APFloat factor(steepness * direction);
      bool lost;
      factor.convert(semantics, APFloat::rmNearestTiesToEven, &lost);
      factors.push_back(factor);
    }
    return dither::ConstantOp::create(b, DenseElementsAttr::get(type, factors));
  }

  /// For each element along `dim`, the one that it meets.
  Value buildPartners(Value x, int64_t dim, const Layer &layer) {
    int64_t width = 2 * layer.stride;
    int64_t blocks = (extent - layer.skipped) / width;
    int64_t end = layer.skipped + blocks * width;
    if (blocks == 0)
      return x;
    Value paired = buildPart(x, dim, layer.skipped, end);
    Shape shape(getTensorType(paired).getShape()), split(shape);
    split[dim] = blocks;
    split.insert(split.begin() + dim + 1, {2, layer.stride});
    paired = ReverseOp::create(b, buildReshape(b, paired, split), dim + 1);
    paired = buildReshape(b, paired, shape);
    SmallVector<Value> parts;
    if (layer.skipped > 0)
      parts.push_back(buildPart(x, dim, 0, layer.skipped));
    parts.push_back(paired);
    if (end < extent)
      parts.push_back(buildPart(x, dim, end, extent));
    if (parts.size() == 1)
      return paired;
    return ConcatOp::create(b, x.getType(), parts, uint64_t(dim));
  }

  Value buildPart(Value x, int64_t dim, int64_t begin, int64_t end) {
    if (begin == 0 && end == extent)
      return x;
    Shape sizes(getTensorType(x).getShape());
    llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
    Shape offsets(sizes.size(), 0), strides(sizes.size(), 1);
    offsets[dim] = begin;
    sizes[dim] = end - begin;
    return SliceOp::create(b, x, offsets, sizes, strides);
  }

  ImplicitLocOpBuilder &b;
  SwapBuilder swap;
  double steepness;
  int64_t extent;
};
} // namespace

//===- Decomposing --------------------------------------------------------===//

SmallVector<Value> SoftSortOp::decompose(ImplicitLocOpBuilder &b) {
  NetworkBuilder network(b, getSwap(), getSteepness().convertToDouble(),
                         getDescending(),
                         getTensorType(getX()).getShape().back());
  Value y = network.build(getNetwork(), buildWide(b, getX()))[0];
  return {buildCast(b, y, getElementTypeOrSelf(getType()))};
}

SmallVector<Value> SoftPermutationOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = buildWide(b, getX());
  ArrayRef<int64_t> shape = getTensorType(x).getShape();
  int64_t extent = shape.back();
  NetworkBuilder network(b, getSwap(), getSteepness().convertToDouble(),
                         getDescending(), extent);
  auto count = [&](const Shape &type, int64_t dim) -> Value {
    return IotaOp::create(b, RankedTensorType::get(type, b.getI32Type()),
                          b.getI64IntegerAttr(dim));
  };
  Value isDiagonal = CompareOp::create(b, Predicate::eq, count({extent, 1}, 0),
                                       count({1, extent}, 1));
  Value identity = buildCast(b, isDiagonal, getElementTypeOrSelf(x));
  // One for each row of x, which has the extents.
  Shape column(shape);
  column.push_back(1);
  Value rows = buildReshape(b, x, column);
  Value zeros = MulOp::create(b, rows, buildScalarLike(b, 0, rows));
  Value matrix = AddOp::create(b, StopGradientOp::create(b, zeros), identity);
  Value p = network.build(getNetwork(), {x, matrix})[1];
  return {buildCast(b, p, getElementTypeOrSelf(getType()))};
}
