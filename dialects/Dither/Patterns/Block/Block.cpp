//===- Block.cpp - Blocks of a matrix -------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include <limits>

using namespace mlir;
using namespace dither;

LogicalResult BlockAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                int64_t rows, int64_t columns,
                                FloatAttr sparsity) {
  if (rows < 1 || columns < 1)
    return emitError() << "(C1) blocks of " << rows << " x " << columns
                       << " elements; both numbers must be positive";
  double value = sparsity.getValueAsDouble();
  if (!(value >= 0 && value <= 1))
    return emitError() << "(C2) `sparsity` is " << value
                       << "; it must be from 0, nothing is left out, to 1";
  return success();
}

LogicalResult
BlockAttr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                      RankedTensorType type) const {
  if (type.getRank() != 2 || !type.hasStaticShape() ||
      type.getDimSize(0) % getRows() != 0 ||
      type.getDimSize(1) % getColumns() != 0)
    return emitError() << "(C3) needs a matrix whose extents are multiples of "
                       << getRows() << " and " << getColumns() << ", not "
                       << type;
  return success();
}

int64_t BlockAttr::getBlockRows() const { return getRows(); }
int64_t BlockAttr::getBlockColumns() const { return getColumns(); }
double BlockAttr::getDensity() const {
  return 1 - getSparsity().getValueAsDouble();
}

namespace {
/// How a matrix is cut: blocks of a column of them, of which `kept` exist, and
/// columns of blocks.
struct Cut {
  int64_t rows, columns, count, kept, width;

  Cut(BlockAttr pattern, RankedTensorType type)
      : rows(pattern.getRows()), columns(pattern.getColumns()),
        count(type.getDimSize(0) / rows),
        kept(countKept(count, pattern.getSparsity().getValueAsDouble())),
        width(type.getDimSize(1) / columns) {}
};
} // namespace

/// The narrowest signed integer that counts blocks.
static IntegerType getNumberType(MLIRContext *context, int64_t count) {
  unsigned bits = count <= 1 << 7 ? 8 : count <= 1 << 15 ? 16 : 32;
  return IntegerType::get(context, bits);
}

RankedTensorType BlockAttr::getSlots(RankedTensorType type) const {
  Cut cut(*this, type);
  return RankedTensorType::get({cut.kept * cut.rows, type.getDimSize(1)},
                               type.getElementType());
}

int64_t BlockAttr::getPackedDim() const { return 0; }

SmallVector<std::pair<std::string, RankedTensorType>>
BlockAttr::getMetadata(RankedTensorType type) const {
  Cut cut(*this, type);
  return {{"blocks",
           RankedTensorType::get({cut.kept, cut.width},
                                 getNumberType(getContext(), cut.count))}};
}

//===- Meaning ------------------------------------------------------------===//

static Value buildSum(ImplicitLocOpBuilder &b, Value x,
                      ArrayRef<int64_t> dims) {
  return ReduceOp::create(b, ReduceKind::sum, x, b.getDenseI64ArrayAttr(dims));
}

/// 0, 1, 2, ... along one dimension, units along the others.
static Value buildPositions(ImplicitLocOpBuilder &b, int64_t count,
                            int64_t rank, int64_t dim) {
  SmallVector<int64_t> shape(rank, 1);
  shape[dim] = count;
  return IotaOp::create(b, RankedTensorType::get(shape, b.getI32Type()), dim);
}

/// For each block, of how many others of its column `condition`, [count, count,
/// width], holds; the block comes first.
static Value buildCountOthers(ImplicitLocOpBuilder &b, Value condition) {
  auto type = withElement(condition.getType(), b.getI32Type());
  return buildSum(b, CastOp::create(b, type, condition), {1});
}

/// Which block, of all, is in which slot: [kept, count, width].
static Value buildPlaces(ImplicitLocOpBuilder &b, const Cut &cut,
                         Value blocks) {
  auto type = withElement(blocks.getType(), b.getI32Type());
  Value numbers = buildReshape(b, CastOp::create(b, type, blocks),
                               {cut.kept, 1, cut.width});
  return CompareOp::create(b, Predicate::eq, numbers,
                           buildPositions(b, cut.count, 3, 1));
}

/// The slots of `dense`, given which block fills which.
static Value buildFilled(ImplicitLocOpBuilder &b, const Cut &cut, Value places,
                         Value dense) {
  Value blocks =
      buildReshape(b, dense, {1, cut.count, cut.rows, cut.width, cut.columns});
  Value fills = buildReshape(b, places, {cut.kept, cut.count, 1, cut.width, 1});
  Value terms =
      SelectOp::create(b, fills, blocks, buildScalarLike(b, 0, blocks));
  return buildReshape(b, buildSum(b, terms, {1}),
                      {cut.kept * cut.rows, cut.width * cut.columns});
}

Value BlockAttr::buildMask(ImplicitLocOpBuilder &b, Value scores) const {
  auto type = cast<RankedTensorType>(scores.getType());
  Cut cut(*this, type);
  Value isNumber = CompareOp::create(b, Predicate::eq, scores, scores);
  Value ordered = SelectOp::create(
      b, isNumber, scores,
      buildScalarLike(b, std::numeric_limits<double>::infinity(), scores));
  Value blocks = buildReshape(b, MulOp::create(b, ordered, ordered),
                              {cut.count, cut.rows, cut.width, cut.columns});
  Value sums = buildSum(b, blocks, {1, 3});
  Value own = buildReshape(b, sums, {cut.count, 1, cut.width});
  Value other = buildReshape(b, sums, {1, cut.count, cut.width});
  Value isEarlier =
      CompareOp::create(b, Predicate::lt, buildPositions(b, cut.count, 3, 1),
                        buildPositions(b, cut.count, 3, 0));
  Value isEqual = CompareOp::create(b, Predicate::eq, other, own);
  Value wins = OrOp::create(b, CompareOp::create(b, Predicate::gt, other, own),
                            AndOp::create(b, isEqual, isEarlier));
  Value rank = buildCountOthers(b, wins);
  Value isKept = CompareOp::create(b, Predicate::lt, rank,
                                   buildScalarLike(b, cut.kept, rank));
  isKept = buildReshape(b, isKept, {cut.count, 1, cut.width, 1});
  Value mask = BroadcastOp::create(b, isKept, blocks);
  return buildReshape(b, mask, type.getShape());
}

Value BlockAttr::buildCompress(ImplicitLocOpBuilder &b, Value dense, Value mask,
                               SmallVectorImpl<Value> &metadata) const {
  auto type = cast<RankedTensorType>(dense.getType());
  Cut cut(*this, type);
  // A block is kept if an element of it is.
  Value elements = CastOp::create(b, withElement(type, b.getI32Type()), mask);
  elements =
      buildReshape(b, elements, {cut.count, cut.rows, cut.width, cut.columns});
  Value any = ReduceOp::create(b, ReduceKind::max, elements,
                               b.getDenseI64ArrayAttr({1, 3}));
  Value kept =
      CompareOp::create(b, Predicate::gt, any, buildScalarLike(b, 0, any));
  // Its slot is the number of kept ones before it.
  Value other = buildReshape(b, kept, {1, cut.count, cut.width});
  Value isEarlier =
      CompareOp::create(b, Predicate::lt, buildPositions(b, cut.count, 3, 1),
                        buildPositions(b, cut.count, 3, 0));
  Value slot = buildCountOthers(b, AndOp::create(b, other, isEarlier));
  Value isHere = CompareOp::create(
      b, Predicate::eq, buildReshape(b, slot, {1, cut.count, cut.width}),
      buildPositions(b, cut.kept, 3, 0));
  Value places = AndOp::create(b, other, isHere);
  Value positions = buildPositions(b, cut.count, 3, 1);
  Value numbers = buildSum(
      b,
      SelectOp::create(b, places, positions, buildScalarLike(b, 0, positions)),
      {1});
  metadata.push_back(CastOp::create(b, getMetadata(type)[0].second, numbers));
  return buildFilled(b, cut, places, dense);
}

Value BlockAttr::buildSample(ImplicitLocOpBuilder &b, Value dense,
                             ValueRange metadata) const {
  Cut cut(*this, cast<RankedTensorType>(dense.getType()));
  return buildFilled(b, cut, buildPlaces(b, cut, metadata[0]), dense);
}

Value BlockAttr::buildExpand(ImplicitLocOpBuilder &b, RankedTensorType type,
                             Value slots, ValueRange metadata) const {
  Cut cut(*this, type);
  Value places = buildReshape(b, buildPlaces(b, cut, metadata[0]),
                              {cut.kept, cut.count, 1, cut.width, 1});
  Value values =
      buildReshape(b, slots, {cut.kept, 1, cut.rows, cut.width, cut.columns});
  Value terms =
      SelectOp::create(b, places, values, buildScalarLike(b, 0, values));
  return buildReshape(b, buildSum(b, terms, {0}), type.getShape());
}
