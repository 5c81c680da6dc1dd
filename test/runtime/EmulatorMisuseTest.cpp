//===- EmulatorMisuseTest.cpp - Instructions used in a wrong way
//------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels with a mistake each, under all schedules.
//
//===----------------------------------------------------------------------===//

#include "EmulatorCases.h"

using namespace dither::test;
using dither::runtime::Error;

namespace {
//===----------------------------------------------------------------------===//
// Barriers
//===----------------------------------------------------------------------===//

TEST(EmulatorMisuse, Deadlock) {
  runCases({
      {"a warp leaves early", 96, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) >= 64)
           return;
         barrier(thread, HERE);
       },
       "for barrier 0, to which 64 threads, 2 whole warps, of 3 warps have "
       "come; threads 64 to 95 left the kernel"},
      {"warps at different barriers", 64, 0,
       [](DitherThread *thread, const void *const *) {
         barrier(thread, HERE, numberOf(thread) / 32);
       },
       "threads wait for ever: threads 0 to 31 at 'line"},
      {"some lanes do not come", 64, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) % 32 != 7)
           barrier(thread, HERE);
       },
       "62 threads, 0 whole warps, of 2 warps have come"},
      {"lanes wait for each other", 32, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) < 16)
           thread->emulator->warp_sync(thread, 0xffff, HERE);
         else
           barrier(thread, HERE);
         if (numberOf(thread) < 15)
           thread->emulator->warp_sync(thread, 0xffff, HERE);
         else
           barrier(thread, HERE);
       },
       "line"},
      {"nobody arrives", 64, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) < 32)
           barrier(thread, HERE, 1, 64);
       },
       "for barrier 1, to which 32 threads"},
  });
}

TEST(EmulatorMisuse, Barrier) {
  runCases({
      {"different places", 32, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) < 16)
           barrier(thread, HERE);
         else
           barrier(thread, HERE);
       },
       "all lanes of a warp come to a barrier together"},
      {"different places for different warps", 64, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) < 32)
           barrier(thread, HERE);
         else
           barrier(thread, HERE);
       },
       ""},
      {"different numbers", 96, 0,
       [](DitherThread *thread, const void *const *) {
         barrier(thread, HERE, 1, numberOf(thread) < 32 ? 64 : 96);
       },
       "others came to it for"},
      {"no whole warps", 64, 0,
       [](DitherThread *thread, const void *const *) {
         barrier(thread, HERE, 1, 48);
       },
       "for 48 threads, which is no multiple of a warp"},
      {"more than there are", 64, 0,
       [](DitherThread *thread, const void *const *) {
         barrier(thread, HERE, 1, 96);
       },
       "for 96 threads, of a block that has 64"},
      {"more than come", 96, 0,
       [](DitherThread *thread, const void *const *) {
         barrier(thread, HERE, 1, 64);
       },
       "for barrier 1"},
      {"no such barrier", 32, 0,
       [](DitherThread *thread, const void *const *) {
         barrier(thread, HERE, 16);
       },
       "names barrier 16, of 0 to 15"},
      {"arrives without a number", 32, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->arrive(thread, 1, 0, HERE);
       },
       "without a number of threads"},
      {"arrives twice", 64, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) >= 32)
           return;
         thread->emulator->arrive(thread, 1, 64, HERE);
         barrier(thread, HERE, 1, 64);
       },
       "comes to barrier 1 again"},
      {"a ragged warp", 40, 0,
       [](DitherThread *thread, const void *const *) {
         barrier(thread, HERE);
         barrier(thread, HERE, 1, 64);
       },
       ""},
  });
}

//===----------------------------------------------------------------------===//
// Warps
//===----------------------------------------------------------------------===//

TEST(EmulatorMisuse, Mask) {
  runCases({
      {"without the caller", 32, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->warp_sync(thread, 0xfffffffe, HERE);
       },
       "which do not include its own, 0"},
      {"of lanes that do not exist", 40, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->ballot(thread, ~0u, 1, HERE);
       },
       "its warp lacks 0xffffff00: the block has 40 threads"},
      {"of the lanes of a ragged warp", 40, 0,
       [](DitherThread *thread, const void *const *) {
         uint32_t mask = numberOf(thread) < 32 ? ~0u : 0xff;
         thread->emulator->ballot(thread, mask, 1, HERE);
       },
       ""},
      {"of a lane that never comes", 32, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) != 31)
           thread->emulator->warp_sync(thread, ~0u, HERE);
       },
       "left the kernel"},
      {"of a lane that waits elsewhere", 64, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) == 31)
           barrier(thread, HERE);
         thread->emulator->warp_sync(thread, ~0u, HERE);
       },
       "for bar.warp.sync"},
      {"that overlaps", 32, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->warp_sync(
             thread, numberOf(thread) < 16 ? 0x1ffff : 0xffff0000, HERE);
       },
       "bar.warp.sync of lanes 0x"},
      {"at different places", 32, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) < 16)
           thread->emulator->warp_sync(thread, ~0u, HERE);
         else
           thread->emulator->warp_sync(thread, ~0u, HERE);
       },
       "all lanes of a mask to the same instruction"},
      {"of lanes that are further", 32, 0,
       [](DitherThread *thread, const void *const *) {
         uint32_t lane = numberOf(thread);
         thread->emulator->warp_sync(thread, lane < 16 ? 0xffff : 0xffff0000,
                                     HERE);
         thread->emulator->warp_sync(thread, ~0u, HERE);
         thread->emulator->warp_sync(thread, lane < 8 ? 0xff : 0xffffff00,
                                     HERE);
       },
       ""},
      {"of different instructions", 32, 0,
       [](DitherThread *thread, const void *const *) {
         const char *where = HERE;
         if (numberOf(thread) < 16)
           thread->emulator->warp_sync(thread, ~0u, where);
         else
           thread->emulator->ballot(thread, ~0u, 1, where);
       },
       "all lanes of a mask to the same instruction"},
      {"of different shuffles", 32, 0,
       [](DitherThread *thread, const void *const *) {
         thread->emulator->shuffle(thread, ~0u,
                                   numberOf(thread) < 16 ? DITHER_SHUFFLE_XOR
                                                         : DITHER_SHUFFLE_DOWN,
                                   0, 1, 31, nullptr, HERE);
       },
       "all lanes of a mask to the same instruction"},
      {"without the source of a shuffle", 32, 0,
       [](DitherThread *thread, const void *const *) {
         if (numberOf(thread) < 16)
           thread->emulator->shuffle(thread, 0xffff, DITHER_SHUFFLE_XOR, 0, 16,
                                     31, nullptr, HERE);
       },
       "which the mask 0xffff does not name"},
  });
}

//===----------------------------------------------------------------------===//
// Copies and matrices
//===----------------------------------------------------------------------===//

/// cp.async of 16 bytes for each thread, where a test does not say other.
void copy(DitherThread *thread, const void *const *pointers, const char *where,
          uint32_t to = 0, uint32_t from = 0, uint32_t bytes = 16,
          uint32_t sourceBytes = 16) {
  auto *data = reinterpret_cast<unsigned char *>(argumentsOf(pointers).data);
  uint32_t at = numberOf(thread) * 16;
  thread->emulator->copy_async(thread, thread->shared + at + to,
                               data + at + from, bytes, sourceBytes, where);
}

TEST(EmulatorMisuse, Copy) {
  runCases({
      {"is right", 16, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE, 0, 0, 16, numberOf(thread));
         thread->emulator->copy_commit(thread, HERE);
         thread->emulator->copy_wait(thread, 0, HERE);
         barrier(thread, HERE);
         load(thread, sharedOf(thread) + numberOf(thread), HERE);
       },
       ""},
      {"is not waited for at the end", 16, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE);
         thread->emulator->copy_commit(thread, HERE);
       },
       "ends before the bytes of this copy have arrived"},
      {"is read at once", 16, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE);
         thread->emulator->copy_commit(thread, HERE);
         load(thread, sharedOf(thread) + numberOf(thread) * 4, HERE);
       },
       "still copies to"},
      {"is read by another thread without a barrier", 16, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE);
         thread->emulator->copy_commit(thread, HERE);
         thread->emulator->copy_wait(thread, 0, HERE);
         load(thread, sharedOf(thread) + numberOf(thread), HERE);
       },
       "line"},
      {"is issued while another thread reads", 16, 256,
       [](DitherThread *thread, const void *const *pointers) {
         for (int i = 0; i < 2; ++i) {
           copy(thread, pointers, HERE);
           thread->emulator->copy_commit(thread, HERE);
           thread->emulator->copy_wait(thread, 0, HERE);
           barrier(thread, HERE);
           load(thread, sharedOf(thread) + numberOf(thread), HERE);
         }
       },
       "line"},
      {"goes where another goes", 16, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE);
         copy(thread, pointers, HERE);
       },
       "still copies to"},
      {"has a source that changes", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE);
         thread->emulator->copy_commit(thread, HERE);
         store(thread, argumentsOf(pointers).data + 1, 3.0f, HERE);
         thread->emulator->copy_wait(thread, 0, HERE);
       },
       "whose source changed before it arrived"},
      {"has a misaligned target", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE, 8);
       },
       "byte 8 of shared memory, which has 256 bytes: not a multiple of 16"},
      {"has a misaligned source", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE, 0, 4);
       },
       "byte 4 of the input"},
      {"has a strange size", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE, 0, 0, 12, 12);
       },
       "copies 12 of 12 bytes; cp.async has 4, 8 or 16"},
      {"reads more than it copies", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE, 0, 0, 4, 8);
       },
       "copies 8 of 4 bytes"},
      {"goes beyond shared memory", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE, 256);
       },
       "at 256 of shared memory, which has 256 bytes"},
      {"comes from behind the source", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         copy(thread, pointers, HERE, 0, 256);
       },
       "reads 16 bytes at 256 of the input"},
      {"goes to global memory", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         float *data = argumentsOf(pointers).data;
         thread->emulator->copy_async(thread, data, data, 16, 16, HERE);
       },
       "wants 16 bytes of shared memory at 0 of the input"},
      {"comes from memory that nobody wrote", 1, 256,
       [](DitherThread *thread, const void *const *pointers) {
         thread->emulator->copy_async(
             thread, thread->shared, argumentsOf(pointers).fresh, 16, 16, HERE);
       },
       "that no thread wrote"},
  });
}

TEST(EmulatorMisuse, Matrix) {
  runCases({
      {"misaligned", 32, 1024,
       [](DitherThread *thread, const void *const *) {
         uint32_t registers[4];
         thread->emulator->load_matrix(
             thread, thread->shared + numberOf(thread) * 16 + 8, 4, 0,
             registers, HERE);
       },
       "not a multiple of 16"},
      {"in global memory", 32, 1024,
       [](DitherThread *thread, const void *const *pointers) {
         uint32_t registers[4];
         thread->emulator->load_matrix(thread, argumentsOf(pointers).data, 1, 0,
                                       registers, HERE);
       },
       "wants 16 bytes of shared memory at 0 of the input"},
      {"of three", 32, 1024,
       [](DitherThread *thread, const void *const *) {
         uint32_t registers[4];
         thread->emulator->load_matrix(thread, thread->shared, 3, 0, registers,
                                       HERE);
       },
       "ldmatrix of 3 matrices"},
      {"unwritten", 32, 1024,
       [](DitherThread *thread, const void *const *) {
         uint32_t registers[4];
         thread->emulator->load_matrix(thread,
                                       thread->shared + numberOf(thread) * 16,
                                       1, 0, registers, HERE);
       },
       "that no thread wrote"},
      {"rows that overlap are stored", 32, 1024,
       [](DitherThread *thread, const void *const *) {
         uint32_t registers[4] = {};
         thread->emulator->store_matrix(
             thread, thread->shared + numberOf(thread) / 2 * 16, 1, 0,
             registers, HERE);
       },
       "nothing orders the two"},
      {"loaded and transposed at once", 32, 1024,
       [](DitherThread *thread, const void *const *) {
         uint32_t registers[4];
         thread->emulator->load_matrix(thread, thread->shared, 4,
                                       numberOf(thread) % 2, registers, HERE);
       },
       "all lanes of a mask to the same instruction"},
  });
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

void storeNumber(DitherThread *thread, const void *const *pointers) {
  store(thread, argumentsOf(pointers).fresh + globalNumberOf(thread), 1.0f,
        HERE);
}

TEST(EmulatorMisuse, FirstErrorIsKept) {
  Emulated emulated(storeNumber, 64);
  float *fresh = emulated.allocate<float>(64);
  emulated.launch(1, Arguments{nullptr, fresh + 32, nullptr});
  emulated.launch(1, Arguments{nullptr, fresh + 16, nullptr});
  emulated.launch(1, Arguments{nullptr, fresh, nullptr});
  Error error = emulated.device->synchronize();
  EXPECT_TRUE(failsWith(error, "kernel 'hand': block (0,0,0), thread (32,0,0) "
                               "at 'line"));
  // The others did not run.
  EXPECT_NE(emulated.copyOut(fresh, 64)[0], 1.0f);
  EXPECT_FALSE(emulated.device->synchronize());
  EXPECT_FALSE(emulated.run(1, Arguments{nullptr, fresh, nullptr}));
  EXPECT_EQ(emulated.copyOut(fresh, 64)[0], 1.0f);
}

TEST(EmulatorMisuse, WaitsWithoutSayingSo) {
  Emulated emulated(
      [](DitherThread *thread, const void *const *) { barrier(thread, HERE); },
      32, 0, 0, false);
  EXPECT_TRUE(failsWith(emulated.run(1, Arguments{}), "is_collective is 0"));
}

TEST(EmulatorMisuse, ImpossibleLaunches) {
  Emulated emulated(storeNumber, 64);
  Arguments arguments = {};
  emulated.launch(1, arguments, 7);
  EXPECT_TRUE(failsWith(emulated.device->synchronize(),
                        "kernel 7 does not exist; the artifact has 1"));
  const void *pointers[] = {&arguments};
  for (int64_t y : {int64_t(-1), int64_t(65536)}) {
    int64_t grid[3] = {1, y, 1};
    emulated.device->launch(0, grid, pointers, nullptr);
    EXPECT_TRUE(failsWith(emulated.device->synchronize(), "a grid of 1 x"));
  }
  emulated.entry.shared_bytes = 227 * 1024 + 1;
  EXPECT_TRUE(failsWith(emulated.run(1, arguments), "bytes of shared memory"));
  emulated.entry.shared_bytes = 0;
  for (uint32_t threads : {0u, 1025u}) {
    emulated.entry.threads[0] = threads;
    EXPECT_TRUE(failsWith(emulated.run(1, arguments), "a block of"));
  }
}

} // namespace
