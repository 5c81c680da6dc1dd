//===- StepFunction.cpp - The best piecewise-constant function ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Estimators/FewBit/FewBit.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

using namespace dither;
using llvm::ArrayRef;
using llvm::SmallVector;

double StepFunction::evaluate(double x) const {
  return levels[llvm::count_if(boundaries,
                               [&](double bound) { return x > bound; })];
}

namespace {
/// The least squares of one level over points [begin, end), in O(1).
class SegmentCosts {
public:
  SegmentCosts(ArrayRef<double> values, ArrayRef<double> weights)
      : weight(1), first(1), second(1) {
    for (auto [value, w] : llvm::zip_equal(values, weights)) {
      weight.push_back(weight.back() + w);
      first.push_back(first.back() + w * value);
      second.push_back(second.back() + w * value * value);
    }
  }
  double cost(int64_t begin, int64_t end) const {
    double sum = first[end] - first[begin];
    return second[end] - second[begin] -
           sum * sum / (weight[end] - weight[begin]);
  }

private:
  /// Sums over the points before each, of w, w v and w v^2.
  std::vector<double> weight, first, second;
};
} // namespace

/// The weighted mean over points [begin, end). Summed anew rather than from the
/// running sums, so that nothing cancels: the level of a piece of ones is 1.
static double computeLevel(ArrayRef<double> values, ArrayRef<double> weights,
                           int64_t begin, int64_t end) {
  double sum = 0, weight = 0;
  for (int64_t i = begin; i < end; ++i) {
    sum += weights[i] * values[i];
    weight += weights[i];
  }
  return sum / weight;
}

/// For each number of levels up to `numLevels` and each `end`, where the last
/// segment of the best cover of points [0, end) begins.
static std::vector<std::vector<int64_t>>
findLastSegments(const SegmentCosts &costs, int64_t count, int64_t numLevels) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> best(count + 1, infinity);
  best[0] = 0;
  std::vector<std::vector<int64_t>> begins;
  for (int64_t levels = 1; levels <= numLevels; ++levels) {
    std::vector<double> next(count + 1, infinity);
    std::vector<int64_t> begin(count + 1, 0);
    for (int64_t end = levels; end <= count; ++end)
      for (int64_t last = levels - 1; last < end; ++last) {
        double total = best[last] + costs.cost(last, end);
        if (total < next[end]) {
          next[end] = total;
          begin[end] = last;
        }
      }
    best = std::move(next);
    begins.push_back(std::move(begin));
  }
  return begins;
}

StepFunction dither::fitStepFunction(ArrayRef<double> points,
                                     ArrayRef<double> values,
                                     ArrayRef<double> weights,
                                     int64_t numLevels) {
  int64_t count = points.size();
  assert(numLevels >= 1 && numLevels <= count && "each level has a point");
  SegmentCosts costs(values, weights);
  auto begins = findLastSegments(costs, count, numLevels);
  StepFunction steps;
  int64_t end = count;
  for (ArrayRef<int64_t> begin : llvm::reverse(begins)) {
    int64_t last = begin[end];
    steps.levels.push_back(computeLevel(values, weights, last, end));
    if (last > 0)
      steps.boundaries.push_back((points[last - 1] + points[last]) / 2);
    end = last;
  }
  std::reverse(steps.levels.begin(), steps.levels.end());
  std::reverse(steps.boundaries.begin(), steps.boundaries.end());
  return steps;
}

StepFunction
dither::approximateDerivative(llvm::function_ref<double(double)> derivative,
                              int64_t bits) {
  // The search is quadratic in the number of points. At the best boundary both
  // levels are equally far, so the error of its place enters squared: a finer
  // grid gains nothing. An even number of points lets 0, where rectifiers jump,
  // be a boundary.
  constexpr int64_t count = 1024;
  constexpr double radius = 6;
  SmallVector<double> points, values, weights;
  for (int64_t i = 0; i < count; ++i) {
    double x = radius * (2 * i + 1 - count) / count;
    points.push_back(x);
    values.push_back(derivative(x));
    weights.push_back(std::exp(-0.5 * x * x));
  }
  return fitStepFunction(points, values, weights, int64_t(1) << bits);
}
