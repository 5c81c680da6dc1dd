//===- NM.cpp - N of each M consecutive elements --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Representation/Layout.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace mlir;
using namespace dither;

LogicalResult NMAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                             int64_t n, int64_t m, int64_t dim) {
  if (n < 1 || n > m || m > 32)
    return emitError() << "(C1) " << n << " of " << m
                       << " elements; 1 <= n <= m <= 32 must hold";
  if (dim != 0 && dim != 1)
    return emitError() << "(C3) `dim` is " << dim << "; it must be 0 or 1";
  return success();
}

LogicalResult NMAttr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                                 RankedTensorType type) const {
  if (type.getRank() != 2)
    return emitError() << "(C2) needs a matrix, not " << type;
  // Groups along the second dimension leave the first one free.
  bool isStatic =
      !type.isDynamicDim(1) && (getDim() == 1 || !type.isDynamicDim(0));
  if (!isStatic || type.getDimSize(getDim()) % getM() != 0)
    return emitError() << "(C4) needs an extent along dimension " << getDim()
                       << " that is a multiple of " << getM() << ", not "
                       << type;
  return success();
}

double NMAttr::getDensity() const { return double(getN()) / getM(); }
int64_t NMAttr::getGroupDim() const { return getDim(); }
int64_t NMAttr::getGroupSize() const { return getM(); }
int64_t NMAttr::getSlotsPerGroup() const { return getN(); }
unsigned NMAttr::getIndexBits() const { return llvm::Log2_64_Ceil(getM()); }

RankedTensorType NMAttr::getSlots(RankedTensorType type) const {
  SmallVector<int64_t> shape(type.getShape());
  shape[getDim()] = shape[getDim()] / getM() * getN();
  return RankedTensorType::get(shape, type.getElementType());
}
int64_t NMAttr::getPackedDim() const { return getDim(); }
SmallVector<std::pair<std::string, RankedTensorType>>
NMAttr::getMetadata(RankedTensorType type) const {
  if (getIndexBits() == 0)
    return {};
  return {{"indices", getBytesType(getSlots(type), getDim(), getIndexBits())}};
}

//===- Groups -------------------------------------------------------------===//

namespace {
/// Expressions on groups. A matrix [K, N] becomes [K/m, m, N] or, along the
/// second dimension, [K, N/m, m]: in both, `axis` counts inside of a group.
/// Pairs of positions of a group need one more dimension: `own` positions lie
/// along `axis`, `other` ones along `axis + 1`, and the two broadcast.
struct GroupBuilder {
  ImplicitLocOpBuilder &b;
  int64_t dim;
  int64_t axis = dim + 1;

  Value split(Value matrix, int64_t perGroup) {
    SmallVector<int64_t> shape = shapeOf(matrix);
    shape[dim] /= perGroup;
    shape.insert(shape.begin() + axis, perGroup);
    return buildReshape(b, matrix, shape);
  }
  Value merge(Value groups) {
    SmallVector<int64_t> shape = shapeOf(groups);
    shape[dim] *= shape[axis];
    shape.erase(shape.begin() + axis);
    return buildReshape(b, groups, shape);
  }
  Value own(Value groups) { return insertUnit(groups, axis + 1); }
  Value other(Value groups) { return insertUnit(groups, axis); }

  Value ownPositions(int64_t count) { return positions(count, axis); }
  Value otherPositions(int64_t count) { return positions(count, axis + 1); }

  /// For each own position, the sum over the other ones where `condition`.
  Value sumOthers(Value condition, Value x) {
    Value terms = SelectOp::create(b, condition, x, buildScalarLike(b, 0, x));
    return ReduceOp::create(b, ReduceKind::sum, terms,
                            b.getDenseI64ArrayAttr({axis + 1}));
  }
  Value countOthers(Value condition) {
    return sumOthers(condition, buildScalar(b, 1, b.getI8Type()));
  }
  Value compare(Predicate predicate, Value x, Value y) {
    return CompareOp::create(b, predicate, x, y);
  }

private:
  static SmallVector<int64_t> shapeOf(Value x) {
    return llvm::to_vector(cast<RankedTensorType>(x.getType()).getShape());
  }
  Value insertUnit(Value groups, int64_t position) {
    SmallVector<int64_t> shape = shapeOf(groups);
    shape.insert(shape.begin() + position, 1);
    return buildReshape(b, groups, shape);
  }
  Value positions(int64_t count, int64_t along) {
    SmallVector<int64_t> shape(4, 1);
    shape[along] = count;
    return IotaOp::create(b, RankedTensorType::get(shape, b.getI8Type()),
                          along);
  }
};
} // namespace

//===- Meaning ------------------------------------------------------------===//

/// NaN counts as the largest score, so that scores are totally ordered.
static Value buildOrdered(ImplicitLocOpBuilder &b, Value scores) {
  Value isNumber = CompareOp::create(b, Predicate::eq, scores, scores);
  return SelectOp::create(
      b, isNumber, scores,
      buildScalarLike(b, std::numeric_limits<double>::infinity(), scores));
}

Value NMAttr::buildMask(ImplicitLocOpBuilder &b, Value scores) const {
  GroupBuilder g{b, getDim()};
  Value groups = g.split(buildOrdered(b, scores), getM());
  Value own = g.own(groups), other = g.other(groups);
  Value isEarlier = g.compare(Predicate::lt, g.otherPositions(getM()),
                              g.ownPositions(getM()));
  Value isEqual = g.compare(Predicate::eq, other, own);
  Value wins = OrOp::create(b, g.compare(Predicate::gt, other, own),
                            AndOp::create(b, isEqual, isEarlier));
  // Ranks are bytes, which vectors read; whoever wants the mask compares them.
  Value rank = g.merge(g.countOthers(wins));
  return g.compare(Predicate::lt, rank, buildScalarLike(b, getN(), rank));
}

Value NMAttr::buildCompress(ImplicitLocOpBuilder &b, Value dense, Value mask,
                            SmallVectorImpl<Value> &metadata) const {
  GroupBuilder g{b, getDim()};
  Value kept = g.other(g.split(mask, getM()));
  // The slot of a kept element is the number of kept ones before it.
  Value isEarlier = g.compare(Predicate::lt, g.otherPositions(getM()),
                              g.ownPositions(getM()));
  Value slot = g.countOthers(AndOp::create(b, kept, isEarlier));
  // From here on, the own positions are slots and the others elements. A slot
  // that nothing fills holds zero at position 0.
  Value fills = AndOp::create(
      b, kept, g.compare(Predicate::eq, g.other(slot), g.ownPositions(getN())));
  Value values = g.sumOthers(fills, g.other(g.split(dense, getM())));
  Value indices = g.sumOthers(fills, g.otherPositions(getM()));
  if (getIndexBits() > 0)
    metadata.push_back(
        buildPackFields(b, g.merge(indices), getDim(), getIndexBits()));
  return g.merge(values);
}

/// The positions of the slots in their groups (i8), from what is stored.
static Value buildIndices(ImplicitLocOpBuilder &b, NMAttr pattern,
                          RankedTensorType slots, ValueRange metadata) {
  auto type = withElement(slots, b.getI8Type());
  if (!metadata.empty())
    return buildUnpackFields(b, metadata[0], type, pattern.getDim(),
                             pattern.getIndexBits());
  return ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getI8IntegerAttr(0)));
}

Value NMAttr::buildSample(ImplicitLocOpBuilder &b, Value dense,
                          ValueRange metadata) const {
  GroupBuilder g{b, getDim()};
  auto type = cast<RankedTensorType>(dense.getType());
  Value indices = buildIndices(b, *this, getSlots(type), metadata);
  // The own positions are slots, the others elements.
  Value isHere = g.compare(Predicate::eq, g.own(g.split(indices, getN())),
                           g.otherPositions(getM()));
  return g.merge(g.sumOthers(isHere, g.other(g.split(dense, getM()))));
}

Value NMAttr::buildExpand(ImplicitLocOpBuilder &b, RankedTensorType type,
                          Value slots, ValueRange metadata) const {
  GroupBuilder g{b, getDim()};
  Value indices =
      buildIndices(b, *this, cast<RankedTensorType>(slots.getType()), metadata);
  // The own positions are elements, the others slots.
  Value isHere = g.compare(Predicate::eq, g.other(g.split(indices, getN())),
                           g.ownPositions(getM()));
  Value values = g.sumOthers(isHere, g.other(g.split(slots, getN())));
  return buildReshape(b, values, type.getShape());
}

//===- Registers ----------------------------------------------------------===//

/// A tree of selections, one level for each bit of the index. Targets with a
/// dynamic shuffle put that in its place.
Value NMAttr::emitSelect(ImplicitLocOpBuilder &b, Value group,
                         Value indices) const {
  auto integers = cast<VectorType>(indices.getType());
  auto lanes =
      integers.clone(cast<VectorType>(group.getType()).getElementType());
  auto splat = [&](int32_t value) -> Value {
    Attribute element = b.getI32IntegerAttr(value);
    return arith::ConstantOp::create(b,
                                     DenseElementsAttr::get(integers, element));
  };
  SmallVector<Value> nodes;
  for (int64_t i = 0; i < getM(); ++i)
    nodes.push_back(vector::BroadcastOp::create(
        b, lanes, vector::ExtractOp::create(b, group, i)));
  for (int32_t bit = 1; nodes.size() > 1; bit <<= 1) {
    Value isSet = arith::CmpIOp::create(
        b, arith::CmpIPredicate::ne,
        arith::AndIOp::create(b, indices, splat(bit)), splat(0));
    SmallVector<Value> above;
    for (size_t i = 0; i + 1 < nodes.size(); i += 2)
      above.push_back(
          arith::SelectOp::create(b, isSet, nodes[i + 1], nodes[i]));
    if (nodes.size() % 2)
      above.push_back(nodes.back());
    nodes = std::move(above);
  }
  return nodes.front();
}
