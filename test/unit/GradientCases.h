//===- GradientCases.h - Expressions to differentiate -----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_UNIT_GRADIENTCASES_H
#define DITHER_TEST_UNIT_GRADIENTCASES_H

#include <string>
#include <vector>

namespace dither::test {

/// An expression for %y in the arguments %a, %b, ..., whose batch is `?`.
/// Floats are drawn from [low, high], integers from [-1, 3], i1 from both.
struct Case {
  std::string name;
  std::vector<std::string> arguments;
  std::string body;
  std::string result;
  double low = -2, high = 2;
};

/// Ops that put elements in other places.
std::vector<Case> getRearrangeCases();
/// Rows by position.
std::vector<Case> getIndexingCases();
/// Pooling, and the less plain convolutions.
std::vector<Case> getWindowCases();

} // namespace dither::test

#endif // DITHER_TEST_UNIT_GRADIENTCASES_H
