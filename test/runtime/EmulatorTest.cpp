//===- EmulatorTest.cpp - Kernels on emulated devices
//----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorSupport.h"

#include <cstring>
#include <numeric>

using namespace dither::test;
using dither::runtime::Code;
using dither::runtime::Error;

namespace {
std::vector<float> countingFrom(float first, size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

//===----------------------------------------------------------------------===//
// Threads that do not wait
//===----------------------------------------------------------------------===//

struct AddArguments {
  const float *a, *b;
  float *c;
  uint32_t count;
};

void addVectors(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<AddArguments>(pointers);
  uint32_t i = globalNumberOf(thread);
  if (i >= arguments.count)
    return;
  float sum =
      load(thread, arguments.a + i, HERE) + load(thread, arguments.b + i, HERE);
  store(thread, arguments.c + i, sum, HERE);
}

TEST(Emulator, AddsVectorsWithRaggedEnds) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule)
    for (bool isCollective : {false, true})
      for (uint32_t count : {1u, 31u, 64u, 100u, 1000u}) {
        Emulated emulated(addVectors, 64, 0, schedule, isCollective);
        float *c = emulated.allocate<float>(count);
        Error error = emulated.run(
            (count + 63) / 64,
            AddArguments{emulated.copyIn(countingFrom(0, count)),
                         emulated.copyIn(countingFrom(5, count)), c, count});
        EXPECT_FALSE(error) << error.message();
        std::vector<float> result = emulated.copyOut(c, count);
        for (uint32_t i = 0; i < count; ++i)
          ASSERT_EQ(result[i], 2.0f * i + 5);
      }
}

struct PlaceArguments {
  uint32_t *places;
};

/// Writes which call it is to where its coordinates say.
void notePlace(DitherThread *thread, const void *const *pointers) {
  uint32_t place = 0;
  for (int i = 2; i >= 0; --i)
    place = place * thread->blocks[i] + thread->block[i];
  for (int i = 2; i >= 0; --i)
    place = place * thread->threads[i] + thread->thread[i];
  store(thread, argumentOf<PlaceArguments>(pointers).places + place, place,
        HERE);
}

TEST(Emulator, RunsEachThreadOfEachBlockOnce) {
  for (bool isCollective : {false, true})
    for (int schedule : {0, 1}) {
      Emulated emulated(notePlace, 0, 0, schedule, isCollective);
      uint32_t threads[3] = {5, 3, 2};
      std::copy(threads, threads + 3, emulated.entry.threads);
      constexpr uint32_t total = 5 * 3 * 2 * 2 * 3 * 4;
      uint32_t *places = emulated.allocate<uint32_t>(total);
      PlaceArguments argument = {places};
      const void *arguments[] = {&argument};
      int64_t grid[3] = {2, 3, 4};
      emulated.device->launch(0, grid, arguments, nullptr);
      Error error = emulated.device->synchronize();
      EXPECT_FALSE(error) << error.message();
      std::vector<uint32_t> result = emulated.copyOut(places, total);
      for (uint32_t i = 0; i < total; ++i)
        ASSERT_EQ(result[i], i);
    }
}

TEST(Emulator, HasNothingToDoOnAnEmptyGrid) {
  Emulated emulated(notePlace, 32);
  EXPECT_FALSE(emulated.run(0, PlaceArguments{nullptr}));
}

/// Neighbours write the bytes of a word each, and read them together.
void writeBytes(DitherThread *thread, const void *const *pointers) {
  auto *bytes = static_cast<unsigned char *>(thread->shared);
  uint32_t i = numberOf(thread);
  auto *out = argumentOf<PlaceArguments>(pointers).places;
  for (int round = 0; round < 3; ++round) {
    store<unsigned char>(thread, bytes + i,
                         static_cast<unsigned char>(i + round), HERE);
    barrier(thread, HERE);
    if (i % 4 == 0)
      store(thread, out + i / 4,
            load(thread, reinterpret_cast<uint32_t *>(bytes + i), HERE), HERE);
    if (i % 2 == 0)
      load(thread, reinterpret_cast<uint16_t *>(bytes + i), HERE);
    barrier(thread, HERE);
  }
}

TEST(Emulator, TellsBytesApart) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(writeBytes, 64, 64, schedule);
    uint32_t *out = emulated.allocate<uint32_t>(16);
    // A second launch finds the cells of the first.
    for (int launch = 0; launch < 2; ++launch) {
      Error error = emulated.run(1, PlaceArguments{out});
      EXPECT_FALSE(error) << error.message();
    }
    EXPECT_EQ(emulated.copyOut(out, 16)[1], 0x09080706u);
  }
}

//===----------------------------------------------------------------------===//
// Blocks and warps
//===----------------------------------------------------------------------===//

struct ReduceArguments {
  const float *in;
  float *out;
};

/// A tree in shared memory: the sum of a block's elements.
void reduceBlock(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<ReduceArguments>(pointers);
  auto *shared = reinterpret_cast<float *>(thread->shared);
  uint32_t i = numberOf(thread);
  store(thread, shared + i,
        load(thread, arguments.in + globalNumberOf(thread), HERE), HERE);
  for (uint32_t half = thread->threads[0] / 2; half > 0; half /= 2) {
    barrier(thread, HERE);
    if (i < half)
      store(thread, shared + i,
            load(thread, shared + i, HERE) +
                load(thread, shared + i + half, HERE),
            HERE);
  }
  if (i == 0)
    store(thread, arguments.out + thread->block[0], load(thread, shared, HERE),
          HERE);
}

/// The same with shuffles, and a word of shared memory for each warp.
void reduceWarps(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<ReduceArguments>(pointers);
  auto *shared = reinterpret_cast<float *>(thread->shared);
  uint32_t i = numberOf(thread);
  auto sumOfWarp = [&](float value) {
    for (uint32_t distance = 16; distance > 0; distance /= 2) {
      uint32_t bits;
      std::memcpy(&bits, &value, 4);
      bits = thread->emulator->shuffle(thread, ~0u, DITHER_SHUFFLE_XOR, bits,
                                       distance, 31, nullptr, HERE);
      float other;
      std::memcpy(&other, &bits, 4);
      value += other;
    }
    return value;
  };
  float sum =
      sumOfWarp(load(thread, arguments.in + globalNumberOf(thread), HERE));
  if (i % 32 == 0)
    store(thread, shared + i / 32, sum, HERE);
  barrier(thread, HERE);
  if (i >= 32)
    return;
  sum = sumOfWarp(i < thread->threads[0] / 32 ? load(thread, shared + i, HERE)
                                              : 0);
  if (i == 0)
    store(thread, arguments.out + thread->block[0], sum, HERE);
}

TEST(Emulator, ReducesBlocks) {
  for (DitherEmulatedKernel kernel : {reduceBlock, reduceWarps})
    for (int schedule = 0; schedule < scheduleCount; ++schedule) {
      Emulated emulated(kernel, 256, 1024, schedule);
      float *out = emulated.allocate<float>(3);
      Error error = emulated.run(
          3, ReduceArguments{emulated.copyIn(countingFrom(1, 768)), out});
      EXPECT_FALSE(error) << error.message();
      std::vector<float> result = emulated.copyOut(out, 3);
      for (uint32_t block = 0; block < 3; ++block)
        EXPECT_EQ(result[block], 256 * (256 * block + 128.5f));
    }
}

/// Of 32 x 32 elements, through shared memory with a padded row.
void transpose(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<ReduceArguments>(pointers);
  auto *shared = reinterpret_cast<float *>(thread->shared);
  uint32_t column = numberOf(thread) % 32;
  for (uint32_t row = numberOf(thread) / 32; row < 32; row += 8)
    store(thread, shared + row * 33 + column,
          load(thread, arguments.in + row * 32 + column, HERE), HERE);
  barrier(thread, HERE);
  for (uint32_t row = numberOf(thread) / 32; row < 32; row += 8)
    store(thread, arguments.out + row * 32 + column,
          load(thread, shared + column * 33 + row, HERE), HERE);
}

TEST(Emulator, TransposesThroughSharedMemory) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(transpose, 256, 32 * 33 * 4, schedule);
    float *out = emulated.allocate<float>(1024);
    Error error = emulated.run(
        1, ReduceArguments{emulated.copyIn(countingFrom(0, 1024)), out});
    EXPECT_FALSE(error) << error.message();
    std::vector<float> result = emulated.copyOut(out, 1024);
    for (uint32_t i = 0; i < 1024; ++i)
      ASSERT_EQ(result[i], i % 32 * 32 + i / 32);
  }
}

struct ShuffleArguments {
  uint32_t kind, lane, clamp;
  uint32_t *values, *valid;
};

void shuffleOnce(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<ShuffleArguments>(pointers);
  uint32_t lane = numberOf(thread);
  uint32_t isValid;
  uint32_t value = thread->emulator->shuffle(thread, ~0u, arguments.kind,
                                             lane + 100, arguments.lane,
                                             arguments.clamp, &isValid, HERE);
  store(thread, arguments.values + lane, value, HERE);
  store(thread, arguments.valid + lane, isValid, HERE);
}

TEST(Emulator, ShufflesWithinSegments) {
  auto segmentOf = [](uint32_t lanes) { return (32 - lanes) << 8; };
  // Of lane 9, in the warp and in segments of 8: lanes 8 to 15.
  struct {
    uint32_t kind, lane, clamp, value, valid;
  } cases[] = {
      {DITHER_SHUFFLE_INDEX, 3, 31, 103, 1},
      {DITHER_SHUFFLE_INDEX, 3, segmentOf(8) | 31, 111, 1},
      {DITHER_SHUFFLE_UP, 2, 0, 107, 1},
      {DITHER_SHUFFLE_UP, 2, segmentOf(8), 109, 0},
      {DITHER_SHUFFLE_UP, 10, 0, 109, 0},
      {DITHER_SHUFFLE_DOWN, 7, 31, 116, 1},
      {DITHER_SHUFFLE_DOWN, 7, segmentOf(8) | 31, 109, 0},
      {DITHER_SHUFFLE_DOWN, 23, 31, 109, 0},
      {DITHER_SHUFFLE_XOR, 5, 31, 112, 1},
      {DITHER_SHUFFLE_XOR, 16, segmentOf(8) | 31, 109, 0},
  };
  Emulated emulated(shuffleOnce, 32);
  auto *values = emulated.allocate<uint32_t>(32);
  auto *valid = emulated.allocate<uint32_t>(32);
  for (const auto &test : cases) {
    Error error = emulated.run(
        1, ShuffleArguments{test.kind, test.lane, test.clamp, values, valid});
    EXPECT_FALSE(error) << error.message();
    EXPECT_EQ(emulated.copyOut(values, 32)[9], test.value) << test.kind;
    EXPECT_EQ(emulated.copyOut(valid, 32)[9], test.valid) << test.kind;
  }
}

/// Halves of a warp vote apart, and at once.
void vote(DitherThread *thread, const void *const *pointers) {
  uint32_t lane = numberOf(thread);
  uint32_t mask = lane < 16 ? 0xffff : 0xffff0000;
  uint32_t votes = lane < 16
                       ? thread->emulator->ballot(thread, mask, lane & 1, HERE)
                       : thread->emulator->ballot(thread, mask, lane & 2, HERE);
  store(thread, argumentOf<PlaceArguments>(pointers).places + lane, votes,
        HERE);
}

TEST(Emulator, VotesInPartsOfAWarp) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(vote, 32, 0, schedule);
    auto *votes = emulated.allocate<uint32_t>(32);
    Error error = emulated.run(1, PlaceArguments{votes});
    EXPECT_FALSE(error) << error.message();
    EXPECT_EQ(emulated.copyOut(votes, 32)[3], 0xaaaau);
    EXPECT_EQ(emulated.copyOut(votes, 32)[20], 0xcccc0000u);
  }
}

/// The first warp makes, the second uses, in a ring of two places: barriers 1
/// and 2 say that a place is full, 3 and 4 that it is free.
void produce(DitherThread *thread, const void *const *pointers) {
  auto *out = argumentOf<PlaceArguments>(pointers).places;
  auto *shared = reinterpret_cast<uint32_t *>(thread->shared);
  uint32_t lane = numberOf(thread) % 32;
  bool isProducer = numberOf(thread) < 32;
  uint32_t sum = 0;
  for (uint32_t round = 0; round < 6; ++round) {
    uint32_t place = round % 2;
    uint32_t *data = shared + place * 32;
    if (isProducer) {
      if (round >= 2)
        barrier(thread, HERE, 3 + place, 64);
      store(thread, data + lane, round * 100 + lane, HERE);
      thread->emulator->arrive(thread, 1 + place, 64, HERE);
    } else {
      barrier(thread, HERE, 1 + place, 64);
      sum += load(thread, data + (lane + 1) % 32, HERE);
      if (round < 4)
        thread->emulator->arrive(thread, 3 + place, 64, HERE);
    }
  }
  if (!isProducer)
    store(thread, out + lane, sum, HERE);
}

TEST(Emulator, OrdersProducersAndConsumers) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(produce, 64, 256, schedule);
    auto *out = emulated.allocate<uint32_t>(32);
    Error error = emulated.run(2, PlaceArguments{out});
    // Both blocks write the same.
    EXPECT_TRUE(failsWith(error, "blocks of one launch are not ordered"));
    error = emulated.run(1, PlaceArguments{out});
    EXPECT_FALSE(error) << error.message();
    EXPECT_EQ(emulated.copyOut(out, 32)[5], 1500u + 6 * 6);
  }
}

/// Lanes hand a word around, with no more than their warp to wait for.
void passAround(DitherThread *thread, const void *const *pointers) {
  auto *shared = reinterpret_cast<uint32_t *>(thread->shared);
  uint32_t i = numberOf(thread);
  uint32_t neighbour = i / 32 * 32 + (i + 1) % 32;
  uint32_t value = i;
  for (int round = 0; round < 5; ++round) {
    store(thread, shared + i, value, HERE);
    thread->emulator->warp_sync(thread, ~0u, HERE);
    value = load(thread, shared + neighbour, HERE);
    thread->emulator->warp_sync(thread, ~0u, HERE);
  }
  store(thread, argumentOf<PlaceArguments>(pointers).places + i, value, HERE);
}

TEST(Emulator, OrdersLanesOfAWarp) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(passAround, 96, 96 * 4, schedule);
    auto *out = emulated.allocate<uint32_t>(96);
    Error error = emulated.run(1, PlaceArguments{out});
    EXPECT_FALSE(error) << error.message();
    EXPECT_EQ(emulated.copyOut(out, 96)[32 + 30], 32u + 3);
  }
}

/// Warps meet in pairs: each learns from others what those learnt before.
void relay(DitherThread *thread, const void *const *pointers) {
  auto *shared = reinterpret_cast<uint32_t *>(thread->shared);
  uint32_t warp = numberOf(thread) / 32;
  uint32_t warps = thread->threads[0] / 32;
  if (warp != 0)
    barrier(thread, HERE, warp, 64);
  // What all before it wrote.
  uint32_t sum = 1;
  for (uint32_t other = 0; other < warp; ++other)
    sum += load(thread, shared + other * 32 + numberOf(thread) % 32, HERE);
  store(thread, shared + numberOf(thread), sum, HERE);
  if (warp + 1 < warps)
    barrier(thread, HERE, warp + 1, 64);
  else
    store(thread,
          argumentOf<PlaceArguments>(pointers).places + numberOf(thread) % 32,
          sum, HERE);
}

TEST(Emulator, PassesOnWhatThreadsKnow) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(relay, 192, 192 * 4, schedule);
    auto *out = emulated.allocate<uint32_t>(32);
    Error error = emulated.run(1, PlaceArguments{out});
    EXPECT_FALSE(error) << error.message();
    EXPECT_EQ(emulated.copyOut(out, 32)[7], 32u);
  }
}

/// Threads of all blocks add to one word, and to one of the block.
void count(DitherThread *thread, const void *const *pointers) {
  auto *out = argumentOf<PlaceArguments>(pointers).places;
  auto *shared = reinterpret_cast<uint32_t *>(thread->shared);
  if (numberOf(thread) == 0)
    store(thread, shared, 0u, HERE);
  barrier(thread, HERE);
  add(thread, shared, 1u, HERE);
  add(thread, out, 1u, HERE);
  barrier(thread, HERE);
  if (numberOf(thread) == 0)
    store(thread, out + 1 + thread->block[0], load(thread, shared, HERE), HERE);
}

TEST(Emulator, LetsAtomicAccessesMeet) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule) {
    Emulated emulated(count, 128, 4, schedule);
    auto *out = emulated.copyIn(std::vector<uint32_t>(4));
    Error error = emulated.run(3, PlaceArguments{out});
    EXPECT_FALSE(error) << error.message();
    EXPECT_EQ(emulated.copyOut(out, 4),
              (std::vector<uint32_t>{384, 128, 128, 128}));
  }
}

//===----------------------------------------------------------------------===//
// The device
//===----------------------------------------------------------------------===//

TEST(Emulator, SaysWhatItIs) {
  Emulated emulated(addVectors, 32);
  EXPECT_EQ(emulated.device->name(), "emulator");
  EXPECT_NE(emulated.device->dlpack().device_type, kDLCPU);
}

TEST(Emulator, CopiesAndClears) {
  Emulated emulated(addVectors, 32);
  float *memory = emulated.copyIn(countingFrom(1, 10));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 256, 0u);
  EXPECT_FALSE(emulated.device->clear(memory + 2, 8));
  std::vector<float> result = emulated.copyOut(memory, 10);
  EXPECT_EQ(result[1], 2);
  EXPECT_EQ(result[2], 0);
  EXPECT_EQ(result[3], 0);
  EXPECT_EQ(result[4], 5);
  EXPECT_FALSE(emulated.device->copyIn(nullptr, nullptr, 0));
  EXPECT_TRUE(failsWith(emulated.device->clear(memory, 44),
                        "44 bytes at 0 of data, which has 40 bytes"));
  float local;
  EXPECT_TRUE(
      failsWith(emulated.device->copyOut(&local, &local, 4), "no memory"));
}

TEST(Emulator, DoesNotTakeUnwrittenMemoryForZero) {
  Emulated emulated(addVectors, 32);
  auto *memory = emulated.allocate<unsigned char>(200);
  unsigned char one = 1;
  EXPECT_FALSE(emulated.device->copyIn(memory + 100, &one, 1));
  std::vector<unsigned char> result = emulated.copyOut(memory, 200);
  EXPECT_NE(result[99], 0);
  EXPECT_EQ(result[100], 1);
  EXPECT_NE(result[101], 0);
}

TEST(Emulator, HasAsMuchMemoryAsTold) {
  Variable variable("DITHER_EMULATOR_MEMORY", "1000");
  Emulated emulated(addVectors, 32);
  auto first = emulated.device->allocate(600, "the arena of 'forward'");
  ASSERT_TRUE(first);
  auto second = emulated.device->allocate(600, "the state");
  EXPECT_TRUE(failsWith(second, "no memory for the state: it takes 600 bytes"));
  EXPECT_EQ(second.error().code(), Code::OutOfMemory);
  emulated.device->release(*first);
  EXPECT_TRUE(emulated.device->allocate(1000, "the state"));
  auto empty = emulated.device->allocate(0, "nothing");
  ASSERT_TRUE(empty);
  EXPECT_EQ(*empty, nullptr);
  emulated.device->release(*empty);
}

TEST(Emulator, RefusesHugeMemory) {
  Emulated emulated(addVectors, 32);
  auto memory = emulated.device->allocate(size_t(1) << 50, "the state");
  EXPECT_TRUE(failsWith(memory, "no memory for the state"));
}

TEST(Emulator, ChecksWhatItIsOpenedWith) {
  DitherEmbedded embedded = {};
  EXPECT_TRUE(failsWith(dither::runtime::openEmulator(1, embedded),
                        "no emulated device 1"));
  DitherKernelEntry entry = {};
  entry.name = "bare";
  entry.version = "sm_80";
  std::fill_n(entry.threads, 3, 1);
  embedded.kernel_count = 1;
  embedded.kernels = &entry;
  EXPECT_TRUE(failsWith(dither::runtime::openEmulator(0, embedded),
                        "kernel 'bare' has no code"));
  embedded.kernel_count = 0;
  for (const char *name :
       {"DITHER_EMULATOR_SCHEDULE", "DITHER_EMULATOR_MEMORY"})
    for (const char *text : {"x", "-1", "3x", "99999999999999999999999"}) {
      Variable variable(name, text);
      EXPECT_TRUE(failsWith(dither::runtime::openEmulator(0, embedded), name));
    }
}

} // namespace
