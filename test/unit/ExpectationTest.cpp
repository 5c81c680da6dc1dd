//===- ExpectationTest.cpp - Gradients of expectations --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each row of a batch has parameters of its own, all the same, so that the
// gradients of rows are as many independent estimates. Their mean is compared
// with the exact gradient, at 5.5 standard errors: of two hundred comparisons,
// one fails by chance once in 10^5 changes of a seed.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace mlir;
using namespace dither;
using namespace dither::test;

namespace {
struct Estimate {
  double mean = 0, error = 0;
};
} // namespace

static constexpr int64_t rows = 4096;

static Estimate summarize(const std::vector<double> &values) {
  Estimate result;
  double squares = 0;
  auto count = double(values.size());
  for (double value : values)
    result.mean += value / count;
  for (double value : values)
    squares += (value - result.mean) * (value - result.mean);
  result.error = std::sqrt(squares / count / count);
  return result;
}

static std::string repeat(const std::string &text, size_t count,
                          const std::string &between) {
  std::string result;
  for (size_t i = 0; i < count; ++i)
    result += (i ? between : "") + text;
  return result;
}

/// A program with the function @cost of rows %p0, %p1, ... and a function of
/// its gradients. `region` follows the head of dither.expect.
static std::string getProgram(const std::string &attributes,
                              const std::string &region, size_t parameters,
                              const std::string &combine = "") {
  const std::string type = "tensor<?xf32>";
  std::string names, declared;
  for (size_t i = 0; i < parameters; ++i) {
    names += "%p" + std::to_string(i) + ", ";
    declared += "%p" + std::to_string(i) + ": " + type + ", ";
  }
  std::string types = repeat(type, parameters, ", ");
  return "func.func @cost(" + declared + "%rng: tensor<2xi64>) -> " + type +
         " {\n  %y = dither.expect %rng " + combine + "{stream = 3 : i64, " +
         attributes + "} : tensor<2xi64> -> " + type +
         " {\n  ^bb0(%own: tensor<2xi64>):\n" + region +
         "  }\n  return %y : " + type + "\n}\n" + "func.func @gradient(" +
         declared + "%rng: tensor<2xi64>, %one: " + type + ") -> (" +
         repeat(type, parameters + 1, ", ") +
         ") {\n  %r:" + std::to_string(parameters + 1) +
         " = dither.vjp @cost(" + names + "%rng) along(%one) : (" + types +
         ", tensor<2xi64>, " + type + ") -> (" +
         repeat(type, parameters + 1, ", ") + ")\n  return " +
         [&] {
           std::string results;
           for (size_t i = 0; i <= parameters; ++i)
             results += (i ? ", %r#" : "%r#") + std::to_string(i);
           return results;
         }() +
         " : " + repeat(type, parameters + 1, ", ") + "\n}\n";
}

/// The value and the gradients, estimated from all rows.
static std::vector<Estimate> run(const std::string &text,
                                 const std::vector<double> &parameters) {
  Program program(text);
  EXPECT_TRUE(program) << program.diagnostics << text;
  if (!program)
    return {};
  Type f32 = Float32Type::get(program.getContext());
  Tensors arguments;
  for (double parameter : parameters)
    arguments.push_back(
        makeTensor(f32, {rows}, std::vector<double>(rows, parameter)));
  arguments.push_back(makeRng(program.getContext(), 11, 1));
  arguments.push_back(makeTensor(f32, {rows}, std::vector<double>(rows, 1.0)));
  std::vector<Estimate> estimates;
  for (const HostTensor &result : program.run("gradient", arguments))
    estimates.push_back(summarize(toDoubles(result)));
  EXPECT_EQ(estimates.size(), parameters.size() + 1)
      << program.diagnostics << text;
  return estimates;
}

/// `exact` holds the value and the gradients.
static void compare(const std::vector<Estimate> &estimates,
                    const std::vector<double> &exact, const std::string &what) {
  ASSERT_EQ(estimates.size(), exact.size()) << what;
  for (size_t i = 0; i < exact.size(); ++i)
    EXPECT_NEAR(estimates[i].mean, exact[i], 5.5 * estimates[i].error + 2e-5)
        << what << ", result " << i;
}

static std::string draw(const std::string &result, const std::string &of,
                        const std::string &parameters, size_t count, int stream,
                        const std::string &estimator,
                        const std::string &result_type = "tensor<?xf32>") {
  return "    " + result + " = dither.draw " + of + "(" + parameters +
         ") from %own {stream = " + std::to_string(stream) +
         " : i64, estimator = " + estimator + "} : (" +
         repeat("tensor<?xf32>", count, ", ") + ", tensor<2xi64>) -> " +
         result_type + "\n";
}

static std::string apply(const std::string &result, const std::string &op,
                         const std::string &operands, size_t count) {
  return "    " + result + " = dither." + op + " " + operands + " : " +
         repeat("tensor<?xf32>", count, ", ") + "\n";
}

static std::string constant(const std::string &result, double value) {
  return "    " + result + " = dither.constant dense<" + std::to_string(value) +
         "> : tensor<f32>\n";
}

static std::string yield(const std::string &value) {
  return "    dither.yield " + value + " : tensor<?xf32>\n";
}

static std::string shift(const std::string &result, const std::string &x,
                         const std::string &by) {
  return "    " + result + " = dither.sub " + x + ", " + by +
         " : tensor<?xf32>, tensor<f32>\n";
}

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

//===- Single nodes -------------------------------------------------------===//

TEST(Expectation, BernoulliIsUnbiased) {
  constexpr double logit = 0.4, target = 0.45;
  double p = sigmoid(logit);
  double one = (1 - target) * (1 - target), zero = target * target;
  for (const char *estimator :
       {"#dither.score_function",
        "#dither.score_function<leave_one_out = true>", "#dither.enumerate",
        "#dither.measure_valued"}) {
    std::string region =
        draw("%b", "#dither.bernoulli", "%p0", 1, 1, estimator) +
        constant("%t", target) + shift("%e", "%b", "%t") +
        apply("%c", "mul", "%e, %e", 2) + yield("%c");
    auto estimates = run(getProgram("samples = 2 : i64", region, 1), {logit});
    compare(estimates, {p * one + (1 - p) * zero, p * (1 - p) * (one - zero)},
            estimator);
    // No chance is left where values are enumerated or differences exact.
    if (StringRef(estimator) == "#dither.enumerate") {
      EXPECT_LT(estimates[0].error, 1e-8);
      EXPECT_LT(estimates[1].error, 1e-8);
    }
  }
}

TEST(Expectation, NormalIsUnbiased) {
  constexpr double mean = 0.7, deviation = 0.8;
  double damping = std::exp(-deviation * deviation / 2);
  for (const char *estimator : {"#dither.pathwise", "#dither.score_function",
                                "#dither.score_function<leave_one_out = true>",
                                "#dither.measure_valued"}) {
    std::string region =
        draw("%z", "#dither.normal", "%p0, %p1", 2, 1, estimator) +
        apply("%c", "sin", "%z", 1) + yield("%c");
    compare(run(getProgram("samples = 3 : i64", region, 2), {mean, deviation}),
            {damping * std::sin(mean), damping * std::cos(mean),
             -deviation * damping * std::sin(mean)},
            estimator);
  }
}

/// Leaving one out removes the part of the variance that a constant makes.
TEST(Expectation, LeavingOneOutIsACheaperBaseline) {
  auto getError = [](const std::string &estimator) {
    std::string region =
        draw("%b", "#dither.bernoulli", "%p0", 1, 1, estimator) +
        constant("%t", -10) + shift("%c", "%b", "%t") + yield("%c");
    auto estimates = run(getProgram("samples = 4 : i64", region, 1), {0.2});
    compare(estimates, {10 + sigmoid(0.2), sigmoid(0.2) * (1 - sigmoid(0.2))},
            estimator);
    return estimates[1].error;
  };
  EXPECT_LT(10 * getError("#dither.score_function<leave_one_out = true>"),
            getError("#dither.score_function"));
}

//===- Several nodes ------------------------------------------------------===//

/// E over b ~ Bernoulli(l), z ~ N(m + b, s) and y ~ Bernoulli(z) of
/// b y + z^2 / 2, by quadrature.
static double getNested(double l, double m, double s) {
  double total = 0;
  for (int b : {0, 1}) {
    double chance = b ? sigmoid(l) : 1 - sigmoid(l);
    constexpr int count = 4000;
    for (int i = 0; i < count; ++i) {
      double x = -9 + 18 * (i + 0.5) / count, z = m + b + s * x;
      double density = std::exp(-x * x / 2) / std::sqrt(2 * M_PI) * 18 / count;
      total += chance * density * (b * sigmoid(z) + z * z / 2);
    }
  }
  return total;
}

TEST(Expectation, AnyMixOfEstimatorsIsUnbiased) {
  constexpr double l = -0.3, m = 0.4, s = 0.7, h = 1e-4;
  std::vector<double> exact = {
      getNested(l, m, s),
      (getNested(l + h, m, s) - getNested(l - h, m, s)) / (2 * h),
      (getNested(l, m + h, s) - getNested(l, m - h, s)) / (2 * h),
      (getNested(l, m, s + h) - getNested(l, m, s - h)) / (2 * h)};
  const std::vector<std::string> discrete = {
      "#dither.score_function", "#dither.score_function<leave_one_out = true>",
      "#dither.enumerate", "#dither.measure_valued"};
  for (const std::string &first : discrete)
    for (const std::string second :
         {"#dither.pathwise", "#dither.score_function",
          "#dither.measure_valued"})
      for (const std::string &third : discrete) {
        std::string region =
            draw("%b", "#dither.bernoulli", "%p0", 1, 1, first) +
            apply("%mean", "add", "%p1, %b", 2) +
            draw("%z", "#dither.normal", "%mean, %p2", 2, 2, second) +
            draw("%y", "#dither.bernoulli", "%z", 1, 3, third) +
            apply("%by", "mul", "%b, %y", 2) +
            apply("%zz", "mul", "%z, %z", 2) +
            "    %half = dither.constant dense<0.5> : tensor<f32>\n"
            "    %q = dither.mul %zz, %half : tensor<?xf32>, tensor<f32>\n" +
            apply("%c", "add", "%by, %q", 2) + yield("%c");
        compare(run(getProgram("samples = 2 : i64", region, 3), {l, m, s}),
                exact, first + " " + second + " " + third);
      }
}

TEST(Expectation, RegionsHoldFurtherExpectations) {
  constexpr double l = 0.3, m = -0.5;
  // E over b of the square of m + b + E over c ~ Bernoulli(m) of b c, whose
  // inner expectation is drawn twice to be squared without a bias.
  auto square = [&](double at) {
    double inner = sigmoid(at);
    return sigmoid(l) * (at + 1 + inner) * (at + 1 + inner) +
           (1 - sigmoid(l)) * at * at;
  };
  std::string inner =
      " {\n    ^bb0(%in: tensor<2xi64>):\n"
      "      %c = dither.draw #dither.bernoulli(%p1) from %in {stream = 1 : "
      "i64, estimator = #dither.score_function<leave_one_out = true>} : "
      "(tensor<?xf32>, tensor<2xi64>) -> tensor<?xf32>\n"
      "      %bc = dither.mul %b, %c : tensor<?xf32>, tensor<?xf32>\n"
      "      dither.yield %bc : tensor<?xf32>\n    }\n";
  std::string head =
      " : i64, samples = 2 : i64} : tensor<2xi64> -> tensor<?xf32>" + inner;
  std::string region =
      draw("%b", "#dither.bernoulli", "%p0", 1, 1, "#dither.score_function") +
      "    %e = dither.expect %own {stream = 7" + head +
      "    %f = dither.expect %own {stream = 8" + head +
      apply("%mb", "add", "%p1, %b", 2) + apply("%x", "add", "%mb, %e", 2) +
      apply("%y", "add", "%mb, %f", 2) + apply("%s", "mul", "%x, %y", 2) +
      yield("%s");
  constexpr double h = 1e-5;
  double p = sigmoid(l), on = m + 1 + sigmoid(m);
  compare(run(getProgram("samples = 2 : i64", region, 2), {l, m}),
          {square(m), p * (1 - p) * (on * on - m * m),
           (square(m + h) - square(m - h)) / (2 * h)},
          "nested");
}

//===- Bounds -------------------------------------------------------------===//

/// E of the logarithm of the mean of three weights exp(a b + b), by their eight
/// values.
static double getBound(double l, double a) {
  double total = 0;
  for (int bits = 0; bits < 8; ++bits) {
    double chance = 1, sum = 0;
    for (int k = 0; k < 3; ++k) {
      int b = bits >> k & 1;
      chance *= b ? sigmoid(l) : 1 - sigmoid(l);
      sum += std::exp(a * b);
    }
    total += chance * std::log(sum / 3);
  }
  return total;
}

TEST(Expectation, BoundsAreUnbiased) {
  constexpr double l = 0.6, a = 1.7, h = 1e-5;
  std::vector<double> exact = {
      getBound(l, a), (getBound(l + h, a) - getBound(l - h, a)) / (2 * h),
      (getBound(l, a + h) - getBound(l, a - h)) / (2 * h)};
  for (const char *estimator :
       {"#dither.score_function",
        "#dither.score_function<leave_one_out = true>"}) {
    std::string region =
        draw("%b", "#dither.bernoulli", "%p0", 1, 1, estimator) +
        apply("%w", "mul", "%b, %p1", 2) + yield("%w");
    compare(
        run(getProgram("samples = 3 : i64", region, 2, "combine log_mean_exp "),
            {l, a}),
        exact, estimator);
  }
}
