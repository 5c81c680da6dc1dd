//===- ThreadPool.cpp - Parallel loops ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/threads/ThreadPool.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>
#include <linux/futex.h>
#include <new>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dither::runtime {

namespace {
/// For how long a thread waits in a loop before it sleeps: longer than threads
/// of one loop wait for each other. With 20 microseconds, products of several
/// loops take up to a tenth longer on two threads.
constexpr int64_t spinNanoseconds = 1'000'000;
/// The clock is read after so many pauses, of 40 to 140 cycles each.
constexpr int pausesPerReading = 16;

int64_t readClock() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

void futexWait(std::atomic<uint32_t> &word, uint32_t expected) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, nullptr, nullptr, 0);
}

void futexWake(std::atomic<uint32_t> &word, int threads) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, threads, nullptr, nullptr, 0);
}
} // namespace

ThreadPool::ThreadPool(uint32_t threads)
    : count(threads),
      // Spinning while another thread waits for the core only costs.
      spins(threads <= usableCores()), owner(getpid()) {}

Expected<std::unique_ptr<ThreadPool>> ThreadPool::create(uint32_t threads) {
  if (threads > maxThreads)
    return Error(Code::InvalidArgument,
                 concat(threads, " threads are too many; use at most ",
                        maxThreads, ", or 0 for one per core"));
  if (threads == 0)
    threads = std::min(usableCores(), maxThreads);
  std::unique_ptr<ThreadPool> pool(new (std::nothrow) ThreadPool(threads));
  if (!pool)
    return Error(Code::OutOfMemory, "no memory for a thread pool");
  if (Error error = pool->start())
    return error;
  return pool;
}

Error ThreadPool::start() {
  if (count == 1)
    return Error::success();
  slots.reset(new (std::nothrow) Slot[count - 1]);
  if (!slots)
    return Error(Code::OutOfMemory, "no memory for a thread pool");
  // Signals are for the threads of the host, not for these.
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  int code = 0;
  for (; started < count - 1 && code == 0; started += code == 0) {
    Slot &slot = slots[started];
    slot.pool = this;
    slot.index = started + 1;
    code = pthread_create(&slot.thread, nullptr, workerMain, &slot);
  }
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  if (code != 0)
    return Error(Code::OutOfMemory,
                 concat("cannot start thread ", started + 2, " of ", count,
                        ": ", systemText(code), "; ask for fewer threads"));
  return Error::success();
}

ThreadPool::~ThreadPool() {
  // A forked child has no workers. (Its loops still end: the caller takes all
  // chunks.)
  if (getpid() != owner)
    return;
  stopping.store(true);
  epoch.fetch_add(1);
  futexWake(epoch, INT_MAX);
  for (uint32_t i = 0; i < started; ++i)
    pthread_join(slots[i].thread, nullptr);
}

//===----------------------------------------------------------------------===//
// The caller
//===----------------------------------------------------------------------===//

void ThreadPool::parallelFor(DitherParallelBody body, void *env,
                             int64_t extent) {
  if (extent <= 0)
    return;
  uint32_t chunks = static_cast<uint32_t>(std::min<int64_t>(extent, count));
  if (chunks == 1 || inUse.exchange(true, std::memory_order_acquire)) {
    body(env, 0, extent);
    return;
  }
  // The last job is over, no worker looks at it: see takeChunk.
  job = {body, env, extent, chunks};
  pending.store(chunks - 1, std::memory_order_relaxed);
  for (uint32_t i = 0; i < chunks - 1; ++i)
    slots[i].ticket.fetch_add(1, std::memory_order_release);
  // Sequentially consistent with waitForJob: either the worker sees the new
  // epoch, or this thread sees the sleeper.
  epoch.fetch_add(1, std::memory_order_seq_cst);
  if (sleepers.load(std::memory_order_seq_cst) != 0)
    futexWake(epoch, INT_MAX);

  runChunk(0);
  for (uint32_t i = 0; i < chunks - 1; ++i)
    takeChunk(slots[i]);
  waitForWorkers();
  inUse.store(false, std::memory_order_release);
}

/// Waits in a loop for a condition; returns whether it came true in time.
template <typename Condition>
bool ThreadPool::spinUntil(Condition condition) const {
  if (!spins)
    return condition();
  int64_t end = readClock() + spinNanoseconds;
  do {
    for (int i = 0; i < pausesPerReading; ++i) {
      if (condition())
        return true;
      __builtin_ia32_pause();
    }
  } while (readClock() < end);
  return condition();
}

void ThreadPool::waitForWorkers() {
  if (spinUntil([&] { return pending.load(std::memory_order_acquire) == 0; }))
    return;
  callerSleeps.store(true, std::memory_order_seq_cst);
  while (uint32_t left = pending.load(std::memory_order_seq_cst))
    futexWait(pending, left);
  callerSleeps.store(false, std::memory_order_relaxed);
}

void ThreadPool::runChunk(uint32_t index) {
  // The first extent % chunks chunks are longer by one. This cannot overflow,
  // extent * index could.
  int64_t size = job.extent / job.chunks, longer = job.extent % job.chunks;
  int64_t begin = index * size + std::min<int64_t>(index, longer);
  int64_t end = begin + size + (index < longer ? 1 : 0);
  job.body(job.env, begin, end);
}

/// Runs the chunk of a slot unless someone has taken it. Only the winner of the
/// exchange reads the job, and the caller leaves it alone until the winner has
/// counted itself out.
void ThreadPool::takeChunk(Slot &slot) {
  uint64_t ticket = slot.ticket.load(std::memory_order_acquire);
  if (ticket % 2 == 0 || !slot.ticket.compare_exchange_strong(
                             ticket, ticket + 1, std::memory_order_acq_rel))
    return;
  runChunk(slot.index);
  if (pending.fetch_sub(1, std::memory_order_seq_cst) == 1 &&
      callerSleeps.load(std::memory_order_seq_cst))
    futexWake(pending, 1);
}

//===----------------------------------------------------------------------===//
// The workers
//===----------------------------------------------------------------------===//

void *ThreadPool::workerMain(void *argument) {
  Slot &slot = *static_cast<Slot *>(argument);
  slot.pool->work(slot);
  return nullptr;
}

void ThreadPool::work(Slot &slot) {
  uint32_t seen = 0;
  while (waitForJob(seen)) {
    seen = epoch.load(std::memory_order_acquire);
    takeChunk(slot);
  }
}

/// Returns whether there is a new epoch, false at the end of the pool.
bool ThreadPool::waitForJob(uint32_t seen) {
  // The epoch that was seen may be the last one.
  if (stopping.load())
    return false;
  if (spinUntil([&] { return epoch.load(std::memory_order_acquire) != seen; }))
    return !stopping.load();
  sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (epoch.load(std::memory_order_seq_cst) == seen)
    futexWait(epoch, seen);
  sleepers.fetch_sub(1, std::memory_order_relaxed);
  return !stopping.load();
}

} // namespace dither::runtime
