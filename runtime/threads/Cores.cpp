//===- Cores.cpp - How many cores this process may use --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/threads/ThreadPool.h"

#include <algorithm>
#include <cstdio>
#include <sched.h>

namespace dither::runtime {

static uint32_t coresOfAffinity() {
  // The kernel refuses a set smaller than its own, so try ever larger ones.
  for (int size = CPU_SETSIZE; size <= 1 << 16; size *= 2) {
    cpu_set_t *set = CPU_ALLOC(size);
    if (!set)
      break;
    int result = sched_getaffinity(0, CPU_ALLOC_SIZE(size), set);
    int found = result == 0 ? CPU_COUNT_S(CPU_ALLOC_SIZE(size), set) : 0;
    CPU_FREE(set);
    if (found > 0)
      return static_cast<uint32_t>(found);
  }
  return 1;
}

/// Containers get a share of time rather than a set of cores. More threads than
/// that share run into the quota and stop all at once.
static uint32_t coresOfQuota() {
  FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
  if (!file)
    return UINT32_MAX;
  unsigned long quota = 0, period = 0;
  int fields = fscanf(file, "%lu %lu", &quota, &period);
  fclose(file);
  if (fields != 2 || quota == 0 || period == 0) // "max": no quota
    return UINT32_MAX;
  return static_cast<uint32_t>(std::max(1ul, quota / period));
}

uint32_t usableCores() { return std::min(coresOfAffinity(), coresOfQuota()); }

} // namespace dither::runtime
