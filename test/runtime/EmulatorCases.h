//===- EmulatorCases.h - Kernels with a mistake each --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_RUNTIME_EMULATORCASES_H
#define DITHER_TEST_RUNTIME_EMULATORCASES_H

#include "EmulatorSupport.h"

namespace dither::test {

/// 64 numbers that were written, 64 that were not.
struct Arguments {
  float *data, *fresh;
  unsigned char *constants;
};

/// "" where a kernel is right.
struct Case {
  const char *name;
  uint32_t threads, sharedBytes;
  DitherEmulatedKernel kernel;
  const char *message;
};

inline const Arguments &argumentsOf(const void *const *pointers) {
  return argumentOf<Arguments>(pointers);
}
inline float *sharedOf(DitherThread *thread) {
  return reinterpret_cast<float *>(thread->shared);
}

/// Runs each under all schedules.
void runCase(const Case &test, uint32_t blocks);
void runCases(std::initializer_list<Case> cases, uint32_t blocks = 1);

} // namespace dither::test

#endif // DITHER_TEST_RUNTIME_EMULATORCASES_H
