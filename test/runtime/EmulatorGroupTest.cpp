//===- EmulatorGroupTest.cpp - Products of warp groups --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// One warp group multiplies matrices of small integers, whose bytes the host
// has put where wgmma looks for them: by layouts written here anew, atom by
// atom.
//
//===----------------------------------------------------------------------===//

#include "EmulatorMatmul.h"

#include <cstring>

using namespace dither::test;
using dither::runtime::Error;

namespace {
constexpr uint32_t rows = 64;
constexpr uint32_t steps = 4;

struct GroupArguments {
  DitherWgmma mma;
  /// What shared memory has.
  const unsigned char *image;
  uint32_t imageBytes;
  /// [steps][128][4] where A is in registers, and [steps][128].
  const uint32_t *a, *metadata;
  uint64_t aMatrix[steps], bMatrix[steps];
  /// [128][registers]: what accumulators are, and become.
  uint32_t *d;
  uint32_t registers;
  /// Waits behind each step, not at the end alone.
  bool waitsOften;
};

void multiplyInGroup(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<GroupArguments>(pointers);
  const DitherEmulator *emulator = thread->emulator;
  uint32_t number = numberOf(thread);
  for (uint32_t at = number * 16; at < arguments.imageBytes; at += 128 * 16) {
    emulator->access(thread, arguments.image + at, 16, 16, DITHER_READ, HERE);
    emulator->access(thread, thread->shared + at, 16, 16, DITHER_WRITE, HERE);
    std::memcpy(thread->shared + at, arguments.image + at, 16);
  }
  uint32_t sums[128];
  for (uint32_t i = 0; i < arguments.registers; ++i)
    sums[i] =
        load(thread, arguments.d + number * arguments.registers + i, HERE);
  emulator->fence_proxy(thread, HERE);
  barrier(thread, HERE);
  uint64_t base = (reinterpret_cast<uintptr_t>(thread->shared) & 0x3ffff) >> 4;
  emulator->group_fence(thread, HERE);
  for (uint32_t step = 0; step < steps; ++step) {
    uint32_t a[4] = {}, metadata = 0;
    for (uint32_t i = 0; i < 4 && arguments.a; ++i)
      a[i] = load(thread, arguments.a + (step * 128 + number) * 4 + i, HERE);
    if (arguments.mma.sparse)
      metadata = load(thread, arguments.metadata + step * 128 + number, HERE);
    emulator->group_multiply(thread, &arguments.mma, arguments.a ? a : nullptr,
                             arguments.aMatrix[step] + base,
                             arguments.bMatrix[step] + base, metadata, sums,
                             HERE);
    emulator->group_commit(thread, HERE);
    if (arguments.waitsOften)
      emulator->group_wait(thread, step % 2, sums, arguments.registers, HERE);
  }
  emulator->group_wait(thread, 0, sums, arguments.registers, HERE);
  for (uint32_t i = 0; i < arguments.registers; ++i)
    store(thread, arguments.d + number * arguments.registers + i, sums[i],
          HERE);
}

/// Where the elements of an operand lie: `lines` of A or B, times depth.
struct Layout {
  uint32_t lines, depth, elementBytes, swizzle;
  bool isTransposed;

  uint32_t bytes() const { return lines * depth * elementBytes; }
  /// The chunk of a row of an atom of eight rows that becomes chunk `chunk`.
  uint32_t exchanged(uint32_t row, uint32_t chunk) const {
    switch (swizzle) {
    case 128:
      return chunk ^ row;
    case 64:
      return chunk ^ row / 2;
    case 32:
      return chunk ^ row / 4;
    default:
      return chunk;
    }
  }
  uint32_t place(uint32_t line, uint32_t k) const {
    uint32_t span = swizzle ? swizzle : 16;
    uint32_t inRow = isTransposed ? line : k;
    uint32_t row = isTransposed ? k : line;
    uint32_t perRow = span / elementBytes;
    // Without a swizzle atoms of neighbouring lines, with one those of
    // neighbouring k are neighbours, but for rows of k.
    uint32_t atomsOfLines =
        isTransposed ? (lines + perRow - 1) / perRow : lines / 8;
    uint32_t atomOfLine = isTransposed ? line / perRow : line / 8;
    uint32_t atomOfK = isTransposed ? k / 8 : k / perRow;
    uint32_t atomsOfK = isTransposed ? depth / 8 : depth / perRow;
    uint32_t atom = isTransposed && swizzle
                        ? atomOfLine * atomsOfK + atomOfK
                        : atomOfK * atomsOfLines + atomOfLine;
    uint32_t at = inRow % perRow * elementBytes;
    return atom * 8 * span + row % 8 * span + exchanged(row % 8, at / 16) * 16 +
           at % 16;
  }
  /// With the whole of the atoms at the edges.
  uint32_t room() const {
    uint32_t span = swizzle ? swizzle : 16;
    uint32_t wide = isTransposed ? span / elementBytes : 8;
    return (lines + wide - 1) / wide * wide * depth * elementBytes;
  }
  /// The descriptor of what begins at `k`, of a matrix at `start`.
  uint64_t descriptor(uint32_t start, uint32_t k) const {
    uint32_t span = swizzle ? swizzle : 16;
    uint32_t atomsOfK = isTransposed ? depth / 8 : 0;
    uint64_t leading, stride;
    if (!isTransposed) {
      // With a swizzle it has no meaning.
      leading = swizzle ? 0x1230 : lines / 8 * 128;
      stride = 8 * span;
    } else if (swizzle) {
      leading = uint64_t(atomsOfK) * 8 * span;
      stride = 8 * span;
    } else {
      leading = lines / 8 * 128;
      stride = 128;
    }
    uint64_t mode = swizzle == 128  ? 1
                    : swizzle == 64 ? 2
                    : swizzle == 32 ? 3
                                    : 0;
    // A step begins at a row of an atom, or in one of it.
    uint32_t perRow = span / elementBytes;
    uint32_t first = isTransposed ? place(0, k)
                                  : place(0, k / perRow * perRow) +
                                        k % perRow * elementBytes;
    return ((start + first) >> 4) | leading >> 4 << 16 | stride >> 4 << 32 |
           mode << 62;
  }
};

class GroupProblem {
public:
  GroupProblem(DitherWgmma mma, uint32_t swizzleA, uint32_t swizzleB,
               bool hasRegisters)
      : mma(mma), hasRegisters(hasRegisters),
        layoutA{rows, depthA() * steps, bytesOf(mma.a), swizzleA,
                mma.transposed_a != 0},
        layoutB{mma.n, mma.k * steps, bytesOf(mma.b), swizzleB,
                mma.transposed_b != 0},
        startB((layoutA.room() + 1023) / 1024 * 1024),
        image(startB + layoutB.room()), a(rows * mma.k * steps),
        b(mma.n * mma.k * steps), registersOfA(steps * 128 * 4),
        metadata(steps * 128) {
    fillA();
    fillB();
    fillSums();
  }

  Error run(int schedule, bool waitsOften) {
    GroupArguments arguments = {};
    arguments.mma = mma;
    arguments.imageBytes = static_cast<uint32_t>(image.size());
    arguments.registers = registers();
    arguments.waitsOften = waitsOften;
    for (uint32_t step = 0; step < steps; ++step) {
      arguments.aMatrix[step] = layoutA.descriptor(0, step * depthA());
      arguments.bMatrix[step] = layoutB.descriptor(startB, step * mma.k);
    }
    Emulated emulated(multiplyInGroup, 128, arguments.imageBytes, schedule);
    arguments.image = emulated.copyIn(image, "the image");
    arguments.a = hasRegisters ? emulated.copyIn(registersOfA, "A") : nullptr;
    arguments.metadata = emulated.copyIn(metadata, "the metadata");
    arguments.d = emulated.copyIn(sums, "D");
    Error error = emulated.run(1, arguments);
    d = emulated.copyOut(arguments.d, sums.size());
    return error;
  }
  uint32_t wrongElements() const {
    uint32_t wrong = 0;
    for (uint32_t row = 0; row < rows; ++row)
      for (uint32_t column = 0; column < mma.n; ++column) {
        int sum = first(row, column);
        for (uint32_t k = 0; k < mma.k * steps; ++k)
          sum += a[row * mma.k * steps + k] * b[column * mma.k * steps + k];
        wrong += readElement(row, column) != sum;
      }
    return wrong;
  }

private:
  static uint32_t bytesOf(uint32_t number) {
    return MatmulArguments::bytesOf(number);
  }
  uint32_t depthA() const { return mma.sparse ? mma.k / 2 : mma.k; }
  uint32_t registers() const {
    return mma.accumulator == DITHER_F16 ? mma.n / 4 : mma.n / 2;
  }
  static int first(uint32_t row, uint32_t column) {
    return static_cast<int>(row * 3 + column) % 13 - 6;
  }

  /// Element `k` of those that A has.
  void storeA(uint32_t row, uint32_t k, int value) {
    uint32_t bits = encodeNumber(mma.a, value);
    uint32_t size = bytesOf(mma.a);
    std::memcpy(&image[layoutA.place(row, k)], &bits, size);
    uint32_t perWord = 4 / size, inStep = k % depthA();
    uint32_t word = inStep / perWord;
    uint32_t thread = row / 16 * 32 + row % 8 * 4 + word % 4;
    uint32_t index = word / 4 * 2 + row % 16 / 8;
    auto *bytes = reinterpret_cast<unsigned char *>(
        &registersOfA[(k / depthA() * 128 + thread) * 4 + index]);
    std::memcpy(bytes + inStep % perWord * size, &bits, size);
  }
  void fillA() {
    constexpr uint32_t positions[6][2] = {{0, 1}, {0, 2}, {0, 3},
                                          {1, 2}, {1, 3}, {2, 3}};
    uint32_t state = 1, depth = mma.k * steps;
    for (uint32_t row = 0; row < rows; ++row) {
      for (uint32_t k = 0; k < depth && !mma.sparse; ++k)
        storeA(row, k, a[row * depth + k] = pickNumber(state, mma.a));
      for (uint32_t k = 0; k < depth && mma.sparse; k += 4) {
        pickNumber(state, mma.a);
        const uint32_t *chosen = positions[(state >> 16 & 0xff) % 6];
        for (uint32_t i = 0; i < 2; ++i)
          storeA(row, k / 2 + i,
                 a[row * depth + k + chosen[i]] = pickNumber(state, mma.a));
        setPositions(row, k, chosen[0] | chosen[1] << 2);
      }
    }
  }
  /// The figures of the PTX ISA: of 16 bits, threads of four with the selector
  /// 0 are the first two. T0 has columns 0 to 15, of row 0 in its lower half,
  /// of row 8 in its upper one. Of 8 bits T0 has columns 0 to 31 of row 0, T1
  /// those of row 8, T2 and T3 the others.
  void setPositions(uint32_t row, uint32_t k, uint32_t positions) {
    uint32_t column = k % mma.k, isUpper = row % 16 / 8;
    uint32_t thread, bit;
    if (bytesOf(mma.a) == 2) {
      thread = mma.selector * 2 + column / 16;
      bit = column % 16 + 16 * isUpper;
    } else {
      thread = column / 32 * 2 + isUpper;
      bit = column % 32;
    }
    metadata[k / mma.k * 128 + row / 16 * 32 + row % 8 * 4 + thread] |=
        positions << bit;
  }
  void fillB() {
    uint32_t state = 2, depth = mma.k * steps;
    for (uint32_t column = 0; column < mma.n; ++column)
      for (uint32_t k = 0; k < depth; ++k) {
        int value = pickNumber(state, mma.b);
        b[column * depth + k] = value;
        uint32_t bits = encodeNumber(mma.b, value);
        std::memcpy(&image[startB + layoutB.place(column, k)], &bits,
                    bytesOf(mma.b));
      }
  }
  void fillSums() {
    sums.resize(128 * registers());
    for (uint32_t row = 0; row < rows; ++row)
      for (uint32_t column = 0; column < mma.n; ++column) {
        int value = first(row, column);
        uint32_t &word = sums[placeOf(row, column)];
        if (mma.accumulator == DITHER_F16)
          word |= encodeNumber(DITHER_F16, value) << (column % 2 * 16);
        else if (mma.accumulator == DITHER_S32)
          word = static_cast<uint32_t>(value);
        else {
          auto number = static_cast<float>(value);
          std::memcpy(&word, &number, sizeof(word));
        }
      }
  }
  /// Four registers, or two, for each eight columns.
  size_t placeOf(uint32_t row, uint32_t column) const {
    uint32_t thread = row / 16 * 32 + row % 8 * 4 + column % 8 / 2;
    uint32_t upper = row % 16 / 8;
    uint32_t index = mma.accumulator == DITHER_F16
                         ? column / 8 * 2 + upper
                         : column / 8 * 4 + upper * 2 + column % 2;
    return size_t(thread) * registers() + index;
  }
  double readElement(uint32_t row, uint32_t column) const {
    uint32_t bits = d[placeOf(row, column)];
    if (mma.accumulator == DITHER_F16)
      return decodeHalf(bits >> (column % 2 * 16) & 0xffff);
    if (mma.accumulator == DITHER_S32)
      return static_cast<int32_t>(bits);
    float number;
    std::memcpy(&number, &bits, sizeof(number));
    return number;
  }

  DitherWgmma mma;
  bool hasRegisters;
  Layout layoutA, layoutB;
  uint32_t startB;
  std::vector<unsigned char> image;
  std::vector<int> a, b;
  std::vector<uint32_t> registersOfA, metadata, sums, d;
};

int runs = 0;
void expectRight(DitherWgmma mma, uint32_t swizzleA, uint32_t swizzleB,
                 bool hasRegisters) {
  GroupProblem problem(mma, swizzleA, swizzleB, hasRegisters);
  // Schedules take turns.
  int schedule = runs++ % scheduleCount;
  Error error = problem.run(schedule, runs % 3 == 0);
  ASSERT_FALSE(error) << error.message();
  EXPECT_EQ(problem.wrongElements(), 0u)
      << "n " << mma.n << " k " << mma.k << " of " << mma.a << " and " << mma.b
      << " to " << mma.accumulator << ", sparse " << mma.sparse << " selector "
      << mma.selector << ", transposed " << mma.transposed_a << " "
      << mma.transposed_b << ", swizzles " << swizzleA << " " << swizzleB
      << ", registers " << hasRegisters << ", schedule " << schedule;
}

constexpr DitherWgmma dense(uint32_t n, uint32_t k, uint32_t a, uint32_t b,
                            uint32_t accumulator) {
  return {n, k, a, b, accumulator, 0, 0, 0, 0};
}
constexpr DitherWgmma sparse(uint32_t n, uint32_t k, uint32_t a, uint32_t b,
                             uint32_t accumulator, uint32_t selector) {
  return {n, k, a, b, accumulator, 1, selector, 0, 0};
}

constexpr DitherWgmma shapes[] = {
    dense(64, 16, DITHER_F16, DITHER_F16, DITHER_F32),
    dense(40, 16, DITHER_F16, DITHER_F16, DITHER_F16),
    dense(64, 16, DITHER_BF16, DITHER_BF16, DITHER_F32),
    dense(24, 8, DITHER_TF32, DITHER_TF32, DITHER_F32),
    dense(64, 32, DITHER_S8, DITHER_S8, DITHER_S32),
    dense(24, 32, DITHER_U8, DITHER_S8, DITHER_S32),
    dense(48, 32, DITHER_S8, DITHER_U8, DITHER_S32),
    dense(16, 32, DITHER_U8, DITHER_U8, DITHER_S32),
    dense(32, 32, DITHER_E4M3, DITHER_E4M3, DITHER_F32),
    dense(32, 32, DITHER_E5M2, DITHER_E5M2, DITHER_F32),
    dense(40, 32, DITHER_E4M3, DITHER_E5M2, DITHER_F32),
    dense(40, 32, DITHER_E5M2, DITHER_E4M3, DITHER_F16),
    sparse(64, 32, DITHER_F16, DITHER_F16, DITHER_F32, 0),
    sparse(64, 32, DITHER_F16, DITHER_F16, DITHER_F16, 1),
    sparse(40, 32, DITHER_BF16, DITHER_BF16, DITHER_F32, 0),
    sparse(40, 32, DITHER_BF16, DITHER_BF16, DITHER_F32, 1),
    sparse(48, 64, DITHER_S8, DITHER_S8, DITHER_S32, 0),
    sparse(24, 64, DITHER_U8, DITHER_S8, DITHER_S32, 0),
    sparse(40, 64, DITHER_E4M3, DITHER_E4M3, DITHER_F32, 0),
    sparse(40, 64, DITHER_E5M2, DITHER_E4M3, DITHER_F32, 0),
};
constexpr uint32_t swizzles[] = {0, 32, 64, 128};

TEST(EmulatorGroup, MultipliesAllTypesInAllLayouts) {
  for (const DitherWgmma &mma : shapes)
    for (uint32_t swizzleA : swizzles)
      for (uint32_t swizzleB : swizzles) {
        // A step of a sparse product has 64 bytes of a line of B.
        if (mma.sparse && swizzleB == 32)
          continue;
        expectRight(mma, swizzleA, swizzleB, false);
        if (swizzleA == 0)
          expectRight(mma, 0, swizzleB, true);
      }
}

TEST(EmulatorGroup, MultipliesTransposes) {
  for (DitherWgmma mma : shapes) {
    if (mma.a != DITHER_F16 && mma.a != DITHER_BF16)
      continue;
    for (uint32_t n : {8u, 40u, 64u, 136u, 256u})
      for (uint32_t transposed : {1u, 2u, 3u})
        for (uint32_t swizzle : swizzles) {
          mma.n = n;
          mma.transposed_a = transposed & 1;
          mma.transposed_b = transposed >> 1;
          expectRight(mma, swizzle, 128, false);
          expectRight(mma, 64,
                      mma.sparse && swizzle == 32 && transposed == 1 ? 64
                                                                     : swizzle,
                      false);
        }
    mma.transposed_a = 0;
    expectRight(mma, 0, 128, true);
  }
}

TEST(EmulatorGroup, MultipliesAllWidths) {
  for (uint32_t n = 8; n <= 256; n += 8) {
    expectRight(dense(n, 16, DITHER_F16, DITHER_F16, DITHER_F32), 128, 128,
                false);
    expectRight(dense(n, 16, DITHER_F16, DITHER_F16, DITHER_F16), 64, 0, true);
    expectRight(sparse(n, 64, DITHER_E4M3, DITHER_E4M3, DITHER_F32, 0), 128, 64,
                false);
    if (n <= 32 || n % 16 == 0)
      expectRight(dense(n, 32, DITHER_S8, DITHER_S8, DITHER_S32), 32, 128,
                  false);
  }
}

TEST(EmulatorGroup, IsTheSameUnderAllSchedules) {
  GroupProblem problem(sparse(72, 32, DITHER_BF16, DITHER_BF16, DITHER_F32, 1),
                       128, 128, false);
  for (int schedule = 0; schedule < scheduleCount; ++schedule)
    for (bool waitsOften : {false, true}) {
      Error error = problem.run(schedule, waitsOften);
      ASSERT_FALSE(error) << error.message();
      EXPECT_EQ(problem.wrongElements(), 0u) << "schedule " << schedule;
    }
}

//===----------------------------------------------------------------------===//
// What there is not
//===----------------------------------------------------------------------===//

struct OnceArguments {
  DitherWgmma mma;
  uint64_t a, b;
  uint32_t metadata;
  bool hasRegisters;
};
void multiplyOnce(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<OnceArguments>(pointers);
  const DitherEmulator *emulator = thread->emulator;
  emulator->access(thread, thread->shared + numberOf(thread) * 64, 64, 16,
                   DITHER_WRITE, HERE);
  std::memset(thread->shared + numberOf(thread) * 64, 0, 64);
  emulator->fence_proxy(thread, HERE);
  barrier(thread, HERE);
  uint32_t zeros[4] = {}, sums[128] = {};
  emulator->group_fence(thread, HERE);
  emulator->group_multiply(
      thread, &arguments.mma, arguments.hasRegisters ? zeros : nullptr,
      arguments.a, arguments.b, arguments.metadata, sums, HERE);
  emulator->group_commit(thread, HERE);
  emulator->group_wait(thread, 0, sums, 128, HERE);
}

TEST(EmulatorGroup, NamesWhatItDoesNotKnow) {
  Emulated emulated(multiplyOnce, 128, 8192);
  constexpr uint64_t plain = uint64_t(128 >> 4) << 16 | uint64_t(256 >> 4)
                                                            << 32;
  constexpr uint64_t wide = uint64_t(1) << 62 | uint64_t(1024 >> 4) << 32;
  constexpr DitherWgmma half = dense(8, 16, DITHER_F16, DITHER_F16, DITHER_F32);
  DitherWgmma transposed = dense(8, 32, DITHER_S8, DITHER_S8, DITHER_S32);
  transposed.transposed_b = 1;
  DitherWgmma transposedA = half;
  transposedA.transposed_a = 1;
  struct {
    OnceArguments arguments;
    const char *message;
  } cases[] = {
      {{half, plain, plain, 0, false}, ""},
      {{half, wide, wide + 2, 0, false}, ""},
      {{dense(8, 32, DITHER_F16, DITHER_F16, DITHER_F32), plain, plain, 0,
        false},
       "wgmma.mma_async.m64n8k32 of f16 and f16 to f32, which the emulator"},
      {{dense(264, 16, DITHER_F16, DITHER_F16, DITHER_F32), plain, plain, 0,
        false},
       "m64n264k16"},
      {{dense(12, 16, DITHER_F16, DITHER_F16, DITHER_F32), plain, plain, 0,
        false},
       "m64n12k16"},
      {{dense(40, 32, DITHER_S8, DITHER_S8, DITHER_S32), plain, plain, 0,
        false},
       "m64n40k32 of s8"},
      {{dense(8, 16, DITHER_F16, DITHER_BF16, DITHER_F32), plain, plain, 0,
        false},
       "of f16 and bf16"},
      {{dense(8, 16, DITHER_BF16, DITHER_BF16, DITHER_F16), plain, plain, 0,
        false},
       "bf16 to f16"},
      {{transposed, plain, plain, 0, false}, "which the emulator"},
      {{transposedA, plain, plain, 0, true}, "which the emulator"},
      {{sparse(8, 32, DITHER_F16, DITHER_F16, DITHER_F32, 2), plain, plain,
        0x44444444, false},
       "selector 2, of 0 to 1"},
      {{sparse(8, 64, DITHER_S8, DITHER_S8, DITHER_S32, 1), plain, plain,
        0x44444444, false},
       "selector 1, of 0 to 0"},
      {{sparse(8, 32, DITHER_F16, DITHER_F16, DITHER_F32, 0), plain, plain,
        0x44440444, false},
       "the first has to be before the second"},
      {{half, plain | uint64_t(1) << 50, plain, 0, false}, "the base offset 2"},
      {{half, plain, plain | uint64_t(1) << 31, 0, false},
       "bits set that are of no field: 0x80000000"},
      {{half, wide + 8, wide, 0, false}, "in row 1 of a swizzle of 128 bytes"},
      {{half, wide, wide + 7, 0, false},
       "starts at byte 112 of rows of 128 bytes"},
      {{half, wide, plain + (8192 >> 4), 0, false}, "at 8192 of shared memory"},
      {{dense(8, 16, DITHER_F16, DITHER_F16, DITHER_F32),
        plain | uint64_t(0x3fff) << 32, plain, 0, false},
       "through the async proxy"},
  };
  for (const auto &test : cases) {
    Error error = emulated.run(1, test.arguments);
    if (!*test.message)
      EXPECT_FALSE(error) << error.message();
    else
      EXPECT_TRUE(failsWith(error, test.message)) << error.message();
  }
}

} // namespace
