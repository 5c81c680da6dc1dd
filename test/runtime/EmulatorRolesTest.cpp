//===- EmulatorRolesTest.cpp - Warp groups, right and wrong ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Kernels with a mistake each, under all schedules, beside the right ones.
//
//===----------------------------------------------------------------------===//

#include "EmulatorCases.h"

#include <cmath>
#include <cstring>

using namespace dither::test;
using dither::runtime::Error;

namespace {
constexpr uint32_t sharedBytes = 8192;
constexpr DitherWgmma narrow = {8, 16, DITHER_F16, DITHER_F16, DITHER_F32,
                                0, 0,  0,          0};
constexpr DitherWgmma wide = {16, 16, DITHER_F16, DITHER_F16, DITHER_F32,
                              0,  0,  0,          0};
constexpr uint32_t mostSums = 8;

/// Core matrices, 64 rows of A from 0 on, 16 of B from 4096 on.
uint64_t matrixAt(DitherThread *thread, uint32_t offset) {
  auto address =
      static_cast<uint32_t>(reinterpret_cast<uintptr_t>(thread->shared));
  return ((address + offset) & 0x3ffff) >> 4 | uint64_t(128 >> 4) << 16 |
         uint64_t(256 >> 4) << 32;
}
void multiply(DitherThread *thread, uint32_t *sums, const char *where,
              const DitherWgmma *mma = &narrow) {
  thread->emulator->group_multiply(thread, mma, nullptr, matrixAt(thread, 0),
                                   matrixAt(thread, 4096), 0, sums, where);
}
/// All zero, and all know.
void prepare(DitherThread *thread, bool hasFence = true,
             uint32_t bytes = sharedBytes) {
  uint32_t each = bytes / thread->threads[0];
  unsigned char *own = thread->shared + numberOf(thread) * each;
  thread->emulator->access(thread, own, each, 16, DITHER_WRITE, HERE);
  std::memset(own, 0, each);
  if (hasFence)
    thread->emulator->fence_proxy(thread, HERE);
  barrier(thread, HERE);
}
void fence(DitherThread *thread) {
  thread->emulator->group_fence(thread, HERE);
}
void commit(DitherThread *thread) {
  thread->emulator->group_commit(thread, HERE);
}
void wait(DitherThread *thread, uint32_t *sums, const char *where,
          uint32_t groups = 0) {
  thread->emulator->group_wait(thread, groups, sums, mostSums, where);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

TEST(EmulatorRoles, Accumulators) {
  runCases({
      {"go on without a fence", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         multiply(thread, sums, HERE);
         commit(thread);
         multiply(thread, sums, HERE);
         commit(thread);
         wait(thread, sums, HERE, 1);
         multiply(thread, sums, HERE);
         commit(thread);
         wait(thread, sums, HERE);
         multiply(thread, sums, HERE);
         commit(thread);
         wait(thread, sums, HERE);
       },
       ""},
      {"are two at a time", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         for (int i = 0; i < 3; ++i) {
           multiply(thread, sums, HERE);
           multiply(thread, sums + 4, HERE);
           commit(thread);
           wait(thread, sums, HERE, 1);
         }
         wait(thread, sums, HERE);
       },
       ""},
      {"are written, with a fence", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         for (int i = 0; i < 2; ++i) {
           sums[1] = 0x3f800000;
           fence(thread);
           multiply(thread, sums, HERE);
           commit(thread);
           wait(thread, sums, HERE);
         }
       },
       ""},
      {"are written without a fence", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         for (int i = 0; i < 2; ++i) {
           sums[1] = 0x3f800000 + i;
           multiply(thread, sums, HERE);
           commit(thread);
           wait(thread, sums, HERE);
         }
       },
       "were written since the last wait, without a wgmma.fence behind it"},
      {"never have a fence", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         multiply(thread, sums, HERE);
       },
       "without a wgmma.fence before"},
      {"are partly written before the wait", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         sums[3] = 0;
         multiply(thread, sums, HERE);
       },
       "of which register 3 is not that of the product"},
      {"begin with a number", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         sums[0] = 0;
         multiply(thread, sums, HERE);
       },
       "register 1 is that of a product, and others are numbers"},
      {"are of another shape", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         multiply(thread, sums, HERE, &wide);
       },
       "which is not complete, and it is wgmma.mma_async.m64n16k16"},
      {"are taken twice", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {}, copies[mostSums];
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         std::memcpy(copies, sums, sizeof(sums));
         multiply(thread, sums, HERE);
         multiply(thread, copies, HERE);
       },
       "which another product has taken"},
      {"are not given to the wait", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         commit(thread);
         thread->emulator->group_wait(thread, 0, nullptr, 0, HERE);
         barrier(thread, HERE);
         multiply(thread, sums, HERE);
       },
       "of a product that has been waited for"},
      {"are not waited for", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         commit(thread);
       },
       "ends before this product is complete"},
      {"are not committed", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         wait(thread, sums, HERE);
       },
       "ends before this product is complete"},
  });
}

struct EarlyArguments {
  /// [128]: before the wait, after one for too few, after the last.
  float *before, *between, *after;
};

TEST(EmulatorRoles, SumsAreNoNumbersBeforeTheWait) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(
        [](DitherThread *thread, const void *const *pointers) {
          const auto &arguments = argumentOf<EarlyArguments>(pointers);
          uint32_t sums[mostSums] = {}, number = numberOf(thread);
          auto keep = [&](float *to, const char *where) {
            float sum;
            std::memcpy(&sum, &sums[2], sizeof(sum));
            store(thread, to + number, sum, where);
          };
          sums[2] = 0x40a00000;
          prepare(thread);
          fence(thread);
          multiply(thread, sums, HERE);
          commit(thread);
          keep(arguments.before, HERE);
          wait(thread, sums, HERE, 1);
          keep(arguments.between, HERE);
          wait(thread, sums, HERE);
          keep(arguments.after, HERE);
        },
        128, sharedBytes, schedule);
    EarlyArguments arguments = {emulated.allocate<float>(128),
                                emulated.allocate<float>(128),
                                emulated.allocate<float>(128)};
    Error error = emulated.run(1, arguments);
    ASSERT_FALSE(error) << error.message();
    for (float sum : emulated.copyOut(arguments.before, 128))
      EXPECT_TRUE(std::isnan(sum));
    for (float sum : emulated.copyOut(arguments.between, 128))
      EXPECT_TRUE(std::isnan(sum));
    for (float sum : emulated.copyOut(arguments.after, 128))
      EXPECT_EQ(sum, 5.0f);
  }
}

TEST(EmulatorRoles, Operands) {
  runCases({
      {"have no fence of proxies", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread, false);
         fence(thread);
         multiply(thread, sums, HERE);
       },
       "without a fence.proxy.async behind it"},
      {"are partly unwritten", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread, true, 4096);
         fence(thread);
         multiply(thread, sums, HERE);
       },
       "reads 16 bytes of shared memory at 4096 that no thread wrote"},
      {"are known to one warp only", 160, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {}, number = numberOf(thread);
         if (number >= 128) {
           unsigned char *own = thread->shared + (number - 128) * 256;
           thread->emulator->access(thread, own, 256, 16, DITHER_WRITE, HERE);
           std::memset(own, 0, 256);
           thread->emulator->fence_proxy(thread, HERE);
         }
         if (number < 32 || number >= 128)
           barrier(thread, HERE, 1, 64);
         if (number >= 128)
           return;
         fence(thread);
         multiply(thread, sums, HERE);
       },
       "line"},
      {"are overwritten before the wait", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         commit(thread);
         if (numberOf(thread) == 9)
           store(thread, sharedOf(thread) + 7, 1.0f, HERE);
         wait(thread, sums, HERE);
       },
       "line"},
      {"are overwritten by others before the wait", 256, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {}, number = numberOf(thread);
         prepare(thread);
         if (number < 128) {
           fence(thread);
           multiply(thread, sums, HERE);
           commit(thread);
         }
         barrier(thread, HERE);
         if (number == 200)
           store(thread, sharedOf(thread) + 7, 1.0f, HERE);
         if (number < 128)
           wait(thread, sums, HERE);
       },
       "line"},
      {"are overwritten by others behind the wait", 256, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {}, number = numberOf(thread);
         prepare(thread);
         if (number < 128) {
           fence(thread);
           multiply(thread, sums, HERE);
           commit(thread);
           wait(thread, sums, HERE);
         }
         barrier(thread, HERE);
         if (number == 200)
           store(thread, sharedOf(thread) + 7, 1.0f, HERE);
       },
       ""},
  });
}

TEST(EmulatorRoles, Groups) {
  runCases({
      {"are not whole", 96, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         fence(thread);
         multiply(thread, sums, HERE);
       },
       "wants four whole warps from warp 0 on: the block has 96 threads"},
      {"lack a warp that waits elsewhere", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         if (numberOf(thread) / 32 == 2)
           barrier(thread, HERE);
         multiply(thread, sums, HERE);
       },
       "for wgmma.mma_async of warp group 0, to which 96 of 128 threads have "
       "come"},
      {"lack a warp that has left", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         if (numberOf(thread) / 32 != 2)
           multiply(thread, sums, HERE);
       },
       "left the kernel"},
      {"are at different places", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         if (numberOf(thread) < 64)
           multiply(thread, sums, HERE);
         else
           multiply(thread, sums, HERE);
       },
       "all threads of a warp group do the same"},
      {"have different descriptors", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         thread->emulator->group_multiply(
             thread, &narrow, nullptr,
             matrixAt(thread, numberOf(thread) / 32 * 1024),
             matrixAt(thread, 4096), 0, sums, HERE);
       },
       "and another thread of its warp group"},
      {"commit differently", 128, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         uint32_t sums[mostSums] = {};
         prepare(thread);
         fence(thread);
         multiply(thread, sums, HERE);
         if (numberOf(thread) != 77)
           commit(thread);
         multiply(thread, sums, HERE);
       },
       "has committed or waited for other products"},
  });
}

//===----------------------------------------------------------------------===//
// Registers and lanes
//===----------------------------------------------------------------------===//

TEST(EmulatorRoles, Registers) {
  runCases({
      {"are given and taken", 384, 0,
       [](DitherThread *thread, const void *const *) {
         bool gives = numberOf(thread) < 128;
         thread->emulator->set_registers(thread, gives ? 40 : 232, !gives,
                                         HERE);
         thread->emulator->set_registers(thread, gives ? 24 : 240, !gives,
                                         HERE);
       },
       ""},
      {"are not given", 384, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) >= 128)
           thread->emulator->set_registers(thread, 232, 1, HERE);
       },
       "for setmaxnreg.inc, 232 registers for each thread, which has 168: "
       "others have given back 0"},
      {"are too few", 384, 0,
       [](DitherThread *thread, const void *const *) {
         bool gives = numberOf(thread) < 128;
         thread->emulator->set_registers(thread, gives ? 48 : 232, !gives,
                                         HERE);
       },
       "others have given back 56"},
      {"are no multiple", 128, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->set_registers(thread, 100, 0, HERE);
       },
       "to 100, of multiples of 8 from 24 to 256"},
      {"are too many", 128, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->set_registers(thread, 264, 1, HERE);
       },
       "to 264, of multiples"},
      {"are more than before", 384, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->set_registers(thread, 176, 0, HERE);
       },
       "decreases its registers to 176, of which it has 168"},
      {"are not the same in a group", 128, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->set_registers(
             thread, numberOf(thread) < 32 ? 40 : 48, 0, HERE);
       },
       "with other operands: all threads of a warp group do the same"},
  });
}

TEST(EmulatorRoles, OneLaneIsElected) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(
        [](DitherThread *thread, const void *const *pointers) {
          uint32_t *elected = argumentOf<uint32_t *>(pointers);
          uint32_t number = numberOf(thread);
          uint32_t mask = number < 32 ? ~0u : number < 40 ? 0xff : 0xffffff00;
          store(thread, elected + number,
                thread->emulator->elect(thread, mask, HERE), HERE);
        },
        64, 0, schedule);
    auto *elected = emulated.allocate<uint32_t>(64);
    Error error = emulated.run(1, elected);
    ASSERT_FALSE(error) << error.message();
    std::vector<uint32_t> values = emulated.copyOut(elected, 64);
    for (uint32_t i = 0; i < 64; ++i)
      EXPECT_EQ(values[i], i == 0 || i == 32 || i == 40) << i;
  }
}

TEST(EmulatorRoles, NamedBarriers) {
  runCases({
      // A ring of two places: one warp fills, two take in turns.
      {"order warps with roles", 96, 256,
       [](DitherThread *thread, const void *const *) {
         uint32_t warp = numberOf(thread) / 32, lane = numberOf(thread) % 32;
         const DitherEmulator *emulator = thread->emulator;
         for (uint32_t step = 0; step < 6; ++step) {
           uint32_t place = step % 2;
           float *slot = sharedOf(thread) + place * 32;
           if (warp == 0) {
             if (step >= 2)
               barrier(thread, HERE, 3 + place, 64);
             store(thread, slot + lane, 1.0f, HERE);
             emulator->arrive(thread, 1 + place, 64, HERE);
           } else if (warp == 1 + place) {
             barrier(thread, HERE, 1 + place, 64);
             load(thread, slot + (lane + 5) % 32, HERE);
             if (step < 4)
               emulator->arrive(thread, 3 + place, 64, HERE);
           }
         }
       },
       ""},
      {"and not those that do not come", 96, 256,
       [](DitherThread *thread, const void *const *) {
         uint32_t warp = numberOf(thread) / 32, lane = numberOf(thread) % 32;
         if (warp == 0) {
           store(thread, sharedOf(thread) + lane, 1.0f, HERE);
           thread->emulator->arrive(thread, 1, 64, HERE);
         } else if (warp == 1) {
           barrier(thread, HERE, 1, 64);
         }
         if (warp == 2)
           store(thread, sharedOf(thread) + lane, 1.0f, HERE);
       },
       "nothing orders the two"},
  });
}

} // namespace
