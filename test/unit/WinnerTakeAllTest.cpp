//===- WinnerTakeAllTest.cpp - Winner-take-all column-row sampling --------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step of descent with rate 1 moves the parameter by the gradient, whose mean
// and variance over many steps are compared with the published expressions.
//
//===----------------------------------------------------------------------===//

#include "Support.h"
#include "compiler/Transforms/BindParameters/Arguments.h"
#include "llvm/ADT/StringMap.h"
#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

using namespace mlir;
using namespace dither;
using namespace dither::test;

namespace {
constexpr int64_t kRows = 20, kIn = 4, kOut = 3, kKept = 6, kSamples = 32;
/// Standard errors; a normal number is beyond once in 5 10^8.
constexpr double kDeviations = 6;
constexpr int kSteps = 3000;

std::string getModel(const std::string &estimator) {
  return "dither.model @m {\n"
         "  dither.param @w : tensor<4x3xf32> init #dither.fill<0.0>\n"
         "  func.func @loss(%x: tensor<?x4xf32> {dither.name = \"x\"}, %v: "
         "tensor<?x3xf32> {dither.name = \"v\"}) -> tensor<f32> {\n"
         "    %w = dither.read @w : tensor<4x3xf32>\n"
         "    %y = dither.linear %x, %w {backward = " +
         estimator +
         "} : tensor<?x4xf32>, tensor<4x3xf32>\n"
         "    %p = dither.mul %y, %v : tensor<?x3xf32>, tensor<?x3xf32>\n"
         "    %l = dither.reduce sum %p : tensor<?x3xf32>\n"
         "    return %l : tensor<f32>\n  }\n"
         "  dither.train @fit loss @loss optimizer #dither.sgd<rate = 1.0> "
         "{batch = 20 : i64, epochs = 1 : i64}\n}\n";
}

/// Rows of very different lengths, so that there are winners.
std::vector<double> makeRows(int64_t width, double growth, unsigned seed) {
  Program program("");
  auto type = RankedTensorType::get({kRows, width},
                                    Float32Type::get(program.getContext()));
  std::vector<double> rows = toDoubles(makeRandom(type, -1, 1, seed));
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] *= std::exp(growth * double(i / width));
  return rows;
}

double getNorm(const std::vector<double> &x, int64_t row, int64_t width) {
  double sum = 0;
  for (int64_t k = 0; k < width; ++k)
    sum += x[row * width + k] * x[row * width + k];
  return std::sqrt(sum);
}

/// x' v over some rows.
std::vector<double> multiply(const std::vector<double> &x,
                             const std::vector<double> &v,
                             ArrayRef<int64_t> rows) {
  std::vector<double> sum(kIn * kOut);
  for (int64_t r : rows)
    for (int64_t i = 0; i < kIn; ++i)
      for (int64_t j = 0; j < kOut; ++j)
        sum[i * kOut + j] += x[r * kIn + i] * v[r * kOut + j];
  return sum;
}

double squaredNorm(const std::vector<double> &x) {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
}

/// The variance of the sum of `draws` of the rows by their scores, each
/// weighted so that the mean is the sum over all.
double getVariance(const std::vector<double> &x, const std::vector<double> &v,
                   const std::vector<double> &scores, ArrayRef<int64_t> rows,
                   int64_t draws) {
  double total = 0, second = 0;
  for (int64_t r : rows)
    total += scores[r];
  for (int64_t r : rows)
    second += std::pow(getNorm(x, r, kIn) * getNorm(v, r, kOut), 2) /
              (scores[r] / total);
  return (second - squaredNorm(multiply(x, v, rows))) / double(draws);
}

/// The rows from the largest score on, and how many of them are winners, found
/// by trying all numbers.
std::pair<std::vector<int64_t>, int64_t>
findWinners(const std::vector<double> &scores) {
  std::vector<int64_t> order(kRows);
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order,
             [&](int64_t a, int64_t b) { return scores[a] > scores[b]; });
  double rest = std::accumulate(scores.begin(), scores.end(), 0.0);
  double least = rest / kKept;
  int64_t best = 0;
  for (int64_t count = 1; count < kKept; ++count) {
    rest -= scores[order[count - 1]];
    if (rest / double(kKept - count) < least) {
      least = rest / double(kKept - count);
      best = count;
    }
  }
  return {order, best};
}

struct Experiment {
  std::vector<double> x, v, norms, newNorms;
  std::vector<double> mean, error;
  double variance = 0, varianceError = 0;

  explicit Experiment(const std::string &estimator)
      : x(makeRows(kIn, 0.3, 1)), v(makeRows(kOut, 0.15, 2)), norms(kSamples) {
    Program program(getModel(estimator));
    EXPECT_TRUE(program) << program.diagnostics;
    EXPECT_TRUE(succeeded(program.transform(
        "dither.model(dither-build-training-step,dither-bind-parameters)")))
        << program.diagnostics;
    func::FuncOp step = program.get("fit.step");
    Type f32 = Float32Type::get(program.getContext());
    Type i32 = IntegerType::get(program.getContext(), 32);
    // The batch holds the samples 50, 49, ...; 32 are remembered.
    std::vector<double> samples(kRows);
    for (int64_t i = 0; i < kRows; ++i) {
      samples[i] = double(50 - i);
      // Known but for a few rows, not exactly.
      if (i % 7 != 3)
        norms[slot(i)] = getNorm(v, i, kOut) * (i % 2 ? 1.25 : 0.75);
    }
    // Nobody's in this batch.
    norms[25] = 5;
    llvm::StringMap<HostTensor> values;
    values["x"] = makeTensor(f32, {kRows, kIn}, x);
    values["v"] = makeTensor(f32, {kRows, kOut}, v);
    values["rate"] = makeTensor(f32, {}, {1});
    values["samples"] = makeTensor(i32, {kRows}, samples);
    values["w"] = makeTensor(f32, {kIn, kOut}, std::vector<double>(12));
    values["estimator0.norms"] = makeTensor(f32, {kSamples, 1}, norms);
    Tensors arguments;
    for (unsigned i = 0; i < step.getNumArguments(); ++i) {
      auto name = step.getArgAttrOfType<StringAttr>(i, nameAttr);
      arguments.push_back(name ? values[name.getValue()]
                               : makeRng(program.getContext(), 1, 1));
    }
    measure(program, arguments);
  }

  static int64_t slot(int64_t row) { return (50 - row) % kSamples; }

  void measure(Program &program, Tensors &arguments) {
    std::vector<double> exact =
        multiply(x, v, llvm::to_vector(llvm::seq<int64_t>(0, kRows)));
    std::vector<double> sum(exact.size()), squares(exact.size());
    double distances = 0, fourths = 0;
    for (int i = 1; i <= kSteps; ++i) {
      arguments.back() = makeRng(program.getContext(), 7, i);
      Tensors results = program.run("fit.step", arguments);
      ASSERT_FALSE(results.empty()) << program.diagnostics;
      double distance = 0;
      for (size_t k = 0; k < exact.size(); ++k) {
        double d = -results[1].getDouble(k) - exact[k];
        sum[k] += d;
        squares[k] += d * d;
        distance += d * d;
      }
      distances += distance;
      fourths += distance * distance;
      if (results.size() > 2)
        newNorms = toDoubles(results[2]);
    }
    for (size_t k = 0; k < exact.size(); ++k) {
      mean.push_back(sum[k] / kSteps);
      error.push_back(
          std::sqrt((squares[k] / kSteps - mean[k] * mean[k]) / kSteps));
    }
    variance = distances / kSteps;
    varianceError =
        std::sqrt((fourths / kSteps - variance * variance) / kSteps);
  }

  /// The probability of a false alarm is below 14 * 2e-9 for both together.
  void expectUnbiasedWithVariance(const std::vector<double> &scores) {
    for (size_t k = 0; k < mean.size(); ++k)
      EXPECT_LE(std::fabs(mean[k]), kDeviations * error[k] + 1e-5)
          << "component " << k;
    auto [order, winners] = findWinners(scores);
    // What the test is about: some rows are certain, not all kept ones.
    EXPECT_GT(winners, 0);
    double published = getVariance(
        x, v, scores, ArrayRef(order).drop_front(winners), kKept - winners);
    EXPECT_LE(std::fabs(variance - published), kDeviations * varianceError)
        << "measured " << variance << ", published " << published;
    double plain = getVariance(x, v, scores, order, kKept);
    EXPECT_LT(published, plain);
    EXPECT_LT(variance + kDeviations * varianceError, plain);
  }
};
} // namespace

TEST(WinnerTakeAll, HasThePublishedVariance) {
  Experiment experiment("#dither.wta_crs<ratio = 0.3>");
  std::vector<double> scores;
  for (int64_t i = 0; i < kRows; ++i)
    scores.push_back(getNorm(experiment.x, i, kIn));
  experiment.expectUnbiasedWithVariance(scores);
}

TEST(WinnerTakeAll, KnowsNormsOfTheLastVisit) {
  Experiment experiment("#dither.wta_crs<ratio = 0.3, samples = 32>");
  double sum = 0, count = 0;
  for (int64_t i = 0; i < kRows; ++i) {
    double known = experiment.norms[Experiment::slot(i)];
    sum += known;
    count += known > 0;
  }
  std::vector<double> scores;
  for (int64_t i = 0; i < kRows; ++i) {
    double known = experiment.norms[Experiment::slot(i)], mean = sum / count;
    scores.push_back(getNorm(experiment.x, i, kIn) *
                     std::max(known > 0 ? known : mean, mean / 10));
  }
  experiment.expectUnbiasedWithVariance(scores);
  // Those of this visit take their place, others stay.
  ASSERT_EQ(experiment.newNorms.size(), size_t(kSamples));
  for (int64_t i = 0; i < kRows; ++i)
    EXPECT_NEAR(experiment.newNorms[Experiment::slot(i)],
                getNorm(experiment.v, i, kOut), 1e-4);
  EXPECT_EQ(experiment.newNorms[25], 5);
  Experiment without("#dither.wta_crs<ratio = 0.3>");
  EXPECT_LT(experiment.variance, without.variance);
}

TEST(WinnerTakeAll, AllRowsAreExact) {
  Experiment experiment("#dither.wta_crs<ratio = 1.0, samples = 32>");
  // But for the rounding of f32.
  EXPECT_LT(experiment.variance, 1e-6);
  EXPECT_TRUE(experiment.newNorms.empty());
}
