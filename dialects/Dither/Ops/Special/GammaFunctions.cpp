//===- GammaFunctions.cpp - Series of log Gamma ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Special/GammaFunctions.h"

using namespace dither;

llvm::SmallVector<double> special::cutSeries(llvm::ArrayRef<double> series,
                                             double radius, double epsilon) {
  size_t count = series.size();
  while (count > 1 &&
         std::fabs(series[count - 1]) * std::pow(radius, double(count - 1)) <
             epsilon)
    --count;
  return llvm::SmallVector<double>(series.take_front(count));
}

/// zeta(k) - 1, by the Euler-Maclaurin formula from the 20th term on.
static double zetaMinusOne(int64_t k) {
  constexpr double first = 20;
  double sum = 0, power = std::pow(first, -double(k));
  sum += power * (first / double(k - 1) + 0.5 + double(k) / (12 * first));
  double third = double(k * (k + 1) * (k + 2)) / (first * first * first);
  double fifth = third * double((k + 3) * (k + 4)) / (first * first);
  double seventh = fifth * double((k + 5) * (k + 6)) / (first * first);
  sum += power * (-third / 720 + fifth / 30240 - seventh / 1209600);
  for (double n = first - 1; n > 1; --n)
    sum += std::pow(n, -double(k));
  return sum;
}

llvm::ArrayRef<double> special::getSeriesAtTwo() {
  static const llvm::SmallVector<double> series = [] {
    constexpr double euler = 0.57721566490153286061;
    llvm::SmallVector<double> c = {1 - euler};
    for (int64_t k = 2; k < 32; ++k)
      c.push_back((k % 2 ? -1 : 1) * zetaMinusOne(k) / double(k));
    return c;
  }();
  return series;
}

llvm::ArrayRef<double> special::getStirlingSeries() {
  static const llvm::SmallVector<double> series = [] {
    llvm::SmallVector<double> c;
    for (size_t k = 1; k <= std::size(bernoulli); ++k)
      c.push_back(bernoulli[k - 1] / double(2 * k * (2 * k - 1)));
    return c;
  }();
  return series;
}

llvm::SmallVector<double> special::getCotangentDerivative(int64_t order) {
  llvm::SmallVector<double> c = {0, 1};
  for (int64_t step = 0; step < order; ++step) {
    // (d/dx) p(cot(pi x)) = -pi (1 + cot^2) p'(cot).
    llvm::SmallVector<double> next(c.size() + 1, 0);
    for (size_t i = 1; i < c.size(); ++i) {
      next[i - 1] -= M_PI * double(i) * c[i];
      next[i + 1] -= M_PI * double(i) * c[i];
    }
    c = next;
  }
  return c;
}
