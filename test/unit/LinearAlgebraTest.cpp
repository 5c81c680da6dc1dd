//===- LinearAlgebraTest.cpp - Decompositions against their meaning -------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Factors are multiplied again, in double precision, by the loops below.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace dither;
using namespace dither::test;

namespace {
struct Matrix {
  int64_t rows, columns;
  std::vector<double> elements;

  Matrix(int64_t rows, int64_t columns)
      : rows(rows), columns(columns), elements(rows * columns) {}
  explicit Matrix(const HostTensor &tensor)
      : Matrix(tensor.getShape()[0], tensor.getShape()[1]) {
    elements = toDoubles(tensor);
  }
  double &at(int64_t i, int64_t j) { return elements[i * columns + j]; }
  double at(int64_t i, int64_t j) const { return elements[i * columns + j]; }
};
} // namespace

static Matrix operator*(const Matrix &x, const Matrix &y) {
  Matrix z(x.rows, y.columns);
  for (int64_t i = 0; i < x.rows; ++i)
    for (int64_t j = 0; j < y.columns; ++j)
      for (int64_t k = 0; k < x.columns; ++k)
        z.at(i, j) += x.at(i, k) * y.at(k, j);
  return z;
}

static Matrix transposed(const Matrix &x) {
  Matrix y(x.columns, x.rows);
  for (int64_t i = 0; i < y.rows; ++i)
    for (int64_t j = 0; j < y.columns; ++j)
      y.at(i, j) = x.at(j, i);
  return y;
}

static Matrix makeIdentity(int64_t n) {
  Matrix x(n, n);
  for (int64_t i = 0; i < n; ++i)
    x.at(i, i) = 1;
  return x;
}

static Matrix makeNormal(int64_t rows, int64_t columns, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal;
  Matrix x(rows, columns);
  for (double &element : x.elements)
    element = normal(generator);
  return x;
}

/// x x' + 1.
static Matrix makePositive(int64_t n, unsigned seed) {
  Matrix x = makeNormal(n, n, seed), y = x * transposed(x);
  for (int64_t i = 0; i < n; ++i)
    y.at(i, i) += 1;
  return y;
}

/// The largest difference; NaN if there is one.
static double getDistance(const Matrix &x, const Matrix &y) {
  EXPECT_EQ(x.rows, y.rows);
  EXPECT_EQ(x.columns, y.columns);
  double largest = 0;
  for (size_t i = 0; i < x.elements.size(); ++i) {
    double distance = std::abs(x.elements[i] - y.elements[i]);
    if (!(distance <= largest))
      largest = distance;
  }
  return largest;
}

static std::string typeOf(const Matrix &x, const char *element = "f64") {
  return "tensor<" + std::to_string(x.rows) + "x" + std::to_string(x.columns) +
         "x" + element + ">";
}

namespace {
/// An op of matrices that gives matrices.
class Call {
public:
  explicit Call(std::string op, std::string element = "f64")
      : op(std::move(op)), element(std::move(element)) {}

  std::vector<Matrix> run(ArrayRef<Matrix> operands,
                          ArrayRef<std::string> results) {
    std::string arguments, names, types, yielded, variables;
    for (auto [i, operand] : llvm::enumerate(operands)) {
      std::string comma = i ? ", " : "", name = "%x" + std::to_string(i);
      std::string type = typeOf(operand, element.c_str());
      arguments += comma + name + ": " + type;
      names += comma + name;
      types += comma + type;
    }
    for (auto [i, type] : llvm::enumerate(results)) {
      std::string comma = i ? ", " : "";
      variables += comma + "%y" + std::to_string(i);
      yielded += comma + type;
    }
    auto [name, attributes] = StringRef(op).split(' ');
    Program program("func.func @f(" + arguments + ") -> (" + yielded + ") {\n" +
                    variables + " = dither." + name.str() + " " + names + " " +
                    attributes.str() + " : " + types + "\nreturn " + variables +
                    " : " + yielded + "\n}");
    EXPECT_TRUE(bool(program)) << program.diagnostics;
    if (!program)
      return {};
    Type type = element == "f64" ? Type(Float64Type::get(program.getContext()))
                                 : Type(Float32Type::get(program.getContext()));
    Tensors tensors;
    for (const Matrix &operand : operands)
      tensors.push_back(
          makeTensor(type, {operand.rows, operand.columns}, operand.elements));
    std::vector<Matrix> found;
    for (const HostTensor &tensor : program.run("f", tensors)) {
      ArrayRef<int64_t> shape = tensor.getShape();
      Matrix matrix(shape.size() > 1 ? shape[0] : 1,
                    shape.empty() ? 1 : shape.back());
      matrix.elements = toDoubles(tensor);
      found.push_back(std::move(matrix));
    }
    EXPECT_EQ(found.size(), results.size()) << program.diagnostics;
    return found;
  }

private:
  std::string op, element;
};
} // namespace

//===- Triangles ----------------------------------------------------------===//

TEST(LinearAlgebra, TriangularSolve) {
  for (int64_t n : {1, 3, 40})
    for (unsigned flags = 0; flags < 8; ++flags) {
      bool upper = flags & 1, transpose = flags & 2, unit = flags & 4;
      Matrix a = makeNormal(n, n, 17), b = makeNormal(n, 2, 3), read = a;
      for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j) {
          a.at(i, j) = i == j ? 3 : a.at(i, j) / double(n);
          bool isRead = i == j ? !unit : (i < j) == upper;
          read.at(i, j) = isRead ? a.at(i, j) : i == j ? 1 : 0;
          if (!isRead)
            a.at(i, j) = NAN;
        }
      std::string op =
          std::string("triangular_solve {") + (upper ? "upper, " : "") +
          (transpose ? "transpose, " : "") + (unit ? "unit_diagonal, " : "");
      op = op.back() == '{' ? "triangular_solve"
                            : op.substr(0, op.size() - 2) + "}";
      auto found = Call(op).run({a, b}, {typeOf(b)});
      ASSERT_EQ(found.size(), 1u);
      Matrix product = (transpose ? transposed(read) : read) * found[0];
      EXPECT_LT(getDistance(product, b), 1e-13) << op << " of " << n;
    }
}

TEST(LinearAlgebra, CholeskyReadsLowerTriangle) {
  for (int64_t n : {1, 2, 5, 33, 70}) {
    Matrix a = makePositive(n, 5), given = a;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = i + 1; j < n; ++j)
        given.at(i, j) = NAN;
    auto found = Call("cholesky").run(given, {typeOf(a)});
    ASSERT_EQ(found.size(), 1u);
    const Matrix &l = found[0];
    EXPECT_LT(getDistance(l * transposed(l), a), 1e-14 * double(n * n));
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = i; j < n; ++j)
        EXPECT_TRUE(i == j ? l.at(i, j) > 0 : l.at(i, j) == 0);
  }
}

TEST(LinearAlgebra, CholeskyOfOthersIsNaN) {
  for (int64_t n : {1, 4, 40})
    for (double pivot : {-1.0, 0.0, double(NAN)}) {
      Matrix a = makeIdentity(n);
      a.at(n - 1, n - 1) = pivot;
      auto found = Call("cholesky").run(a, {typeOf(a)});
      ASSERT_EQ(found.size(), 1u);
      for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j) {
          if (i < j)
            EXPECT_EQ(found[0].at(i, j), 0);
          else
            EXPECT_TRUE(std::isnan(found[0].at(i, j)));
        }
    }
}

TEST(LinearAlgebra, PositiveDefiniteEquations) {
  int64_t n = 37;
  Matrix a = makePositive(n, 11), b = makeNormal(n, 3, 4);
  auto x = Call("solve").run({a, b}, {typeOf(b)});
  auto y = Call("inverse").run(a, {typeOf(a)});
  auto d = Call("log_det").run(a, {"tensor<f64>"});
  auto l = Call("eigh").run(a, {"tensor<37xf64>", typeOf(a)});
  ASSERT_TRUE(x.size() == 1 && y.size() == 1 && d.size() == 1 && l.size() == 2);
  EXPECT_LT(getDistance(a * x[0], b), 1e-12);
  EXPECT_LT(getDistance(a * y[0], makeIdentity(n)), 1e-12);
  double sum = 0;
  for (double value : l[0].elements)
    sum += std::log(value);
  EXPECT_NEAR(d[0].at(0, 0), sum, 1e-11);
}

//===- QR -----------------------------------------------------------------===//

static void checkQr(const Matrix &a, double scale) {
  auto found =
      Call("qr").run(a, {typeOf(a), typeOf(Matrix(a.columns, a.columns))});
  ASSERT_EQ(found.size(), 2u);
  const Matrix &q = found[0], &r = found[1];
  EXPECT_LT(getDistance(transposed(q) * q, makeIdentity(a.columns)),
            1e-14 * 20);
  EXPECT_LT(getDistance(q * r, a), 1e-14 * 20 * scale);
  for (int64_t i = 0; i < r.rows; ++i)
    for (int64_t j = 0; j <= i; ++j)
      EXPECT_TRUE(i == j ? r.at(i, j) >= 0 : r.at(i, j) == 0);
}

TEST(LinearAlgebra, Qr) {
  for (auto [rows, columns] : {std::pair(1, 1), {5, 3}, {4, 4}, {40, 33}})
    checkQr(makeNormal(rows, columns, 7), 10);
}

TEST(LinearAlgebra, QrOfDependentColumns) {
  Matrix a = makeNormal(6, 4, 7);
  for (int64_t i = 0; i < 6; ++i) {
    a.at(i, 1) = 2 * a.at(i, 0);
    a.at(i, 3) = 0;
  }
  checkQr(a, 10);
  checkQr(Matrix(3, 2), 1);
}

TEST(LinearAlgebra, QrOfLargeAndSmall) {
  for (double scale : {1e200, 1e-200}) {
    Matrix a = makeNormal(7, 3, 9);
    for (double &element : a.elements)
      element *= scale;
    checkQr(a, 10 * scale);
  }
}

//===- Eigenvalues --------------------------------------------------------===//

/// Residuals, orthonormality and order, of a matrix of the given norm; and the
/// signs.
static void checkEigh(const Matrix &a, double norm, double epsilon,
                      const char *element = "f64") {
  int64_t n = a.rows;
  auto found = Call("eigh", element)
                   .run(a, {"tensor<" + std::to_string(n) + "x" + element + ">",
                            typeOf(a, element)});
  ASSERT_EQ(found.size(), 2u);
  const Matrix &values = found[0], &vectors = found[1];
  Matrix scaled = vectors;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j)
      scaled.at(i, j) *= values.at(0, j);
  EXPECT_LE(getDistance(a * vectors, scaled), epsilon * norm);
  EXPECT_LE(getDistance(transposed(vectors) * vectors, makeIdentity(n)),
            epsilon);
  for (int64_t j = 0; j < n; ++j) {
    EXPECT_TRUE(j == 0 || values.at(0, j - 1) <= values.at(0, j));
    double largest = 0;
    for (int64_t i = 0; i < n; ++i)
      largest = std::max(largest, std::abs(vectors.at(i, j)));
    int64_t first = 0;
    while (std::abs(vectors.at(first, j)) < 0.899 * largest)
      ++first;
    EXPECT_GT(vectors.at(first, j), 0);
  }
}

static Matrix makeSymmetric(int64_t n, unsigned seed) {
  Matrix x = makeNormal(n, n, seed), y = x;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < n; ++j)
      y.at(i, j) = x.at(i, j) + x.at(j, i);
  return y;
}

TEST(LinearAlgebra, EighOfRandom) {
  for (int64_t n : {1, 2, 3, 6, 17, 34}) {
    checkEigh(makeSymmetric(n, 3), 4 * std::sqrt(double(n)), 1e-14);
    Matrix a = makeSymmetric(n, 3);
    for (double &element : a.elements)
      element = float(element);
    checkEigh(a, 4 * std::sqrt(double(n)), 3e-6, "f32");
  }
}

TEST(LinearAlgebra, EighOfEqualEigenvalues) {
  Matrix ones(9, 9);
  for (double &element : ones.elements)
    element = 1;
  checkEigh(ones, 9, 1e-14);
  checkEigh(makeIdentity(5), 1, 1e-14);
  checkEigh(Matrix(4, 4), 1, 1e-14);
}

TEST(LinearAlgebra, EighOfGraded) {
  // Eigenvalues over twelve orders of magnitude.
  Matrix a = makeNormal(20, 20, 1);
  for (int64_t i = 0; i < 20; ++i)
    for (int64_t j = 0; j < 20; ++j)
      a.at(i, j) *= std::pow(10, -6.0 * double(j) / 20);
  checkEigh(a * transposed(a), 50, 1e-14);
}

TEST(LinearAlgebra, EighOfLargeAndSmall) {
  for (double scale : {1e300, 1e-300}) {
    Matrix a = makeSymmetric(7, 3);
    for (double &element : a.elements)
      element *= scale;
    checkEigh(a, 10 * scale, 1e-14);
  }
}

TEST(LinearAlgebra, EighOfSymmetricPart) {
  Matrix a = makeSymmetric(5, 3), skewed = a;
  for (int64_t i = 0; i < 5; ++i)
    for (int64_t j = 0; j < i; ++j) {
      skewed.at(i, j) += 1;
      skewed.at(j, i) -= 1;
    }
  auto x = Call("eigh").run(a, {"tensor<5xf64>", typeOf(a)});
  auto y = Call("eigh").run(skewed, {"tensor<5xf64>", typeOf(a)});
  EXPECT_LT(getDistance(x[0], y[0]), 1e-13);
  EXPECT_LT(getDistance(x[1], y[1]), 1e-13);
}

TEST(LinearAlgebra, EighOfNoNumbersIsNaN) {
  for (int64_t n : {1, 2, 5})
    for (double element : {double(NAN), double(INFINITY)}) {
      Matrix a = makeIdentity(n);
      a.at(n - 1, 0) = element;
      auto found = Call("eigh").run(
          a, {"tensor<" + std::to_string(n) + "xf64>", typeOf(a)});
      for (const Matrix &result : found)
        for (double value : result.elements)
          EXPECT_TRUE(std::isnan(value));
    }
}

TEST(LinearAlgebra, InverseRoot) {
  for (int64_t n : {1, 4, 11})
    for (int64_t p : {1, 2, 3, 4, 6}) {
      Matrix a = makePositive(n, 5), shifted = a;
      for (int64_t i = 0; i < n; ++i)
        shifted.at(i, i) += 0.5;
      auto found =
          Call("inverse_root {epsilon = 0.5 : f64, p = " + std::to_string(p) +
               " : i64}")
              .run(a, {typeOf(a)});
      ASSERT_EQ(found.size(), 1u);
      Matrix product = shifted;
      for (int64_t k = 0; k < p; ++k)
        product = product * found[0];
      EXPECT_LT(getDistance(product, makeIdentity(n)), 1e-12) << n << " " << p;
    }
}

TEST(LinearAlgebra, InverseRootOfOthersIsNaN) {
  for (double value : {-1.0, 0.0}) {
    Matrix a = makeIdentity(3);
    a.at(1, 1) = value;
    auto found = Call("inverse_root {p = 2 : i64}").run(a, {typeOf(a)});
    for (double element : found[0].elements)
      EXPECT_TRUE(std::isnan(element));
  }
}
