//===- EmulatorMatrixTest.cpp - Matrix instructions of emulated devices ---===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorMatmul.h"
#include "runtime/emulator/SmallFloat.h"

#include <cmath>

using namespace dither::test;
using namespace dither::runtime::emulator;
using dither::runtime::Error;

namespace {
constexpr DitherMma dense(uint32_t k, uint32_t a, uint32_t b,
                          uint32_t accumulator) {
  return {16, 8, k, a, b, accumulator, 0, 0};
}
constexpr DitherMma sparse(uint32_t k, uint32_t a, uint32_t b,
                           uint32_t accumulator, uint32_t selector) {
  return {16, 8, k, a, b, accumulator, 1, selector};
}

constexpr DitherMma shapes[] = {
    dense(16, DITHER_F16, DITHER_F16, DITHER_F32),
    dense(8, DITHER_F16, DITHER_F16, DITHER_F32),
    dense(16, DITHER_F16, DITHER_F16, DITHER_F16),
    dense(8, DITHER_F16, DITHER_F16, DITHER_F16),
    dense(16, DITHER_BF16, DITHER_BF16, DITHER_F32),
    dense(8, DITHER_BF16, DITHER_BF16, DITHER_F32),
    dense(8, DITHER_TF32, DITHER_TF32, DITHER_F32),
    dense(4, DITHER_TF32, DITHER_TF32, DITHER_F32),
    dense(32, DITHER_S8, DITHER_S8, DITHER_S32),
    dense(16, DITHER_S8, DITHER_S8, DITHER_S32),
    dense(32, DITHER_U8, DITHER_S8, DITHER_S32),
    dense(16, DITHER_S8, DITHER_U8, DITHER_S32),
    dense(32, DITHER_U8, DITHER_U8, DITHER_S32),
    dense(32, DITHER_E4M3, DITHER_E4M3, DITHER_F32),
    dense(32, DITHER_E5M2, DITHER_E5M2, DITHER_F32),
    dense(32, DITHER_E4M3, DITHER_E5M2, DITHER_F32),
    sparse(16, DITHER_F16, DITHER_F16, DITHER_F32, 0),
    sparse(16, DITHER_F16, DITHER_F16, DITHER_F32, 1),
    sparse(16, DITHER_F16, DITHER_F16, DITHER_F16, 2),
    sparse(16, DITHER_BF16, DITHER_BF16, DITHER_F32, 3),
    sparse(32, DITHER_F16, DITHER_F16, DITHER_F32, 0),
    sparse(32, DITHER_F16, DITHER_F16, DITHER_F16, 1),
    sparse(32, DITHER_BF16, DITHER_BF16, DITHER_F32, 1),
    sparse(32, DITHER_S8, DITHER_S8, DITHER_S32, 0),
    sparse(32, DITHER_S8, DITHER_U8, DITHER_S32, 1),
    sparse(64, DITHER_S8, DITHER_S8, DITHER_S32, 0),
    sparse(64, DITHER_U8, DITHER_S8, DITHER_S32, 0),
    sparse(64, DITHER_E4M3, DITHER_E4M3, DITHER_F32, 0),
};

TEST(EmulatorMatrix, MultipliesInAllShapes) {
  for (const DitherMma &mma : shapes)
    for (int schedule = 0; schedule < scheduleCount; ++schedule) {
      MatmulProblem problem(mma);
      Error error = problem.run(schedule);
      ASSERT_FALSE(error) << error.message();
      EXPECT_EQ(problem.wrongElements(), 0u)
          << "k " << mma.k << " of " << mma.a << " and " << mma.b << " sparse "
          << mma.sparse << " selector " << mma.selector;
    }
}

TEST(EmulatorMatrix, CatchesMistakesInARing) {
  struct {
    Mistake mistake;
    const char *message;
  } cases[] = {
      {Mistake::WaitsForTooFew, "still copies to"},
      {Mistake::NoWait, "still copies to"},
      {Mistake::NoCommit, "still copies to"},
      {Mistake::NoBarrier, "line"},
      {Mistake::BarrierBeforeWait, "line"},
      {Mistake::FillsTooEarly, "line"},
      {Mistake::MisalignedRow, "not a multiple of 16"},
      {Mistake::WrongMetadata, "has the metadata"},
      {Mistake::OutOfBounds, "of A, which has"},
  };
  for (const auto &test : cases)
    for (int schedule = 0; schedule < scheduleCount; ++schedule)
      EXPECT_TRUE(failsWith(
          MatmulProblem(sparse(32, DITHER_F16, DITHER_F16, DITHER_F32, 0))
              .run(schedule, test.mistake),
          test.message))
          << "mistake " << static_cast<int>(test.mistake) << ", schedule "
          << schedule;
}

//===----------------------------------------------------------------------===//
// ldmatrix, stmatrix
//===----------------------------------------------------------------------===//

struct MatrixArguments {
  uint32_t count, isTransposed;
  uint32_t *registers;
  uint16_t *elements;
};

/// Matrices of 8 x 8 elements that are numbered: loads them and stores what it
/// has got, to the same places.
void loadAndStore(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<MatrixArguments>(pointers);
  auto *in = reinterpret_cast<uint16_t *>(thread->shared);
  uint16_t *out = in + 256;
  uint32_t lane = numberOf(thread);
  for (uint32_t i = 0; i < 8; ++i)
    store(thread, in + lane * 8 + i, static_cast<uint16_t>(lane * 8 + i), HERE);
  barrier(thread, HERE);
  uint32_t registers[4] = {};
  thread->emulator->load_matrix(thread, in + lane * 8, arguments.count,
                                arguments.isTransposed, registers, HERE);
  thread->emulator->store_matrix(thread, out + lane * 8, arguments.count,
                                 arguments.isTransposed, registers, HERE);
  barrier(thread, HERE);
  for (uint32_t i = 0; i < 4; ++i)
    store(thread, arguments.registers + lane * 4 + i, registers[i], HERE);
  for (uint32_t i = lane; i < arguments.count * 64; i += 32)
    store(thread, arguments.elements + i, load(thread, out + i, HERE), HERE);
}

TEST(EmulatorMatrix, LoadsAndStores) {
  for (uint32_t count : {1u, 2u, 4u})
    for (uint32_t isTransposed : {0u, 1u}) {
      Emulated emulated(loadAndStore, 32, 1024);
      auto *registers = emulated.allocate<uint32_t>(128);
      auto *elements = emulated.allocate<uint16_t>(256);
      Error error = emulated.run(
          1, MatrixArguments{count, isTransposed, registers, elements});
      ASSERT_FALSE(error) << error.message();
      std::vector<uint32_t> loaded = emulated.copyOut(registers, 128);
      for (uint32_t lane = 0; lane < 32; ++lane)
        for (uint32_t i = 0; i < count; ++i) {
          uint32_t row = lane / 4, column = lane % 4 * 2;
          uint32_t low = isTransposed ? column * 8 + row : row * 8 + column;
          uint32_t high = isTransposed ? low + 8 : low + 1;
          EXPECT_EQ(loaded[lane * 4 + i], (i * 64 + low) | (i * 64 + high)
                                                               << 16);
        }
      std::vector<uint16_t> stored = emulated.copyOut(elements, count * 64);
      for (uint32_t i = 0; i < count * 64; ++i)
        EXPECT_EQ(stored[i], i);
    }
}

//===----------------------------------------------------------------------===//
// What there is not
//===----------------------------------------------------------------------===//

void multiplyOnce(DitherThread *thread, const void *const *pointers) {
  uint32_t zeros[4] = {}, d[4];
  thread->emulator->multiply(thread, &argumentOf<DitherMma>(pointers), zeros,
                             zeros, zeros, 0x44444444, d, HERE);
}

TEST(EmulatorMatrix, NamesUnknownShapes) {
  Emulated emulated(multiplyOnce, 32);
  struct {
    DitherMma mma;
    const char *message;
  } cases[] = {
      {dense(16, DITHER_TF32, DITHER_TF32, DITHER_F32),
       "mma.m16n8k16 of tf32 and tf32 to f32"},
      {dense(16, DITHER_F16, DITHER_BF16, DITHER_F32), "f16 and bf16"},
      {dense(16, DITHER_BF16, DITHER_BF16, DITHER_F16), "bf16 to f16"},
      {dense(32, DITHER_S8, DITHER_S8, DITHER_F32), "s8 to f32"},
      {{8, 8, 16, DITHER_F16, DITHER_F16, DITHER_F32, 0, 0}, "m8n8k16"},
      {sparse(8, DITHER_TF32, DITHER_TF32, DITHER_F32, 0), "mma.sp.m16n8k8"},
      {sparse(32, DITHER_F16, DITHER_F16, DITHER_F32, 2),
       "selector 2, of 0 to 1"},
      {sparse(64, DITHER_S8, DITHER_S8, DITHER_S32, 1), "selector 1, of 0"},
  };
  for (const auto &test : cases)
    EXPECT_TRUE(failsWith(emulated.run(1, test.mma), test.message));
  EXPECT_FALSE(
      emulated.run(1, sparse(32, DITHER_F16, DITHER_F16, DITHER_F32, 1)));
}

TEST(EmulatorMatrix, NeedsWholeWarps) {
  Emulated emulated(multiplyOnce, 48);
  EXPECT_TRUE(
      failsWith(emulated.run(1, dense(16, DITHER_F16, DITHER_F16, DITHER_F32)),
                "its warp lacks 0xffff0000"));
}

//===----------------------------------------------------------------------===//
// Small numbers
//===----------------------------------------------------------------------===//

TEST(EmulatorMatrix, DecodesSmallFloats) {
  EXPECT_EQ(decodeF16(0x3c00), 1.0f);
  EXPECT_EQ(decodeF16(0xc580), -5.5f);
  EXPECT_EQ(decodeF16(0x0001), 0x1p-24f);
  EXPECT_EQ(decodeF16(0x7bff), 65504.0f);
  EXPECT_TRUE(std::isinf(decodeF16(0xfc00)));
  EXPECT_TRUE(std::isnan(decodeF16(0x7c01)));
  EXPECT_EQ(decodeBf16(0xc0a0), -5.0f);
  EXPECT_EQ(decodeE4M3(0x01), 0x1p-9f);
  EXPECT_EQ(decodeE4M3(0x7e), 448.0f);
  EXPECT_EQ(decodeE4M3(0xb8), -1.0f);
  EXPECT_TRUE(std::isnan(decodeE4M3(0xff)));
  EXPECT_EQ(decodeE5M2(0x7b), 57344.0f);
  EXPECT_EQ(decodeE5M2(0x01), 0x1p-16f);
  EXPECT_TRUE(std::isinf(decodeE5M2(0x7c)));
}

TEST(EmulatorMatrix, EncodesWhatItDecodes) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    bool isNan = (bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0;
    if (isNan)
      continue;
    ASSERT_EQ(encodeF16(decodeF16(static_cast<uint16_t>(bits))), bits);
  }
}

TEST(EmulatorMatrix, RoundsToNearestEven) {
  EXPECT_EQ(encodeF16(1 + 0x1p-11), 0x3c00);
  EXPECT_EQ(encodeF16(1 + 3 * 0x1p-11), 0x3c02);
  EXPECT_EQ(encodeF16(1 + 0x1.8p-11), 0x3c01);
  EXPECT_EQ(encodeF16(0x1p-25), 0x0000);
  EXPECT_EQ(encodeF16(0x1.8p-24), 0x0002);
  EXPECT_EQ(encodeF16(65519), 0x7bff);
  EXPECT_EQ(encodeF16(-65520), 0xfc00);
}

} // namespace
