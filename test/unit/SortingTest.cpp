//===- SortingTest.cpp - The order of elements, and soft orders -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

using Values = std::vector<double>;
static constexpr double inf = INFINITY;

/// The result of ops that make %y of %x, a vector.
static Values run(const std::string &body, const std::string &element,
                  const Values &x, const std::string &resultType) {
  std::string type = "tensor<" + std::to_string(x.size()) + "x" + element + ">";
  Program program("func.func @f(%x: " + type + ") -> " + resultType + " { " +
                  body + " : " + type + " return %y : " + resultType + " }");
  EXPECT_TRUE(program) << program.diagnostics;
  if (!program)
    return {};
  Type elementType =
      getElementTypeOrSelf(program.get("f").getArgumentTypes().front());
  Tensors results =
      program.run("f", {makeTensor(elementType, {int64_t(x.size())}, x)});
  EXPECT_FALSE(results.empty()) << program.diagnostics;
  return results.empty() ? Values() : toDoubles(results[0]);
}

static Values argsort(const std::string &attributes, const std::string &element,
                      const Values &x) {
  return run("%y = dither.argsort %x {dim = 0 : i64" + attributes + "}",
             element, x, "tensor<" + std::to_string(x.size()) + "xi32>");
}

TEST(Sorting, EqualElementsStayInTheirOrder) {
  EXPECT_EQ(argsort("", "i32", {3, 1, 3, -1}), (Values{3, 1, 0, 2}));
  EXPECT_EQ(argsort(", descending", "i32", {3, 1, 3, -1}),
            (Values{0, 2, 1, 3}));
  EXPECT_EQ(argsort("", "f32", {0.0, -0.0, -1, 0.0}), (Values{2, 0, 1, 3}));
  EXPECT_EQ(argsort(", descending", "f32", {-0.0, 0.0, -1}), (Values{0, 1, 2}));
  EXPECT_EQ(argsort("", "i1", {1, 0, 1, 0}), (Values{1, 3, 0, 2}));
}

TEST(Sorting, NaNComesLastInBothDirections) {
  Values x = {NAN, inf, 2, NAN, -inf};
  EXPECT_EQ(argsort("", "f32", x), (Values{4, 2, 1, 0, 3}));
  EXPECT_EQ(argsort(", descending", "f32", x), (Values{1, 2, 4, 0, 3}));
}

TEST(Sorting, ArgminTakesTheFirst) {
  auto argmin = [](const std::string &element, const Values &x) {
    return run("%y = dither.argmin %x", element, x, "tensor<i32>");
  };
  EXPECT_EQ(argmin("f32", {2, -1, -1, 5}), (Values{1}));
  EXPECT_EQ(argmin("f32", {2, NAN, -inf, NAN}), (Values{1}));
  EXPECT_EQ(argmin("i8", {127, -128, -128, 0}), (Values{1}));
}

//===- Differentiable sorting ---------------------------------------------===//

static const std::string swaps[] = {"logistic", "reciprocal", "cauchy",
                                    "optimal"};

static Values softSort(const std::string &kind, double steepness,
                       const Values &x, bool descending = false) {
  return run("%y = dither.soft_sort " + kind +
                 " %x {steepness = " + std::to_string(steepness) + " : f64" +
                 (descending ? ", descending}" : "}"),
             "f64", x, "tensor<" + std::to_string(x.size()) + "xf64>");
}

TEST(SoftSorting, OfTwoElementsIsThePublishedFormula) {
  // The smaller of 0 and d is d f(-s d), of the four swap functions.
  double d = 0.3, t = 2 * d;
  const double shares[] = {1 / (1 + std::exp(t)), 0.5 - t / (1 + 2 * t),
                           0.5 - std::atan(M_PI * t) / M_PI, 1 / (16 * t)};
  for (auto [swap, share] : llvm::zip_equal(swaps, shares))
    for (const char *network : {"odd_even ", "bitonic "}) {
      Values y = softSort(network + swap, 2, {d, 0});
      EXPECT_NEAR(y[0], d * share, 1e-12) << swap;
      EXPECT_NEAR(y[1], d * (1 - share), 1e-12) << swap;
    }
  // Near 0, the optimal one is a line.
  EXPECT_NEAR(softSort("odd_even optimal", 2, {0.1, 0})[0], 0.1 * 0.3, 1e-12);
}

TEST(SoftSorting, BecomesHardWithItsSteepness) {
  Values x = {0.5, -2, 3, 0.25, -1, 8, 2, 7}, sorted = x;
  std::sort(sorted.begin(), sorted.end());
  for (const std::string &swap : swaps)
    for (const char *network : {"odd_even ", "bitonic "}) {
      double before = inf;
      for (double steepness : {1e1, 1e3, 1e5, 1e7}) {
        Values y = softSort(network + swap, steepness, x);
        Values z = softSort(network + swap, steepness, x, /*descending=*/true);
        double error = 0;
        for (size_t i = 0; i < x.size(); ++i) {
          error = std::max(error, std::fabs(y[i] - sorted[i]));
          EXPECT_NEAR(z[x.size() - 1 - i], y[i], 1e-1 + 10 / steepness);
        }
        EXPECT_LE(error, before) << network << swap;
        before = error;
      }
      EXPECT_LT(before, 1e-5) << network << swap;
    }
}

TEST(SoftSorting, SortsAnOddNumber) {
  Values y = softSort("odd_even cauchy", 1e8, {5, 4, 3, 2, 1});
  for (int i = 0; i < 5; ++i)
    EXPECT_NEAR(y[i], i + 1, 1e-5);
}

/// The least change of any result when one element grows by `step`.
static double getLeastChange(const std::string &kind, Values x, double step) {
  double least = inf;
  Values before = softSort(kind, 5, x);
  for (size_t i = 0; i < x.size(); ++i) {
    Values other = x;
    other[i] += step;
    Values after = softSort(kind, 5, other);
    for (size_t k = 0; k < x.size(); ++k)
      least = std::min(least, after[k] - before[k]);
  }
  return least;
}

TEST(SoftSorting, IsMonotoneButForTheLogisticSwap) {
  Values x = {0.5, -0.2, 0.3, 0.25};
  for (const std::string &swap : swaps)
    for (const char *network : {"odd_even ", "bitonic "}) {
      double least = inf;
      for (double gap = -1.5; gap < 1.5; gap += 0.1)
        least = std::min(
            least, getLeastChange(network + swap,
                                  {x[0] + gap, x[1], x[2] - gap, x[3]}, 1e-3));
      if (swap == "logistic")
        EXPECT_LT(least, -1e-6) << network << swap;
      else
        EXPECT_GE(least, -1e-12) << network << swap;
    }
}

TEST(SoftSorting, PermutationMakesTheSortedElements) {
  Values x = {0.5, -0.2, 0.3, 0.25};
  for (const char *kind : {"odd_even cauchy", "bitonic logistic"}) {
    Values p = run(std::string("%y = dither.soft_permutation ") + kind +
                       " %x {steepness = 5.0 : f64}",
                   "f64", x, "tensor<4x4xf64>");
    Values y = softSort(kind, 5, x);
    ASSERT_EQ(p.size(), 16u);
    for (int i = 0; i < 4; ++i) {
      double product = 0, row = 0, column = 0;
      for (int j = 0; j < 4; ++j) {
        product += p[4 * i + j] * x[j];
        row += p[4 * i + j];
        column += p[4 * j + i];
      }
      EXPECT_NEAR(product, y[i], 1e-12);
      EXPECT_NEAR(row, 1, 1e-12);
      EXPECT_NEAR(column, 1, 1e-12);
    }
  }
}
