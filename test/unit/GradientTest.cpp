//===- GradientTest.cpp - Gradients that are no slopes --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Those that are slopes are checked by `dither check --all-ops`.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "compiler/Transforms/Differentiate/Differentiate.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

/// The gradients of `@f`, weighted by ones, at f64 arguments.
static std::vector<std::vector<double>>
differentiate(StringRef text, std::vector<std::vector<double>> arguments) {
  Program program(text);
  func::FuncOp gradient =
      program ? buildGradientFunction(addWeightedLoss(program.get("f")))
              : func::FuncOp();
  EXPECT_TRUE(gradient) << program.diagnostics;
  if (!gradient)
    return {};
  Tensors tensors;
  for (auto [type, values] :
       llvm::zip(gradient.getArgumentTypes().drop_back(), arguments))
    tensors.push_back(makeTensor(getElementTypeOrSelf(type),
                                 cast<RankedTensorType>(type).getShape(),
                                 values));
  Type last = gradient.getArgumentTypes().back();
  tensors.push_back(makeRandom(last, 1, 1, 0));
  std::vector<std::vector<double>> results;
  Tensors all = program.run(gradient.getName(), tensors);
  for (const HostTensor &result : llvm::drop_begin(all))
    results.push_back(toDoubles(result));
  EXPECT_FALSE(results.empty()) << program.diagnostics;
  return results;
}

using Values = std::vector<double>;

TEST(Gradients, TiesAreShared) {
  auto both = differentiate(
      "func.func @f(%x: tensor<3xf64>, %y: tensor<3xf64>) -> tensor<3xf64> {"
      "  %z = dither.max %x, %y : tensor<3xf64>, tensor<3xf64>"
      "  return %z : tensor<3xf64> }",
      {{1, 2, 3}, {1, 1, 4}});
  EXPECT_EQ(both[0], (Values{0.5, 1, 0}));
  EXPECT_EQ(both[1], (Values{0.5, 0, 1}));
  auto reduced =
      differentiate("func.func @f(%x: tensor<4xf64>) -> tensor<f64> {"
                    "  %z = dither.reduce max %x : tensor<4xf64>"
                    "  return %z : tensor<f64> }",
                    {{3, 1, 3, 2}});
  EXPECT_EQ(reduced[0], (Values{0.5, 0, 0.5, 0}));
}

/// The gradients of an op on four elements, weighted by ones.
static Values differentiateFour(const std::string &op, Values x,
                                const std::string &result) {
  return differentiate("func.func @f(%x: tensor<4xf64>) -> " + result +
                           " {  %z = dither." + op +
                           " : tensor<4xf64>  return %z : " + result + " }",
                       {std::move(x)})[0];
}

TEST(Gradients, ProductsMayHaveZeros) {
  EXPECT_EQ(differentiateFour("reduce product %x", {2, 0, 3, 5}, "tensor<f64>"),
            (Values{0, 30, 0, 0}));
  EXPECT_EQ(differentiateFour("reduce product %x", {2, 0, 3, 0}, "tensor<f64>"),
            (Values{0, 0, 0, 0}));
  std::string scan = "scan product %x {dim = 0 : i64";
  EXPECT_EQ(differentiateFour(scan + "}", {2, 0, 3, 5}, "tensor<4xf64>"),
            (Values{1, 2 + 6 + 30, 0, 0}));
  EXPECT_EQ(
      differentiateFour(scan + ", reverse}", {2, 0, 3, 5}, "tensor<4xf64>"),
      (Values{0, 15 + 30, 5, 1 + 3}));
}

TEST(Gradients, ScansGiveTheFirstOfEqualElements) {
  std::string scan = " %x {dim = 0 : i64";
  EXPECT_EQ(
      differentiateFour("scan max" + scan + "}", {3, 1, 3, 4}, "tensor<4xf64>"),
      (Values{3, 0, 0, 1}));
  EXPECT_EQ(differentiateFour("scan min" + scan + ", reverse}", {1, 2, 1, 4},
                              "tensor<4xf64>"),
            (Values{0, 0, 3, 1}));
}

TEST(Gradients, InfiniteExponentialsHaveNoNaN) {
  constexpr double inf = INFINITY;
  std::string scan = "scan logsumexp %x {dim = 0 : i64}";
  for (auto &[op, x, result, expected] :
       std::vector<std::tuple<std::string, Values, std::string, Values>>{
           {scan, {-inf, 0, -inf, 0}, "tensor<4xf64>", {1, 2.5, 0, 0.5}},
           {"logsumexp %x",
            {-inf, 2, -inf, 2},
            "tensor<f64>",
            {0, 0.5, 0, 0.5}},
           {"logsumexp %x", {-inf, 2, inf, 2}, "tensor<f64>", {0, 0, 1, 0}}}) {
    Values gradient = differentiateFour(op, x, result);
    for (size_t i = 0; i < 4; ++i)
      EXPECT_NEAR(gradient[i], expected[i], 1e-12) << op << ", element " << i;
  }
}

TEST(Gradients, StopGradientStops) {
  auto result =
      differentiate("func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {"
                    "  %s = dither.stop_gradient %x : tensor<2xf64>"
                    "  %z = dither.mul %s, %x : tensor<2xf64>, tensor<2xf64>"
                    "  return %z : tensor<2xf64> }",
                    {{3, -5}});
  EXPECT_EQ(result[0], (Values{3, -5}));
}

TEST(Gradients, SurrogateTakesThatOfTheProxy) {
  auto result =
      differentiate("func.func @f(%x: tensor<2xf64>) -> tensor<2xf64> {"
                    "  %r = dither.round %x : tensor<2xf64>"
                    "  %p = dither.mul %x, %x : tensor<2xf64>, tensor<2xf64>"
                    "  %z = dither.surrogate %r for %p : tensor<2xf64>"
                    "  return %z : tensor<2xf64> }",
                    {{1.25, -2}});
  EXPECT_EQ(result[0], (Values{2.5, -4}));
}

TEST(Gradients, CastConvertsTheGradient) {
  auto result =
      differentiate("func.func @f(%x: tensor<2xf64>) -> tensor<2xf32> {"
                    "  %z = dither.cast %x : tensor<2xf64> to tensor<2xf32>"
                    "  return %z : tensor<2xf32> }",
                    {{0.1, 7}});
  EXPECT_EQ(result[0], (Values{1, 1}));
}
