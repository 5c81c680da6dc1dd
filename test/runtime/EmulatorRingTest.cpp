//===- EmulatorRingTest.cpp - Warps with roles around a ring of tiles -----===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// D = A B' by a warp group that copies and one or two that multiply: three
// stages of tiles, each with an mbarrier for full and one for empty, wgmma with
// both operands in shared memory, and D back by bulk copies. Then the same with
// a mistake, each of which has to show under all schedules.
//
//===----------------------------------------------------------------------===//

#include "EmulatorMatmul.h"

#include <cstring>

using namespace dither::test;
using dither::runtime::Error;

namespace {
enum class Slip {
  None,
  NoWaitForFull,
  OneWarpDoesNotWaitForFull,
  WrongParityOfFull,
  WrongParityOfEmpty,
  NoWaitForEmpty,
  TooFewBytes,
  TooManyBytes,
  NoInitFence,
  NoInitBarrier,
  FullCountTooLarge,
  EmptyCountTooSmall,
  EmptyCountTooLarge,
  DroppedArrival,
  WrongSwizzle,
  NoSwizzle,
  WrongStride,
  OtherStage,
  NoGroupFence,
  NoGroupWait,
  OneGroupTooFew,
  ReleasesTooEarly,
  ReleasesWrongStage,
  OneGroupTooFewAtEnd,
  NoProxyFence,
  NoStoreBarrier,
  NoStoreWait,
};

struct RingArguments {
  DitherMappedMatrix a, b, d;
  uint32_t steps;
  Slip slip;
};

constexpr uint32_t stages = 3;
/// 64 rows of 64 f16, and of 32 f32.
constexpr uint32_t tileBytes = 64 * 128;
constexpr DitherWgmma mma = {64, 16, DITHER_F16, DITHER_F16, DITHER_F32,
                             0,  0,  0,          0};
constexpr uint32_t registers = 32;

/// Where things are in shared memory, with so many groups that multiply.
struct Places {
  explicit Places(uint32_t consumers) : consumers(consumers) {}
  uint32_t stageBytes() const { return (consumers + 1) * tileBytes; }
  /// The tile of A of a group; that of B is behind the last.
  uint32_t a(uint32_t stage, uint32_t group) const {
    return stage * stageBytes() + group * tileBytes;
  }
  uint32_t b(uint32_t stage) const { return a(stage, consumers); }
  uint32_t d(uint32_t group) const {
    return stages * stageBytes() + group * 2 * tileBytes;
  }
  uint32_t full(uint32_t stage) const { return d(consumers) + stage * 8; }
  uint32_t empty(uint32_t stage) const { return full(stages) + stage * 8; }
  uint32_t bytes() const { return empty(stages); }

  uint32_t consumers;
};

void produce(DitherThread *thread, const RingArguments &arguments,
             const Places &places) {
  const DitherEmulator *emulator = thread->emulator;
  emulator->set_registers(thread, 40, 0, HERE);
  if (numberOf(thread) >= 32 || !emulator->elect(thread, ~0u, HERE))
    return;
  unsigned char *shared = thread->shared;
  for (uint32_t step = 0; step < arguments.steps; ++step) {
    uint32_t stage = step % stages, parity = step / stages % 2;
    if (arguments.slip == Slip::WrongParityOfEmpty)
      parity ^= 1;
    if (arguments.slip != Slip::NoWaitForEmpty)
      emulator->mbarrier_wait(thread, shared + places.empty(stage), parity ^ 1,
                              HERE);
    uint32_t bytes = places.stageBytes();
    if (arguments.slip == Slip::TooFewBytes)
      bytes -= tileBytes;
    if (arguments.slip == Slip::TooManyBytes)
      bytes += 16;
    void *full = shared + places.full(stage);
    emulator->mbarrier_arrive(thread, full, bytes, HERE);
    auto column = static_cast<int32_t>(step * 64);
    for (uint32_t group = 0; group < places.consumers; ++group)
      emulator->copy_tensor(thread, shared + places.a(stage, group),
                            &arguments.a, static_cast<int32_t>(group * 64),
                            column, full, HERE);
    emulator->copy_tensor(thread, shared + places.b(stage), &arguments.b, 0,
                          column, full, HERE);
  }
}

/// Rows of 128 bytes.
uint64_t describeTile(DitherThread *thread, uint32_t offset, Slip slip) {
  auto address =
      static_cast<uint32_t>(reinterpret_cast<uintptr_t>(thread->shared));
  uint64_t mode = slip == Slip::WrongSwizzle ? 2
                  : slip == Slip::NoSwizzle  ? 0
                                             : 1;
  uint64_t stride = slip == Slip::WrongStride ? 512 : 1024;
  return (address + offset & 0x3ffff) >> 4 | uint64_t(1) << 16 |
         stride >> 4 << 32 | mode << 62;
}

void multiplyStage(DitherThread *thread, uint32_t stage, uint32_t group,
                   const Places &places, uint32_t *sums, Slip slip) {
  if (slip == Slip::OtherStage)
    stage = (stage + 1) % stages;
  uint64_t a = describeTile(thread, places.a(stage, group), Slip::None);
  uint64_t b = describeTile(thread, places.b(stage), slip);
  if (slip != Slip::NoGroupFence)
    thread->emulator->group_fence(thread, HERE);
  // 16 elements are 32 bytes.
  for (uint32_t k = 0; k < 4; ++k)
    thread->emulator->group_multiply(thread, &mma, nullptr, a + k * 2,
                                     b + k * 2, 0, sums, HERE);
  thread->emulator->group_commit(thread, HERE);
}

/// Sums to shared memory, whose rows are swizzled, and to D.
void storeSums(DitherThread *thread, const RingArguments &arguments,
               const Places &places, uint32_t group, const uint32_t *sums) {
  const DitherEmulator *emulator = thread->emulator;
  uint32_t number = numberOf(thread) % 128;
  unsigned char *tiles = thread->shared + places.d(group);
  for (uint32_t i = 0; i < registers; ++i) {
    uint32_t row = number / 32 * 16 + number % 32 / 4 + i / 2 % 2 * 8;
    uint32_t column = i / 4 * 8 + number % 4 * 2 + i % 2;
    uint32_t chunk = column % 32 / 4 ^ row % 8;
    store(thread,
          reinterpret_cast<uint32_t *>(tiles + column / 32 * tileBytes +
                                       row * 128 + chunk * 16 + column % 4 * 4),
          sums[i], HERE);
  }
  if (arguments.slip != Slip::NoProxyFence)
    emulator->fence_proxy(thread, HERE);
  if (arguments.slip != Slip::NoStoreBarrier)
    barrier(thread, HERE, 1 + group, 128);
  if (number != 0)
    return;
  for (uint32_t half = 0; half < 2; ++half)
    emulator->store_tensor(
        thread, &arguments.d, static_cast<int32_t>(group * 64),
        static_cast<int32_t>(half * 32), tiles + half * tileBytes, HERE);
  emulator->bulk_commit(thread, HERE);
  if (arguments.slip != Slip::NoStoreWait)
    emulator->bulk_wait(thread, 0, 1, HERE);
}

void consume(DitherThread *thread, const RingArguments &arguments,
             const Places &places, uint32_t group) {
  const DitherEmulator *emulator = thread->emulator;
  Slip slip = arguments.slip;
  uint32_t number = numberOf(thread) % 128;
  emulator->set_registers(thread, 232, 1, HERE);
  uint32_t sums[registers] = {};
  auto release = [&](uint32_t step) {
    bool isDropped = slip == Slip::DroppedArrival && step == 1;
    if (number == 0 && !isDropped)
      emulator->mbarrier_arrive(
          thread, thread->shared + places.empty(step % stages), 0, HERE);
  };
  for (uint32_t step = 0; step < arguments.steps; ++step) {
    uint32_t parity = step / stages % 2;
    if (slip == Slip::WrongParityOfFull)
      parity ^= 1;
    bool skips = slip == Slip::NoWaitForFull ||
                 (slip == Slip::OneWarpDoesNotWaitForFull && number / 32 == 3);
    if (!skips)
      emulator->mbarrier_wait(
          thread, thread->shared + places.full(step % stages), parity, HERE);
    if (slip == Slip::ReleasesTooEarly)
      release(step);
    multiplyStage(thread, step % stages, group, places, sums, slip);
    if (slip != Slip::NoGroupWait)
      emulator->group_wait(thread, slip == Slip::OneGroupTooFew ? 2 : 1, sums,
                           registers, HERE);
    if (slip == Slip::ReleasesWrongStage)
      release(step);
    else if (step > 0 && slip != Slip::ReleasesTooEarly)
      release(step - 1);
  }
  if (slip != Slip::NoGroupWait)
    emulator->group_wait(thread, slip == Slip::OneGroupTooFewAtEnd, sums,
                         registers, HERE);
  storeSums(thread, arguments, places, group, sums);
}

void ring(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<RingArguments>(pointers);
  const DitherEmulator *emulator = thread->emulator;
  Slip slip = arguments.slip;
  Places places(thread->threads[0] / 128 - 1);
  if (numberOf(thread) == 0) {
    uint32_t groups = places.consumers;
    groups -= slip == Slip::EmptyCountTooSmall;
    groups += slip == Slip::EmptyCountTooLarge;
    for (uint32_t stage = 0; stage < stages; ++stage) {
      emulator->mbarrier_init(thread, thread->shared + places.full(stage),
                              slip == Slip::FullCountTooLarge ? 2 : 1, HERE);
      emulator->mbarrier_init(thread, thread->shared + places.empty(stage),
                              groups, HERE);
    }
    if (slip != Slip::NoInitFence)
      emulator->fence_mbarrier_init(thread, HERE);
  }
  if (slip != Slip::NoInitBarrier)
    barrier(thread, HERE);
  uint32_t role = numberOf(thread) / 128;
  if (role == 0)
    produce(thread, arguments, places);
  else
    consume(thread, arguments, places, role - 1);
}

//===----------------------------------------------------------------------===//
// The host's side
//===----------------------------------------------------------------------===//

/// Matrices that end within tiles.
class RingProblem {
public:
  static constexpr int64_t columns = 50, depth = 600, stride = 52;

  explicit RingProblem(uint32_t consumers)
      : consumers(consumers), rows(consumers * 64 - 28), a(rows * depth),
        b(columns * depth) {
    uint32_t state = 7;
    for (std::vector<int> *matrix : {&a, &b})
      for (int &element : *matrix)
        element = pickNumber(state, DITHER_F16);
  }

  Error run(int schedule, Slip slip) {
    Emulated emulated(ring, (consumers + 1) * 128, Places(consumers).bytes(),
                      schedule);
    DitherTensorMap operand = {0, DITHER_F16, 64, 64, 128};
    RingArguments arguments = {};
    arguments.steps = (depth + 63) / 64;
    arguments.slip = slip;
    arguments.a = {{emulated.copyIn(encode(a), "A"), rows, depth, depth},
                   operand};
    arguments.b = {{emulated.copyIn(encode(b), "B"), columns, depth, depth},
                   operand};
    auto *memory =
        emulated.copyIn(std::vector<float>(rows * stride, -1.0f), "D");
    arguments.d = {{memory, rows, columns, stride},
                   {0, DITHER_F32, 64, 32, 128}};
    Error error = emulated.run(1, arguments);
    d = emulated.copyOut(memory, rows * stride);
    return error;
  }
  uint32_t wrongElements() const {
    uint32_t wrong = 0;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < stride; ++column) {
        int sum = column < columns ? 0 : -1;
        for (int64_t k = 0; k < depth && column < columns; ++k)
          sum += a[row * depth + k] * b[column * depth + k];
        // Not equal to NaN, either.
        wrong += !(d[row * stride + column] == static_cast<float>(sum));
      }
    return wrong;
  }

private:
  static std::vector<uint16_t> encode(const std::vector<int> &values) {
    std::vector<uint16_t> encoded;
    for (int value : values)
      encoded.push_back(static_cast<uint16_t>(encodeNumber(DITHER_F16, value)));
    return encoded;
  }

  uint32_t consumers;
  int64_t rows;
  std::vector<int> a, b;
  std::vector<float> d;
};

TEST(EmulatorRing, IsExact) {
  for (uint32_t consumers : {1u, 2u}) {
    RingProblem problem(consumers);
    for (int schedule = 0; schedule < 2 * scheduleCount; ++schedule) {
      Error error = problem.run(schedule, Slip::None);
      ASSERT_FALSE(error) << error.message();
      EXPECT_EQ(problem.wrongElements(), 0u) << "schedule " << schedule;
    }
  }
}

/// "" where the numbers are wrong, and nothing else is.
struct SlipCase {
  const char *name;
  Slip slip;
  const char *message;
};
constexpr SlipCase slips[] = {
    {"no wait for full", Slip::NoWaitForFull, "line"},
    {"one warp does not wait", Slip::OneWarpDoesNotWaitForFull, "line"},
    {"wrong parity of full", Slip::WrongParityOfFull, "line"},
    {"wrong parity of empty", Slip::WrongParityOfEmpty,
     "whose phase 0 has 0 of"},
    {"no wait for empty", Slip::NoWaitForEmpty, "line"},
    {"too few bytes", Slip::TooFewBytes, "line"},
    {"too many bytes", Slip::TooManyBytes, "1 of 1 arrivals, 16 bytes missing"},
    {"no fence of the initialization", Slip::NoInitFence,
     "without a fence.mbarrier_init"},
    {"no barrier behind the initialization", Slip::NoInitBarrier,
     "mbarrier at "},
    {"one arrival too many for full", Slip::FullCountTooLarge,
     "1 of 2 arrivals"},
    {"one arrival too few for empty", Slip::EmptyCountTooSmall, "line"},
    {"one arrival too many for empty", Slip::EmptyCountTooLarge,
     "2 of 3 arrivals"},
    {"an arrival is dropped", Slip::DroppedArrival, "0 of 2 arrivals"},
    {"wrong swizzle", Slip::WrongSwizzle, "of a swizzle of 64 bytes"},
    {"no swizzle", Slip::NoSwizzle, ""},
    {"wrong stride", Slip::WrongStride, ""},
    {"another stage", Slip::OtherStage, "line"},
    {"no wgmma.fence", Slip::NoGroupFence, "without a wgmma.fence"},
    {"no wgmma.wait_group", Slip::NoGroupWait, "line"},
    {"waits for one group too few", Slip::OneGroupTooFew, "line"},
    {"releases before the product", Slip::ReleasesTooEarly, "line"},
    {"releases the stage of the last product", Slip::ReleasesWrongStage,
     "line"},
    {"one group too few at the end", Slip::OneGroupTooFewAtEnd,
     "ends before this product is complete"},
    {"no fence of proxies", Slip::NoProxyFence,
     "without a fence.proxy.async behind it"},
    {"no barrier before the store", Slip::NoStoreBarrier, "line"},
    {"no wait for the store", Slip::NoStoreWait,
     "ends before the bytes of this store have been read"},
};

TEST(EmulatorRing, CatchesSlips) {
  for (const SlipCase &test : slips)
    for (int schedule = 0; schedule < scheduleCount; ++schedule) {
      RingProblem problem(2);
      Error error = problem.run(schedule, test.slip);
      if (*test.message) {
        EXPECT_TRUE(failsWith(error, test.message))
            << test.name << ", schedule " << schedule << ": "
            << error.message();
      } else {
        EXPECT_FALSE(error) << test.name << ": " << error.message();
        EXPECT_GT(problem.wrongElements(), 0u) << test.name;
      }
    }
}

} // namespace
