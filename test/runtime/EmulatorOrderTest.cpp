//===- EmulatorOrderTest.cpp - Launches that may not run together ---------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorSupport.h"

#include <random>

using namespace dither::test;
using dither::runtime::Code;
using dither::runtime::Error;

namespace {
using Distances = std::vector<uint32_t>;

/// What a launch of one thread does: accesses of `bytes` bytes, in an order.
struct Touch {
  struct Step {
    unsigned char *address;
    uint64_t bytes;
    DitherAccess kind;
  };
  std::vector<Step> steps;
};

void touch(DitherThread *thread, const void *const *arguments) {
  for (const Touch::Step &step : argumentOf<Touch>(arguments).steps)
    thread->emulator->access(thread, step.address, step.bytes, 1, step.kind,
                             HERE);
}

class EmulatorOrder : public testing::Test {
protected:
  static constexpr size_t size = 3 * 4096;
  EmulatorOrder() : emulated(touch, 1) {
    memory = emulated.copyIn(std::vector<unsigned char>(size), "the arena");
  }

  void start() { emulated.device->startCall(); }
  void launch(const Touch &what, Distances after) {
    after.push_back(0);
    emulated.launch(1, what, 0, after.data());
  }
  void launchBehindAll(const Touch &what) { emulated.launch(1, what); }
  Touch access(DitherAccess kind, size_t offset, uint64_t bytes) const {
    return {{{memory + offset, bytes, kind}}};
  }
  Touch write(size_t offset, uint64_t bytes) const {
    return access(DITHER_WRITE, offset, bytes);
  }
  Touch read(size_t offset, uint64_t bytes) const {
    return access(DITHER_READ, offset, bytes);
  }
  Error finish() { return emulated.device->synchronize(); }
  bool passes() {
    Error error = finish();
    EXPECT_FALSE(error) << error.message();
    return !error;
  }

  Emulated emulated;
  unsigned char *memory;
};

TEST_F(EmulatorOrder, WriteThenRead) {
  start();
  launch(write(64, 192), {});
  launch(read(128, 256), {});
  Error error = finish();
  EXPECT_EQ(error.message(),
            "kernel 'hand', launch 1 of the call, reads bytes 128 to 255 of "
            "the arena, which kernel 'hand', launch 0, writes, and neither "
            "follows the other: a device may run both at the same time; it is "
            "an error of the compiler (dither-order-launches)");
  EXPECT_EQ(error.code(), Code::Device);
  start();
  launch(write(64, 192), {});
  launch(read(128, 256), {1});
  EXPECT_TRUE(passes());
}

TEST_F(EmulatorOrder, ReadThenWrite) {
  start();
  launch(read(0, 4), {});
  launch(write(0, 4), {});
  EXPECT_TRUE(failsWith(finish(), "writes bytes 0 to 3 of the arena, which "
                                  "kernel 'hand', launch 0, reads, "));
}

TEST_F(EmulatorOrder, WriteThenWrite) {
  start();
  launch(write(100, 2), {});
  launch(write(101, 1), {});
  EXPECT_TRUE(failsWith(finish(), "writes bytes 101 to 101 of the arena, which "
                                  "kernel 'hand', launch 0, writes, "));
}

TEST_F(EmulatorOrder, ReadsOfTheSame) {
  start();
  launch(read(0, size), {});
  launch(read(0, size), {});
  EXPECT_TRUE(passes());
}

/// Bytes beside each other, also in one word.
TEST_F(EmulatorOrder, Neighbours) {
  start();
  launch(write(0, 5), {});
  launch(write(5, 1), {});
  launch(write(6, 4090), {});
  launch(write(4096, 8192), {});
  EXPECT_TRUE(passes());
  start();
  launch(write(0, 4097), {});
  launch(write(4096, 1), {});
  EXPECT_TRUE(failsWith(finish(), "bytes 4096 to 4096"));
}

TEST_F(EmulatorOrder, Atomics) {
  start();
  launch(access(DITHER_ATOMIC, 8, 4), {});
  launch(read(8, 4), {});
  EXPECT_TRUE(failsWith(finish(), "reads bytes 8 to 11"));
  start();
  launch(access(DITHER_ATOMIC, 8, 4), {});
  launch(access(DITHER_ATOMIC, 8, 4), {});
  EXPECT_TRUE(failsWith(finish(), "writes bytes 8 to 11"));
}

/// It follows what others follow that it follows.
TEST_F(EmulatorOrder, ByWayOfOthers) {
  start();
  launch(write(0, 4), {});
  launch({}, {1});
  launch({}, {1});
  launch({}, {});
  launch(read(0, 4), {2});
  EXPECT_TRUE(passes());
  start();
  launch(write(0, 4), {});
  launch({}, {1});
  launch({}, {});
  launch(read(0, 4), {1});
  EXPECT_TRUE(failsWith(finish(), "launch 3 of the call, reads bytes 0 to 3 of "
                                  "the arena, which kernel 'hand', launch 0,"));
}

/// What a launch reads and writes in turns is found, too.
TEST_F(EmulatorOrder, ManyAccesses) {
  Touch both = read(16, 4);
  both.steps.push_back(write(16, 4).steps[0]);
  both.steps.push_back(read(20, 4).steps[0]);
  start();
  launch(both, {});
  launch(read(20, 8), {});
  EXPECT_TRUE(passes());
  start();
  launch(both, {});
  launch(read(16, 4), {});
  EXPECT_TRUE(failsWith(finish(), "reads bytes 16 to 19"));
}

TEST_F(EmulatorOrder, BehindAll) {
  start();
  launch(write(0, 4), {});
  launchBehindAll(write(0, 4));
  launch(write(0, 2), {});
  launch(read(2, 2), {});
  EXPECT_TRUE(passes());
  // Those behind it are told apart again.
  launch(read(0, 1), {});
  EXPECT_TRUE(failsWith(finish(), "launch 4 of the call, reads bytes 0 to 0 of "
                                  "the arena, which kernel 'hand', launch 2,"));
}

/// A call follows the one before it.
TEST_F(EmulatorOrder, OtherCall) {
  for (int i = 0; i < 2; ++i) {
    start();
    launch(write(0, 4), {});
  }
  EXPECT_TRUE(passes());
}

TEST_F(EmulatorOrder, NoneSoFarBack) {
  start();
  launch(read(0, 4), {1});
  Error error = finish();
  EXPECT_TRUE(failsWith(error, "launch 0 of a call follows the one 1 before"));
  EXPECT_EQ(error.code(), Code::Corrupt);
}

/// Random calls: bytes that launches touch are noted one by one, and all pairs
/// are compared.
TEST_F(EmulatorOrder, RandomCalls) {
  constexpr size_t bytes = 24;
  int faults = 0;
  constexpr int calls = 400;
  for (int seed = 0; seed < calls; ++seed) {
    std::mt19937 random(static_cast<uint32_t>(seed));
    auto below = [&](size_t n) { return random() % n; };
    std::vector<std::array<int, bytes>> touched;
    std::vector<std::vector<bool>> follows;
    bool isFault = false;
    start();
    for (size_t number = 0; number < 4; ++number) {
      Touch what;
      touched.push_back({});
      for (size_t k = below(3); k < 3; ++k) {
        size_t offset = below(bytes), count = 1 + below(3);
        count = std::min(count, bytes - offset);
        bool isWrite = below(4) == 0;
        what.steps.push_back({memory + 4090 + offset, count,
                              isWrite ? DITHER_WRITE : DITHER_READ});
        for (size_t i = offset; i < offset + count; ++i)
          touched[number][i] |= isWrite ? 2 : 1;
      }
      Distances after;
      follows.emplace_back(number);
      for (size_t other = 0; other < number; ++other)
        if (below(3) != 0) {
          after.push_back(static_cast<uint32_t>(number - other));
          follows[number][other] = true;
          for (size_t i = 0; i < other; ++i)
            follows[number][i] = follows[number][i] || follows[other][i];
        }
      for (size_t other = 0; other < number; ++other)
        for (size_t i = 0; i < bytes && !follows[number][other]; ++i)
          isFault |= touched[number][i] && touched[other][i] &&
                     (touched[number][i] | touched[other][i]) & 2;
      launch(what, after);
    }
    Error error = finish();
    ASSERT_EQ(static_cast<bool>(error), isFault)
        << "seed " << seed << ": " << error.message();
    faults += isFault;
  }
  EXPECT_GT(faults, calls / 5);
  EXPECT_LT(faults, calls * 4 / 5);
}

} // namespace
