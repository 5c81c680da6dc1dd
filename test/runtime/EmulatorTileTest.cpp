//===- EmulatorTileTest.cpp - Tiles that bulk copies move -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A tile of a matrix goes to shared memory, whose bytes are looked at, and from
// there to another matrix: at places where the tile is inside, across each
// edge, and outside.
//
//===----------------------------------------------------------------------===//

#include "EmulatorSupport.h"

#include <cstring>

using namespace dither::test;
using dither::runtime::Error;

namespace {
struct TileArguments {
  DitherMappedMatrix from, to;
  int32_t fromRow, fromColumn, toRow, toColumn;
  /// What shared memory has had.
  uint32_t *shared;
  uint32_t bytes;
};

void moveTile(DitherThread *thread, const void *const *pointers) {
  const auto &arguments = argumentOf<TileArguments>(pointers);
  const DitherEmulator *emulator = thread->emulator;
  void *full = thread->shared + arguments.bytes;
  bool isFirst = numberOf(thread) == 0;
  if (isFirst) {
    emulator->mbarrier_init(thread, full, 1, HERE);
    emulator->fence_mbarrier_init(thread, HERE);
  }
  barrier(thread, HERE);
  if (isFirst) {
    emulator->mbarrier_arrive(thread, full, arguments.bytes, HERE);
    emulator->copy_tensor(thread, thread->shared, &arguments.from,
                          arguments.fromRow, arguments.fromColumn, full, HERE);
  }
  emulator->mbarrier_wait(thread, full, 0, HERE);
  const auto *words = reinterpret_cast<const uint32_t *>(thread->shared);
  for (uint32_t i = numberOf(thread); i < arguments.bytes / 4; i += 64)
    store(thread, arguments.shared + i, load(thread, words + i, HERE), HERE);
  // The tile needs no fence: a bulk copy has written it.
  if (isFirst) {
    emulator->store_tensor(thread, &arguments.to, arguments.toRow,
                           arguments.toColumn, thread->shared, HERE);
    emulator->bulk_commit(thread, HERE);
    emulator->bulk_wait(thread, 0, 1, HERE);
  }
}

constexpr int64_t matrixRows = 37, matrixColumns = 83, matrixStride = 96;

/// An element that says where it is; never 0.
uint32_t elementAt(int64_t row, int64_t column) {
  return static_cast<uint32_t>(row * 101 + column * 7) % 251 + 1;
}

struct TileCase {
  uint32_t element, elementBytes, rows, columns, swizzle;
  int32_t fromRow, fromColumn, toRow, toColumn;
};

template <typename T> class TileProblem {
public:
  explicit TileProblem(const TileCase &test) : test(test) {}

  void run(int schedule) {
    TileArguments arguments = {};
    arguments.bytes =
        test.rows * test.columns * static_cast<uint32_t>(sizeof(T));
    Emulated emulated(moveTile, 64, arguments.bytes + 8, schedule);
    std::vector<T> from(matrixRows * matrixStride, T(250));
    for (int64_t row = 0; row < matrixRows; ++row)
      for (int64_t column = 0; column < matrixColumns; ++column)
        from[row * matrixStride + column] = T(elementAt(row, column));
    std::vector<T> to(matrixRows * matrixStride, T(200));
    DitherTensorMap map = {0, test.element, test.rows, test.columns,
                           test.swizzle};
    arguments.from = {{emulated.copyIn(from, "from"), matrixRows, matrixColumns,
                       matrixStride},
                      map};
    T *target = emulated.copyIn(to, "to");
    arguments.to = {{target, matrixRows, matrixColumns, matrixStride}, map};
    arguments.fromRow = test.fromRow;
    arguments.fromColumn = test.fromColumn;
    arguments.toRow = test.toRow;
    arguments.toColumn = test.toColumn;
    arguments.shared = emulated.allocate<uint32_t>(arguments.bytes / 4);
    Error error = emulated.run(1, arguments);
    ASSERT_FALSE(error) << error.message();
    checkShared(emulated.copyOut(reinterpret_cast<T *>(arguments.shared),
                                 test.rows * test.columns));
    checkGlobal(emulated.copyOut(target, to.size()));
  }

private:
  /// What the tile has, zero outside of the matrix.
  T tileAt(uint32_t row, uint32_t column) const {
    int64_t atRow = int64_t(test.fromRow) + row;
    int64_t atColumn = int64_t(test.fromColumn) + column;
    bool isInside = atRow >= 0 && atRow < matrixRows && atColumn >= 0 &&
                    atColumn < matrixColumns;
    return isInside ? T(elementAt(atRow, atColumn)) : T(0);
  }
  /// Rows of as many bytes as the swizzle: which chunk is exchanged with which.
  uint32_t exchanged(uint32_t row, uint32_t chunk) const {
    return test.swizzle == 128  ? chunk ^ row % 8
           : test.swizzle == 64 ? chunk ^ row / 2 % 4
           : test.swizzle == 32 ? chunk ^ row / 4 % 2
                                : chunk;
  }
  void checkShared(const std::vector<T> &shared) const {
    constexpr uint32_t perChunk = 16 / sizeof(T);
    uint32_t wrong = 0;
    for (uint32_t row = 0; row < test.rows; ++row)
      for (uint32_t column = 0; column < test.columns; ++column)
        wrong += shared[row * test.columns +
                        exchanged(row, column / perChunk) * perChunk +
                        column % perChunk] != tileAt(row, column);
    EXPECT_EQ(wrong, 0u) << describe();
  }
  void checkGlobal(const std::vector<T> &to) const {
    uint32_t wrong = 0;
    for (int64_t row = 0; row < matrixRows; ++row)
      for (int64_t column = 0; column < matrixStride; ++column) {
        int64_t inRow = row - test.toRow, inColumn = column - test.toColumn;
        bool isWritten = inRow >= 0 && inRow < test.rows && inColumn >= 0 &&
                         inColumn < test.columns && column < matrixColumns;
        T expected = isWritten ? tileAt(static_cast<uint32_t>(inRow),
                                        static_cast<uint32_t>(inColumn))
                               : T(200);
        wrong += to[row * matrixStride + column] != expected;
      }
    EXPECT_EQ(wrong, 0u) << describe();
  }
  std::string describe() const {
    return "swizzle " + std::to_string(test.swizzle) + ", from " +
           std::to_string(test.fromRow) + ", " +
           std::to_string(test.fromColumn) + " to " +
           std::to_string(test.toRow) + ", " + std::to_string(test.toColumn);
  }

  TileCase test;
};

constexpr int32_t places[][4] = {
    {0, 0, 0, 0},      {3, 5, 1, 2},     {-5, -3, -1, -7}, {30, 70, 33, 80},
    {-100, 0, 10, 10}, {0, 100, 36, 82}, {20, 11, 100, 0}, {36, 82, 0, -300}};

TEST(EmulatorTile, MovesInAllSwizzles) {
  int schedule = 0;
  for (uint32_t swizzle : {0u, 32u, 64u, 128u})
    for (const int32_t (&place)[4] : places) {
      auto makeCase = [&](uint32_t element, uint32_t bytes) {
        uint32_t rowBytes = swizzle ? swizzle : 48;
        return TileCase{element,  bytes,    24,       rowBytes / bytes, swizzle,
                        place[0], place[1], place[2], place[3]};
      };
      TileProblem<uint8_t>(makeCase(DITHER_S8, 1)).run(schedule);
      TileProblem<uint16_t>(makeCase(DITHER_BF16, 2)).run(schedule + 1);
      TileProblem<uint32_t>(makeCase(DITHER_F32, 4)).run(schedule + 2);
      schedule = (schedule + 3) % scheduleCount;
    }
}

TEST(EmulatorTile, IsTheSameUnderAllSchedules) {
  for (int schedule = 0; schedule < scheduleCount; ++schedule)
    TileProblem<uint16_t>({DITHER_F16, 2, 40, 64, 128, -2, 30, 5, 31})
        .run(schedule);
}

TEST(EmulatorTile, NamesMapsThatCannotBe) {
  struct {
    DitherTensorMap map;
    int64_t stride;
    uint32_t offset;
    const char *message;
  } cases[] = {
      {{0, DITHER_F16, 257, 8, 0}, 96, 0, "tiles of 257 x 8 elements"},
      {{0, DITHER_S8, 8, 272, 0}, 96, 0, "tiles of 8 x 272 elements"},
      {{0, DITHER_F16, 8, 12, 0}, 96, 0, "rows of 24 bytes, no multiple of 16"},
      {{0, DITHER_F16, 8, 64, 64},
       96,
       0,
       "rows of 128 bytes and a swizzle of 64"},
      {{0, DITHER_F16, 8, 16, 16}, 96, 0, "a swizzle of 16 bytes"},
      {{0, DITHER_F16, 8, 16, 0}, 84, 0, "168 bytes apart"},
      {{0, DITHER_F16, 8, 16, 0}, 40, 0, "whose rows are 40 apart"},
      {{0, DITHER_F16, 8, 16, 0}, 96, 8, "both are multiples of 16"},
  };
  for (const auto &test : cases) {
    Emulated emulated(moveTile, 64, 8192);
    auto *data = emulated.copyIn(std::vector<unsigned char>(8192));
    TileArguments arguments = {};
    arguments.from = {{data + test.offset, 37, 83, test.stride}, test.map};
    arguments.bytes = 4096;
    Error error = emulated.run(1, arguments);
    EXPECT_TRUE(failsWith(error, "has a tensor map of ")) << error.message();
    EXPECT_TRUE(failsWith(error, test.message)) << error.message();
  }
}

} // namespace
