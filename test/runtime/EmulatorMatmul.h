//===- EmulatorMatmul.h - A matrix product by hand ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// D = A B on 128 threads: a ring of three stages that cp.async fills, ldmatrix
// and mma. One kernel serves all types: the fragments of A by rows, and of B by
// columns, are those of ldmatrix, whatever the bytes mean. It has places where
// a mistake can be planted.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_RUNTIME_EMULATORMATMUL_H
#define DITHER_TEST_RUNTIME_EMULATORMATMUL_H

#include "EmulatorSupport.h"

namespace dither::test {

enum class Mistake {
  None,
  WaitsForTooFew,
  WaitsForNone,
  NoBarrier,
  BarrierBeforeWait,
  FillsTooEarly,
  NoCommit,
  NoWait,
  MisalignedRow,
  WrongMetadata,
  OutOfBounds,
};

struct MatmulArguments {
  DitherMma mma;
  uint32_t steps;
  /// [32][steps * aBytes], [16][steps * bBytes], [steps][2][32].
  const unsigned char *a, *b;
  const uint32_t *metadata;
  /// A register of D each: [4 warps][4 or 2][32].
  uint32_t *d;
  Mistake mistake;

  static uint32_t bytesOf(uint32_t number) {
    switch (number) {
    case DITHER_F16:
    case DITHER_BF16:
      return 2;
    case DITHER_TF32:
      return 4;
    default:
      return 1;
    }
  }
  uint32_t bBytes() const { return mma.k * bytesOf(mma.b); }
  uint32_t aBytes() const {
    return mma.k * bytesOf(mma.a) / (mma.sparse ? 2 : 1);
  }
  uint32_t registersOfD() const {
    return mma.accumulator == DITHER_F16 ? 2 : 4;
  }
  /// Rows of shared memory; padded, so that a wrong row is another place.
  static constexpr uint32_t aPitch = 48, bPitch = 80;
  static constexpr uint32_t stageBytes = 32 * aPitch + 16 * bPitch;
  static constexpr uint32_t stages = 3;
};

/// Issues the copies of one step.
inline void fillStage(DitherThread *thread, const MatmulArguments &arguments,
                      uint32_t step) {
  unsigned char *stage =
      thread->shared +
      step % arguments.stages * size_t(MatmulArguments::stageBytes);
  auto copyRows = [&](const unsigned char *from, uint32_t rows, uint32_t bytes,
                      unsigned char *to, uint32_t pitch) {
    uint32_t perRow = bytes / 16;
    for (uint32_t i = thread->thread[0]; i < rows * perRow; i += 128) {
      uint32_t row = i / perRow, column = i % perRow * 16;
      uint32_t at = (row * arguments.steps + step) * bytes + column;
      if (arguments.mistake == Mistake::OutOfBounds)
        at += 16;
      thread->emulator->copy_async(thread, to + row * pitch + column, from + at,
                                   16, 16, HERE);
    }
  };
  copyRows(arguments.a, 32, arguments.aBytes(), stage, arguments.aPitch);
  copyRows(arguments.b, 16, arguments.bBytes(), stage + 32 * arguments.aPitch,
           arguments.bPitch);
}

/// Registers i: rows 8 i to 8 i + 7 of the first 16 bytes, then of the next.
inline void loadFragment(DitherThread *thread, const unsigned char *tile,
                         uint32_t pitch, uint32_t rows, uint32_t bytes,
                         uint32_t *registers, const char *where) {
  uint32_t count = bytes / 16 * (rows / 8);
  uint32_t matrix = thread->thread[0] % 32 / 8 % count;
  uint32_t row = matrix * 8 % rows + thread->thread[0] % 8;
  thread->emulator->load_matrix(thread,
                                tile + row * pitch + matrix * 8 / rows * 16,
                                count, 0, registers, where);
}

inline void matmul(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<MatmulArguments>(pointers);
  const DitherEmulator *emulator = thread->emulator;
  Mistake mistake = arguments.mistake;
  uint32_t warp = thread->thread[0] / 32, lane = thread->thread[0] % 32;
  auto commit = [&] {
    if (mistake != Mistake::NoCommit)
      emulator->copy_commit(thread, HERE);
  };
  for (uint32_t step = 0; step + 1 < arguments.stages; ++step) {
    fillStage(thread, arguments, step);
    commit();
  }
  uint32_t c[4] = {};
  for (uint32_t step = 0; step < arguments.steps; ++step) {
    uint32_t next = step + arguments.stages - 1;
    auto fillNext = [&] {
      if (next < arguments.steps)
        fillStage(thread, arguments, next);
      commit();
    };
    if (mistake == Mistake::BarrierBeforeWait)
      barrier(thread, HERE);
    if (mistake == Mistake::FillsTooEarly)
      fillNext();
    uint32_t allowed = mistake == Mistake::WaitsForTooFew  ? 2
                       : mistake == Mistake::FillsTooEarly ? 2
                                                           : 1;
    if (mistake != Mistake::NoWait)
      emulator->copy_wait(thread, allowed, HERE);
    if (mistake != Mistake::NoBarrier && mistake != Mistake::BarrierBeforeWait)
      barrier(thread, HERE);
    if (mistake != Mistake::FillsTooEarly)
      fillNext();

    const unsigned char *stage =
        thread->shared +
        step % arguments.stages * size_t(MatmulArguments::stageBytes);
    uint32_t a[4], b[4], metadata = 0;
    uint32_t slip = mistake == Mistake::MisalignedRow ? 8 : 0;
    loadFragment(thread, stage + warp / 2 * 16 * arguments.aPitch + slip,
                 arguments.aPitch, 16, arguments.aBytes(), a, HERE);
    loadFragment(
        thread, stage + 32 * arguments.aPitch + warp % 2 * 8 * arguments.bPitch,
        arguments.bPitch, 8, arguments.bBytes(), b, HERE);
    if (arguments.mma.sparse)
      metadata = load(
          thread, arguments.metadata + (step * 2 + warp / 2) * 32 + lane, HERE);
    if (mistake == Mistake::WrongMetadata)
      metadata ^= 0x40;
    emulator->multiply(thread, &arguments.mma, a, b, c, metadata, c, HERE);
  }
  uint32_t count = arguments.registersOfD();
  for (uint32_t i = 0; i < count; ++i)
    store(thread, arguments.d + (warp * count + i) * 32 + lane, c[i], HERE);
}

//===----------------------------------------------------------------------===//
// The host's side
//===----------------------------------------------------------------------===//

/// An integer as a number of a type that has it exactly.
uint32_t encodeNumber(uint32_t number, int value);
/// Small integers that types with few bits have.
int pickNumber(uint32_t &state, uint32_t number);
/// The value of an f16.
double decodeHalf(uint32_t bits);

/// Matrices of small integers, as the kernel wants them.
class MatmulProblem {
public:
  static constexpr uint32_t rows = 32, columns = 16, steps = 5;

  explicit MatmulProblem(DitherMma mma);

  runtime::Error run(int schedule, Mistake mistake = Mistake::None);
  /// How many elements of D are wrong after a run.
  uint32_t wrongElements() const;

private:
  uint32_t depth() const { return mma.k * steps; }
  void fillA();
  void fillB();
  void storeElement(std::vector<unsigned char> &bytes, size_t index,
                    uint32_t number, int value);
  void setPositions(uint32_t row, uint32_t k, uint32_t first, uint32_t second);
  double readElement(uint32_t row, uint32_t column) const;

  DitherMma mma;
  std::vector<int> denseA, denseB;
  std::vector<unsigned char> a, b;
  std::vector<uint32_t> metadata, d;
};

} // namespace dither::test

#endif // DITHER_TEST_RUNTIME_EMULATORMATMUL_H
