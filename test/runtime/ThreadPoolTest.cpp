//===- ThreadPoolTest.cpp - Parallel loops --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/threads/ThreadPool.h"

#include "Support.h"

#include <atomic>
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace dither::runtime;
using dither::test::failsWith;

namespace {
/// Counts how often each index is visited.
struct Visits {
  explicit Visits(int64_t extent) : counts(static_cast<size_t>(extent)) {}
  std::vector<std::atomic<int>> counts;
  std::atomic<int> calls{0};

  static void body(void *env, int64_t begin, int64_t end) {
    auto &self = *static_cast<Visits *>(env);
    ++self.calls;
    for (int64_t i = begin; i < end; ++i)
      ++self.counts[static_cast<size_t>(i)];
  }
  bool each(int expected) const {
    for (const auto &count : counts)
      if (count != expected)
        return false;
    return true;
  }
};

TEST(ThreadPool, VisitsEachIndexOnce) {
  for (uint32_t threads : {1u, 2u, 3u, 8u}) {
    auto pool = ThreadPool::create(threads);
    ASSERT_TRUE(pool);
    EXPECT_EQ((*pool)->threads(), threads);
    for (int64_t extent : {0, 1, 2, 3, 7, 8, 9, 1000}) {
      Visits visits(extent);
      (*pool)->parallelFor(Visits::body, &visits, extent);
      EXPECT_TRUE(visits.each(1)) << threads << " threads, " << extent;
      EXPECT_LE(visits.calls, static_cast<int>(threads));
    }
  }
}

TEST(ThreadPool, SurvivesManyShortLoops) {
  auto pool = ThreadPool::create(4);
  ASSERT_TRUE(pool);
  Visits visits(5);
  for (int i = 0; i < 20000; ++i)
    (*pool)->parallelFor(Visits::body, &visits, 5);
  EXPECT_TRUE(visits.each(20000));
}

TEST(ThreadPool, WakesSleepingWorkers) {
  auto pool = ThreadPool::create(3);
  ASSERT_TRUE(pool);
  Visits visits(3);
  for (int i = 0; i < 20; ++i) {
    usleep(2000); // longer than workers spin
    (*pool)->parallelFor(Visits::body, &visits, 3);
  }
  EXPECT_TRUE(visits.each(20));
}

TEST(ThreadPool, HugeExtentsDoNotOverflow) {
  auto pool = ThreadPool::create(3);
  ASSERT_TRUE(pool);
  std::atomic<uint64_t> sum{0};
  (*pool)->parallelFor(
      [](void *env, int64_t begin, int64_t end) {
        *static_cast<std::atomic<uint64_t> *>(env) +=
            static_cast<uint64_t>(end) - static_cast<uint64_t>(begin);
      },
      &sum, INT64_MAX);
  EXPECT_EQ(sum, static_cast<uint64_t>(INT64_MAX));
}

TEST(ThreadPool, NegativeExtentIsEmpty) {
  auto pool = ThreadPool::create(2);
  ASSERT_TRUE(pool);
  Visits visits(0);
  (*pool)->parallelFor(Visits::body, &visits, -5);
  EXPECT_EQ(visits.calls, 0);
}

struct Nest {
  ThreadPool *pool;
  std::atomic<int> inner{0}, foreign{0};
  static void outerBody(void *env, int64_t begin, int64_t end) {
    auto &self = *static_cast<Nest *>(env);
    for (int64_t i = begin; i < end; ++i) {
      std::pair<Nest *, std::thread::id> here(&self,
                                              std::this_thread::get_id());
      self.pool->parallelFor(innerBody, &here, 10);
    }
  }
  static void innerBody(void *env, int64_t begin, int64_t end) {
    auto &here = *static_cast<std::pair<Nest *, std::thread::id> *>(env);
    here.first->inner += static_cast<int>(end - begin);
    here.first->foreign += here.second != std::this_thread::get_id();
  }
};

TEST(ThreadPool, NestedLoopsRunInTheirCaller) {
  auto pool = ThreadPool::create(4);
  ASSERT_TRUE(pool);
  Nest nest{pool->get()};
  (*pool)->parallelFor(Nest::outerBody, &nest, 16);
  EXPECT_EQ(nest.inner, 160);
  EXPECT_EQ(nest.foreign, 0);
}

TEST(ThreadPool, TwoThreadsMayCall) {
  auto pool = ThreadPool::create(2);
  ASSERT_TRUE(pool);
  Visits a(7), b(7);
  auto loop = [&](Visits &visits) {
    for (int i = 0; i < 2000; ++i)
      (*pool)->parallelFor(Visits::body, &visits, 7);
  };
  std::thread other(loop, std::ref(b));
  loop(a);
  other.join();
  EXPECT_TRUE(a.each(2000));
  EXPECT_TRUE(b.each(2000));
}

TEST(ThreadPoolDeathTest, WorksInAForkedChild) {
  auto pool = ThreadPool::create(3);
  ASSERT_TRUE(pool);
  Visits visits(6);
  (*pool)->parallelFor(Visits::body, &visits, 6);
  pid_t child = fork();
  if (child == 0) {
    (*pool)->parallelFor(Visits::body, &visits, 6);
    pool->reset();
    _exit(visits.each(2) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(ThreadPool, EndsWhileWorkersWake) {
  for (int i = 0; i < 2000; ++i) {
    auto pool = ThreadPool::create(8);
    ASSERT_TRUE(pool);
    Visits visits(8);
    for (int loop = 0; loop <= i % 3; ++loop)
      (*pool)->parallelFor(Visits::body, &visits, 8);
    EXPECT_TRUE(visits.each(i % 3 + 1));
  }
}

TEST(ThreadPool, ZeroMeansUsableCores) {
  auto pool = ThreadPool::create(0);
  ASSERT_TRUE(pool);
  EXPECT_GE(usableCores(), 1u);
  EXPECT_EQ((*pool)->threads(), usableCores());
}

TEST(ThreadPool, RefusesTooManyThreads) {
  EXPECT_TRUE(failsWith(ThreadPool::create(5000), "5000 threads are too many"));
}
} // namespace
