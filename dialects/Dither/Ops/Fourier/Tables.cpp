//===- Tables.cpp - Numbers that Fourier transforms consist of ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Fourier/Tables.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <map>

using namespace dither;
using Complex = std::complex<double>;

Complex dither::getRoot(int64_t numerator, int64_t denominator) {
  // In eighths of the circle, e / d < 1 into octant k.
  int64_t k = llvm::mod(numerator, denominator) * 8;
  int64_t octant = k / denominator, rest = k % denominator;
  bool isMirrored = octant % 2 == 1;
  double angle = M_PI / 4 * double(isMirrored ? denominator - rest : rest) /
                 double(denominator);
  double c = std::cos(angle), s = std::sin(angle);
  if (isMirrored)
    std::swap(c, s);
  switch (octant / 2) {
  case 0:
    return {c, s};
  case 1:
    return {-s, c};
  case 2:
    return {-c, -s};
  default:
    return {s, -c};
  }
}

//===- Lengths ------------------------------------------------------------===//

/// What a level costs beside its matrix, in units of a radix: each element is
/// moved and turned.
static constexpr int64_t kLevelCost = 24;
/// From which on two levels are less than one matrix.
static constexpr int64_t kLargestDirect = 64;

namespace {
/// Finds the chain of radices that costs least.
class RadixSearch {
public:
  struct Chain {
    int64_t cost = 0;
    int64_t first = 1;
  };

  Chain find(int64_t n) {
    if (n == 1)
      return {};
    auto known = chains.find(n);
    if (known != chains.end())
      return known->second;
    Chain best = {std::numeric_limits<int64_t>::max(), n};
    for (int64_t r = 2; r <= std::min(n, kLargestDirect); ++r)
      if (n % r == 0)
        if (int64_t cost = r + kLevelCost + find(n / r).cost; cost < best.cost)
          best = {cost, r};
    return chains[n] = best;
  }

private:
  std::map<int64_t, Chain> chains;
};
} // namespace

/// Takes the prime factors above `kLargestDirect` out of n.
static llvm::SmallVector<int64_t> takeLargePrimes(int64_t &n) {
  llvm::SmallVector<int64_t> primes;
  int64_t rest = n;
  for (int64_t p = 2; p * p <= rest; ++p)
    while (rest % p == 0) {
      if (p > kLargestDirect)
        primes.push_back(p);
      rest /= p;
    }
  if (rest > kLargestDirect)
    primes.push_back(rest);
  for (int64_t p : primes)
    n /= p;
  return primes;
}

llvm::SmallVector<int64_t> dither::chooseRadices(int64_t n) {
  if (n <= kLargestDirect)
    return {n};
  llvm::SmallVector<int64_t> primes = takeLargePrimes(n), radices;
  RadixSearch search;
  for (; n > 1; n /= radices.back())
    radices.push_back(search.find(n).first);
  llvm::append_range(radices, primes);
  return radices;
}

int64_t dither::getSmoothLength(int64_t n) {
  int64_t best = std::numeric_limits<int64_t>::max();
  // A few odd factors, times a power of two.
  for (int64_t odd : {1, 3, 5, 9, 15})
    for (int64_t length = 2 * odd; length < best; length *= 2)
      if (length >= n)
        best = length;
  return best;
}

//===- On the host --------------------------------------------------------===//

/// The transform of `count` elements of `x`, `stride` apart, into `y`.
static void transform(const Complex *x, int64_t stride, Complex *y,
                      int64_t count) {
  if (count == 1) {
    *y = *x;
    return;
  }
  int64_t radix = 2;
  while (count % radix != 0)
    ++radix;
  int64_t part = count / radix;
  for (int64_t j = 0; j < radix; ++j)
    transform(x + j * stride, stride * radix, y + j * part, part);
  std::vector<Complex> inputs(radix);
  for (int64_t k = 0; k < part; ++k) {
    for (int64_t j = 0; j < radix; ++j)
      inputs[j] = y[j * part + k];
    for (int64_t q = 0; q < radix; ++q) {
      Complex sum = 0;
      for (int64_t j = 0; j < radix; ++j)
        sum += inputs[j] * getRoot(-j * (k + q * part), count);
      y[q * part + k] = sum;
    }
  }
}

void dither::transformOnHost(std::vector<Complex> &x) {
  std::vector<Complex> input = x;
  transform(input.data(), 1, x.data(), int64_t(x.size()));
}
