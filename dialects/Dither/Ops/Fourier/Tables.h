//===- Tables.h - Numbers that Fourier transforms consist of ----*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_OPS_FOURIER_TABLES_H
#define DITHER_OPS_FOURIER_TABLES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <complex>
#include <vector>

namespace dither {

/// A prime factor that is larger is left to a convolution: as a matrix, it
/// would take 8 operations for each element and each of its numbers.
constexpr int64_t kLargestRadix = 128;

/// `exp(2 pi i numerator / denominator)`, with error in the last place of a
/// double alone: angles are brought to an eighth of the circle in integers.
std::complex<double> getRoot(int64_t numerator, int64_t denominator);

/// Factors of n that transforms of matrices are chained from; large primes come
/// last. Those of 1 are {1}.
llvm::SmallVector<int64_t> chooseRadices(int64_t n);

/// The least length from `n` on with no prime factor but 2, 3 and 5 for which
/// radices are cheap. It is even.
int64_t getSmoothLength(int64_t n);

/// The transform of `x`, in place; its length has small prime factors.
void transformOnHost(std::vector<std::complex<double>> &x);

} // namespace dither

#endif // DITHER_OPS_FOURIER_TABLES_H
