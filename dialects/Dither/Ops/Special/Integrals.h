//===- Integrals.h - Incomplete integrals and their slopes ------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integrals of a density from a point into its smaller tail, by Gauss-Legendre
// quadrature over the part that counts: there the logarithm of the density,
// relative to that at the point, falls from 0 to that of epsilon. Divided by
// the density at the point such an integral neither over- nor underflows.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_SPECIAL_INTEGRALS_H
#define DITHER_OPS_SPECIAL_INTEGRALS_H

#include "Dither/Ops/Special/GammaFunctions.h"

namespace dither::special {

struct Node {
  double position, weight;
};

// How many nodes f32 and f64 need.
inline constexpr int64_t gammaNodes = 20, gammaNodesOfDouble = 44;
inline constexpr int64_t angleNodes = 28, angleNodesOfDouble = 60;

/// Those of Gauss-Legendre quadrature on [0, 1], for one of these counts.
llvm::ArrayRef<Node> getLegendreNodes(int64_t count);

/// exp(u) - 1 - u.
template <typename N> N exponentialRest(N u) {
  llvm::SmallVector<double> series;
  for (double c = 0.5; c > epsilonOf(u) * 0.01; c /= double(series.size() + 2))
    series.push_back(c);
  series = cutSeries(series, 0.5, epsilonOf(u));
  N near = u * u * polynomial(u, series);
  return choose(abs(u) < 0.5, near, exp(u) - 1.0 - u);
}

/// What the derivatives of a density by its parameter are multiplied with, from
/// those of its logarithm: complete Bell polynomials. `slope` is the first
/// derivative, `others` the further ones. Gives those of order 0 to `order`.
template <typename N>
llvm::SmallVector<N> getBellPolynomials(N slope, llvm::ArrayRef<N> others,
                                        int64_t order) {
  llvm::SmallVector<N> bell = {like(slope, 1)};
  for (int64_t m = 0; m < order; ++m) {
    N next = bell[m] * slope;
    double binomial = 1;
    for (int64_t i = 1; i <= m; ++i) {
      binomial = binomial * double(m - i + 1) / double(i);
      next = next + bell[m - i] * others[i - 1] * binomial;
    }
    bell.push_back(next);
  }
  return bell;
}

/// The gamma distribution of shape a at x = exp(l).
template <typename N> class GammaIntegrals {
public:
  GammaIntegrals(N a, N x, N l, int64_t order) : a(a), x(x), order(order) {
    if (order == 0)
      return;
    slope = l - polygammaPositive(a, 0);
    for (int64_t k = 1; k < order; ++k)
      others.push_back(-polygammaPositive(a, k));
  }

  /// Whether x is so small that the series about 0 serves.
  auto isSmall() const { return x < 1.5; }
  auto isUpper() const { return a <= x; }

  /// The derivative of that order by a of the integral from 0 to x, over the
  /// integrand times x / exp(x), for x that are small.
  N getSeries() const {
    llvm::SmallVector<N> sums(order + 1, like(a, 0));
    N term = like(a, 1);
    for (int64_t k = 0;
         k == 0 || std::pow(1.5, k) / std::tgamma(k + 1.0) > epsilonOf(a);
         ++k) {
      if (k > 0)
        term = term * x * (-1 / double(k));
      N inverse = 1.0 / (a + double(k)), quotient = term;
      for (int64_t j = 0; j <= order; ++j) {
        quotient = quotient * inverse * (j == 0 ? 1.0 : -double(j));
        sums[j] = sums[j] + quotient;
      }
    }
    if (order == 0)
      return sums[0];
    auto bell = getBellPolynomials<N>(*slope, others, order);
    N total = sums[order];
    double binomial = 1;
    for (int64_t j = order - 1; j >= 0; --j) {
      binomial = binomial * double(j + 1) / double(order - j);
      total = total + sums[j] * bell[order - j] * binomial;
    }
    return total;
  }

  /// The same of the integral of the smaller tail, over the integrand times x.
  N getTail() const {
    // x exp(s v) runs through the tail; what the exponent falls by is
    // d v + x (exp(s v) - 1 - s v), which is convex.
    N s = choose(isUpper(), 1.0, like(a, -1));
    N d = abs(x - a);
    N end = getEnd(s, d);
    N sum = like(a, 0);
    for (Node node :
         getLegendreNodes(isDouble(a) ? gammaNodesOfDouble : gammaNodes)) {
      N v = end * node.position, u = s * v;
      N value = exp(-(d * v + x * exponentialRest(u))) * node.weight;
      if (order > 0)
        value = value * getBellPolynomials<N>(*slope + u, others, order)[order];
      sum = sum + value;
    }
    return sum * end;
  }

private:
  /// Where the exponent has fallen by `fall`, or a bit further: a bound, and
  /// Newton's method, which comes from above.
  N getEnd(N s, N d) const {
    double fall = -std::log(epsilonOf(a));
    N near = 2 * fall / (d + sqrt(d * d + x * (4 * fall / 3)));
    N far = fall / (d + x * std::exp(-1));
    N end = choose(near <= 1.0, near, choose(far < 1.0, 1.0, far));
    end = choose(isUpper(), near, end);
    for (int step = 0; step < 3; ++step) {
      N rest = exponentialRest(s * end);
      N excess = d * end + x * rest - fall;
      end = end - excess / (d + x * s * (rest + s * end));
    }
    return end;
  }

  N a, x;
  int64_t order;
  std::optional<N> slope;
  llvm::SmallVector<N> others;
};

/// The logarithm of x times the gamma density. For large shapes the logarithms
/// nearly cancel; there it is Stirling's series and a function of x / a.
template <typename N> N logGammaDensity(N a, N x) {
  N plain = a * log(x) - x - lgammaPositive(a);
  N ratio = (x - a) / a, inverse = 1.0 / a;
  N rest = inverse *
           polynomial(inverse * inverse,
                      cutSeries(getStirlingSeries(), 1 / 64.0, epsilonOf(a)));
  N large = log(a) * 0.5 - halfLogTwoPi - rest - a * (ratio - log1p(ratio));
  return choose(a < 8.0, plain, large);
}

template <typename N> N gammaP(N a, N x) {
  GammaIntegrals<N> integrals(a, x, x, 0);
  N scale = exp(logGammaDensity(a, x));
  N tail = scale * integrals.getTail();
  N large = choose(integrals.isUpper(), 1.0 - tail, tail);
  // The density without exp(-x): the series has it.
  N lead = exp(a * log(x) - lgammaPositive(a));
  N value = choose(integrals.isSmall(), lead * integrals.getSeries(), large);
  value = choose(x == INFINITY, 1.0, value);
  value = choose(x == 0.0, 0.0, value);
  return choose((a > 0.0) & (x >= 0.0), value, NAN);
}

template <typename N> N gammaSlope(N a, N l, int64_t order) {
  N x = exp(l);
  GammaIntegrals<N> integrals(a, x, l, order);
  N tail = integrals.getTail();
  tail = choose(integrals.isUpper(), -tail, tail);
  N value = choose(integrals.isSmall(), exp(x) * integrals.getSeries(), tail);
  return choose(a > 0.0, value, NAN);
}

//===- Bessel functions ---------------------------------------------------===//

/// Series of the modified Bessel functions I_n of order 0 or 1, which serve
/// below and above `turn`.
struct BesselSeries {
  BesselSeries(bool isDouble);
  double turn;
  /// I_n(x) = (x/2)^n (c[0] + c[1] y + ...) for y = x^2 / 4; all are positive.
  llvm::SmallVector<double> small[2];
  /// exp(-x) I_n(x) = (c[0] + c[1]/x + ...) / sqrt(2 pi x).
  llvm::SmallVector<double> large[2];
  static const BesselSeries &get(bool isDouble);
};

/// exp(-x) I_n(x) for x >= 0.
template <typename N> N besselScaled(N x, int64_t n) {
  const BesselSeries &c = BesselSeries::get(isDouble(x));
  N series = polynomial(x * x * 0.25, c.small[n]) * exp(-x);
  if (n == 1)
    series = series * x * 0.5;
  N inverse = 1.0 / x;
  N asymptotic = polynomial(inverse, c.large[n]) * sqrt(inverse * (0.5 / M_PI));
  return choose(x < c.turn, series, asymptotic);
}

template <typename N> N besselI0e(N x) { return besselScaled(abs(x), 0); }
template <typename N> N besselI1e(N x) {
  N value = besselScaled(abs(x), 1);
  return choose(x < 0.0, -value, value);
}

/// 1 - I1(x) / I0(x) for x >= 0, which goes to 0 as 1 / (2 x).
template <typename N> N besselDeficit(N x) {
  const BesselSeries &c = BesselSeries::get(isDouble(x));
  N y = x * x * 0.25, zero = polynomial(y, c.small[0]);
  N near = 1.0 - x * 0.5 * polynomial(y, c.small[1]) / zero;
  llvm::SmallVector<double> differences;
  size_t count = std::min(c.large[0].size(), c.large[1].size());
  for (size_t k = 1; k < count; ++k)
    differences.push_back(c.large[0][k] - c.large[1][k]);
  N inverse = 1.0 / x;
  N far = inverse * polynomial(inverse, differences) /
          polynomial(inverse, c.large[0]);
  return choose(x < c.turn, near, far);
}

/// (dF/dk) / f of the von Mises distribution at t. By symmetry the tail beyond
/// |t| serves, away from the mode.
template <typename N> N vonMisesSlope(N k, N t) {
  double fall = -std::log(epsilonOf(k));
  N y = abs(t), room = abs(M_PI - y);
  N deficit = besselDeficit(k);
  // The exponent falls by 2 k sin(y + v/2) sin(v/2), at least by
  // 2 k (v / pi)^2, and by what the sine is at least up to there.
  N end = sqrt(fall / 2 / k) * M_PI;
  end = choose(end < room, end, room);
  N sine = sin(y), other = sin(y + end * 0.5);
  N least = choose(sine < other, sine, other);
  least = choose(least > 0.0, least, 0.0);
  N shorter = (M_PI / 2 * fall) / (k * least);
  end = choose(shorter < end, shorter, end);
  N sum = like(k, 0);
  N cosine = cos(y), halfSine = sin(y * 0.5), halfCosine = cos(y * 0.5);
  for (Node node :
       getLegendreNodes(isDouble(k) ? angleNodesOfDouble : angleNodes)) {
    N half = end * (0.5 * node.position);
    N s = sin(half), c = cos(half);
    N fallen = 2.0 * k * (sine * c + cosine * s) * s;
    N middle = halfSine * c + halfCosine * s;
    N slope = deficit - 2.0 * middle * middle;
    sum = sum + exp(-fallen) * slope * node.weight;
  }
  N value = sum * end;
  value = choose(t > 0.0, -value, value);
  return choose((k >= 0.0) & (y <= 3.1415928), value, NAN);
}

//===- The inverse of the error function ----------------------------------===//

/// In the variable w = -log(1 - x^2) of M. Giles, "Approximating the erfinv
/// function", 2011, with polynomials of our own: relative errors of 6e-9 for w
/// up to 5, 1e-8 up to 16.8 and 9e-6 up to 38, where f64 ends. f64 improves
/// them by two steps of Halley's method.
template <typename N> N erfInv(N x) {
  static constexpr double center[] = {
      1.501409359,     0.2466402862,     -0.00417738678,   -0.001252741883,
      0.0002183444382, -4.963345349e-06, -3.462704436e-06, 4.661701217e-07,
      2.323261762e-08, -8.791017493e-09};
  static constexpr double singles[] = {
      3.00152678,       1.004297048,    0.006405622899, -0.004693049412,
      0.00326789875,    -0.00220619853, 0.001221602705, -0.0003519462887,
      -0.0001358888677, 0.0001136393805};
  static constexpr double doubles[] = {
      4.059916914,      1.010030277,     0.0009763427403, -0.0008863799802,
      -4.721193307e-05, 0.0001106278698, 0.0001279538728, -6.112875323e-05};
  N w = -log((1.0 - x) * (1.0 + x));
  N root = sqrt(w);
  N far = isDouble(x) ? polynomial(root - 4.2180339887498945, doubles)
                      : polynomial(root - 3.1680339887498947, singles);
  N factor = choose(w < 5.0, polynomial(w - 2.5, center), far);
  N y = x * factor;
  if (isDouble(x)) {
    N p = abs(x), z = abs(y);
    for (int step = 0; step < 2; ++step) {
      N miss = choose(p < 0.5, erf(z) - p, (1.0 - p) - erfc(z));
      N newton = miss * exp(z * z) * (1 / M_2_SQRTPI);
      z = z - newton / (1.0 + z * newton);
    }
    y = choose(x < 0.0, -z, z);
  }
  return choose(abs(x) == 1.0, x * INFINITY, y);
}

} // namespace dither::special

#endif // DITHER_OPS_SPECIAL_INTEGRALS_H
