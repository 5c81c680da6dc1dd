//===- Floors.cpp - What the machine can do -------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include "runtime/threads/ThreadPool.h"
#include <cstring>
#include <immintrin.h>
#include <map>

using namespace dither::bench;

Buffer::Buffer(size_t bytes) : bytes(bytes) {
  memory.reset(std::aligned_alloc(64, (bytes / 64 + 1) * 64));
  if (!memory)
    fail("no memory for " + std::to_string(bytes) + " bytes");
  for (size_t i = 0; i < bytes / sizeof(float); ++i)
    floats()[i] = float(i % 17) / 16 - 0.5F;
}

void Buffer::fillWithRows(int64_t count) {
  auto *rows = static_cast<int32_t *>(data());
  uint32_t state = 1;
  for (size_t i = 0; i < bytes / sizeof(int32_t); ++i) {
    state = state * 1664525 + 1013904223;
    rows[i] = int32_t((uint64_t(state) * uint64_t(count)) >> 32);
  }
}

/// Runs body(thread) on threads that wait for it: to start one takes longer
/// than to read a megabyte.
static void onThreads(uint32_t threads,
                      const std::function<void(uint32_t)> &body) {
  using dither::runtime::ThreadPool;
  static std::map<uint32_t, std::unique_ptr<ThreadPool>> pools;
  std::unique_ptr<ThreadPool> &pool = pools[threads];
  if (!pool) {
    auto made = ThreadPool::create(threads);
    if (!made)
      fail("no threads to measure floors with");
    pool = std::move(*made);
  }
  auto run = [](void *env, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      (*static_cast<const std::function<void(uint32_t)> *>(env))(uint32_t(i));
  };
  pool->parallelFor(run, const_cast<std::function<void(uint32_t)> *>(&body),
                    threads);
}

static bool hasAvx512() { return __builtin_cpu_supports("avx512f"); }

/// Two kilobytes ahead: more than the hardware looks by itself.
static constexpr size_t kAhead = 2048;

__attribute__((target("avx512f"))) static void readWide(const char *from,
                                                        size_t bytes) {
  __m512i sum[4] = {};
  for (size_t i = 0; i + 256 <= bytes; i += 256)
    for (int j = 0; j < 4; ++j) {
      _mm_prefetch(from + i + 64 * j + kAhead, _MM_HINT_T0);
      sum[j] = _mm512_xor_si512(sum[j], _mm512_load_si512(from + i + 64 * j));
    }
  asm volatile("" ::"v"(sum[0]), "v"(sum[1]), "v"(sum[2]), "v"(sum[3]));
}

__attribute__((target("avx2"))) static void readNarrow(const char *from,
                                                       size_t bytes) {
  __m256i sum[4] = {};
  for (size_t i = 0; i + 128 <= bytes; i += 128)
    for (int j = 0; j < 4; ++j) {
      _mm_prefetch(from + i + 32 * j + kAhead, _MM_HINT_T0);
      sum[j] = _mm256_xor_si256(
          sum[j],
          _mm256_load_si256(reinterpret_cast<const __m256i *>(from + i) + j));
    }
  asm volatile("" ::"x"(sum[0]), "x"(sum[1]), "x"(sum[2]), "x"(sum[3]));
}

Call dither::bench::makeRead(const Buffer &buffer, uint32_t threads) {
  const char *from = static_cast<const char *>(buffer.data());
  size_t share = buffer.size() / threads / 256 * 256;
  return [=] {
    onThreads(threads, [&](uint32_t thread) {
      (hasAvx512() ? readWide : readNarrow)(from + thread * share, share);
    });
  };
}

/// Twelve sums are enough for two units with a latency of four cycles.
static constexpr int kSums = 12;

__attribute__((target("avx512f"))) static void multiplyWide(int64_t rounds) {
  __m512 sum[kSums], factor = _mm512_set1_ps(1.0F);
  for (__m512 &s : sum)
    s = _mm512_setzero_ps();
  for (int64_t i = 0; i < rounds; ++i)
    for (__m512 &s : sum) {
      s = _mm512_fmadd_ps(s, factor, factor);
      asm volatile("" : "+v"(s));
    }
}

__attribute__((target("avx2,fma"))) static void multiplyNarrow(int64_t rounds) {
  __m256 sum[kSums], factor = _mm256_set1_ps(1.0F);
  for (__m256 &s : sum)
    s = _mm256_setzero_ps();
  for (int64_t i = 0; i < rounds; ++i)
    for (__m256 &s : sum) {
      s = _mm256_fmadd_ps(s, factor, factor);
      asm volatile("" : "+x"(s));
    }
}

Call dither::bench::makeMultiplyAdds(double flops, uint32_t threads) {
  int lanes = hasAvx512() ? 16 : 8;
  auto rounds = int64_t(flops / (2.0 * lanes * kSums * threads)) + 1;
  return [=] {
    onThreads(threads, [&](uint32_t) {
      (hasAvx512() ? multiplyWide : multiplyNarrow)(rounds);
    });
  };
}
