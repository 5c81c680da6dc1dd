//===- Rejection.h - Draws that take several rounds -------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_DISTRIBUTIONS_SUPPORT_REJECTION_H
#define DITHER_DISTRIBUTIONS_SUPPORT_REJECTION_H

#include "Dither/Distributions/Support/Terms.h"

namespace dither {

/// A proposal for each element, and whether it is accepted.
struct Proposal {
  Term value, isAccepted;
};

/// Draws proposals for all elements until each has accepted one, or `limit`
/// rounds have passed: what is never accepted keeps the last one that is no
/// NaN. `propose` is given the seed of a round. `number` tells apart the loops
/// of a node.
Term drawByRejection(const DrawBuilder &draws, Term start, int64_t number,
                     int64_t limit,
                     llvm::function_ref<Proposal(mlir::Value)> propose);

/// How many exponential numbers have sums up to `rate`, which are at most
/// `limit`.
Term countArrivals(const DrawBuilder &draws, Term rate, int64_t number,
                   int64_t limit);

/// The logarithm of gamma numbers of a shape and rate 1, with implicit
/// gradients; those of small shapes would underflow themselves.
///
/// Marsaglia and Tsang, "A simple method for generating gamma variables", 2000:
/// proposals that are accepted with a chance of 0.95 or more, so that 20 rounds
/// fail with one of 2^-86. Shapes below 1 are augmented: u^(1/a) times a number
/// of shape a + 1.
Term drawLogGamma(const DrawBuilder &draws, Term shape, int64_t number);

} // namespace dither

#endif // DITHER_DISTRIBUTIONS_SUPPORT_REJECTION_H
