//===- LinearAlgebra.cpp - Expressions in matrices ------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/LinearAlgebra/LinearAlgebra.h"

using namespace mlir;
using namespace dither;

//===- Expressions --------------------------------------------------------===//

Value MatrixBuilder::multiply(Value x, Value y, bool transposeX,
                              bool transposeY) {
  return forEachMatrix({x, y},
                       [&](ValueRange pair) {
                         return SmallVector<Value>{MatmulOp::create(
                             b, pair[0], pair[1], transposeX, transposeY)};
                       })
      .front();
}

Value MatrixBuilder::transpose(Value x) {
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(getShape(x).size()));
  std::swap(permutation.back(), permutation[permutation.size() - 2]);
  return TransposeOp::create(b, x, b.getDenseI64ArrayAttr(permutation));
}

Value MatrixBuilder::symmetrize(Value x) {
  // Halves first: their sum does not overflow.
  Value half = scale(0.5, x);
  return add(half, transpose(half));
}

Value MatrixBuilder::count(ArrayRef<int64_t> shape, int64_t dim) {
  return IotaOp::create(b, RankedTensorType::get(shape, b.getI32Type()),
                        b.getI64IntegerAttr(dim));
}

Value MatrixBuilder::compareRows(Predicate predicate, int64_t rows,
                                 int64_t columns) {
  return compare(predicate, count({rows, 1}, 0), count({1, columns}, 1));
}

Value MatrixBuilder::keep(Value x, Predicate predicate) {
  return selectOr(compareRows(predicate, getRows(x), getColumns(x)), x, 0);
}

Value MatrixBuilder::keepHalf(Value x) {
  Value isDiagonal = compareRows(Predicate::eq, getRows(x), getColumns(x));
  return keep(select(isDiagonal, scale(0.5, x), x), Predicate::ge);
}

Value MatrixBuilder::identity(int64_t extent, Type element) {
  return buildCast(b, compareRows(Predicate::eq, extent, extent), element);
}

Value MatrixBuilder::getDiagonal(Value x) {
  SmallVector<int64_t> shape(getShape(x).drop_back());
  int64_t extent = shape.back();
  shape.back() = extent * extent;
  Value flat = buildReshape(b, x, shape);
  SmallVector<int64_t> sizes(shape), zeros(shape.size(), 0),
      strides(shape.size(), 1);
  llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
  sizes.back() = extent;
  strides.back() = extent + 1;
  return SliceOp::create(b, flat, zeros, sizes, strides);
}

Value MatrixBuilder::asColumn(Value x) {
  SmallVector<int64_t> shape(getShape(x));
  shape.push_back(1);
  return buildReshape(b, x, shape);
}

Value MatrixBuilder::asRow(Value x) {
  SmallVector<int64_t> shape(getShape(x));
  shape.insert(std::prev(shape.end()), 1);
  return buildReshape(b, x, shape);
}

Value MatrixBuilder::slice(Value x, int64_t dim, int64_t first, int64_t count) {
  SmallVector<int64_t> sizes(getShape(x)), offsets(sizes.size(), 0),
      strides(sizes.size(), 1);
  offsets[dim] = first;
  sizes[dim] = count;
  return SliceOp::create(b, x, offsets, sizes, strides);
}

SmallVector<Value> MatrixBuilder::forEachMatrix(ValueRange xs,
                                                BuildMatrix build) {
  if (getShape(xs[0]).size() == 2)
    return build(xs);
  return buildFor(b, {}, xs, [&](Value, ValueRange, ValueRange elements) {
    return forEachMatrix(elements, build);
  });
}

//===- Types --------------------------------------------------------------===//

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Checks (C2) and (C3) of a tensor of matrices.
static LogicalResult verifyExtents(std::optional<Location> location,
                                   RankedTensorType type) {
  ArrayRef<int64_t> shape = type.getShape();
  if (llvm::any_of(shape.drop_front(), ShapedType::isDynamic) ||
      (shape.size() == 2 && ShapedType::isDynamic(shape[0])))
    return emitOptionalError(location,
                             "(C2) needs matrices of known extents, and known "
                             "numbers of them but for the first dimension, "
                             "got ",
                             type);
  Type element = type.getElementType();
  if (!element.isF32() && !element.isF64())
    return emitOptionalError(location,
                             "(C3) needs elements of f32 or f64, got ", type,
                             "; convert with dither.cast");
  return success();
}

/// Checks a tensor of square matrices.
static LogicalResult verifySquare(std::optional<Location> location, Value a) {
  RankedTensorType type = getTensorType(a);
  int64_t rank = type.getRank();
  if (rank < 2 || type.getDimSize(rank - 2) != type.getDimSize(rank - 1))
    return emitOptionalError(
        location, "(C1) needs square matrices [..., n, n], got ", type);
  return verifyExtents(location, type);
}

/// Checks the operands of equations `a x = b`.
static LogicalResult verifyEquations(std::optional<Location> location, Value a,
                                     Value b) {
  if (failed(verifySquare(location, a)))
    return failure();
  RankedTensorType left = getTensorType(a), right = getTensorType(b);
  if (right.getRank() != left.getRank() ||
      right.getShape().drop_back() != left.getShape().drop_back())
    return emitOptionalError(location, "(C1) has right-hand sides ", right,
                             " for matrices ", left,
                             "; they would be [..., n, m] with the same "
                             "extents before m");
  if (right.getElementType() != left.getElementType())
    return emitOptionalError(
        location, "(C3) element types differ: ", left.getElementType(), " and ",
        right.getElementType(), "; convert one with dither.cast");
  return verifyExtents(location, right);
}

#define DITHER_INFER(OP)                                                       \
  LogicalResult OP::inferReturnTypes(                                          \
      MLIRContext *, std::optional<Location> location, ValueRange operands,    \
      DictionaryAttr attributes, OpaqueProperties properties,                  \
      RegionRange regions, SmallVectorImpl<Type> &types) {                     \
    auto op =                                                                  \
        makeInferenceAdaptor<OP>(operands, attributes, properties, regions);   \
    if (failed(verifyAttributes(op, location)))                                \
      return failure();                                                        \
    return inferTypes(op, location, types);                                    \
  }

template <typename Adaptor>
static LogicalResult inferEquations(Adaptor op,
                                    std::optional<Location> location,
                                    SmallVectorImpl<Type> &types) {
  types.push_back(op.getB().getType());
  return verifyEquations(location, op.getA(), op.getB());
}

/// Where the first result is of the type of the operand.
template <typename Adaptor>
static LogicalResult inferSquare(Adaptor op, std::optional<Location> location,
                                 SmallVectorImpl<Type> &types) {
  types.push_back(op.getA().getType());
  return verifySquare(location, op.getA());
}

static LogicalResult inferTypes(TriangularSolveOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  return inferEquations(op, location, types);
}
static LogicalResult inferTypes(SolveOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  return inferEquations(op, location, types);
}
static LogicalResult inferTypes(CholeskyOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  return inferSquare(op, location, types);
}
static LogicalResult inferTypes(InverseOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  return inferSquare(op, location, types);
}

static LogicalResult inferTypes(InverseRootOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  if (failed(inferSquare(op, location, types)))
    return failure();
  if (op.getP() < 1 || op.getP() > 64)
    return emitOptionalError(location, "(C4) needs a `p` from 1 to 64, not ",
                             int64_t(op.getP()));
  // While an op is parsed, a default is not there yet.
  FloatAttr epsilon = op.getEpsilonAttr();
  if (epsilon && !(epsilon.getValueAsDouble() >= 0))
    return emitOptionalError(location,
                             "(C5) needs an epsilon that is not negative");
  return success();
}

static LogicalResult inferTypes(LogDetOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  if (failed(verifySquare(location, op.getA())))
    return failure();
  RankedTensorType a = getTensorType(op.getA());
  types.push_back(a.clone(a.getShape().drop_back(2)));
  return success();
}

static LogicalResult inferTypes(EighOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  if (failed(verifySquare(location, op.getA())))
    return failure();
  RankedTensorType a = getTensorType(op.getA());
  types.push_back(a.clone(a.getShape().drop_back()));
  types.push_back(a);
  return success();
}

static LogicalResult inferTypes(QrOp::Adaptor op,
                                std::optional<Location> location,
                                SmallVectorImpl<Type> &types) {
  RankedTensorType a = getTensorType(op.getA());
  int64_t rank = a.getRank();
  auto isTall = [&] {
    return a.getDimSize(rank - 2) >= a.getDimSize(rank - 1);
  };
  if (rank >= 2 && failed(verifyExtents(location, a)))
    return failure();
  if (rank < 2 || !isTall())
    return emitOptionalError(location,
                             "(C1) needs matrices [..., m, n] with m >= n, "
                             "got ",
                             a, "; transpose them");
  SmallVector<int64_t> shape(a.getShape());
  shape[rank - 2] = shape.back();
  types.push_back(a);
  types.push_back(a.clone(shape));
  return success();
}

DITHER_INFER(TriangularSolveOp)
DITHER_INFER(SolveOp)
DITHER_INFER(CholeskyOp)
DITHER_INFER(InverseOp)
DITHER_INFER(InverseRootOp)
DITHER_INFER(LogDetOp)
DITHER_INFER(EighOp)
DITHER_INFER(QrOp)

//===- By the Cholesky factor ---------------------------------------------===//

SmallVector<Value> SolveOp::decompose(ImplicitLocOpBuilder &b) {
  Value l = CholeskyOp::create(b, getA());
  Value y = TriangularSolveOp::create(b, l, getB(), /*upper=*/false,
                                      /*transpose=*/false,
                                      /*unit_diagonal=*/false);
  return {TriangularSolveOp::create(b, l, y, /*upper=*/false,
                                    /*transpose=*/true,
                                    /*unit_diagonal=*/false)};
}

SmallVector<Value> InverseOp::decompose(ImplicitLocOpBuilder &b) {
  MatrixBuilder m(b);
  int64_t extent = MatrixBuilder::getRows(getA());
  Value identity =
      m.select(m.compareRows(Predicate::eq, extent, extent),
               buildScalarLike(b, 1, getA()), buildZerosLike(b, getA()));
  return {SolveOp::create(b, getA(), identity)};
}

SmallVector<Value> LogDetOp::decompose(ImplicitLocOpBuilder &b) {
  MatrixBuilder m(b);
  Value diagonal = m.getDiagonal(CholeskyOp::create(b, getA()));
  auto last = int64_t(MatrixBuilder::getShape(diagonal).size()) - 1;
  return {m.scale(2, m.reduce(ReduceKind::sum, LogOp::create(b, diagonal), last,
                              /*keep=*/false))};
}
