//===- ReductionTest.cpp - Values of reductions and normalizations --------===//
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

/// The result of ops that make %y of %x.
static Values run(const std::string &body, const std::string &type,
                  ArrayRef<int64_t> shape, const Values &x,
                  const std::string &resultType) {
  Program program("func.func @f(%x: " + type + ") -> " + resultType + " { " +
                  body + " return %y : " + resultType + " }");
  EXPECT_TRUE(program) << program.diagnostics;
  if (!program)
    return {};
  Type element =
      getElementTypeOrSelf(program.get("f").getArgumentTypes().front());
  Tensors results = program.run("f", {makeTensor(element, shape, x)});
  EXPECT_FALSE(results.empty()) << program.diagnostics;
  return results.empty() ? Values() : toDoubles(results[0]);
}

static Values reduce(const std::string &kind, const std::string &element,
                     const Values &x) {
  std::string type = "tensor<?x" + element + ">";
  return run("%y = dither.reduce " + kind + " %x : " + type, type,
             {int64_t(x.size())}, x, "tensor<" + element + ">");
}

TEST(Reductions, OfSomethingAndOfNothing) {
  EXPECT_EQ(reduce("product", "f32", {2, -3, 4}), (Values{-24}));
  EXPECT_EQ(reduce("product", "f32", {}), (Values{1}));
  EXPECT_EQ(reduce("product", "i8", {100, 3}), (Values{44}));
  EXPECT_EQ(reduce("and", "i32", {7, 13}), (Values{5}));
  EXPECT_EQ(reduce("and", "i32", {}), (Values{-1}));
  EXPECT_EQ(reduce("or", "i32", {5, 8}), (Values{13}));
  EXPECT_EQ(reduce("or", "i32", {}), (Values{0}));
  EXPECT_EQ(reduce("and", "i1", {1, 1}), (Values{1}));
  EXPECT_EQ(reduce("and", "i1", {1, 0}), (Values{0}));
  EXPECT_EQ(reduce("or", "i1", {1, 0}), (Values{1}));
  EXPECT_EQ(reduce("max", "i1", {1, 0}), (Values{1}));
  EXPECT_EQ(reduce("max", "i1", {}), (Values{0}));
  EXPECT_EQ(reduce("min", "i1", {}), (Values{1}));
}

static Values logSumExp(const Values &x) {
  return run("%y = dither.logsumexp %x : tensor<?xf64>", "tensor<?xf64>",
             {int64_t(x.size())}, x, "tensor<f64>");
}

TEST(Reductions, LogSumExpHasNoNaNOfInfinities) {
  EXPECT_NEAR(logSumExp({1000, 1000})[0], 1000 + std::log(2), 1e-9);
  EXPECT_EQ(logSumExp({}), (Values{-inf}));
  EXPECT_EQ(logSumExp({-inf, -inf}), (Values{-inf}));
  EXPECT_EQ(logSumExp({-inf, 3}), (Values{3}));
  EXPECT_EQ(logSumExp({-inf, inf, 3}), (Values{inf}));
  EXPECT_TRUE(std::isnan(logSumExp({1, NAN})[0]));
}

/// A scan along the second of three dimensions, of extents 2, 3 and 2.
static Values scan(const std::string &op, const Values &x) {
  std::string type = "tensor<?x3x2xf32>";
  return run("%y = dither." + op + " : " + type, type, {2, 3, 2}, x, type);
}

TEST(Scans, GoBothWaysWithAndWithoutTheElement) {
  Values x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  EXPECT_EQ(scan("scan sum %x {dim = 1 : i64}", x),
            (Values{1, 2, 4, 6, 9, 12, 7, 8, 16, 18, 27, 30}));
  EXPECT_EQ(scan("scan sum %x {dim = 1 : i64, reverse}", x),
            (Values{9, 12, 8, 10, 5, 6, 27, 30, 20, 22, 11, 12}));
  EXPECT_EQ(scan("scan product %x {dim = 1 : i64, exclusive}", x),
            (Values{1, 1, 1, 2, 3, 8, 1, 1, 7, 8, 63, 80}));
  EXPECT_EQ(scan("scan min %x {dim = 1 : i64, exclusive, reverse}", x),
            (Values{3, 4, 5, 6, inf, inf, 9, 10, 11, 12, inf, inf}));
  EXPECT_EQ(scan("recurrence %x, %x {dim = 1 : i64}", x),
            (Values{1, 2, 6, 12, 35, 78, 7, 8, 72, 90, 803, 1092}));
  EXPECT_EQ(scan("recurrence %x, %x {dim = 1 : i64, exclusive, reverse}", x),
            (Values{18, 28, 5, 6, 0, 0, 108, 130, 11, 12, 0, 0}));
}

TEST(Scans, KeepNaNAndInfinities) {
  Values y = scan("scan logsumexp %x {dim = 1 : i64}",
                  {-inf, 0, -inf, 0, 1, inf, inf, 0, -inf, NAN, inf, 0});
  EXPECT_EQ(y[0], -inf);
  EXPECT_EQ(y[2], -inf);
  EXPECT_EQ(y[4], 1);
  EXPECT_FLOAT_EQ(float(y[3]), float(std::log(2)));
  EXPECT_EQ(y[5], inf);
  EXPECT_EQ((Values{y[6], y[8], y[10]}), (Values{inf, inf, inf}));
  EXPECT_EQ(y[7], 0);
  EXPECT_TRUE(std::isnan(y[9]) && std::isnan(y[11]));
  y = scan("scan max %x {dim = 1 : i64}",
           {NAN, 0, 1, NAN, 2, 1, -inf, 1, 0, -inf, -1, 2});
  EXPECT_TRUE(std::isnan(y[0]) && std::isnan(y[2]) && std::isnan(y[4]));
  EXPECT_TRUE(y[1] == 0 && std::isnan(y[3]) && std::isnan(y[5]));
  EXPECT_EQ((Values(y.begin() + 6, y.end())), (Values{-inf, 1, 0, 1, 0, 2}));
}

TEST(Scans, AreRoundedAfterEachElement) {
  // 1 + 2^-24 is 1 in f32, however often it is added.
  double small = std::ldexp(1.0, -24);
  EXPECT_EQ(run("%y = dither.scan sum %x {dim = 0 : i64} : tensor<4xf32>",
                "tensor<4xf32>", {4}, {1, small, small, small},
                "tensor<4xf32>"),
            (Values{1, 1, 1, 1}));
}

/// (x - mean) / sqrt(variance + epsilon) of some of the elements.
static void expectNormal(const Values &y, const Values &x,
                         const std::vector<size_t> &places, double epsilon,
                         double tolerance = 1e-12) {
  double mean = 0, variance = 0;
  for (size_t i : places)
    mean += x[i] / double(places.size());
  for (size_t i : places)
    variance += (x[i] - mean) * (x[i] - mean) / double(places.size());
  for (size_t i : places)
    EXPECT_NEAR(y[i], (x[i] - mean) / std::sqrt(variance + epsilon), tolerance);
}

static const Values sixteen = {1, 5, -2, 0.5, 7,  3, 2, -1,
                               4, 9, 11, -3,  .1, 8, 6, 2};

static Values normalize(const std::string &op) {
  std::string type = "tensor<?x2x4xf64>";
  return run("%y = dither." + op, type, {2, 2, 4}, sixteen, type);
}

TEST(Normalizations, HaveTheStatisticsOfTheirElements) {
  Values y = normalize("layer_norm %x : tensor<?x2x4xf64>");
  expectNormal(y, sixteen, {4, 5, 6, 7}, 1e-5);
  y = normalize("group_norm %x {groups = 2 : i64, epsilon = 0.5 : f64} : "
                "tensor<?x2x4xf64>");
  expectNormal(y, sixteen, {0, 1, 4, 5}, 0.5);
  expectNormal(y, sixteen, {10, 11, 14, 15}, 0.5);
  std::string type = "tensor<?x2x4xf64>";
  y = run("%y, %m, %v = dither.batch_norm %x : " + type + " -> tensor<4xf64>",
          type, {2, 2, 4}, sixteen, type);
  expectNormal(y, sixteen, {1, 5, 9, 13}, 1e-5);
  y = normalize("rms_norm %x : tensor<?x2x4xf64>");
  EXPECT_NEAR(y[0], 1 / std::sqrt((1 + 25 + 4 + 0.25) / 4 + 1e-5), 1e-12);
}

TEST(Normalizations, CoverTheDimensionsOfTheScaleAndApplyIt) {
  std::string type = "tensor<?x2x4xf64>", rows = "tensor<2x4xf64>";
  Values y =
      run("%s = dither.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, "
          "7.0, 8.0]]> : " +
              rows + " %n = dither.layer_norm %x, %s, %s : " + type + ", " +
              rows + ", " + rows + " %d = dither.sub %n, %s : " + type + ", " +
              rows + " %y = dither.div %d, %s : " + type + ", " + rows,
          type, {2, 2, 4}, sixteen, type);
  expectNormal(y, sixteen, {8, 9, 10, 11, 12, 13, 14, 15}, 1e-5);
}

TEST(Normalizations, GiveStatisticsThatInferenceTakes) {
  std::string type = "tensor<?x2x4xf64>";
  Values y =
      run("%n, %m, %v = dither.batch_norm %x : " + type +
              " -> tensor<4xf64> "
              "%i = dither.batch_norm_inference %x by %m, %v : " +
              type + " by tensor<4xf64> %y = dither.sub %i, %n : " + type +
              ", " + type,
          type, {2, 2, 4}, sixteen, type);
  EXPECT_EQ(y, Values(16, 0));
}

TEST(Normalizations, WidenFloatsOf16Bits) {
  // Squares of f16 would be infinite, and differences from its mean too coarse.
  Values x = {2000, 2002, 2004, 2006};
  Values y = run("%y = dither.layer_norm %x : tensor<?x4xf16>",
                 "tensor<?x4xf16>", {1, 4}, x, "tensor<?x4xf16>");
  expectNormal(y, x, {0, 1, 2, 3}, 1e-5, 1e-3);
  x = {300, -300, 600, -600};
  y = run("%y = dither.rms_norm %x : tensor<?x4xf16>", "tensor<?x4xf16>",
          {1, 4}, x, "tensor<?x4xf16>");
  EXPECT_NEAR(y[0], 300 / std::sqrt(2.5 * 90000), 1e-3);
}
