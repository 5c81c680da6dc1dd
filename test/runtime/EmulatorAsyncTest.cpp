//===- EmulatorAsyncTest.cpp - Mbarriers and bulk copies, right and wrong -===//
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

#include <cstring>

using namespace dither::test;

namespace {
/// Shared memory: data, and barriers behind them.
constexpr uint32_t dataBytes = 256;
constexpr uint32_t sharedBytes = dataBytes + 64;

void *mbarrierOf(DitherThread *thread, uint32_t number = 0) {
  return thread->shared + dataBytes + number * 8;
}
bool isThread(DitherThread *thread, uint32_t number) {
  return numberOf(thread) == number;
}

/// Thread 0 makes barriers, and all know of them.
void makeMbarriers(DitherThread *thread, uint32_t arrivals, uint32_t count = 1,
                   bool hasFence = true) {
  for (uint32_t i = 0; i < count && isThread(thread, 0); ++i)
    thread->emulator->mbarrier_init(thread, mbarrierOf(thread, i), arrivals,
                                    HERE);
  if (isThread(thread, 0) && hasFence)
    thread->emulator->fence_mbarrier_init(thread, HERE);
  barrier(thread, HERE);
}
void arrive(DitherThread *thread, const char *where, uint32_t bytes = 0,
            uint32_t number = 0) {
  thread->emulator->mbarrier_arrive(thread, mbarrierOf(thread, number), bytes,
                                    where);
}
void wait(DitherThread *thread, uint32_t parity, const char *where,
          uint32_t number = 0) {
  thread->emulator->mbarrier_wait(thread, mbarrierOf(thread, number), parity,
                                  where);
}
/// 128 bytes of the input.
void copy(DitherThread *thread, const void *const *pointers, const char *where,
          uint32_t to = 0, uint32_t number = 0, uint32_t bytes = 128) {
  thread->emulator->copy_bulk(thread, thread->shared + to,
                              argumentsOf(pointers).data, bytes,
                              mbarrierOf(thread, number), where);
}

//===----------------------------------------------------------------------===//
// Mbarriers
//===----------------------------------------------------------------------===//

TEST(EmulatorAsync, Mbarrier) {
  runCases({
      {"orders what is before an arrival", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 32);
         if (numberOf(thread) < 32) {
           store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
           arrive(thread, HERE);
         } else {
           wait(thread, 0, HERE);
           load(thread, sharedOf(thread) + (numberOf(thread) * 7) % 32, HERE);
         }
       },
       ""},
      {"orders in turns", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1, 2);
         uint32_t number = numberOf(thread) / 32;
         if (numberOf(thread) % 32 != 0)
           return;
         for (uint32_t turn = 0; turn < 7; ++turn) {
           if (number == 0 && turn > 0)
             wait(thread, (turn - 1) % 2, HERE, 1);
           if (number == 1)
             wait(thread, turn % 2, HERE, 0);
           store(thread, sharedOf(thread), 1.0f, HERE);
           arrive(thread, HERE, 0, number);
         }
       },
       ""},
      {"a phase behind is complete", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         wait(thread, 1, HERE);
       },
       ""},
      {"one thread arrives twice", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 2);
         for (int i = 0; i < 4 && isThread(thread, 0); ++i)
           arrive(thread, HERE);
         wait(thread, 1, HERE);
       },
       ""},
      {"nobody waits", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           store(thread, sharedOf(thread), 1.0f, HERE);
           arrive(thread, HERE);
         }
         if (isThread(thread, 40))
           store(thread, sharedOf(thread), 1.0f, HERE);
       },
       "nothing orders the two"},
      {"the write is behind the arrival", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE);
           store(thread, sharedOf(thread), 1.0f, HERE);
         }
         if (isThread(thread, 40)) {
           wait(thread, 0, HERE);
           store(thread, sharedOf(thread), 1.0f, HERE);
         }
       },
       "nothing orders the two"},
      {"too few arrive", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 4);
         if (numberOf(thread) < 3)
           arrive(thread, HERE);
         if (numberOf(thread) >= 32)
           wait(thread, 0, HERE);
       },
       "for mbarrier.try_wait the mbarrier at 256 of shared memory, whose "
       "phase "
       "0 has 3 of 4 arrivals"},
      {"bytes do not come", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0))
           arrive(thread, HERE, 512);
         wait(thread, 0, HERE);
       },
       "whose phase 0 has 1 of 1 arrivals, 512 bytes missing"},
      {"the other parity", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           store(thread, sharedOf(thread), 1.0f, HERE);
           arrive(thread, HERE);
         }
         if (isThread(thread, 40)) {
           wait(thread, 0, HERE);
           wait(thread, 1, HERE);
         }
       },
       "whose phase 1 has 0 of 1 arrivals"},
      {"more arrive than a phase has", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 64);
           arrive(thread, HERE, 64);
         }
       },
       "once more than a phase has arrivals"},
      {"more bytes than it counts", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         arrive(thread, HERE, 1 << 20);
       },
       "1048576 bytes missing, of at most 1048575"},
      {"a strange parity", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         wait(thread, 2, HERE);
       },
       "the parity 2"},
  });
}

TEST(EmulatorAsync, MbarrierLives) {
  runCases({
      {"anew behind its end", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         if (!isThread(thread, 0))
           return;
         void *address = mbarrierOf(thread);
         thread->emulator->mbarrier_invalidate(thread, address, HERE);
         store(thread, static_cast<float *>(address), 1.0f, HERE);
         thread->emulator->mbarrier_init(thread, address, 2, HERE);
         arrive(thread, HERE);
         arrive(thread, HERE);
         wait(thread, 0, HERE);
       },
       ""},
      {"twice", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0))
           thread->emulator->mbarrier_init(thread, mbarrierOf(thread), 1, HERE);
       },
       "without mbarrier.inval before"},
      {"for nobody", 1, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 0);
       },
       "for 0 arrivals, of 1 to 1048575"},
      {"misaligned", 1, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->mbarrier_init(thread, thread->shared + 4, 1, HERE);
       },
       "not a multiple of 8"},
      {"in global memory", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         thread->emulator->mbarrier_init(thread, argumentsOf(pointers).data, 1,
                                         HERE);
       },
       "wants 8 bytes of shared memory at 0 of the input"},
      {"never", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) { arrive(thread, HERE); },
       "at 256 of shared memory, where there is none"},
      {"at an end", 1, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         thread->emulator->mbarrier_invalidate(thread, mbarrierOf(thread),
                                               HERE);
         arrive(thread, HERE);
       },
       "where there is none"},
      {"unknown to another thread", 64, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         if (isThread(thread, 0))
           thread->emulator->mbarrier_init(thread, mbarrierOf(thread), 1, HERE);
         if (isThread(thread, 40))
           arrive(thread, HERE);
       },
       "mbarrier at 256 of shared memory, wh"},
      {"its bytes are read", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         load(thread, static_cast<float *>(mbarrierOf(thread)), HERE);
       },
       "has made an mbarrier of"},
      {"its bytes are written", 32, sharedBytes,
       [](DitherThread *thread, const void *const *) {
         makeMbarriers(thread, 1);
         store(thread, static_cast<char *>(mbarrierOf(thread)) + 5, char(1),
               HERE);
       },
       "has made an mbarrier of"},
      {"its bytes are copied to", 32, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1, 2);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE, dataBytes - 112, 1);
       },
       "has made an mbarrier of"},
      {"a copy is on its way at its end", 32, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (!isThread(thread, 0))
           return;
         copy(thread, pointers, HERE);
         thread->emulator->mbarrier_invalidate(thread, mbarrierOf(thread),
                                               HERE);
       },
       "which threads wait for or copies complete on"},
  });
}

//===----------------------------------------------------------------------===//
// Bulk copies
//===----------------------------------------------------------------------===//

TEST(EmulatorAsync, BulkCopy) {
  runCases({
      {"is waited for", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 256);
           copy(thread, pointers, HERE);
           copy(thread, pointers, HERE, 128);
         }
         wait(thread, 0, HERE);
         load(thread, sharedOf(thread) + numberOf(thread), HERE);
       },
       ""},
      {"comes before it is expected", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           copy(thread, pointers, HERE);
           arrive(thread, HERE, 128);
         }
         wait(thread, 0, HERE);
         load(thread, sharedOf(thread) + numberOf(thread) / 2, HERE);
       },
       ""},
      {"is waited for by another, behind which is a barrier", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 128);
           copy(thread, pointers, HERE);
         }
         if (isThread(thread, 40))
           wait(thread, 0, HERE);
         barrier(thread, HERE);
         load(thread, sharedOf(thread) + numberOf(thread) / 2, HERE);
       },
       ""},
      {"is read by its thread", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 128);
           copy(thread, pointers, HERE);
           load(thread, sharedOf(thread), HERE);
         }
       },
       "wait for the phase of its mbarrier"},
      {"is read behind a barrier alone", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 128);
           copy(thread, pointers, HERE);
         }
         barrier(thread, HERE);
         if (isThread(thread, 20))
           wait(thread, 0, HERE);
         load(thread, sharedOf(thread), HERE);
       },
       "line"},
      {"completes on another barrier", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1, 2);
         if (isThread(thread, 0))
           for (uint32_t i = 0; i < 2; ++i) {
             arrive(thread, HERE, 128, i);
             copy(thread, pointers, HERE, i * 128, i);
           }
         wait(thread, 0, HERE, numberOf(thread) < 32);
         load(thread, sharedOf(thread) + numberOf(thread) % 32, HERE);
       },
       "line"},
      {"is more than what is expected", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 64);
           copy(thread, pointers, HERE);
         }
         wait(thread, 0, HERE);
       },
       "copies bring more bytes than arrivals expect"},
      {"is less than what is expected", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 144);
           copy(thread, pointers, HERE);
         }
         wait(thread, 0, HERE);
       },
       "1 of 1 arrivals, 16 bytes missing"},
      {"overwrites what another reads", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         for (uint32_t turn = 0; turn < 2; ++turn) {
           if (isThread(thread, 0)) {
             arrive(thread, HERE, 128);
             copy(thread, pointers, HERE);
           }
           wait(thread, turn % 2, HERE);
           load(thread, sharedOf(thread) + numberOf(thread) / 2, HERE);
         }
       },
       "line"},
      {"is not waited for at the end", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 128);
           copy(thread, pointers, HERE);
         }
       },
       "no thread has waited for the bytes of this copy"},
      {"has a source that changes", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         arrive(thread, HERE, 128);
         copy(thread, pointers, HERE);
         store(thread, argumentsOf(pointers).data + 3, 5.0f, HERE);
         wait(thread, 0, HERE);
       },
       "whose source changed before it arrived"},
      {"has a strange size", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         copy(thread, pointers, HERE, 0, 0, 24);
       },
       "copies 24 bytes"},
      {"has a misaligned target", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         copy(thread, pointers, HERE, 8);
       },
       "wants multiples of 16"},
      {"goes to global memory", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         thread->emulator->copy_bulk(thread, argumentsOf(pointers).data,
                                     argumentsOf(pointers).data, 16,
                                     mbarrierOf(thread), HERE);
       },
       "wants 16 bytes of shared memory at 0 of the input"},
      {"goes beyond shared memory", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         copy(thread, pointers, HERE, sharedBytes - 48);
       },
       "at 272 of shared memory, which has 320 bytes"},
      {"comes from behind the source", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         thread->emulator->copy_bulk(thread, thread->shared,
                                     argumentsOf(pointers).data + 60, 32,
                                     mbarrierOf(thread), HERE);
       },
       "reads 32 bytes at 240 of the input"},
      {"comes from memory that nobody wrote", 1, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1);
         thread->emulator->copy_bulk(thread, thread->shared,
                                     argumentsOf(pointers).fresh, 16,
                                     mbarrierOf(thread), HERE);
       },
       "that no thread wrote"},
  });
}

TEST(EmulatorAsync, Fences) {
  runCases({
      {"none of the initialization", 32, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         makeMbarriers(thread, 1, 1, false);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE);
       },
       "without a fence.mbarrier_init or fence.proxy.async behind it"},
      {"one of another thread", 32, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         if (isThread(thread, 0))
           thread->emulator->mbarrier_init(thread, mbarrierOf(thread), 1, HERE);
         else
           thread->emulator->fence_mbarrier_init(thread, HERE);
         barrier(thread, HERE);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE);
       },
       "without a fence.mbarrier_init"},
      {"one of proxies serves", 32, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         if (isThread(thread, 0)) {
           thread->emulator->mbarrier_init(thread, mbarrierOf(thread), 1, HERE);
           thread->emulator->fence_proxy(thread, HERE);
         }
         barrier(thread, HERE);
         if (isThread(thread, 1)) {
           arrive(thread, HERE, 128);
           copy(thread, pointers, HERE);
         }
         wait(thread, 0, HERE);
       },
       ""},
      {"none before a copy overwrites", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         makeMbarriers(thread, 1);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE);
       },
       "without a fence.proxy.async behind it"},
      {"before the write", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         thread->emulator->fence_proxy(thread, HERE);
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         makeMbarriers(thread, 1);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE);
       },
       "without a fence.proxy.async behind it"},
      {"behind the barrier", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         makeMbarriers(thread, 1);
         thread->emulator->fence_proxy(thread, HERE);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE);
       },
       "without a fence.proxy.async behind it"},
      {"behind the barrier, long before the copy", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         if (isThread(thread, 40))
           store(thread, sharedOf(thread), 1.0f, HERE);
         makeMbarriers(thread, 1);
         if (isThread(thread, 40))
           thread->emulator->fence_proxy(thread, HERE);
         // Time passes, which orders nothing.
         for (int i = 0; i < 4 && numberOf(thread) < 32; ++i)
           thread->emulator->warp_sync(thread, ~0u, HERE);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE);
       },
       "without a fence.proxy.async behind it"},
      {"of all but one", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         if (!isThread(thread, 17))
           thread->emulator->fence_proxy(thread, HERE);
         makeMbarriers(thread, 1);
         if (isThread(thread, 0))
           copy(thread, pointers, HERE);
       },
       "which thread (17,0,0) writes at 'line"},
      {"of all", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         thread->emulator->fence_proxy(thread, HERE);
         makeMbarriers(thread, 1);
         if (isThread(thread, 0)) {
           arrive(thread, HERE, 128);
           copy(thread, pointers, HERE);
         }
         wait(thread, 0, HERE);
         load(thread, sharedOf(thread), HERE);
       },
       ""},
  });
}

} // namespace
