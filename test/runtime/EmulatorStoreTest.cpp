//===- EmulatorStoreTest.cpp - Bulk copies to global memory ---------------===//
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

using namespace dither::test;

namespace {
constexpr uint32_t sharedBytes = 256;

bool isThread(DitherThread *thread, uint32_t number) {
  return numberOf(thread) == number;
}

/// Eight rows of eight floats, all of the tile.
DitherMappedMatrix matrixOf(const void *const *pointers) {
  return {{argumentsOf(pointers).fresh, 8, 8, 8}, {0, DITHER_F32, 8, 8, 32}};
}
/// What all have written goes back.
void storeTile(DitherThread *thread, const void *const *pointers,
               const char *where, bool commits = true, bool hasFence = true) {
  store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
  if (hasFence)
    thread->emulator->fence_proxy(thread, HERE);
  barrier(thread, HERE);
  if (!isThread(thread, 0))
    return;
  DitherMappedMatrix matrix = matrixOf(pointers);
  thread->emulator->store_tensor(thread, &matrix, 0, 0, thread->shared, where);
  if (commits)
    thread->emulator->bulk_commit(thread, HERE);
}

TEST(EmulatorStore, Tile) {
  runCases({
      {"is read before the end", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
         thread->emulator->bulk_wait(thread, 0, 1, HERE);
       },
       ""},
      {"is waited for", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
         thread->emulator->bulk_wait(thread, 0, 0, HERE);
         barrier(thread, HERE);
         store(thread, sharedOf(thread) + numberOf(thread), 2.0f, HERE);
         load(thread, argumentsOf(pointers).fresh + numberOf(thread), HERE);
       },
       ""},
      {"is not waited for", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
       },
       "ends before the bytes of this store have been read"},
      {"is not committed", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE, false);
         thread->emulator->bulk_wait(thread, 0, 0, HERE);
       },
       "ends before the bytes of this store have been read"},
      {"has no fence", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE, true, false);
       },
       "without a fence.proxy.async behind it"},
      {"has a source that changes", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
         if (isThread(thread, 0))
           store(thread, sharedOf(thread), 2.0f, HERE);
         thread->emulator->bulk_wait(thread, 0, 1, HERE);
       },
       "of shared memory at 0, which thread (0,0,0) writes"},
      {"has a source that another thread changes", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
         barrier(thread, HERE);
         if (isThread(thread, 9))
           store(thread, sharedOf(thread) + 9, 2.0f, HERE);
         thread->emulator->bulk_wait(thread, 0, 1, HERE);
       },
       "line"},
      {"has a source that changes between barriers", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
         barrier(thread, HERE);
         if (isThread(thread, 9))
           store(thread, sharedOf(thread) + 9, 2.0f, HERE);
         barrier(thread, HERE);
         thread->emulator->bulk_wait(thread, 0, 1, HERE);
       },
       "of shared memory at 0, which thread (9,0,0) writes"},
      {"is read from global memory too early", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
         thread->emulator->bulk_wait(thread, 0, 1, HERE);
         if (isThread(thread, 0))
           load(thread, argumentsOf(pointers).fresh, HERE);
       },
       "still copies to"},
      {"is read by another thread", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         storeTile(thread, pointers, HERE);
         thread->emulator->bulk_wait(thread, 0, 0, HERE);
         if (isThread(thread, 3))
           load(thread, argumentsOf(pointers).fresh, HERE);
       },
       "line"},
      {"is misaligned", 64, sharedBytes,
       [](DitherThread *thread, const void *const *pointers) {
         DitherMappedMatrix matrix = matrixOf(pointers);
         thread->emulator->store_tensor(thread, &matrix, 0, 0,
                                        thread->shared + 16, HERE);
       },
       "a tile at 16 of shared memory, no multiple of 128"},
  });
}

TEST(EmulatorStore, StoresOfBlocksAreNotOrdered) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(
        [](DitherThread *thread, const void *const *pointers) {
          storeTile(thread, pointers, HERE);
          thread->emulator->bulk_wait(thread, 0, 1, HERE);
        },
        64, sharedBytes, schedule);
    Arguments arguments = {nullptr, emulated.allocate<float>(64), nullptr};
    EXPECT_TRUE(failsWith(emulated.run(2, arguments),
                          "blocks of one launch are not ordered"));
  }
}

} // namespace
