//===- EmulatorCases.cpp - Kernels with a mistake each
//----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorCases.h"

namespace dither::test {

using runtime::Code;
using runtime::Error;

void runCase(const Case &test, uint32_t blocks) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(test.kernel, test.threads, test.sharedBytes, schedule);
    Arguments arguments = {emulated.copyIn(std::vector<float>(64), "the input"),
                           emulated.allocate<float>(64, "the output"),
                           emulated.constants};
    Error error = emulated.run(blocks, arguments);
    if (!*test.message)
      EXPECT_FALSE(error) << test.name << ", schedule " << schedule << ": "
                          << error.message();
    else
      EXPECT_TRUE(failsWith(error, test.message))
          << test.name << ", schedule " << schedule;
    EXPECT_TRUE(!error || error.code() == Code::Device);
    // The device is as good as before.
    emulated.entry.emulated = [](DitherThread *thread, const void *const *) {
      if (thread->shared)
        store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
      barrier(thread, HERE);
    };
    emulated.entry.shared_bytes = test.threads * 4;
    error = emulated.run(2, arguments);
    EXPECT_FALSE(error) << test.name << ": " << error.message();
  }
}

void runCases(std::initializer_list<Case> cases, uint32_t blocks) {
  for (const Case &test : cases)
    runCase(test, blocks);
}

} // namespace dither::test
