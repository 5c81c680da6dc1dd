//===- Eigen.cpp - Eigenvalues, and functions of matrices by them ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows k and h + k of a matrix of 2 h rows are rotated together, for all k at
// once. Then all rows but the first move on by one place around a circle, and
// columns do as rows: after 2 h - 1 rounds each pair has met, and everything is
// where it was.
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/LinearAlgebra/LinearAlgebra.h"
#include <cmath>

using namespace mlir;
using namespace dither;

/// More sweeps than any matrix has been seen to need.
static constexpr int64_t kMostSweeps = 30;

//===- Loops --------------------------------------------------------------===//

using BuildValues = function_ref<SmallVector<Value>(ValueRange)>;

/// Fills a region whose arguments are `index`, unless it is null, and values of
/// the types of `carried`.
static void fillRegion(ImplicitLocOpBuilder &b, Region &region,
                       ValueRange carried, bool hasIndex, BuildValues build) {
  OpBuilder::InsertionGuard guard(b);
  Block &block = region.emplaceBlock();
  if (hasIndex)
    block.addArgument(RankedTensorType::get({}, b.getI64Type()), b.getLoc());
  for (Type type : carried.getTypes())
    block.addArgument(type, b.getLoc());
  b.setInsertionPointToStart(&block);
  YieldOp::create(
      b, build(ValueRange(block.getArguments()).drop_front(hasIndex ? 1 : 0)));
}

static ValueRange repeat(ImplicitLocOpBuilder &b, ValueRange carried,
                         int64_t trips, BuildValues build) {
  auto loop = ForOp::create(b, carried.getTypes(), carried, ValueRange(),
                            b.getI64IntegerAttr(trips), /*reverse=*/false);
  fillRegion(b, loop.getBody(), carried, /*hasIndex=*/true, build);
  return loop.getResults();
}

//===- Rotations ----------------------------------------------------------===//

namespace {
/// A matrix whose off-diagonal elements vanish, and the transposed product of
/// all rotations.
class Jacobi {
public:
  Jacobi(MatrixBuilder &m, int64_t extent, Type element)
      : m(m), extent(extent), half(extent / 2), element(element) {}

  /// Rows of what is returned are eigenvectors of a symmetric matrix whose
  /// elements are not above 1.
  Value build(Value a);

private:
  Value buildSquare(Value a, bool offDiagonal);
  SmallVector<Value> buildRound(Value a, Value vectors);
  Value rotate(Value x, int64_t dim, Value cosine, Value sine);
  /// `count` elements of the diagonal that begins at an element.
  Value getDiagonal(Value a, int64_t first);

  MatrixBuilder &m;
  int64_t extent, half;
  Type element;
};
} // namespace

/// The sum of the squares of all elements, or of those off the diagonal.
Value Jacobi::buildSquare(Value a, bool offDiagonal) {
  if (offDiagonal)
    a = m.keep(a, Predicate::ne);
  return m.reduce(ReduceKind::sum, m.mul(a, a), {0, 1}, /*keep=*/false);
}

Value Jacobi::getDiagonal(Value a, int64_t first) {
  Value flat = buildReshape(m.b, a, extent * extent);
  return SliceOp::create(m.b, flat, ArrayRef<int64_t>(first),
                         ArrayRef<int64_t>(half),
                         ArrayRef<int64_t>(extent + 1));
}

/// Rotates pairs of rows, or of columns, and moves them on.
Value Jacobi::rotate(Value x, int64_t dim, Value cosine, Value sine) {
  Value top = m.slice(x, dim, 0, half), bottom = m.slice(x, dim, half, half);
  Value c = dim == 0 ? m.asColumn(cosine) : m.asRow(cosine);
  Value s = dim == 0 ? m.asColumn(sine) : m.asRow(sine);
  Value newTop = m.sub(m.mul(c, top), m.mul(s, bottom));
  Value newBottom = m.add(m.mul(s, top), m.mul(c, bottom));
  if (half == 1)
    return m.concat({newTop, newBottom}, dim);
  return m.concat({m.slice(newTop, dim, 0, 1), m.slice(newBottom, dim, 0, 1),
                   m.slice(newTop, dim, 1, half - 2),
                   m.slice(newBottom, dim, 1, half - 1),
                   m.slice(newTop, dim, half - 1, 1)},
                  dim);
}

SmallVector<Value> Jacobi::buildRound(Value a, Value vectors) {
  Value p = getDiagonal(a, 0), q = getDiagonal(a, half * (extent + 1)),
        off = getDiagonal(a, half);
  // The tangent of the smaller angle that makes `off` vanish. A quotient that
  // is infinite gives 0.
  Value cotangent = m.div(m.sub(q, p), m.scale(2, off));
  Value root = SqrtOp::create(
      m.b, m.add(m.mul(cotangent, cotangent), buildScalarLike(m.b, 1, a)));
  Value size = m.div(buildScalarLike(m.b, 1, a),
                     m.add(AbsOp::create(m.b, cotangent), root));
  Value isNegative = m.compare(Predicate::lt, cotangent, 0.0);
  Value tangent = m.select(isNegative, NegOp::create(m.b, size), size);
  tangent = m.selectOr(m.compare(Predicate::ne, off, 0.0), tangent, 0);
  Value one = buildScalarLike(m.b, 1, a);
  Value cosine =
      m.div(one, SqrtOp::create(m.b, m.add(m.mul(tangent, tangent), one)));
  Value sine = m.mul(tangent, cosine);
  Value rows = rotate(a, 0, cosine, sine);
  return {rotate(rows, 1, cosine, sine), rotate(vectors, 0, cosine, sine)};
}

Value Jacobi::build(Value a) {
  double eps = element.isF32() ? 0x1p-23 : 0x1p-52;
  Value limit = m.scale(4 * eps * eps * double(extent),
                        buildSquare(a, /*offDiagonal=*/false));
  SmallVector<Value> carried = {a, m.identity(extent, element)};
  auto loop = WhileOp::create(m.b, carried, m.b.getI64IntegerAttr(kMostSweeps));
  fillRegion(m.b, loop.getCondition(), carried, /*hasIndex=*/false,
             [&](ValueRange found) -> SmallVector<Value> {
               Value off = buildSquare(found[0], /*offDiagonal=*/true);
               return {m.compare(Predicate::gt, off, limit)};
             });
  fillRegion(m.b, loop.getBody(), carried, /*hasIndex=*/false,
             [&](ValueRange found) {
               return llvm::to_vector_of<Value>(
                   repeat(m.b, found, extent - 1, [&](ValueRange state) {
                     return buildRound(state[0], state[1]);
                   }));
             });
  return loop.getResult(1);
}

//===- Eigenvectors -------------------------------------------------------===//

/// The places of numbers in ascending order; all of NaN are 0.
static Value buildRanks(MatrixBuilder &m, Value x) {
  int64_t count = MatrixBuilder::getColumns(x);
  Value own = m.asColumn(x), other = m.asRow(x);
  Value isEarlier = AndOp::create(m.b, m.compare(Predicate::eq, other, own),
                                  m.compareRows(Predicate::gt, count, count));
  Value isBefore =
      OrOp::create(m.b, m.compare(Predicate::lt, other, own), isEarlier);
  return m.reduce(ReduceKind::sum, buildCast(m.b, isBefore, m.b.getI32Type()),
                  1,
                  /*keep=*/false);
}

/// -1 for rows whose first large element is negative, else 1; a column.
static Value buildSigns(MatrixBuilder &m, Value rows) {
  int64_t columns = MatrixBuilder::getColumns(rows);
  Value size = AbsOp::create(m.b, rows);
  Value largest = m.reduce(ReduceKind::max, size, 1, /*keep=*/true);
  Value isLarge = m.compare(Predicate::ge, size, m.scale(0.9, largest));
  Value numbers = m.count({1, columns}, 1);
  Value first = m.reduce(ReduceKind::min,
                         m.selectOr(isLarge, numbers, double(columns)), 1,
                         /*keep=*/true);
  Value element =
      m.reduce(ReduceKind::sum,
               m.selectOr(m.compare(Predicate::eq, numbers, first), rows, 0), 1,
               /*keep=*/true);
  return m.select(m.compare(Predicate::lt, element, 0.0),
                  buildScalarLike(m.b, -1, rows),
                  buildScalarLike(m.b, 1, rows));
}

/// Rows that are nearly orthonormal, nearer: x (3 - x'x) / 2.
static Value buildOrthonormal(MatrixBuilder &m, Value x) {
  Value products = m.multiply(x, x, false, /*transposeY=*/true);
  return m.sub(m.scale(1.5, x), m.scale(0.5, m.multiply(products, x)));
}

/// Eigenvalues and eigenvectors of one matrix that is not empty.
static SmallVector<Value> decomposeMatrix(MatrixBuilder &m, Value a) {
  int64_t extent = MatrixBuilder::getRows(a), odd = extent % 2;
  Type element = getElementTypeOrSelf(a.getType());
  a = m.symmetrize(a);
  // Of elements up to 1, squares neither overflow nor vanish.
  Value largest = m.reduce(ReduceKind::max, AbsOp::create(m.b, a), {0, 1},
                           /*keep=*/false);
  Value isPositive = m.compare(Predicate::gt, largest, 0.0);
  Value scale = m.selectOr(isPositive, largest, 1);
  a = m.div(a, scale);
  // One more row and column of zeros stay by themselves.
  Value even = m.pad(a, {0, 0}, {odd, odd});
  Value rows = Jacobi(m, extent + odd, element).build(even);
  rows = m.slice(m.slice(rows, 0, 0, extent), 1, 0, extent);
  rows = buildOrthonormal(m, rows);
  Value values = m.reduce(ReduceKind::sum, m.mul(m.multiply(rows, a), rows), 1,
                          /*keep=*/false);
  auto sort = [&, ranks = buildRanks(m, values)](Value x) -> Value {
    Value none = buildSplat(m.b, NAN, cast<RankedTensorType>(x.getType()));
    return ScatterOp::create(m.b, x, none, ranks);
  };
  values = m.mul(sort(values), scale);
  rows = sort(m.mul(rows, buildSigns(m, rows)));
  Value isFinite = m.compare(Predicate::lt, largest, INFINITY);
  return {m.selectOr(isFinite, values, NAN),
          m.selectOr(isFinite, m.transpose(rows), NAN)};
}

SmallVector<Value> EighOp::decompose(ImplicitLocOpBuilder &b) {
  MatrixBuilder m(b);
  if (MatrixBuilder::getRows(getA()) == 0)
    return {buildReshape(b, getA(), MatrixBuilder::getShape(getValues())),
            getA()};
  return m.forEachMatrix(getA(), [&](ValueRange operands) {
    return decomposeMatrix(m, operands[0]);
  });
}

/// V x V', where columns of V are eigenvectors, and its part that is symmetric.
static Value fromEigenvectors(MatrixBuilder &m, Value vectors, Value x) {
  return m.symmetrize(
      m.multiply(m.multiply(vectors, x), vectors, false, /*transposeY=*/true));
}

SmallVector<Value> EighOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dys) {
  MatrixBuilder m(b);
  Value values = getValues(), vectors = getVectors();
  int64_t extent = MatrixBuilder::getRows(vectors);
  Value isDiagonal = m.compareRows(Predicate::eq, extent, extent);
  Value inner = buildZerosLike(b, vectors);
  if (dys[1]) {
    // Not 0 on the diagonal, where the quotient is not used: NaN would pass
    // into derivatives of it.
    Value gaps = m.select(isDiagonal, buildScalarLike(b, 1, values),
                          m.sub(m.asRow(values), m.asColumn(values)));
    inner = m.div(m.multiply(vectors, dys[1], /*transposeX=*/true), gaps);
  }
  Value diagonal = dys[0] ? m.asRow(dys[0]) : buildScalarLike(b, 0, values);
  return {fromEigenvectors(m, vectors, m.select(isDiagonal, diagonal, inner))};
}

//===- Inverse root -------------------------------------------------------===//

/// x^(1/p).
static Value buildRoot(ImplicitLocOpBuilder &b, Value x, int64_t p) {
  for (; p % 2 == 0; p /= 2)
    x = SqrtOp::create(b, x);
  if (p == 1)
    return x;
  Value logarithm = LogOp::create(b, x);
  return ExpOp::create(
      b, DivOp::create(b, logarithm, buildScalarLike(b, double(p), x)));
}

SmallVector<Value> InverseRootOp::decompose(ImplicitLocOpBuilder &b) {
  MatrixBuilder m(b);
  if (MatrixBuilder::getRows(getA()) == 0)
    return {getA()};
  auto pair = EighOp::create(b, getA());
  Value values =
      m.add(pair.getValues(), buildScalarLike(b, getEpsilon().convertToDouble(),
                                              pair.getValues()));
  auto last = int64_t(MatrixBuilder::getShape(values).size()) - 1;
  Value least = m.reduce(ReduceKind::min, values, last, /*keep=*/true);
  // Half of the root on each side: the product is symmetric and definite.
  Value half = m.div(buildScalarLike(b, 1, values),
                     buildRoot(b, values, 2 * int64_t(getP())));
  half = m.selectOr(m.compare(Predicate::gt, least, 0.0), half, NAN);
  Value factor = m.mul(pair.getVectors(), m.asRow(half));
  return {m.multiply(factor, factor, false, /*transposeY=*/true)};
}

/// The divided differences of l^(-1/p) between eigenvalues, of whose roots
/// u = l^(1/p) they are -1 / (u v (u^(p-1) + u^(p-2) v + ... + v^(p-1))).
static Value buildDifferences(MatrixBuilder &m, Value roots, int64_t p) {
  Value u = m.asColumn(roots), v = m.asRow(roots);
  Value one = buildScalarLike(m.b, 1, roots), sum = one, power = one;
  for (int64_t k = 1; k < p; ++k) {
    power = m.mul(power, v);
    sum = m.add(m.mul(sum, u), power);
  }
  return m.div(buildScalarLike(m.b, -1, roots), m.mul(m.mul(u, v), sum));
}

SmallVector<Value> InverseRootOp::buildGradients(ImplicitLocOpBuilder &b,
                                                 ValueRange dys) {
  MatrixBuilder m(b);
  auto pair = EighOp::create(b, getA());
  Value values =
      m.add(pair.getValues(), buildScalarLike(b, getEpsilon().convertToDouble(),
                                              pair.getValues()));
  Value vectors = pair.getVectors();
  Value differences = buildDifferences(m, buildRoot(b, values, int64_t(getP())),
                                       int64_t(getP()));
  Value inner =
      m.multiply(m.multiply(vectors, dys[0], /*transposeX=*/true), vectors);
  return {fromEigenvectors(m, vectors, m.mul(differences, inner))};
}
