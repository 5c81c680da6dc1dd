//===- ThreadPool.h - Parallel loops ----------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One call at a time is cut in as many contiguous chunks as there are threads.
// Chunk i is meant for thread i, so that data stay in its cache; a thread that
// is done takes the chunks of those that have not woken up yet. Which thread
// runs a chunk never shows in results, see DitherParallelBody.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_THREADS_THREADPOOL_H
#define DITHER_RUNTIME_THREADS_THREADPOOL_H

#include "dither/abi.h"
#include "runtime/io/Error.h"

#include <atomic>
#include <memory>
#include <pthread.h>
#include <sys/types.h>

namespace dither::runtime {

/// The cores this process may use: affinity mask and control group quota.
uint32_t usableCores();

class ThreadPool {
public:
  static constexpr uint32_t maxThreads = 1024;

  /// `threads` counts the caller; 0 means one for each usable core.
  static Expected<std::unique_ptr<ThreadPool>> create(uint32_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;

  uint32_t threads() const { return count; }

  /// Runs the body over [0, extent). Allocates nothing. Calls from inside a
  /// body, and from a second thread, run in their caller alone.
  void parallelFor(DitherParallelBody body, void *env, int64_t extent);

private:
  struct Job {
    DitherParallelBody body = nullptr;
    void *env = nullptr;
    int64_t extent = 0;
    uint32_t chunks = 0;
  };
  /// One for each worker, on a cache line of its own.
  struct alignas(64) Slot {
    /// Odd: a chunk is offered; even: it is taken, or there was none.
    std::atomic<uint64_t> ticket{0};
    ThreadPool *pool = nullptr;
    uint32_t index = 0; // of the worker's own chunk
    pthread_t thread = {};
  };

  explicit ThreadPool(uint32_t threads);
  Error start();
  static void *workerMain(void *slot);
  void work(Slot &slot);
  void takeChunk(Slot &slot);
  void runChunk(uint32_t index);
  template <typename Condition> bool spinUntil(Condition condition) const;
  bool waitForJob(uint32_t seen);
  void waitForWorkers();

  const uint32_t count;
  const bool spins;
  const pid_t owner; // process
  uint32_t started = 0;
  std::unique_ptr<Slot[]> slots;
  Job job;
  std::atomic<bool> inUse{false};
  /// Grows with each job; what idle workers watch and sleep on.
  alignas(64) std::atomic<uint32_t> epoch{0};
  std::atomic<uint32_t> sleepers{0};
  std::atomic<bool> stopping{false};
  /// Chunks that are not done, the caller's own aside; it sleeps on them.
  alignas(64) std::atomic<uint32_t> pending{0};
  std::atomic<bool> callerSleeps{false};
};

} // namespace dither::runtime

#endif // DITHER_RUNTIME_THREADS_THREADPOOL_H
