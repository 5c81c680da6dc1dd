//===- MutationCases.cpp - Tests of planted bugs --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MutationCases.h"

using namespace dither::test;

void dither::test::expectRight(MutableKernels &kernels) {
  ASSERT_TRUE(kernels) << kernels.getDiagnostics();
  for (const Outcome &outcome : kernels.run({}))
    EXPECT_EQ(outcome.kind, Outcome::right) << testing::PrintToString(outcome);
}

void dither::test::expectFound(MutableKernels &kernels, const Bug &bug) {
  ASSERT_TRUE(kernels) << kernels.getDiagnostics();
  // Whether a bug shows is no matter of luck: no schedule hides it.
  std::vector<Outcome> outcomes = kernels.run(bug.mutate);
  for (const Outcome &outcome : outcomes)
    EXPECT_EQ(outcome.kind, bug.fault ? Outcome::faulted : Outcome::wrong)
        << testing::PrintToString(outcome);
  // But which thread comes upon it, and how.
  const std::string &message = outcomes.front().message;
  if (bug.fault)
    EXPECT_NE(message.find(bug.fault), std::string::npos) << message;
}
