//===- Integrals.cpp - Nodes of quadrature --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Special/Integrals.h"
#include <map>

using namespace dither;
using special::BesselSeries;
using special::Node;

/// The Legendre polynomial of that degree at x, and its derivative.
static std::pair<double, double> evaluateLegendre(int64_t degree, double x) {
  double before = 1, value = x;
  for (int64_t k = 2; k <= degree; ++k) {
    double next =
        (double(2 * k - 1) * x * value - double(k - 1) * before) / double(k);
    before = value;
    value = next;
  }
  return {value, double(degree) * (x * value - before) / (x * x - 1)};
}

static std::vector<Node> makeLegendreNodes(int64_t count) {
  std::vector<Node> nodes;
  for (int64_t i = 0; i < count; ++i) {
    double x = -std::cos(M_PI * (double(i) + 0.75) / (double(count) + 0.5));
    double slope = 0;
    // Newton's method doubles the digits, of which the start has two.
    for (int step = 0; step < 6; ++step) {
      auto [value, derivative] = evaluateLegendre(count, x);
      slope = derivative;
      x -= value / slope;
    }
    nodes.push_back({(1 + x) / 2, 1 / ((1 - x * x) * slope * slope)});
  }
  return nodes;
}

llvm::ArrayRef<Node> special::getLegendreNodes(int64_t count) {
  static const std::map<int64_t, std::vector<Node>> rules = [] {
    std::map<int64_t, std::vector<Node>> made;
    for (int64_t size :
         {gammaNodes, gammaNodesOfDouble, angleNodes, angleNodesOfDouble})
      made[size] = makeLegendreNodes(size);
    return made;
  }();
  return rules.at(count);
}

BesselSeries::BesselSeries(bool isDouble) : turn(isDouble ? 22 : 12) {
  double epsilon = isDouble ? 0x1p-54 : 0x1p-26, quarter = turn * turn / 4;
  for (int64_t n : {0, 1}) {
    // c and its share in the sum at the end of the interval.
    double term = 1, share = 1, largest = 1;
    for (int64_t k = 1; share > epsilon * largest; ++k) {
      small[n].push_back(term);
      largest = std::max(largest, share);
      term /= double(k * (k + n));
      share *= quarter / double(k * (k + n));
    }
    term = share = 1;
    for (int64_t k = 1; std::fabs(share) > epsilon * 0.01; ++k) {
      large[n].push_back(term);
      double odd = double(2 * k - 1);
      double ratio = (odd * odd - double(4 * n)) / double(8 * k);
      term *= ratio;
      share *= ratio / turn;
    }
  }
}

const BesselSeries &BesselSeries::get(bool isDouble) {
  static const BesselSeries single(false), both(true);
  return isDouble ? both : single;
}
