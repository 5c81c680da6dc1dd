//===- Triangular.cpp - Triangular solutions and Cholesky factors ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Blocks of rows are written out, one after the other; the rows of a block are
// eliminated by a loop. What blocks add to each other are products.
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/LinearAlgebra/LinearAlgebra.h"
#include <cmath>

using namespace mlir;
using namespace dither;

//===- Triangular solve ---------------------------------------------------===//

/// Solves with one lower triangular block, column by column: what a row of the
/// solution adds to the rows below is subtracted from them.
static Value solveBlock(MatrixBuilder &m, Value a, Value right,
                        bool unitDiagonal) {
  int64_t rows = MatrixBuilder::getRows(a);
  Value below = m.keep(m.transpose(a), Predicate::lt);
  SmallVector<Value> over = {m.count(rows, 0), below};
  if (!unitDiagonal)
    over.push_back(m.getDiagonal(a));
  SmallVector<Value> values = buildFor(
      m.b, right, over, [&](Value, ValueRange found, ValueRange element) {
        Value x = GatherOp::create(m.b, found[0], element[0]);
        if (!unitDiagonal)
          x = m.div(x, element[2]);
        Value rest = m.sub(found[0], m.mul(m.asColumn(element[1]), x));
        return SmallVector<Value>{rest, x};
      });
  return values[1];
}

/// Solves with one lower triangular matrix.
static Value solveLower(MatrixBuilder &m, Value a, Value right,
                        bool unitDiagonal) {
  int64_t rows = MatrixBuilder::getRows(a), size = getBlockRows(rows);
  Value solved;
  for (int64_t first = 0; first < rows; first += size) {
    int64_t count = std::min(size, rows - first);
    Value band = m.slice(a, 0, first, count);
    Value part = m.slice(right, 0, first, count);
    if (solved)
      part = m.sub(part, m.multiply(m.slice(band, 1, 0, first), solved));
    part = solveBlock(m, m.slice(band, 1, first, count), part, unitDiagonal);
    solved = solved ? m.concat({solved, part}, 0) : part;
  }
  return solved;
}

SmallVector<Value> TriangularSolveOp::decompose(ImplicitLocOpBuilder &b) {
  MatrixBuilder m(b);
  bool isUpper = getUpper() != getTranspose();
  if (llvm::is_contained(MatrixBuilder::getShape(getB()), 0))
    return {getB()};
  return m.forEachMatrix({getA(), getB()}, [&](ValueRange operands) {
    Value a = operands[0], right = operands[1];
    if (getTranspose())
      a = m.transpose(a);
    if (!isUpper)
      return SmallVector<Value>{solveLower(m, a, right, getUnitDiagonal())};
    // From the last row to the first, it is lower triangular.
    Value x = solveLower(m, m.reverse(a, {0, 1}), m.reverse(right, {0}),
                         getUnitDiagonal());
    return SmallVector<Value>{m.reverse(x, {0})};
  });
}

SmallVector<Value> TriangularSolveOp::buildGradients(ImplicitLocOpBuilder &b,
                                                     ValueRange dxs) {
  MatrixBuilder m(b);
  Value db = TriangularSolveOp::create(b, getA(), dxs[0], getUpper(),
                                       !getTranspose(), getUnitDiagonal());
  Value product = getTranspose() ? m.multiply(getX(), db, false, true)
                                 : m.multiply(db, getX(), false, true);
  Predicate read = getUnitDiagonal()
                       ? (getUpper() ? Predicate::lt : Predicate::gt)
                       : (getUpper() ? Predicate::le : Predicate::ge);
  return {m.keep(NegOp::create(b, product), read), db};
}

//===- Cholesky -----------------------------------------------------------===//

namespace {
/// Rows of the transposed factor, and their pivots.
struct Eliminated {
  Value rows, pivots;
};
} // namespace

/// Eliminates the rows of a panel, whose first columns are a diagonal block; of
/// that, the upper triangle is read.
static Eliminated eliminatePanel(MatrixBuilder &m, Value panel) {
  int64_t rows = MatrixBuilder::getRows(panel),
          columns = MatrixBuilder::getColumns(panel);
  Value numbers = m.count(columns, 0);
  SmallVector<Value> values = buildFor(
      m.b, panel, m.count(rows, 0),
      [&](Value, ValueRange found, ValueRange element) {
        Value position = element[0];
        Value row = GatherOp::create(m.b, found[0], position);
        Value pivot = GatherOp::create(m.b, row, position);
        Value isRight = m.compare(Predicate::ge, numbers, position);
        row = m.selectOr(isRight, m.div(row, SqrtOp::create(m.b, pivot)), 0);
        Value own = m.asColumn(m.slice(row, 0, 0, rows));
        Value rest = m.sub(found[0], m.mul(own, row));
        return SmallVector<Value>{rest, row, pivot};
      });
  return {values[1], values[2]};
}

/// The factor of one matrix that is not empty.
static Value factorize(MatrixBuilder &m, Value a) {
  int64_t extent = MatrixBuilder::getRows(a), size = getBlockRows(extent);
  // The transpose, whose rows are contiguous. What is below the diagonal is not
  // read: nothing there may become NaN.
  Value rest = m.keep(m.transpose(a), Predicate::le);
  SmallVector<Value> bands, pivots;
  for (int64_t first = 0; first < extent; first += size) {
    int64_t count = std::min(size, extent - first),
            behind = extent - first - count;
    Eliminated panel = eliminatePanel(m, m.slice(rest, 0, 0, count));
    pivots.push_back(panel.pivots);
    bands.push_back(m.pad(panel.rows, {0, first}, {0, 0}));
    if (behind == 0)
      break;
    Value right = m.slice(panel.rows, 1, count, behind);
    rest = m.slice(m.slice(rest, 0, count, behind), 1, count, behind);
    rest = m.sub(rest, m.multiply(right, right, /*transposeX=*/true));
  }
  Value least =
      m.reduce(ReduceKind::min, m.concat(pivots, 0), 0, /*keep=*/false);
  Value l = m.selectOr(m.compare(Predicate::gt, least, 0.0),
                       m.transpose(m.concat(bands, 0)), NAN);
  return m.keep(l, Predicate::ge);
}

SmallVector<Value> CholeskyOp::decompose(ImplicitLocOpBuilder &b) {
  MatrixBuilder m(b);
  if (MatrixBuilder::getRows(getA()) == 0)
    return {getA()};
  return m.forEachMatrix(getA(), [&](ValueRange operands) {
    return SmallVector<Value>{factorize(m, operands[0])};
  });
}

SmallVector<Value> CholeskyOp::buildGradients(ImplicitLocOpBuilder &b,
                                              ValueRange dls) {
  MatrixBuilder m(b);
  Value l = getL();
  auto solve = [&](Value right) -> Value {
    return TriangularSolveOp::create(b, l, right, /*upper=*/false,
                                     /*transpose=*/true,
                                     /*unit_diagonal=*/false);
  };
  Value product =
      m.multiply(l, m.keep(dls[0], Predicate::ge), /*transposeX=*/true);
  Value s = solve(m.transpose(solve(m.keepHalf(product))));
  return {m.keepHalf(m.add(s, m.transpose(s)))};
}
