//===- Qr.cpp - QR decomposition by reflections ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matrices are transposed, so that columns are rows of memory. A reflection
// takes a column t to t - w (w't), where |w|^2 = 2.
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/LinearAlgebra/LinearAlgebra.h"

using namespace mlir;
using namespace dither;

/// The w that reflects the elements of x from a position on to that position;
/// zeros where there is nothing to reflect.
static Value buildReflector(MatrixBuilder &m, Value x, Value position) {
  Value numbers = m.count(MatrixBuilder::getShape(x), 0);
  Value tail = m.selectOr(m.compare(Predicate::ge, numbers, position), x, 0);
  // Of elements up to 1, squares neither overflow nor vanish.
  Value largest = m.reduce(ReduceKind::max, AbsOp::create(m.b, tail), 0,
                           /*keep=*/false);
  Value isZero = m.compare(Predicate::eq, largest, 0.0);
  tail = m.div(tail, m.select(isZero, buildScalarLike(m.b, 1, x), largest));
  Value square =
      m.reduce(ReduceKind::sum, m.mul(tail, tail), 0, /*keep=*/false);
  Value norm = SqrtOp::create(m.b, square);
  Value first = GatherOp::create(m.b, tail, position);
  // To the side that is farther away: nothing cancels.
  Value isNegative = m.compare(Predicate::lt, first, 0.0);
  Value step = m.select(isNegative, NegOp::create(m.b, norm), norm);
  Value isFirst = m.compare(Predicate::eq, numbers, position);
  Value v = m.add(tail, m.selectOr(isFirst, step, 0));
  Value length =
      SqrtOp::create(m.b, m.mul(norm, m.add(norm, AbsOp::create(m.b, first))));
  return m.div(v, m.select(isZero, buildScalarLike(m.b, 1, x), length));
}

/// Reflects the rows of t.
static Value reflect(MatrixBuilder &m, Value t, Value w) {
  Value products = m.multiply(t, m.asColumn(w));
  return m.sub(t, m.mul(products, w));
}

/// q and r of one matrix with columns.
static SmallVector<Value> factorize(MatrixBuilder &m, Value a) {
  int64_t rows = MatrixBuilder::getRows(a),
          columns = MatrixBuilder::getColumns(a);
  Type element = getElementTypeOrSelf(a.getType());
  SmallVector<Value> values =
      buildFor(m.b, m.transpose(a), m.count(columns, 0),
               [&](Value, ValueRange found, ValueRange element) {
                 Value x = GatherOp::create(m.b, found[0], element[0]);
                 Value w = buildReflector(m, x, element[0]);
                 return SmallVector<Value>{reflect(m, found[0], w), w};
               });
  Value r = m.transpose(m.slice(values[0], 1, 0, columns));
  // The last reflection comes first.
  Value unit =
      buildCast(m.b, m.compareRows(Predicate::eq, columns, rows), element);
  Value q = buildFor(m.b, unit, m.reverse(values[1], {0}),
                     [&](Value, ValueRange found, ValueRange w) {
                       return SmallVector<Value>{reflect(m, found[0], w[0])};
                     })
                .front();
  Value isNegative = m.compare(Predicate::lt, m.getDiagonal(r), 0.0);
  Value sign = m.select(isNegative, buildScalarLike(m.b, -1, a),
                        buildScalarLike(m.b, 1, a));
  sign = m.asColumn(sign);
  return {m.transpose(m.mul(q, sign)), m.keep(m.mul(r, sign), Predicate::le)};
}

SmallVector<Value> QrOp::decompose(ImplicitLocOpBuilder &b) {
  MatrixBuilder m(b);
  if (MatrixBuilder::getColumns(getA()) == 0)
    return {getA(), buildReshape(b, getA(), MatrixBuilder::getShape(getR()))};
  return m.forEachMatrix(
      getA(), [&](ValueRange operands) { return factorize(m, operands[0]); });
}

SmallVector<Value> QrOp::buildGradients(ImplicitLocOpBuilder &b,
                                        ValueRange dys) {
  MatrixBuilder m(b);
  Value q = getQ(), r = getR(), dq = dys[0], dr = dys[1], inner;
  if (dr)
    inner = m.multiply(r, m.keep(dr, Predicate::le), false, true);
  if (dq) {
    Value product = m.multiply(dq, q, /*transposeX=*/true);
    inner = inner ? m.sub(inner, product) : NegOp::create(b, product);
  }
  // The lower triangle, on both sides.
  Value isLower = m.compareRows(Predicate::ge, MatrixBuilder::getRows(r),
                                MatrixBuilder::getRows(r));
  inner = m.select(isLower, inner, m.transpose(inner));
  Value sum = m.multiply(q, inner);
  if (dq)
    sum = m.add(dq, sum);
  Value x = TriangularSolveOp::create(b, r, m.transpose(sum), /*upper=*/true,
                                      /*transpose=*/false,
                                      /*unit_diagonal=*/false);
  return {m.transpose(x)};
}
