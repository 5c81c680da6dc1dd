//===- GammaFunctions.h - log Gamma and its derivatives ---------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_SPECIAL_GAMMAFUNCTIONS_H
#define DITHER_OPS_SPECIAL_GAMMAFUNCTIONS_H

#include "Dither/Ops/Special/ScalarMath.h"

namespace dither::special {

/// The Bernoulli numbers B_2, B_4, ..., B_24.
inline constexpr double bernoulli[] = {
    1.0 / 6,       -1.0 / 30,       1.0 / 42,       -1.0 / 30,
    5.0 / 66,      -691.0 / 2730,   7.0 / 6,        -3617.0 / 510,
    43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

/// Leaves out the last terms of a series in x as far as they are less than
/// `epsilon` wherever |x| <= radius.
llvm::SmallVector<double> cutSeries(llvm::ArrayRef<double> series,
                                    double radius, double epsilon);

/// c of lgamma(2 + z) = z (c[0] + c[1] z + ...), which converges for |z| < 2.
llvm::ArrayRef<double> getSeriesAtTwo();

/// c of lgamma(x) = (x - 1/2) log x - x + log(2 pi)/2 + (c[0] + c[1] y + c[2]
/// y^2 + ...) / x for y = 1/x^2: Stirling's series.
llvm::ArrayRef<double> getStirlingSeries();

inline constexpr double halfLogTwoPi = 0.91893853320467274178;

/// lgamma of positive x. Between 1/2 and 5/2 a series about 2, where it has a
/// zero; recurrences lead there, and the other zero is one of log x.
template <typename N> N lgammaPositive(N x) {
  double epsilon = epsilonOf(x);
  auto below = x < 1.5, far = x >= 8.5;
  N z = choose(x < 0.5, x, choose(below, x - 1.0, x - 2.0));
  N factor = like(x, 1);
  for (int step = 0; step < 6; ++step) {
    auto isLarge = z > 0.5;
    factor = choose(isLarge, factor * (z + 1.0), factor);
    z = choose(isLarge, z - 1.0, z);
  }
  factor = choose(below, choose(x < 0.5, x * (x + 1.0), x), factor);
  N logarithm = log(choose(far, x, factor));
  N series = z * polynomial(z, cutSeries(getSeriesAtTwo(), 0.5, epsilon));
  N near = series + choose(below, -logarithm, logarithm);
  N inverse = 1.0 / x;
  N rest =
      inverse * polynomial(inverse * inverse,
                           cutSeries(getStirlingSeries(), 1 / 72.25, epsilon));
  N stirling = (x - 0.5) * (logarithm - 1.0) + (halfLogTwoPi - 0.5 + rest);
  return choose(far, stirling, near);
}

/// lgamma by reflection for negative x.
template <typename N> N lgamma(N x) {
  N magnitude = abs(x);
  N positive = lgammaPositive(magnitude);
  N fraction = abs(magnitude - nearbyint(magnitude));
  N sine = sin(fraction * M_PI);
  N reflected = log(M_PI / (magnitude * sine)) - positive;
  // Beyond, all floats are integers, at last infinity.
  reflected = choose(magnitude >= 0x1p53, INFINITY, reflected);
  return choose(x < 0.0, reflected, positive);
}

/// The coefficients of the n-th derivative of cot(pi x) as a polynomial in
/// cot(pi x).
llvm::SmallVector<double> getCotangentDerivative(int64_t order);

/// The derivative of the digamma function of that order for positive x: a few
/// terms of the sum over 1 / (x + i)^(order + 1), and an asymptotic series for
/// the others.
template <typename N> N polygammaPositive(N x, int64_t order) {
  double epsilon = epsilonOf(x);
  int64_t count = (isDouble(x) ? 13 : 7) + order;
  N sum = like(x, 0);
  for (int64_t i = 0; i < count; ++i)
    sum = sum + power(1.0 / (x + double(i)), order + 1);
  N inverse = 1.0 / (x + double(count));
  // Terms of the tail without 1/y^order, relative to 1/order.
  llvm::SmallVector<double> terms;
  double factor = order == 0 ? 1 : double(order);
  for (int64_t k = 1; k <= int64_t(std::size(bernoulli)); ++k) {
    // (2k + order - 1)! / ((2k)! order!) in steps.
    double ratio = 1 / double(2 * k);
    for (int64_t i = 1; i <= order; ++i)
      ratio *= double(2 * k + i - 1) / double(i);
    terms.push_back(bernoulli[k - 1] * ratio);
  }
  double radius = 1 / double(count * count);
  N square = inverse * inverse;
  N rest = inverse * 0.5 +
           square * polynomial(square, cutSeries(terms, radius,
                                                 epsilon / (factor * radius)));
  if (order == 0)
    return (log(x + double(count)) - rest) - sum;
  N tail = power(inverse, order) * (rest + 1.0 / double(order));
  double factorial = std::tgamma(double(order) + 1);
  return (sum + tail) * (order % 2 ? factorial : -factorial);
}

/// The same for all x, by reflection. Poles are NaN where the function is of
/// both signs near them.
template <typename N> N polygamma(N x, int64_t order) {
  auto isNegative = x < 0.0;
  N value = polygammaPositive(choose(isNegative, 1.0 - x, x), order);
  // The sine of a small positive angle keeps its digits.
  N fraction = x - nearbyint(x), angle = abs(fraction) * M_PI;
  N cotangent = cos(angle) / sin(angle);
  cotangent = choose(fraction < 0.0, -cotangent, cotangent);
  N shift = polynomial(cotangent, getCotangentDerivative(order)) * M_PI;
  N reflected = (order % 2 ? -value : value) - shift;
  if (order % 2 == 0)
    reflected = choose(fraction == 0.0, NAN, reflected);
  return choose(isNegative, reflected, value);
}

} // namespace dither::special

#endif // DITHER_OPS_SPECIAL_GAMMAFUNCTIONS_H
