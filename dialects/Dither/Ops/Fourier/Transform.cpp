//===- Transform.cpp - Fourier transforms as expressions ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of n = r m numbers, j = j1 m + j2 and k = k1 + r k2, a transform is one of
// length r along j1, a rotation by j2 k1 / n, and one of length m along j2.
// The first one is a product with a matrix; rotations put the numbers in the
// order in which the next product reads its rows. Numbers of a chain are
// [batch, rows, m, 2, r], where rows count what has been computed of k. After
// the last product, digits of k are in reverse order; one transposition
// mends that.
//
// Transforms of real numbers do the first product only for k1 <= r / 2: what
// comes of others is conjugate to that.
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Fourier/Transform.h"
#include "Dither/Ops/Fourier/Tables.h"

using namespace mlir;
using namespace dither;

using Shape = SmallVector<int64_t>;
using Complex = std::complex<double>;

static ArrayRef<int64_t> getShape(Value x) {
  return cast<RankedTensorType>(x.getType()).getShape();
}

/// The first `count` extents, followed by others.
static Shape withTail(Value x, int64_t count, ArrayRef<int64_t> tail) {
  Shape shape(getShape(x).take_front(count));
  llvm::append_range(shape, tail);
  return shape;
}

static int64_t getLast(Value x) { return getShape(x).back(); }

//===- Parts --------------------------------------------------------------===//

Value dither::buildRange(ImplicitLocOpBuilder &b, Value x, int64_t dim,
                         int64_t first, int64_t count) {
  Shape sizes(getShape(x)), offsets(sizes.size(), 0), strides(sizes.size(), 1);
  if (first == 0 && count == sizes[dim])
    return x;
  llvm::replace(sizes, ShapedType::kDynamic, int64_t(-1));
  offsets[dim] = first;
  sizes[dim] = count;
  return SliceOp::create(b, x, offsets, sizes, strides);
}

Value dither::buildResized(ImplicitLocOpBuilder &b, Value x, int64_t dim,
                           int64_t extent) {
  int64_t found = getShape(x)[dim];
  if (extent <= found)
    return buildRange(b, x, dim, 0, extent);
  Shape low(getShape(x).size(), 0), high(low);
  high[dim] = extent - found;
  return PadOp::create(b, x, low, high, APFloat(0.0));
}

Value dither::buildTable(ImplicitLocOpBuilder &b, ArrayRef<int64_t> shape,
                         ArrayRef<double> elements, Type element) {
  auto type = RankedTensorType::get(shape, element);
  if (element.isF64())
    return ConstantOp::create(b, DenseElementsAttr::get(type, elements));
  if (element.isF32()) {
    SmallVector<float> narrow(elements.begin(), elements.end());
    return ConstantOp::create(b,
                              DenseElementsAttr::get(type, ArrayRef(narrow)));
  }
  SmallVector<Attribute> wide =
      llvm::map_to_vector(elements, [&](double value) -> Attribute {
        return b.getFloatAttr(element, value);
      });
  return ConstantOp::create(b, DenseElementsAttr::get(type, wide));
}

static Value buildTransposed(ImplicitLocOpBuilder &b, Value x,
                             ArrayRef<int64_t> permutation) {
  return TransposeOp::create(b, x, b.getDenseI64ArrayAttr(permutation));
}

/// The conjugate of numbers whose parts are the last dimension.
static Value buildConjugate(ImplicitLocOpBuilder &b, Value x) {
  Value signs = buildTable(b, {2}, {1, -1}, getElementTypeOrSelf(x.getType()));
  return MulOp::create(b, x, signs);
}

//===- Chains -------------------------------------------------------------===//

namespace {
/// Complex numbers, real and imaginary parts.
struct Parts {
  Value re, im;
};

class Chain {
public:
  Chain(ImplicitLocOpBuilder &b, Type element, Direction direction)
      : b(b), element(element), sign(int64_t(direction)) {}

  Value buildComplex(Value x);
  Value buildReal(Value x);
  Value buildRealInverse(Value x, int64_t n);

private:
  /// The root of unity that a transform of length n multiplies by.
  Complex getFactor(int64_t exponent, int64_t n) {
    return getRoot(sign * exponent, n);
  }

  Value multiply(Value x, unsigned dims, ArrayRef<int64_t> columns,
                 function_ref<double(int64_t, int64_t)> getElement);
  Value buildMatrix(Value x, bool areApart);
  Value buildLevels(Value x, ArrayRef<int64_t> radices);
  Value buildDigitsInOrder(Value x, int64_t first, ArrayRef<int64_t> radices);
  Value rotate(Value x, int64_t from, int64_t to,
               function_ref<Value(Value)> move, ArrayRef<int64_t> tableShape,
               function_ref<Complex(ArrayRef<int64_t>)> getElement);
  Value buildNextRows(Value x, int64_t n, int64_t radix);
  Value buildConvolved(Value x);

  ImplicitLocOpBuilder &b;
  Type element;
  int64_t sign;
};
} // namespace

/// The product of rows, which are the last `dims` dimensions of `x`, and a
/// matrix, whose columns have a shape.
Value Chain::multiply(Value x, unsigned dims, ArrayRef<int64_t> columns,
                      function_ref<double(int64_t, int64_t)> getElement) {
  Shape rows(getShape(x).drop_back(dims));
  int64_t depth = ShapedType::getNumElements(getShape(x).take_back(dims));
  int64_t count = ShapedType::getNumElements(columns);
  std::vector<double> elements;
  elements.reserve(depth * count);
  for (int64_t i = 0; i < depth; ++i)
    for (int64_t j = 0; j < count; ++j)
      elements.push_back(getElement(i, j));
  Value matrix = buildTable(b, {depth, count}, elements, element);
  Shape shape(rows);
  shape.push_back(depth);
  Value product = MatmulOp::create(b, buildReshape(b, x, shape), matrix,
                                   /*transpose_x=*/false,
                                   /*transpose_y=*/false);
  llvm::append_range(rows, columns);
  return buildReshape(b, product, rows);
}

/// A transform of short rows, [..., r, 2] or, if parts are apart, [..., 2, r].
Value Chain::buildMatrix(Value x, bool areApart) {
  ArrayRef<int64_t> pair = getShape(x).take_back(2);
  int64_t r = pair[areApart ? 1 : 0];
  return multiply(x, 2, pair, [&](int64_t row, int64_t column) {
    auto split = [&](int64_t i) {
      return areApart ? std::pair(i % r, i / r) : std::pair(i / 2, i % 2);
    };
    auto [j, from] = split(row);
    auto [k, to] = split(column);
    Complex root = getFactor(j * k, r);
    if (from == to)
      return root.real();
    return from == 0 ? root.imag() : -root.imag();
  });
}

/// Multiplies numbers, whose parts are dimension `from`, by those of a table.
/// `move` brings each part where it is wanted, with the parts along `to`.
Value Chain::rotate(Value x, int64_t from, int64_t to,
                    function_ref<Value(Value)> move,
                    ArrayRef<int64_t> tableShape,
                    function_ref<Complex(ArrayRef<int64_t>)> getElement) {
  std::vector<double> re, im;
  forEachIndex(tableShape, [&](ArrayRef<int64_t> index) {
    Complex factor = getElement(index);
    re.push_back(factor.real());
    im.push_back(factor.imag());
  });
  Value c = buildTable(b, tableShape, re, element);
  Value s = buildTable(b, tableShape, im, element);
  Value xre = move(buildRange(b, x, from, 0, 1));
  Value xim = move(buildRange(b, x, from, 1, 1));
  Value yre =
      SubOp::create(b, MulOp::create(b, xre, c), MulOp::create(b, xim, s));
  Value yim =
      AddOp::create(b, MulOp::create(b, xre, s), MulOp::create(b, xim, c));
  return ConcatOp::create(b, ValueRange{yre, yim}, to);
}

/// From products [batch, rows, m, 2, k] of a transform of length n, rows
/// [batch, rows k, m / radix, 2, radix] of the next one.
Value Chain::buildNextRows(Value x, int64_t n, int64_t radix) {
  ArrayRef<int64_t> shape = getShape(x);
  int64_t rows = shape[1], m = shape[2], columns = shape[4];
  int64_t rest = m / radix;
  auto move = [&](Value part) {
    Value split =
        buildReshape(b, part, withTail(x, 2, {radix, rest, 1, columns}));
    return buildReshape(b, buildTransposed(b, split, {0, 1, 5, 3, 4, 2}),
                        withTail(x, 1, {rows, columns, rest, 1, radix}));
  };
  Value y = rotate(x, 3, 4, move, {columns, rest, 1, radix},
                   [&](ArrayRef<int64_t> i) {
                     return getFactor((i[3] * rest + i[1]) * i[0], n);
                   });
  return buildReshape(b, y, withTail(x, 1, {rows * columns, rest, 2, radix}));
}

/// From [batch, rows, m, 2, r], the first of the radices, to
/// [batch, rows ..., 2, last radix].
Value Chain::buildLevels(Value x, ArrayRef<int64_t> radices) {
  while (true) {
    int64_t r = radices.front(), n = getShape(x)[2] * r;
    x = r > kLargestRadix ? buildConvolved(x) : buildMatrix(x, true);
    radices = radices.drop_front();
    if (radices.empty())
      return buildReshape(b, x, withTail(x, 2, {2, r}));
    x = buildNextRows(x, n, radices.front());
  }
}

/// What levels give, [batch, rows first ..., 2, last radix], as
/// [batch, rows, numbers, first, 2].
Value Chain::buildDigitsInOrder(Value x, int64_t first,
                                ArrayRef<int64_t> radices) {
  ArrayRef<int64_t> before = radices.drop_back();
  int64_t count = llvm::product_of(radices);
  int64_t rows = getShape(x)[1] / (first * count / radices.back());
  Shape digits = withTail(x, 1, {rows, first});
  llvm::append_range(digits, before);
  digits.append({2, radices.back()});
  int64_t part = int64_t(digits.size()) - 2;
  Shape permutation = {0, 1, part + 1};
  for (int64_t d = part - 1; d >= 2; --d)
    permutation.push_back(d);
  permutation.push_back(part);
  Value y = buildTransposed(b, buildReshape(b, x, digits), permutation);
  return buildReshape(b, y, withTail(x, 1, {rows, count, first, 2}));
}

//===- Transforms ---------------------------------------------------------===//

/// [batch, rows, n, 2] to the same.
Value Chain::buildComplex(Value x) {
  int64_t n = getShape(x)[2];
  SmallVector<int64_t> radices = chooseRadices(n);
  int64_t r = radices.front();
  if (n == r && r <= kLargestRadix)
    return buildMatrix(x, false);
  Shape split = withTail(x, 2, {r, n / r, 2});
  Value y = buildLevels(
      buildTransposed(b, buildReshape(b, x, split), {0, 1, 3, 4, 2}), radices);
  return buildReshape(b, buildDigitsInOrder(y, 1, radices), getShape(x));
}

/// Transforms of a prime length p, [..., 2, p], as a convolution with a chirp:
/// j k = (j^2 + k^2 - (j - k)^2) / 2.
Value Chain::buildConvolved(Value x) {
  int64_t p = getLast(x), length = getSmoothLength(2 * p - 1);
  int64_t rows = getShape(x)[1] * getShape(x)[2];
  // Squares are reduced before they become angles.
  auto getChirp = [&](int64_t j) { return getFactor(j * j % (2 * p), 2 * p); };
  std::vector<Complex> filter(length);
  for (int64_t j = 0; j < p; ++j)
    filter[j] = filter[(length - j) % length] =
        std::conj(getChirp(j)) / double(length);
  transformOnHost(filter);
  auto rotateWhole = [&](Value value, ArrayRef<Complex> factors) {
    int64_t count = int64_t(factors.size());
    return rotate(
        value, 3, 3, [](Value part) { return part; }, {count, 1},
        [&](ArrayRef<int64_t> i) { return factors[i[0]]; });
  };
  std::vector<Complex> chirp;
  for (int64_t j = 0; j < p; ++j)
    chirp.push_back(getChirp(j));
  Value apart = buildReshape(b, x, withTail(x, 1, {rows, 2, p}));
  Value y = rotateWhole(buildTransposed(b, apart, {0, 1, 3, 2}), chirp);
  y = buildComplexTransform(b, buildResized(b, y, 2, length),
                            Direction::forward);
  y = buildComplexTransform(b, rotateWhole(y, filter), Direction::inverse);
  y = rotateWhole(buildRange(b, y, 2, 0, p), chirp);
  return buildReshape(b, buildTransposed(b, y, {0, 1, 3, 2}), getShape(x));
}

/// All n numbers from the first n / 2 + 1: the others are conjugate.
static Value buildWhole(ImplicitLocOpBuilder &b, Value x, int64_t n) {
  int64_t others = n - getShape(x)[2];
  if (others == 0)
    return x;
  Value back = ReverseOp::create(b, buildRange(b, x, 2, 1, others),
                                 ArrayRef<int64_t>{2});
  return ConcatOp::create(b, ValueRange{x, buildConjugate(b, back)}, 2);
}

/// The first n / 2 + 1 numbers from those of which k1 <= r / 2,
/// [batch, rows, m, r / 2 + 1, 2].
static Value buildFirstHalf(ImplicitLocOpBuilder &b, Value x, int64_t n,
                            int64_t r) {
  int64_t m = n / r, half = r / 2 + 1, used = n / 2 / r + 1;
  Value y = buildRange(b, x, 2, 0, used);
  if (r > half) {
    // Number k1 + r k2 is conjugate to r - k1 + r (m - 1 - k2).
    Value back =
        buildRange(b, buildRange(b, x, 2, m - used, used), 3, 1, r - half);
    back = ReverseOp::create(b, back, ArrayRef<int64_t>{2, 3});
    y = ConcatOp::create(b, ValueRange{y, buildConjugate(b, back)}, 3);
  }
  y = buildReshape(b, y, withTail(x, 2, {used * r, 2}));
  return buildRange(b, y, 2, 0, n / 2 + 1);
}

/// [batch, rows, n] to [batch, rows, n / 2 + 1, 2].
Value Chain::buildReal(Value x) {
  int64_t n = getLast(x);
  SmallVector<int64_t> radices = chooseRadices(n);
  int64_t r = radices.front(), m = n / r, half = r / 2 + 1;
  if (r > kLargestRadix) {
    Shape shape = withTail(x, 3, {1});
    Value re = buildReshape(b, x, shape);
    Value both = ConcatOp::create(b, ValueRange{re, buildZerosLike(b, re)}, 3);
    return buildRange(b, buildComplex(both), 2, 0, n / 2 + 1);
  }
  if (m == 1)
    return multiply(x, 1, {half, 2}, [&](int64_t j, int64_t column) {
      Complex factor = getFactor(j * (column / 2), n);
      return column % 2 == 0 ? factor.real() : factor.imag();
    });
  Value split = buildTransposed(b, buildReshape(b, x, withTail(x, 2, {r, m})),
                                {0, 1, 3, 2});
  Value y = multiply(split, 1, {2, half}, [&](int64_t j, int64_t column) {
    Complex factor = getFactor(j * (column % half), r);
    return column < half ? factor.real() : factor.imag();
  });
  ArrayRef<int64_t> rest = ArrayRef(radices).drop_front();
  y = buildLevels(buildNextRows(y, n, rest.front()), rest);
  return buildFirstHalf(b, buildDigitsInOrder(y, half, rest), n, r);
}

/// What number k of n / 2 + 1 counts for in a sum over all n.
static double getShare(int64_t k, int64_t n) {
  return (2 * k % n == 0 ? 1.0 : 2.0);
}

/// [batch, rows, n / 2 + 1, 2] to [batch, rows, n].
Value Chain::buildRealInverse(Value x, int64_t n) {
  SmallVector<int64_t> radices = chooseRadices(n);
  int64_t r = radices.front(), m = n / r, half = r / 2 + 1;
  if (r > kLargestRadix) {
    Value y = buildRange(b, buildComplex(buildWhole(b, x, n)), 3, 0, 1);
    y = MulOp::create(b, y, buildScalar(b, 1.0 / double(n), element));
    return buildReshape(b, y, withTail(x, 2, {n}));
  }
  auto getElement = [&](int64_t k1, bool isReal, int64_t j1) {
    Complex factor = getFactor(k1 * j1, r) * getShare(k1, r) / double(n);
    return isReal ? factor.real() : -factor.imag();
  };
  if (m == 1)
    return multiply(x, 2, {n}, [&](int64_t row, int64_t j) {
      return getElement(row / 2, row % 2 == 0, j);
    });
  ArrayRef<int64_t> rest = ArrayRef(radices).drop_front();
  int64_t next = rest.front(), rows = getShape(x)[1];
  Value split = buildReshape(b, buildWhole(b, x, n),
                             withTail(x, 2, {next, m / next, r, 2}));
  Value y =
      buildTransposed(b, buildRange(b, split, 4, 0, half), {0, 1, 4, 3, 5, 2});
  y = buildReshape(b, y, withTail(x, 1, {rows * half, m / next, 2, next}));
  y = buildDigitsInOrder(buildLevels(y, rest), half, rest);
  // [batch, rows, m, half, 2] to [batch, rows, m, 2, half].
  auto move = [&](Value part) {
    return buildTransposed(b, part, {0, 1, 2, 4, 3});
  };
  y = rotate(y, 4, 3, move, {m, 1, half},
             [&](ArrayRef<int64_t> i) { return getFactor(i[0] * i[2], n); });
  y = multiply(y, 2, {r}, [&](int64_t row, int64_t j) {
    return getElement(row % half, row < half, j);
  });
  return buildReshape(b, buildTransposed(b, y, {0, 1, 3, 2}),
                      withTail(x, 2, {n}));
}

Value dither::buildComplexTransform(ImplicitLocOpBuilder &b, Value x,
                                    Direction direction) {
  return Chain(b, getElementTypeOrSelf(x.getType()), direction).buildComplex(x);
}

Value dither::buildRealTransform(ImplicitLocOpBuilder &b, Value x) {
  return Chain(b, getElementTypeOrSelf(x.getType()), Direction::forward)
      .buildReal(x);
}

Value dither::buildRealInverse(ImplicitLocOpBuilder &b, Value x, int64_t n) {
  return Chain(b, getElementTypeOrSelf(x.getType()), Direction::inverse)
      .buildRealInverse(x, n);
}
