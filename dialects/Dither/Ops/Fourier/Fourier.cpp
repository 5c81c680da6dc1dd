//===- Fourier.cpp - Discrete Fourier transforms --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/IR/Dither.h"
#include "Dither/Ops/Fourier/Tables.h"
#include "Dither/Ops/Fourier/Transform.h"

using namespace mlir;
using namespace dither;

using Shape = SmallVector<int64_t>;

/// Lengths are below this. Tables have as many numbers.
static constexpr int64_t kLengthEnd = int64_t(1) << 24;

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===- Types --------------------------------------------------------------===//

static bool isStaticButFirst(RankedTensorType type) {
  return type.getRank() == 0 ||
         llvm::none_of(type.getShape().drop_front(), ShapedType::isDynamic);
}

namespace {
/// What differs among transforms of numbers [..., n] and pairs [..., n, 2].
struct Operand {
  RankedTensorType type;
  bool isReal;

  int64_t getMinRank() const { return isReal ? 1 : 2; }
  int64_t getExtent() const {
    return type.getShape()[type.getRank() - getMinRank()];
  }
  Shape getLeading() const {
    return Shape(type.getShape().drop_back(getMinRank()));
  }
};
} // namespace

/// The length that the attribute says, or else `otherwise`, of an operand that
/// may be one. Errors cite the constraints that all transforms have.
static FailureOr<int64_t>
inferLength(std::optional<Location> location, const Operand &x,
            std::optional<uint64_t> length,
            function_ref<int64_t(int64_t)> getDefault) {
  if (x.type.getRank() < x.getMinRank() || !isStaticButFirst(x.type) ||
      (!x.isReal && x.type.getShape().back() != 2))
    return emitOptionalError(
        location, "(C1) needs ",
        x.isReal ? "numbers [..., n]" : "pairs [..., n, 2]",
        ", static but for the first dimension, got ", x.type);
  if (ShapedType::isDynamic(x.getExtent()))
    return emitOptionalError(location,
                             "(C2) needs a known extent of what is "
                             "transformed, got ",
                             x.type);
  int64_t n = length ? int64_t(*length) : getDefault(x.getExtent());
  if (n < 1 || n >= kLengthEnd)
    return emitOptionalError(location, "(C2) cannot transform ", n,
                             " numbers; a length is from 1 to 2^24 - 1",
                             length ? "" : ", and `length` may say it");
  return n;
}

static int64_t keepExtent(int64_t extent) { return extent; }
/// The even number of reals that so many complex numbers stand for.
static int64_t getEvenLength(int64_t extent) { return 2 * (extent - 1); }

/// Infers one result with the leading extents of the operand.
template <typename Op, typename... Args>
static LogicalResult
inferTransform(std::optional<Location> location, SmallVectorImpl<Type> &types,
               bool isReal, function_ref<int64_t(int64_t)> getDefault,
               function_ref<Shape(int64_t)> getTail, Args &&...args) {
  auto op = makeInferenceAdaptor<Op>(std::forward<Args>(args)...);
  if (failed(verifyAttributes(op, location)))
    return failure();
  Operand x = {getTensorType(op.getX()), isReal};
  auto n = inferLength(location, x, op.getLength(), getDefault);
  if (failed(n))
    return failure();
  Shape shape = x.getLeading();
  llvm::append_range(shape, getTail(*n));
  types.push_back(RankedTensorType::get(shape, x.type.getElementType()));
  return success();
}

LogicalResult
RfftOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                         ValueRange operands, DictionaryAttr attributes,
                         OpaqueProperties properties, RegionRange regions,
                         SmallVectorImpl<Type> &types) {
  return inferTransform<RfftOp>(
      location, types, /*isReal=*/true, keepExtent,
      [](int64_t n) { return Shape{n / 2 + 1, 2}; }, operands, attributes,
      properties, regions);
}

LogicalResult
IrfftOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                          ValueRange operands, DictionaryAttr attributes,
                          OpaqueProperties properties, RegionRange regions,
                          SmallVectorImpl<Type> &types) {
  return inferTransform<IrfftOp>(
      location, types, /*isReal=*/false, getEvenLength,
      [](int64_t n) { return Shape{n}; }, operands, attributes, properties,
      regions);
}

LogicalResult
FftOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                        ValueRange operands, DictionaryAttr attributes,
                        OpaqueProperties properties, RegionRange regions,
                        SmallVectorImpl<Type> &types) {
  return inferTransform<FftOp>(
      location, types, /*isReal=*/false, keepExtent,
      [](int64_t n) { return Shape{n, 2}; }, operands, attributes, properties,
      regions);
}

LogicalResult
IfftOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                         ValueRange operands, DictionaryAttr attributes,
                         OpaqueProperties properties, RegionRange regions,
                         SmallVectorImpl<Type> &types) {
  return inferTransform<IfftOp>(
      location, types, /*isReal=*/false, keepExtent,
      [](int64_t n) { return Shape{n, 2}; }, operands, attributes, properties,
      regions);
}

LogicalResult
FftConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                            ValueRange operands, DictionaryAttr attributes,
                            OpaqueProperties properties, RegionRange regions,
                            SmallVectorImpl<Type> &types) {
  auto op = makeInferenceAdaptor<FftConvOp>(operands, attributes, properties,
                                            regions);
  if (failed(verifyAttributes(op, location)))
    return failure();
  RankedTensorType x = getTensorType(op.getX()), k = getTensorType(op.getK());
  if (x.getRank() < 2 || k.getRank() != 2 || !isStaticButFirst(x) ||
      !k.hasStaticShape() || (x.getRank() == 2 && !x.hasStaticShape()))
    return emitOptionalError(location,
                             "(C1) needs sequences [..., time, channels], "
                             "static but for a first dimension before time, "
                             "and a static kernel [steps, channels], got ",
                             x, " and ", k);
  if (x.getShape().back() != k.getDimSize(1) || k.getDimSize(0) == 0)
    return emitOptionalError(location,
                             "(C2) needs a kernel of at least one step for "
                             "each of the ",
                             x.getShape().back(), " channels, got ", k);
  if (x.getElementType() != k.getElementType())
    return emitOptionalError(
        location, "(C3) element types differ: ", x.getElementType(), " and ",
        k.getElementType(), "; convert one with dither.cast");
  if (2 * x.getDimSize(x.getRank() - 2) >= kLengthEnd)
    return emitOptionalError(location, "(C4) needs less than 2^23 steps, got ",
                             x);
  types.push_back(x);
  return success();
}

//===- Decomposing --------------------------------------------------------===//

/// What is transformed, as [batch, rows, n] or [batch, rows, n, 2].
static Value buildRows(ImplicitLocOpBuilder &b, Value x, bool isReal,
                       int64_t n) {
  x = buildWide(b, x);
  Operand operand = {getTensorType(x), isReal};
  x = buildResized(b, x, operand.type.getRank() - operand.getMinRank(), n);
  Shape leading = operand.getLeading();
  Shape shape = {1, 1};
  if (!leading.empty() && ShapedType::isDynamic(leading[0]))
    shape = {leading[0],
             ShapedType::getNumElements(ArrayRef(leading).drop_front())};
  else
    shape[0] = ShapedType::getNumElements(leading);
  shape.push_back(n);
  if (!isReal)
    shape.push_back(2);
  return buildReshape(b, x, shape);
}

/// Gives rows the shape and element type of a result.
static Value buildResult(ImplicitLocOpBuilder &b, Value y, Value result) {
  RankedTensorType type = getTensorType(result);
  return buildCast(b, buildReshape(b, y, type.getShape()),
                   type.getElementType());
}

/// How many numbers a result [..., n] or [..., n, 2] has.
static int64_t getLength(RfftOp op) {
  return op.getLength() ? int64_t(*op.getLength())
                        : getTensorType(op.getX()).getShape().back();
}
static int64_t getLength(IrfftOp op) {
  return getTensorType(op.getY()).getShape().back();
}
static int64_t getPairs(Value y) {
  return getTensorType(y).getShape().drop_back().back();
}

SmallVector<Value> RfftOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = buildRows(b, getX(), /*isReal=*/true, ::getLength(*this));
  return {buildResult(b, buildRealTransform(b, x), getY())};
}

SmallVector<Value> IrfftOp::decompose(ImplicitLocOpBuilder &b) {
  int64_t n = ::getLength(*this);
  Value x = buildRows(b, getX(), /*isReal=*/false, n / 2 + 1);
  return {buildResult(b, buildRealInverse(b, x, n), getY())};
}

SmallVector<Value> FftOp::decompose(ImplicitLocOpBuilder &b) {
  Value x = buildRows(b, getX(), /*isReal=*/false, getPairs(getY()));
  return {
      buildResult(b, buildComplexTransform(b, x, Direction::forward), getY())};
}

/// A product with a number that is the same for all elements.
static Value buildScaled(ImplicitLocOpBuilder &b, Value x, double factor) {
  return MulOp::create(b, x, buildScalarLike(b, factor, x));
}

SmallVector<Value> IfftOp::decompose(ImplicitLocOpBuilder &b) {
  int64_t n = getPairs(getY());
  Value x = buildRows(b, getX(), /*isReal=*/false, n);
  Value y = buildComplexTransform(b, x, Direction::inverse);
  return {buildResult(b, buildScaled(b, y, 1.0 / double(n)), getY())};
}

/// [..., steps, channels] to [..., channels, steps], or back.
static Value swapLast(ImplicitLocOpBuilder &b, Value x) {
  int64_t rank = getTensorType(x).getRank();
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(permutation[rank - 2], permutation[rank - 1]);
  return TransposeOp::create(b, x, b.getDenseI64ArrayAttr(permutation));
}

/// Products of complex numbers, pairs in the last dimension.
static Value buildProduct(ImplicitLocOpBuilder &b, Value x, Value y) {
  auto getPart = [&](Value value, int64_t part) {
    return buildRange(b, value, getTensorType(value).getRank() - 1, part, 1);
  };
  auto multiply = [&](int64_t i, int64_t j) -> Value {
    return MulOp::create(b, getPart(x, i), getPart(y, j));
  };
  Value re = SubOp::create(b, multiply(0, 0), multiply(1, 1));
  Value im = AddOp::create(b, multiply(0, 1), multiply(1, 0));
  return ConcatOp::create(b, ValueRange{re, im},
                          getTensorType(x).getRank() - 1);
}

SmallVector<Value> FftConvOp::decompose(ImplicitLocOpBuilder &b) {
  RankedTensorType type = getTensorType(getX());
  int64_t rank = type.getRank(), steps = type.getDimSize(rank - 2);
  if (steps == 0 || type.getDimSize(rank - 1) == 0)
    return {getX()};
  int64_t reach = std::min(steps, getTensorType(getK()).getDimSize(0));
  auto length = b.getI64IntegerAttr(getSmoothLength(steps + reach - 1));
  Value k = buildWide(b, buildRange(b, getK(), 0, 0, reach));
  Value x = RfftOp::create(b, swapLast(b, buildWide(b, getX())), length);
  Value product = buildProduct(b, x, RfftOp::create(b, swapLast(b, k), length));
  Value y = IrfftOp::create(b, product, length);
  y = swapLast(b, buildRange(b, y, rank - 1, 0, steps));
  return {buildCast(b, y, type.getElementType())};
}

//===- Gradients ----------------------------------------------------------===//

/// Numbers by which the first n / 2 + 1 of n are multiplied, those that stand
/// for their conjugates, too, and the others.
static Value buildShares(ImplicitLocOpBuilder &b, int64_t n, double inner,
                         double outer, Type element) {
  SmallVector<double> shares(n / 2 + 1, inner);
  shares.front() = outer;
  if (n % 2 == 0)
    shares.back() = outer;
  return buildTable(b, {n / 2 + 1, 1}, shares, element);
}

/// A gradient of the extent that the operand has, of its element type.
static Value buildFitted(ImplicitLocOpBuilder &b, Value gradient, Value x,
                         bool isReal) {
  Operand operand = {getTensorType(x), isReal};
  return buildCast(b,
                   buildResized(b, gradient,
                                operand.type.getRank() - operand.getMinRank(),
                                operand.getExtent()),
                   operand.type.getElementType());
}

SmallVector<Value> RfftOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dys) {
  int64_t n = ::getLength(*this);
  Value dy = buildWide(b, dys[0]);
  Value shares = buildShares(b, n, double(n) / 2, double(n),
                             getElementTypeOrSelf(dy.getType()));
  Value dx =
      IrfftOp::create(b, MulOp::create(b, dy, shares), b.getI64IntegerAttr(n));
  return {buildFitted(b, dx, getX(), /*isReal=*/true)};
}

SmallVector<Value> IrfftOp::buildGradients(ImplicitLocOpBuilder &b,
                                           ValueRange dys) {
  int64_t n = ::getLength(*this);
  Value dx = RfftOp::create(b, buildWide(b, dys[0]), IntegerAttr());
  Value shares = buildShares(b, n, 2 / double(n), 1 / double(n),
                             getElementTypeOrSelf(dx.getType()));
  return {buildFitted(b, MulOp::create(b, dx, shares), getX(),
                      /*isReal=*/false)};
}

SmallVector<Value> FftOp::buildGradients(ImplicitLocOpBuilder &b,
                                         ValueRange dys) {
  Value dx = IfftOp::create(b, buildWide(b, dys[0]), IntegerAttr());
  dx = buildScaled(b, dx, double(getPairs(getY())));
  return {buildFitted(b, dx, getX(), /*isReal=*/false)};
}

SmallVector<Value> IfftOp::buildGradients(ImplicitLocOpBuilder &b,
                                          ValueRange dys) {
  Value dx = FftOp::create(b, buildWide(b, dys[0]), IntegerAttr());
  dx = buildScaled(b, dx, 1.0 / double(getPairs(getY())));
  return {buildFitted(b, dx, getX(), /*isReal=*/false)};
}
