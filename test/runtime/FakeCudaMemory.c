//===- FakeCudaMemory.c - Memory and streams of a false driver ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FakeCuda.h"

#include <stdlib.h>
#include <string.h>

/* In front of each allocation lie its size and the one that was made before. */
typedef struct Allocation {
  size_t bytes;
  struct Allocation *before;
} Allocation;
enum { HEAD = 256 };
static Allocation *on_device, *on_host;
static size_t used, pinned_bytes;
static int busy; /* operations in queues */

/*===- Allocations
 * ---------------------------------------------------------===*/

static Allocation *make(Allocation **list, size_t bytes) {
  Allocation *made = aligned_alloc(HEAD, HEAD + (bytes + 255) / 256 * 256);
  if (!made)
    return NULL;
  made->bytes = bytes;
  made->before = *list;
  *list = made;
  return made;
}

/* Gives its bytes, or 0 where there is none. */
static size_t end(Allocation **list, uintptr_t address) {
  Allocation *found;
  size_t bytes;
  while (*list && (uintptr_t)*list + HEAD != address)
    list = &(*list)->before;
  found = *list;
  if (!found)
    return 0;
  *list = found->before;
  bytes = found->bytes;
  free(found);
  return bytes;
}

static int is_pinned(const void *address) {
  const Allocation *each;
  for (each = on_host; each; each = each->before)
    if ((uintptr_t)address - ((uintptr_t)each + HEAD) < each->bytes)
      return 1;
  return 0;
}

void forget_memory(void) {
  used = pinned_bytes = 0;
  allocations = pinned = busy = 0;
}

void end_memory(void) {
  Allocation *before;
  for (; on_device; on_device = before) {
    before = on_device->before;
    free(on_device);
  }
  for (; on_host; on_host = before) {
    before = on_host->before;
    free(on_host);
  }
  forget_memory();
}

static size_t free_memory(void) {
  return (size_t)setting("FAKE_CUDA_FREE", 1 << 20) - used;
}

Result cuMemGetInfo_v2(size_t *free_bytes, size_t *total) {
  Result result = enter();
  if (result)
    return result;
  *free_bytes = free_memory();
  *total = 2 << 20;
  return 0;
}

Result cuMemAlloc_v2(Pointer *memory, size_t bytes) {
  Result result = enter();
  Allocation *made;
  if (result)
    return result;
  if (bytes > free_memory())
    return 2;
  made = make(&on_device, bytes);
  if (!made)
    return 2;
  used += bytes;
  ++allocations;
  *memory = (uintptr_t)made + HEAD;
  return 0;
}

Result cuMemFree_v2(Pointer memory) {
  Result result = enter();
  size_t bytes;
  if (result)
    return result;
  if (busy != 0)
    note("memory ends while it is in use\n");
  bytes = end(&on_device, memory);
  if (bytes == 0)
    return 1;
  used -= bytes;
  --allocations;
  note("free %zu\n", bytes);
  return 0;
}

Result cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) {
  Result result = enter();
  Allocation *made;
  if (result || flags)
    return result ? result : 1;
  if (bytes > (size_t)setting("FAKE_CUDA_PINNED", 1 << 30) - pinned_bytes)
    return 2;
  made = make(&on_host, bytes);
  if (!made)
    return 2;
  pinned_bytes += bytes;
  ++pinned;
  note("pin %zu\n", bytes);
  *memory = (char *)made + HEAD;
  return 0;
}

/* Also where the context is lost. */
Result cuMemFreeHost(void *memory) {
  size_t bytes;
  if (busy != 0)
    note("pinned memory ends while it is in use\n");
  bytes = end(&on_host, (uintptr_t)memory);
  if (bytes == 0)
    return 1;
  pinned_bytes -= bytes;
  --pinned;
  return 0;
}

/*===- Streams
 * -------------------------------------------------------------===*/

Result cuStreamCreate(Stream **stream, unsigned flags) {
  Result result = enter();
  if (result)
    return result;
  if (flags > 1)
    return 1;
  ++streams;
  *stream = malloc(sizeof(Stream));
  (*stream)->first = NULL;
  (*stream)->end = &(*stream)->first;
  return 0;
}

Result cuStreamDestroy_v2(Stream *stream) {
  run_stream(stream, NULL);
  --streams;
  free(stream);
  return 0;
}

Result enqueue(Stream *stream, const Operation *operation) {
  Operation *copy;
  if (!stream)
    return 900;
  copy = malloc(sizeof(Operation));
  *copy = *operation;
  copy->next = NULL;
  *stream->end = copy;
  stream->end = &copy->next;
  ++busy;
  return 0;
}

static void do_now(const Operation *operation) {
  void *memory = (void *)(uintptr_t)operation->memory;
  size_t bytes = (size_t)operation->bytes;
  if (strcmp(operation->name, "in") == 0)
    memcpy(memory, operation->staged ? operation->staged : operation->host,
           bytes);
  else if (strcmp(operation->name, "out") == 0)
    memcpy(operation->host, memory, bytes);
  else if (strcmp(operation->name, "event") == 0)
    --operation->event->pending;
  else
    run_kernel(operation);
}

void run_stream(Stream *stream, const Event *until) {
  while (stream->first && (!until || until->pending > 0)) {
    Operation *first = stream->first;
    stream->first = first->next;
    if (!stream->first)
      stream->end = &stream->first;
    --busy;
    do_now(first);
    free(first->staged);
    free(first);
  }
}

Result cuStreamSynchronize(Stream *stream) {
  Result result = enter();
  if (result)
    return result;
  run_stream(stream, NULL);
  return inject("FAKE_CUDA_SYNCHRONIZE");
}

/*===- Events
 * --------------------------------------------------------------===*/

/* Each event is of the stream that recorded it last, and there is one. */
static Stream *recording_stream;

Result cuEventCreate(Event **event, unsigned flags) {
  Result result = enter();
  if (result)
    return result;
  if (flags != 2) /* events that are not timed cost less */
    return 1;
  ++events;
  *event = malloc(sizeof(Event));
  (*event)->pending = 0;
  return 0;
}

Result cuEventDestroy_v2(Event *event) {
  if (event->pending != 0)
    note("an event ends while it is in use\n");
  --events;
  free(event);
  return 0;
}

Operation make_operation(const char *name) {
  Operation operation;
  memset(&operation, 0, sizeof(operation));
  strcpy(operation.name, name);
  return operation;
}

Result cuEventRecord(Event *event, Stream *stream) {
  Result result = enter();
  Operation operation;
  if (result)
    return result;
  operation = make_operation("event");
  operation.event = event;
  ++event->pending;
  recording_stream = stream;
  return enqueue(stream, &operation);
}

Result cuEventSynchronize(Event *event) {
  Result result = enter();
  if (result)
    return result;
  note(event->pending ? "wait\n" : "no wait\n");
  if (event->pending)
    run_stream(recording_stream, event);
  return inject("FAKE_CUDA_SYNCHRONIZE");
}

/*===- Copies
 * --------------------------------------------------------------===*/

Result cuMemcpyHtoDAsync_v2(Pointer to, const void *from, size_t bytes,
                            Stream *stream) {
  Result result = enter();
  Operation operation;
  if (result)
    return result;
  operation = make_operation("in");
  operation.memory = to;
  operation.bytes = (int64_t)bytes;
  operation.host = (void *)(uintptr_t)from;
  /* Memory that is not pinned has been read when this returns. */
  if (!is_pinned(from)) {
    operation.staged = malloc(bytes);
    memcpy(operation.staged, from, bytes);
  }
  note("copy in %zu\n", bytes);
  return enqueue(stream, &operation);
}

Result cuMemcpyDtoHAsync_v2(void *to, Pointer from, size_t bytes,
                            Stream *stream) {
  Result result = enter();
  Operation operation;
  if (result)
    return result;
  operation = make_operation("out");
  operation.memory = from;
  operation.bytes = (int64_t)bytes;
  operation.host = to;
  note("copy out %zu\n", bytes);
  return enqueue(stream, &operation);
}

Result cuMemsetD8Async(Pointer memory, unsigned char value, size_t bytes,
                       Stream *stream) {
  Result result = enter();
  Operation operation;
  if (result)
    return result;
  operation = make_operation("fill");
  operation.memory = memory;
  operation.value = value;
  operation.bytes = (int64_t)bytes;
  note("clear %zu\n", bytes);
  return enqueue(stream, &operation);
}
