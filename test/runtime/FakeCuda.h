//===- FakeCuda.h - A library that looks like the CUDA driver ---*- C -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To test what the runtime asks of the driver, and what it makes of failures.
// The device's memory is the host's. What a stream is asked for is done when
// somebody waits for it, and no earlier, so that nothing works that forgets to
// wait; launches of a graph are done in the order that is farthest from that
// of their making. Of kernels, "fill" (pointer, i32 value, i64 bytes), "copy"
// (pointer, pointer, i64 bytes) and "gather" (a tensor map, pointer), which
// copies the first tile of a matrix, do something. For one thread. Environment
// variables choose:
//
//   FAKE_CUDA_LOG          a file to which each call of interest is appended
//   FAKE_CUDA_INIT         what cuInit gives
//   FAKE_CUDA_VERSION      12040
//   FAKE_CUDA_DEVICES      how many, 2
//   FAKE_CUDA_CAPABILITY   90
//   FAKE_CUDA_RETAIN       what retaining a context gives
//   FAKE_CUDA_FREE         bytes of memory that are free at first, 1048576
//   FAKE_CUDA_PINNED       bytes of the host that can be pinned, 1073741824
//   FAKE_CUDA_LOAD         what loading a module gives, with logs
//   FAKE_CUDA_FUNCTION     what looking for a kernel gives
//   FAKE_CUDA_THREADS      most threads of a kernel, 1024
//   FAKE_CUDA_SHARED       static shared memory of a kernel, 0
//   FAKE_CUDA_LAUNCH       what launching a kernel gives
//   FAKE_CUDA_SYNCHRONIZE  what waiting gives
//
// What begins with 7 is a fault: from then on all gives it, until the context
// is retained anew.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_TEST_RUNTIME_FAKECUDA_H
#define DITHER_TEST_RUNTIME_FAKECUDA_H

#include <stddef.h>
#include <stdint.h>

typedef int Result;
typedef unsigned long long Pointer;

/* What this driver has in the 128 bytes of a tensor map. */
typedef struct Map {
  char mark[4];
  const unsigned char *data;
  uint64_t columns, rows, stride;
  uint32_t box_columns, box_rows, element_bytes;
} Map;

typedef struct Event {
  int pending; /* how often it waits in a queue */
} Event;

/* A kernel by its name, or "in" and "out", copies, and "event". */
typedef struct Operation {
  char name[64];
  Pointer memory, source;
  int32_t value;
  int64_t bytes;
  Map map;
  void *host;
  void *staged; /* what a copy in is of, where that is not pinned */
  Event *event;
  struct Operation *next;
} Operation;

/* One of this name that does nothing yet. */
Operation make_operation(const char *name);

typedef struct Stream {
  Operation *first, **end;
} Stream;

/* What the parts of this driver share; hidden from those who open it. */
#define HIDDEN __attribute__((visibility("hidden")))
HIDDEN long setting(const char *name, long standard);
HIDDEN void note(const char *format, ...);
HIDDEN Result inject(const char *name);
/* What all functions do that need a context. */
HIDDEN Result enter(void);
/* Memory that was not given back, when the context begins and ends. */
HIDDEN void forget_memory(void);
HIDDEN void end_memory(void);
/* Does all that is queued, up to an event where there is one. */
HIDDEN void run_stream(Stream *stream, const Event *until);
HIDDEN Result enqueue(Stream *stream, const Operation *operation);
HIDDEN void run_kernel(const Operation *operation);

HIDDEN extern int streams, modules, allocations, pinned, events;

#endif
