//===- EmulatorFaultTest.cpp - What is wrong with a kernel ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels with a mistake each, under all schedules. Those that stand for an
// idiom have the right kernel beside them.
//
//===----------------------------------------------------------------------===//

#include "EmulatorCases.h"

using namespace dither::test;
using dither::runtime::Error;

namespace {
//===----------------------------------------------------------------------===//
// Where accesses go
//===----------------------------------------------------------------------===//

TEST(EmulatorFault, AccessOutsideOfMemory) {
  runCases({
      {"behind an allocation", 96, 0,
       [](DitherThread *thread, const void *const *pointers) {
         load(thread, argumentsOf(pointers).data + numberOf(thread), HERE);
       },
       "of the input, which has 256 bytes"},
      {"half behind an allocation", 1, 0,
       [](DitherThread *thread, const void *const *pointers) {
         float *last = argumentsOf(pointers).data + 63;
         thread->emulator->access(thread, last, 8, 4, DITHER_READ, HERE);
       },
       "reads 8 bytes at 252 of the input"},
      {"before an allocation", 1, 0,
       [](DitherThread *thread, const void *const *pointers) {
         store(thread, argumentsOf(pointers).data - 1, 1.0f, HERE);
       },
       "writes 4 bytes at -4 of the input"},
      {"nowhere", 1, 0,
       [](DitherThread *thread, const void *const *) {
         load(thread, reinterpret_cast<float *>(0x1000), HERE);
       },
       "at 0x1000, where the device has no memory"},
      {"null", 1, 0,
       [](DitherThread *thread, const void *const *) {
         load(thread, static_cast<float *>(nullptr), HERE);
       },
       "where the device has no memory"},
      {"behind shared memory", 64, 128,
       [](DitherThread *thread, const void *const *) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
       },
       "of shared memory, which has 128 bytes"},
      {"half behind shared memory", 1, 128,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->access(thread, thread->shared + 120, 16, 8,
                                  DITHER_WRITE, HERE);
       },
       "writes 16 bytes at 120 of shared memory"},
      {"constants are read", 4, 0,
       [](DitherThread *thread, const void *const *pointers) {
         load(thread, argumentsOf(pointers).constants + numberOf(thread), HERE);
       },
       ""},
      {"constants are written", 1, 0,
       [](DitherThread *thread, const void *const *pointers) {
         store<unsigned char>(thread, argumentsOf(pointers).constants, 1, HERE);
       },
       "of the constants, which are read only"},
      {"behind the constants", 1, 0,
       [](DitherThread *thread, const void *const *pointers) {
         load(thread, argumentsOf(pointers).constants + 64, HERE);
       },
       "where the device has no memory"},
      {"the thread's own variables", 64, 0,
       [](DitherThread *thread, const void *const *) {
         float local = 1;
         store(thread, &local, 2.0f, HERE);
         barrier(thread, HERE);
         load(thread, &local, HERE);
       },
       ""},
      {"misaligned", 1, 0,
       [](DitherThread *thread, const void *const *pointers) {
         float *data = argumentsOf(pointers).data + 2;
         thread->emulator->access(thread, data, 16, 16, DITHER_READ, HERE);
       },
       "byte 8 of the input, which has 256 bytes: not a multiple of 16"},
  });
}

TEST(EmulatorFault, AccessOfWhatWasReleased) {
  Emulated emulated(
      [](DitherThread *thread, const void *const *pointers) {
        load(thread, argumentsOf(pointers).data, HERE);
      },
      1);
  float *data = emulated.copyIn(std::vector<float>(64));
  EXPECT_FALSE(emulated.run(1, Arguments{data, nullptr, nullptr}));
  emulated.device->release(data);
  EXPECT_TRUE(failsWith(emulated.run(1, Arguments{data, nullptr, nullptr}),
                        "where the device has no memory"));
}

TEST(EmulatorFault, ReadOfWhatNobodyWrote) {
  runCases({
      {"shared memory", 32, 128,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) != 5)
           store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         thread->emulator->warp_sync(thread, ~0u, HERE);
         load(thread, sharedOf(thread) + numberOf(thread) / 8, HERE);
         load(thread, sharedOf(thread) + 5, HERE);
       },
       "reads 4 bytes of shared memory at 20 that no thread wrote"},
      {"some of the bytes", 1, 128,
       [](DitherThread *thread, const void *const *) {
         store(thread, sharedOf(thread), 1.0f, HERE);
         thread->emulator->access(thread, thread->shared, 8, 8, DITHER_READ,
                                  HERE);
       },
       "of which no thread wrote that at 4"},
      {"global memory", 1, 0,
       [](DitherThread *thread, const void *const *pointers) {
         load(thread, argumentsOf(pointers).fresh, HERE);
       },
       "reads 4 bytes of the output at 0 that no thread wrote"},
      {"atomically", 1, 0,
       [](DitherThread *thread, const void *const *pointers) {
         add(thread, argumentsOf(pointers).fresh, 1.0f, HERE);
       },
       "that no thread wrote"},
  });
  // What another block wrote to shared memory is gone.
  runCase({"of the last block", 1, 128,
           [](DitherThread *thread, const void *const *) {
             if (thread->block[0] == 0)
               store(thread, sharedOf(thread), 1.0f, HERE);
             else
               load(thread, sharedOf(thread), HERE);
           },
           "that no thread wrote"},
          3);
}

//===----------------------------------------------------------------------===//
// Races
//===----------------------------------------------------------------------===//

TEST(EmulatorFault, RaceInSharedMemory) {
  runCases({
      {"two writes", 2, 16,
       [](DitherThread *thread, const void *const *) {
         store(thread, sharedOf(thread), 1.0f, HERE);
       },
       "and nothing orders the two: put a barrier between them"},
      {"parts of a word", 2, 16,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) == 0)
           store(thread, sharedOf(thread), 1.0f, HERE);
         else
           store<unsigned char>(thread, thread->shared + 2, 1, HERE);
       },
       "nothing orders the two"},
      {"other parts of a word", 4, 16,
       [](DitherThread *thread, const void *const *) {
         store<unsigned char>(thread, thread->shared + numberOf(thread), 1,
                              HERE);
       },
       ""},
      {"a write after reads", 64, 16,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) == 0)
           store(thread, sharedOf(thread), 1.0f, HERE);
         barrier(thread, HERE);
         load(thread, sharedOf(thread), HERE);
         if (numberOf(thread) == 63)
           store(thread, sharedOf(thread), 2.0f, HERE);
       },
       "nothing orders the two"},
      {"a barrier forgotten in a tree", 64, 256,
       [](DitherThread *thread, const void *const *) {
         float *shared = sharedOf(thread);
         uint32_t i = numberOf(thread);
         store(thread, shared + i, 1.0f, HERE);
         barrier(thread, HERE);
         for (uint32_t half = 32; half > 0; half /= 2) {
           if (i < half)
             store(thread, shared + i,
                   load(thread, shared + i, HERE) +
                       load(thread, shared + i + half, HERE),
                   HERE);
         }
       },
       "nothing orders the two"},
      {"shuffles do not order memory", 32, 128,
       [](DitherThread *thread, const void *const *) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         thread->emulator->shuffle(thread, ~0u, DITHER_SHUFFLE_XOR, 1, 1, 31,
                                   nullptr, HERE);
         thread->emulator->ballot(thread, ~0u, 1, HERE);
         load(thread, sharedOf(thread) + (numberOf(thread) ^ 1), HERE);
       },
       "line"},
      {"a warp's barrier does", 32, 128,
       [](DitherThread *thread, const void *const *) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         thread->emulator->warp_sync(thread, ~0u, HERE);
         load(thread, sharedOf(thread) + (numberOf(thread) ^ 1), HERE);
       },
       ""},
      {"but not of another warp", 64, 256,
       [](DitherThread *thread, const void *const *) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         thread->emulator->warp_sync(thread, ~0u, HERE);
         load(thread, sharedOf(thread) + (numberOf(thread) ^ 32), HERE);
       },
       "line"},
      {"nor of other lanes", 32, 128,
       [](DitherThread *thread, const void *const *) {
         store(thread, sharedOf(thread) + numberOf(thread), 1.0f, HERE);
         uint32_t lane = numberOf(thread);
         thread->emulator->warp_sync(thread, lane < 16 ? 0xffff : 0xffff0000,
                                     HERE);
         load(thread, sharedOf(thread) + (lane ^ 16), HERE);
       },
       "line"},
      {"those that arrive do not wait", 64, 256,
       [](DitherThread *thread, const void *const *) {
         uint32_t i = numberOf(thread);
         store(thread, sharedOf(thread) + i, 1.0f, HERE);
         if (i < 32)
           thread->emulator->arrive(thread, 1, 64, HERE);
         else
           barrier(thread, HERE, 1, 64);
         if (i < 32)
           load(thread, sharedOf(thread) + (i ^ 32), HERE);
       },
       "line"},
      {"those that wait know", 64, 256,
       [](DitherThread *thread, const void *const *) {
         uint32_t i = numberOf(thread);
         store(thread, sharedOf(thread) + i, 1.0f, HERE);
         if (i < 32)
           thread->emulator->arrive(thread, 1, 64, HERE);
         else
           barrier(thread, HERE, 1, 64);
         if (i >= 32)
           load(thread, sharedOf(thread) + (i ^ 32), HERE);
       },
       ""},
      {"those that arrive go on", 64, 128,
       [](DitherThread *thread, const void *const *) {
         uint32_t i = numberOf(thread);
         if (i < 32) {
           store(thread, sharedOf(thread) + i, 1.0f, HERE);
           thread->emulator->arrive(thread, 1, 64, HERE);
           store(thread, sharedOf(thread) + i, 2.0f, HERE);
         } else {
           barrier(thread, HERE, 1, 64);
           load(thread, sharedOf(thread) + i - 32, HERE);
         }
       },
       "nothing orders the two"},
      {"a byte of a word that two read", 96, 16,
       [](DitherThread *thread, const void *const *) {
         uint32_t i = numberOf(thread);
         if (i == 0)
           store(thread, sharedOf(thread), 1.0f, HERE);
         barrier(thread, HERE);
         if (i == 0 || i == 32)
           load(thread, sharedOf(thread), HERE);
         if (i >= 32)
           barrier(thread, HERE, 1, 64);
         if (i == 64)
           store<unsigned char>(thread, thread->shared + 3, 1, HERE);
       },
       "nothing orders the two"},
      {"a read of what another adds to and reads", 2, 16,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) == 0)
           store(thread, sharedOf(thread), 1.0f, HERE);
         barrier(thread, HERE);
         if (numberOf(thread) == 0)
           add(thread, sharedOf(thread), 1.0f, HERE);
         load(thread, sharedOf(thread), HERE);
       },
       "nothing orders the two"},
      {"a read of what is added to", 2, 16,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) == 0)
           store(thread, sharedOf(thread), 1.0f, HERE);
         barrier(thread, HERE);
         add(thread, sharedOf(thread), 1.0f, HERE);
         if (numberOf(thread) == 1)
           load(thread, sharedOf(thread), HERE);
       },
       "nothing orders the two"},
      {"an addition to what is read", 3, 16,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) == 0)
           store(thread, sharedOf(thread), 1.0f, HERE);
         barrier(thread, HERE);
         if (numberOf(thread) < 2)
           load(thread, sharedOf(thread), HERE);
         else
           add(thread, sharedOf(thread), 1.0f, HERE);
       },
       "nothing orders the two"},
  });
}

TEST(EmulatorFault, RaceInGlobalMemory) {
  runCases(
      {
          {"two blocks write", 1, 0,
           [](DitherThread *thread, const void *const *pointers) {
             store(thread, argumentsOf(pointers).fresh, 1.0f, HERE);
           },
           "blocks of one launch are not ordered"},
          {"one block reads, the next writes", 16, 0,
           [](DitherThread *thread, const void *const *pointers) {
             float *data = argumentsOf(pointers).data;
             uint32_t i = globalNumberOf(thread);
             float sum = load(thread, data + i, HERE) +
                         load(thread, data + (i + 1) % 64, HERE);
             barrier(thread, HERE);
             store(thread, data + i, sum, HERE);
           },
           "blocks of one launch are not ordered"},
          {"all read, the last writes", 1, 0,
           [](DitherThread *thread, const void *const *pointers) {
             load(thread, argumentsOf(pointers).data, HERE);
             if (thread->block[0] == 2)
               store(thread, argumentsOf(pointers).data, 1.0f, HERE);
           },
           "blocks of one launch are not ordered"},
          {"a barrier orders a block", 16, 0,
           [](DitherThread *thread, const void *const *pointers) {
             float *fresh = argumentsOf(pointers).fresh;
             uint32_t i = globalNumberOf(thread);
             store(thread, fresh + i, 1.0f, HERE);
             barrier(thread, HERE);
             load(thread, fresh + (i ^ 1), HERE);
             barrier(thread, HERE);
             store(thread, fresh + (i ^ 3), 1.0f, HERE);
           },
           ""},
          {"a barrier forgotten", 16, 0,
           [](DitherThread *thread, const void *const *pointers) {
             float *fresh = argumentsOf(pointers).fresh;
             uint32_t i = globalNumberOf(thread);
             store(thread, fresh + i, 1.0f, HERE);
             store(thread, fresh + (i ^ 3), 1.0f, HERE);
           },
           "put a barrier between them"},
          {"a sum that two blocks read", 32, 0,
           [](DitherThread *thread, const void *const *pointers) {
             float *data = argumentsOf(pointers).data;
             if (thread->block[0] == 0) {
               add(thread, data, 1.0f, HERE);
               barrier(thread, HERE);
             }
             if (numberOf(thread) == 0)
               load(thread, data, HERE);
           },
           "blocks of one launch are not ordered"},
          {"a sum that another block reads", 32, 0,
           [](DitherThread *thread, const void *const *pointers) {
             if (thread->block[0] != 1)
               add(thread, argumentsOf(pointers).data, 1.0f, HERE);
             else
               load(thread, argumentsOf(pointers).data, HERE);
           },
           "blocks of one launch are not ordered"},
      },
      3);
}

/// Whatever one launch does, the next may.
TEST(EmulatorFault, NoRaceBetweenLaunches) {
  Emulated emulated(
      [](DitherThread *thread, const void *const *pointers) {
        float *data = argumentsOf(pointers).data;
        load(thread, data + globalNumberOf(thread), HERE);
        store(thread, data + globalNumberOf(thread), 1.0f, HERE);
      },
      64);
  auto backwards = [](DitherThread *thread, const void *const *pointers) {
    float *data = argumentsOf(pointers).data;
    store(thread, data + 63 - globalNumberOf(thread), 1.0f, HERE);
  };
  Arguments arguments = {emulated.copyIn(std::vector<float>(64)), nullptr,
                         nullptr};
  emulated.launch(1, arguments);
  emulated.entry.emulated = backwards;
  Error error = emulated.run(1, arguments);
  EXPECT_FALSE(error) << error.message();
}

} // namespace
