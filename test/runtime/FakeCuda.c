//===- FakeCuda.c - A library that looks like the CUDA driver -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To test what the runtime asks of the driver, and what it makes of failures.
// The device's memory is the host's; work is done when it is asked for; of
// kernels, "fill" (pointer, i32 value, i64 bytes) and "gather" (a tensor map,
// pointer), which copies the first tile of a matrix, do something. For one
// thread. Environment variables choose:
//
//   FAKE_CUDA_LOG          a file to which each call of interest is appended
//   FAKE_CUDA_INIT         what cuInit gives
//   FAKE_CUDA_VERSION      12040
//   FAKE_CUDA_DEVICES      how many, 2
//   FAKE_CUDA_CAPABILITY   90
//   FAKE_CUDA_RETAIN       what retaining a context gives
//   FAKE_CUDA_FREE         bytes of memory that are free at first, 1048576
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

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int Result;
typedef unsigned long long Pointer;

enum { MAX_OPERATIONS = 64 };
/* What this driver has in the 128 bytes of a tensor map. */
typedef struct Map {
  char mark[4];
  const unsigned char *data;
  uint64_t columns, rows, stride;
  uint32_t box_columns, box_rows, element_bytes;
} Map;
typedef struct Operation {
  char kernel[64];
  Pointer memory;
  int32_t value;
  int64_t bytes;
  Map map;
} Operation;
typedef struct Graph {
  int count;
  Operation operations[MAX_OPERATIONS];
} Graph;
typedef struct Module {
  const char *text;
} Module;
typedef struct Function {
  char name[64];
  int dynamic_shared;
} Function;

static char the_context;
static int retained, streams, modules, allocations, depth, fault;
/* In front of each allocation lie its size and the one that was made before. */
typedef struct Allocation {
  size_t bytes;
  struct Allocation *before;
} Allocation;
static Allocation *latest;
static size_t used;
static void *stack[16];
static Graph recorded;
static int is_recording;

static long setting(const char *name, long standard) {
  const char *text = getenv(name);
  return text ? atol(text) : standard;
}

static void note(const char *format, ...) {
  const char *path = getenv("FAKE_CUDA_LOG");
  FILE *file = path ? fopen(path, "a") : NULL;
  va_list arguments;
  if (!file)
    return;
  va_start(arguments, format);
  vfprintf(file, format, arguments);
  va_end(arguments);
  fclose(file);
}

static Result inject(const char *name) {
  Result result = (Result)setting(name, 0);
  if (result / 100 == 7)
    fault = result;
  return result;
}

/* What all functions do that need a context. */
static Result enter(void) {
  if (fault)
    return fault;
  return depth > 0 && stack[depth - 1] == &the_context ? 0 : 201;
}

/*===- Start and devices
 * ---------------------------------------------------===*/

Result cuInit(unsigned flags) {
  retained = streams = modules = allocations = depth = fault = 0;
  is_recording = 0;
  used = 0;
  return flags ? 1 : (Result)setting("FAKE_CUDA_INIT", 0);
}

Result cuDriverGetVersion(int *version) {
  *version = (int)setting("FAKE_CUDA_VERSION", 12040);
  return 0;
}

Result cuGetErrorName(Result error, const char **text) {
  switch (error) {
  case 2:
    *text = "CUDA_ERROR_OUT_OF_MEMORY";
    return 0;
  case 46:
    *text = "CUDA_ERROR_DEVICE_UNAVAILABLE";
    return 0;
  case 218:
    *text = "CUDA_ERROR_INVALID_PTX";
    return 0;
  case 700:
    *text = "CUDA_ERROR_ILLEGAL_ADDRESS";
    return 0;
  case 719:
    *text = "CUDA_ERROR_LAUNCH_FAILED";
    return 0;
  case 999:
    *text = "CUDA_ERROR_UNKNOWN";
    return 0;
  default:
    *text = NULL;
    return 1;
  }
}

Result cuGetErrorString(Result error, const char **text) {
  switch (error) {
  case 2:
    *text = "out of memory";
    return 0;
  case 46:
    *text = "device is busy";
    return 0;
  case 218:
    *text = "a PTX JIT compilation failed";
    return 0;
  case 700:
    *text = "an illegal memory access was encountered";
    return 0;
  case 719:
    *text = "unspecified launch failure";
    return 0;
  default:
    *text = NULL;
    return 1;
  }
}

Result cuDeviceGetCount(int *count) {
  *count = (int)setting("FAKE_CUDA_DEVICES", 2);
  return 0;
}

Result cuDeviceGet(int *device, int number) {
  *device = number + 10; /* not the number itself */
  return 0;
}

Result cuDeviceGetName(char *name, int size, int device) {
  snprintf(name, (size_t)size, "Fake %d", device - 10);
  return 0;
}

Result cuDeviceTotalMem_v2(size_t *bytes, int device) {
  (void)device;
  *bytes = 2 << 20;
  return 0;
}

Result cuDeviceGetAttribute(int *value, int attribute, int device) {
  (void)device;
  switch (attribute) {
  case 1: /* threads of a block */
    *value = 1024;
    return 0;
  case 5: /* x of a grid */
    *value = 2147483647;
    return 0;
  case 6: /* y, z */
  case 7:
    *value = 65535;
    return 0;
  case 8: /* shared memory of a block */
    *value = 49152;
    return 0;
  case 16: /* multiprocessors */
    *value = 3;
    return 0;
  case 75: /* capability */
    *value = (int)setting("FAKE_CUDA_CAPABILITY", 90) / 10;
    return 0;
  case 76:
    *value = (int)setting("FAKE_CUDA_CAPABILITY", 90) % 10;
    return 0;
  case 97: /* shared memory of a block that asks for it */
    *value = 232448;
    return 0;
  default:
    return 1;
  }
}

/*===- Contexts
 * ------------------------------------------------------------===*/

Result cuDevicePrimaryCtxRetain(void **context, int device) {
  Result result = inject("FAKE_CUDA_RETAIN");
  (void)device;
  if (result)
    return result;
  ++retained;
  *context = &the_context;
  return 0;
}

Result cuDevicePrimaryCtxRelease_v2(int device) {
  (void)device;
  if (--retained > 0)
    return 0;
  note("context ends: %d streams, %d modules, %d allocations, depth %d\n",
       streams, modules, allocations, depth);
  fault = allocations = 0;
  used = 0;
  while (latest) { /* memory goes with the context */
    Allocation *before = latest->before;
    free(latest);
    latest = before;
  }
  return 0;
}

Result cuCtxPushCurrent_v2(void *context) {
  stack[depth++] = context;
  return 0;
}

Result cuCtxPopCurrent_v2(void **context) {
  *context = stack[--depth];
  return 0;
}

/*===- Memory
 * --------------------------------------------------------------===*/

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
  made = aligned_alloc(256, 256 + (bytes + 255) / 256 * 256);
  if (!made)
    return 2;
  made->bytes = bytes;
  made->before = latest;
  latest = made;
  used += bytes;
  ++allocations;
  *memory = (uintptr_t)made + 256;
  return 0;
}

Result cuMemFree_v2(Pointer memory) {
  Allocation **slot = &latest, *found;
  Result result = enter();
  if (result)
    return result;
  while (*slot && (uintptr_t)*slot + 256 != memory)
    slot = &(*slot)->before;
  found = *slot;
  if (!found)
    return 1;
  *slot = found->before;
  used -= found->bytes;
  --allocations;
  note("free %zu%s\n", found->bytes, is_recording ? " while recording" : "");
  free(found);
  return 0;
}

Result cuMemcpyHtoDAsync_v2(Pointer to, const void *from, size_t bytes,
                            void *stream) {
  Result result = enter();
  if (result)
    return result;
  if (!stream || is_recording)
    return 900;
  memcpy((void *)(uintptr_t)to, from, bytes);
  note("copy in %zu\n", bytes);
  return 0;
}

Result cuMemcpyDtoHAsync_v2(void *to, Pointer from, size_t bytes,
                            void *stream) {
  Result result = enter();
  if (result)
    return result;
  if (!stream || is_recording)
    return 900;
  memcpy(to, (const void *)(uintptr_t)from, bytes);
  note("copy out %zu\n", bytes);
  return 0;
}

/*===- Kernels
 * -------------------------------------------------------------===*/

/* What lies outside of the matrix is zero. */
static void gather(const Map *map, unsigned char *to) {
  uint32_t row, column, bytes = map->element_bytes;
  for (row = 0; row < map->box_rows; ++row)
    for (column = 0; column < map->box_columns; ++column, to += bytes)
      if (row < map->rows && column < map->columns)
        memcpy(to, map->data + row * map->stride + column * bytes, bytes);
      else
        memset(to, 0, bytes);
}

static void do_now(const Operation *operation) {
  if (strcmp(operation->kernel, "gather") == 0)
    gather(&operation->map, (void *)(uintptr_t)operation->memory);
  if (strcmp(operation->kernel, "fill") == 0 && operation->bytes > 0)
    memset((void *)(uintptr_t)operation->memory, operation->value,
           (size_t)operation->bytes);
}

static Result do_or_record(const Operation *operation) {
  if (!is_recording) {
    do_now(operation);
    return 0;
  }
  if (recorded.count == MAX_OPERATIONS)
    return 2;
  recorded.operations[recorded.count++] = *operation;
  return 0;
}

Result cuMemsetD8Async(Pointer memory, unsigned char value, size_t bytes,
                       void *stream) {
  Result result = enter();
  Operation operation;
  if (result)
    return result;
  memset(&operation, 0, sizeof(operation));
  strcpy(operation.kernel, "fill");
  operation.memory = memory;
  operation.value = value;
  operation.bytes = (int64_t)bytes;
  note("clear %zu\n", bytes);
  return stream ? do_or_record(&operation) : 900;
}

Result cuModuleLoadDataEx(Module **module, const void *image, unsigned count,
                          const int *options, void **values) {
  Result result = enter();
  const char *target;
  unsigned i;
  if (!result)
    result = inject("FAKE_CUDA_LOAD");
  for (i = 0; result && i + 1 < count; i += 2) {
    size_t size = (size_t)(uintptr_t)values[i + 1];
    if (options[i] == 3 && options[i + 1] == 4)
      snprintf(values[i], size, "ptxas info    : 0 bytes gmem\n");
    else if (options[i] == 5 && options[i + 1] == 6)
      snprintf(values[i], size,
               "ptxas application ptx input, line 7; error   : Unknown symbol"
               "\n\nptxas fatal   : Ptx assembly aborted due to errors\n");
  }
  if (result)
    return result;
  *module = malloc(sizeof(Module));
  (*module)->text = image;
  ++modules;
  target = strstr((*module)->text, ".target ");
  note("load %.24s\n%.15s\n", (*module)->text, target ? target : "");
  return 0;
}

Result cuModuleUnload(Module *module) {
  --modules;
  free(module);
  return 0;
}

static Function functions[16];
static int function_count;

/* A kernel is in a module if the text says ".entry NAME(". */
Result cuModuleGetFunction(Function **function, Module *module,
                           const char *name) {
  Result result = inject("FAKE_CUDA_FUNCTION");
  char entry[96];
  if (result)
    return result;
  snprintf(entry, sizeof(entry), ".entry %s(", name);
  if (!strstr(module->text, entry))
    return 500;
  *function = &functions[function_count++ % 16];
  snprintf((*function)->name, sizeof((*function)->name), "%s", name);
  (*function)->dynamic_shared = 49152;
  return 0;
}

Result cuFuncGetAttribute(int *value, int attribute, Function *function) {
  (void)function;
  *value = attribute == 0   ? (int)setting("FAKE_CUDA_THREADS", 1024)
           : attribute == 1 ? (int)setting("FAKE_CUDA_SHARED", 0)
                            : -1;
  return *value < 0;
}

Result cuFuncSetAttribute(Function *function, int attribute, int value) {
  if (attribute != 8)
    return 1;
  function->dynamic_shared = value;
  note("shared %s %d\n", function->name, value);
  return 0;
}

#ifndef FAKE_CUDA_WITHOUT_MAPS
static int element_bytes(int element) {
  switch (element) {
  case 0: /* u8 */
    return 1;
  case 6: /* f16, bf16 */
  case 9:
    return 2;
  case 3: /* s32, f32, tf32 */
  case 7:
  case 11:
    return 4;
  default:
    return 0;
  }
}

/* Takes what NVIDIA's documents say that it takes. */
Result cuTensorMapEncodeTiled(void *encoded, int element, unsigned rank,
                              void *data, const uint64_t *extents,
                              const uint64_t *strides, const uint32_t *box,
                              const uint32_t *steps, int interleave,
                              int swizzle, int promotion, int fill) {
  Result result = enter();
  uint64_t bytes = (uint64_t)element_bytes(element), width = bytes * box[0];
  Map map;
  if (result)
    return result;
  note("map element %d, %llu x %llu by %llu, box %u x %u, swizzle %d, "
       "promotion %d\n",
       element, (unsigned long long)extents[1], (unsigned long long)extents[0],
       (unsigned long long)strides[0], box[1], box[0], swizzle, promotion);
  if (bytes == 0 || rank != 2 || !data || (uintptr_t)data % 16 ||
      (uintptr_t)encoded % 64 || interleave || fill || swizzle > 3)
    return 1;
  if ((extents[0] - 1) >> 32 || (extents[1] - 1) >> 32 || strides[0] % 16 ||
      strides[0] >> 40 || strides[0] < extents[0] * bytes)
    return 1;
  if (box[0] - 1 > 255 || box[1] - 1 > 255 || width % 16 ||
      (swizzle && width > (16u << swizzle)) || steps[0] != 1 || steps[1] != 1)
    return 1;
  memset(&map, 0, sizeof(map));
  memcpy(map.mark, "map", 4);
  map.data = data;
  map.columns = extents[0];
  map.rows = extents[1];
  map.stride = strides[0];
  map.box_columns = box[0];
  map.box_rows = box[1];
  map.element_bytes = (uint32_t)bytes;
  memset(encoded, 0, 128);
  memcpy(encoded, &map, sizeof(map));
  return 0;
}
#endif

Result cuLaunchKernel(Function *function, unsigned grid_x, unsigned grid_y,
                      unsigned grid_z, unsigned threads_x, unsigned threads_y,
                      unsigned threads_z, unsigned shared, void *stream,
                      void **arguments, void **extra) {
  Result result = enter();
  Operation operation;
  if (!result)
    result = inject("FAKE_CUDA_LAUNCH");
  if (result)
    return result;
  if (!stream || extra || (int)shared > function->dynamic_shared || !grid_x ||
      !grid_y || !grid_z)
    return 1;
  note("launch %s %ux%ux%u %ux%ux%u %u\n", function->name, grid_x, grid_y,
       grid_z, threads_x, threads_y, threads_z, shared);
  memset(&operation, 0, sizeof(operation));
  snprintf(operation.kernel, sizeof(operation.kernel), "%s", function->name);
  if (strcmp(function->name, "fill") == 0) {
    operation.memory = *(Pointer *)arguments[0];
    operation.value = *(int32_t *)arguments[1];
    operation.bytes = *(int64_t *)arguments[2];
  } else if (strcmp(function->name, "gather") == 0) {
    memcpy(&operation.map, arguments[0], sizeof(operation.map));
    operation.memory = *(Pointer *)arguments[1];
    if (memcmp(operation.map.mark, "map", 4) != 0)
      return 1;
  }
  return do_or_record(&operation);
}

/*===- Streams and graphs
 * --------------------------------------------------===*/

Result cuStreamCreate(void **stream, unsigned flags) {
  Result result = enter();
  if (result)
    return result;
  if (flags > 1)
    return 1;
  ++streams;
  *stream = malloc(1);
  return 0;
}

Result cuStreamDestroy_v2(void *stream) {
  --streams;
  free(stream);
  return 0;
}

Result cuStreamSynchronize(void *stream) {
  Result result = enter();
  (void)stream;
  if (is_recording)
    return 900;
  return result ? result : inject("FAKE_CUDA_SYNCHRONIZE");
}

Result cuStreamBeginCapture_v2(void *stream, int mode) {
  Result result = enter();
  (void)stream;
  if (result)
    return result;
  if (mode != 1 || is_recording)
    return 1;
  is_recording = 1;
  recorded.count = 0;
  return 0;
}

Result cuStreamEndCapture(void *stream, Graph **graph) {
  (void)stream;
  if (!is_recording)
    return 1;
  is_recording = 0;
  *graph = malloc(sizeof(Graph));
  **graph = recorded;
  return enter();
}

#ifndef FAKE_CUDA_OLD
Result cuGraphInstantiateWithFlags(Graph **exec, const Graph *graph,
                                   unsigned long long flags) {
  Result result = enter();
  if (result || flags)
    return result ? result : 1;
  *exec = malloc(sizeof(Graph));
  **exec = *graph;
  note("graph of %d\n", graph->count);
  return 0;
}
#endif

Result cuGraphLaunch(const Graph *exec, void *stream) {
  Result result = enter();
  int i;
  if (!result)
    result = inject("FAKE_CUDA_LAUNCH");
  if (result)
    return result;
  for (i = 0; i < exec->count; ++i)
    do_now(&exec->operations[i]);
  note("replay\n");
  return stream ? 0 : 1;
}

Result cuGraphExecDestroy(Graph *exec) {
  note("graph ends\n");
  free(exec);
  return 0;
}

Result cuGraphDestroy(Graph *graph) {
  free(graph);
  return 0;
}
