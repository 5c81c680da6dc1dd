//===- FourierTest.cpp - Transforms against their definition --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The ops are made of levels; here is what they add up to, written as sums.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <complex>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

using Numbers = std::vector<std::complex<long double>>;

static std::string typeOf(llvm::ArrayRef<int64_t> shape) {
  std::string text = "tensor<";
  for (int64_t extent : shape)
    text += std::to_string(extent) + "x";
  return text + "f64>";
}

/// What an op makes of one tensor of f64.
static std::vector<double> apply(llvm::StringRef op,
                                 llvm::ArrayRef<int64_t> from, int64_t length,
                                 llvm::ArrayRef<int64_t> to,
                                 llvm::ArrayRef<double> elements) {
  Program program(
      llvm::formatv("func.func @f(%x: {0}) -> {1} {{\n  %y = dither.{2} %x "
                    "{{length = {3} : i64} : {0}\n  return %y : {1}\n}",
                    typeOf(from), typeOf(to), op, length)
          .str());
  EXPECT_TRUE(program) << program.diagnostics;
  Tensors results = program.run(
      "f",
      {makeTensor(Float64Type::get(program.getContext()), from, elements)});
  EXPECT_EQ(results.size(), 1u) << program.diagnostics;
  return results.empty() ? std::vector<double>() : toDoubles(results[0]);
}

static std::vector<double> draw(int64_t count, unsigned seed) {
  std::vector<double> values;
  uint32_t state = seed * 2654435761u + 1;
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    values.push_back(double(state) / 2147483648.0 - 1);
  }
  return values;
}

/// The definition, with exponents of a sign.
static Numbers transform(const Numbers &x, int64_t n, int64_t sign) {
  Numbers roots(n), y(n);
  for (int64_t j = 0; j < n; ++j) {
    long double angle = 2 * M_PIl * (long double)j / (long double)n;
    roots[j] = {std::cos(angle), (long double)sign * std::sin(angle)};
  }
  for (int64_t k = 0; k < n; ++k)
    for (int64_t j = 0; j < int64_t(x.size()); ++j)
      y[k] += x[j] * roots[j * k % n];
  return y;
}

/// The root mean square of errors, of that of what is expected.
static double getError(llvm::ArrayRef<double> found, const Numbers &expected) {
  long double error = 0, size = 0;
  for (auto [i, number] : llvm::enumerate(expected)) {
    std::complex<long double> value = {found[2 * i], found[2 * i + 1]};
    error += std::norm(value - number);
    size += std::norm(number);
  }
  return double(std::sqrt(error / size));
}

/// What the documentation says of errors, with a small constant.
static double getBound(int64_t n) {
  return 0x1p-53 * (2 + std::log2(double(n)));
}

namespace {
class Fourier : public testing::TestWithParam<int64_t> {};
} // namespace

TEST_P(Fourier, OfRealNumbersIsItsDefinition) {
  int64_t n = GetParam();
  std::vector<double> x = draw(n, 1);
  Numbers expected = transform(Numbers(x.begin(), x.end()), n, -1);
  expected.resize(n / 2 + 1);
  std::vector<double> y = apply("rfft", {n}, n, {n / 2 + 1, 2}, x);
  EXPECT_LT(getError(y, expected), getBound(n));
}

TEST_P(Fourier, OfComplexNumbersIsItsDefinition) {
  int64_t n = GetParam();
  std::vector<double> x = draw(2 * n, 2);
  Numbers numbers;
  for (int64_t j = 0; j < n; ++j)
    numbers.push_back({x[2 * j], x[2 * j + 1]});
  EXPECT_LT(
      getError(apply("fft", {n, 2}, n, {n, 2}, x), transform(numbers, n, -1)),
      getBound(n));
  Numbers inverse = transform(numbers, n, 1);
  for (std::complex<long double> &number : inverse)
    number /= (long double)n;
  EXPECT_LT(getError(apply("ifft", {n, 2}, n, {n, 2}, x), inverse),
            getBound(n));
}

TEST_P(Fourier, HasAnInverse) {
  int64_t n = GetParam();
  std::vector<double> x = draw(n, 3);
  std::vector<double> y = apply("rfft", {n}, n, {n / 2 + 1, 2}, x);
  std::vector<double> z = apply("irfft", {n / 2 + 1, 2}, n, {n}, y);
  double error = 0, size = 0;
  for (int64_t j = 0; j < n; ++j) {
    error += std::pow(z[j] - x[j], 2);
    size += x[j] * x[j];
  }
  EXPECT_LT(std::sqrt(error / size), 2 * getBound(n));
}

// One matrix, two levels and three, first radices even and odd, primes that are
// matrices and others, alone and in products.
INSTANTIATE_TEST_SUITE_P(Lengths, Fourier,
                         testing::Values(1, 2, 3, 4, 5, 8, 12, 63, 64, 66, 67,
                                         75, 96, 127, 128, 131, 2 * 67, 2 * 131,
                                         67 * 131, 1000, 1023, 1024, 2187,
                                         4096));

TEST(Fourier, CutsOffAndAppends) {
  std::vector<double> x = draw(10, 4);
  Numbers expected = transform(Numbers(x.begin(), x.begin() + 7), 7, -1);
  expected.resize(4);
  EXPECT_LT(getError(apply("rfft", {10}, 7, {4, 2}, x), expected), 1e-15);
  expected = transform(Numbers(x.begin(), x.end()), 13, -1);
  expected.resize(7);
  EXPECT_LT(getError(apply("rfft", {10}, 13, {7, 2}, x), expected), 1e-15);
}

TEST(Fourier, LeavesOutWhatRealNumbersCannotHave) {
  std::vector<double> x = draw(2 * 51, 5);
  std::vector<double> y = apply("irfft", {51, 2}, 100, {100}, x);
  x[1] = x[101] = 100;
  std::vector<double> z = apply("irfft", {51, 2}, 100, {100}, x);
  EXPECT_EQ(y, z);
}

namespace {
struct Convolution {
  int64_t steps, reach, channels;
};
void PrintTo(const Convolution &c, std::ostream *os) {
  *os << c.steps << " steps, kernel of " << c.reach << ", " << c.channels
      << " channels";
}
class LongConvolution : public testing::TestWithParam<Convolution> {};
} // namespace

TEST_P(LongConvolution, IsASum) {
  const auto [steps, reach, channels] = GetParam();
  std::string x = typeOf({2, steps, channels}), k = typeOf({reach, channels});
  Program program("func.func @f(%x: " + x + ", %k: " + k + ") -> " + x +
                  " {\n  %y = dither.fft_conv %x, %k : " + x + ", " + k +
                  "\n  return %y : " + x + "\n}");
  ASSERT_TRUE(program) << program.diagnostics;
  auto types = program.get("f").getArgumentTypes();
  Tensors tensors = {makeRandom(types[0], -1, 1, 1),
                     makeRandom(types[1], -1, 1, 2)};
  Tensors results = program.run("f", tensors);
  ASSERT_EQ(results.size(), 1u) << program.diagnostics;
  for (int64_t i = 0; i < results[0].getNumElements(); ++i) {
    int64_t c = i % channels, t = i / channels % steps;
    double sum = 0;
    for (int64_t s = 0; s <= std::min(t, reach - 1); ++s)
      sum += tensors[1].getDouble(s * channels + c) *
             tensors[0].getDouble(i - s * channels);
    EXPECT_NEAR(results[0].getDouble(i), sum, 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lengths, LongConvolution,
    testing::Values(Convolution{1, 1, 1}, Convolution{5, 3, 2},
                    Convolution{33, 33, 3}, Convolution{128, 128, 2},
                    Convolution{9, 300, 1}, Convolution{257, 2, 1}));
