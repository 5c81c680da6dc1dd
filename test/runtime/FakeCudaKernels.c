//===- FakeCudaKernels.c - Kernels and graphs of a false driver -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FakeCuda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Module {
  const char *text;
} Module;
typedef struct Function {
  char name[64];
  int dynamic_shared;
} Function;

/*===- Modules
 * -------------------------------------------------------------===*/

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

void run_kernel(const Operation *operation) {
  void *memory = (void *)(uintptr_t)operation->memory;
  if (strcmp(operation->name, "gather") == 0)
    gather(&operation->map, memory);
  else if (strcmp(operation->name, "fill") == 0 && operation->bytes > 0)
    memset(memory, operation->value, (size_t)operation->bytes);
  else if (strcmp(operation->name, "copy") == 0)
    memcpy(memory, (const void *)(uintptr_t)operation->source,
           (size_t)operation->bytes);
}

/* CUDA_KERNEL_NODE_PARAMS. */
typedef struct KernelNode {
  Function *function;
  unsigned grid[3], threads[3], shared;
  void **arguments, **extra;
} KernelNode;

/* Reads the arguments, as the driver does before a launch returns. */
static Result prepare(const KernelNode *node, Operation *operation) {
  const char *name = node->function->name;
  void **arguments = node->arguments;
  if (node->extra || (int)node->shared > node->function->dynamic_shared ||
      !node->grid[0] || !node->grid[1] || !node->grid[2])
    return 1;
  memset(operation, 0, sizeof(*operation));
  snprintf(operation->name, sizeof(operation->name), "%s", name);
  if (strcmp(name, "fill") == 0) {
    operation->memory = *(Pointer *)arguments[0];
    operation->value = *(int32_t *)arguments[1];
    operation->bytes = *(int64_t *)arguments[2];
  } else if (strcmp(name, "copy") == 0) {
    operation->memory = *(Pointer *)arguments[0];
    operation->source = *(Pointer *)arguments[1];
    operation->bytes = *(int64_t *)arguments[2];
  } else if (strcmp(name, "gather") == 0) {
    memcpy(&operation->map, arguments[0], sizeof(operation->map));
    operation->memory = *(Pointer *)arguments[1];
    if (memcmp(operation->map.mark, "map", 4) != 0)
      return 1;
  }
  return 0;
}

Result cuLaunchKernel(Function *function, unsigned grid_x, unsigned grid_y,
                      unsigned grid_z, unsigned threads_x, unsigned threads_y,
                      unsigned threads_z, unsigned shared, Stream *stream,
                      void **arguments, void **extra) {
  Result result = enter();
  Operation operation;
  KernelNode node = {function,
                     {grid_x, grid_y, grid_z},
                     {threads_x, threads_y, threads_z},
                     shared,
                     arguments,
                     extra};
  if (!result)
    result = inject("FAKE_CUDA_LAUNCH");
  if (!result)
    result = prepare(&node, &operation);
  if (result)
    return result;
  note("launch %s %ux%ux%u %ux%ux%u %u\n", function->name, grid_x, grid_y,
       grid_z, threads_x, threads_y, threads_z, shared);
  return enqueue(stream, &operation);
}

/*===- Graphs
 * --------------------------------------------------------------===*/

enum { MOST_NODES = 64 };
struct Graph;
typedef struct Node {
  struct Graph *graph;
  Operation operation;
  uint64_t after; /* a bit for each node */
} Node;
typedef struct Graph {
  int count;
  Node nodes[MOST_NODES];
} Graph;

Result cuGraphCreate(Graph **graph, unsigned flags) {
  Result result = enter();
  if (result || flags)
    return result ? result : 1;
  *graph = calloc(1, sizeof(Graph));
  return 0;
}

Result cuGraphDestroy(Graph *graph) {
  free(graph);
  return 0;
}

static Result add_node(Node **made, Graph *graph, Node *const *after,
                       size_t count, const Operation *operation) {
  Node *node = &graph->nodes[graph->count];
  size_t i;
  if (graph->count == MOST_NODES)
    return 2;
  node->graph = graph;
  node->operation = *operation;
  node->after = 0;
  note("node %d %s after", graph->count, operation->name);
  for (i = 0; i < count; ++i) {
    uint64_t bit;
    if (!after[i] || after[i]->graph != graph)
      return 1;
    bit = (uint64_t)1 << (after[i] - graph->nodes);
    if (node->after & bit) /* none may be there twice */
      return 1;
    node->after |= bit;
    note(" %d", (int)(after[i] - graph->nodes));
  }
  note("\n");
  ++graph->count;
  *made = node;
  return 0;
}

Result cuGraphAddKernelNode(Node **made, Graph *graph, Node *const *after,
                            size_t count, const KernelNode *kernel) {
  Result result = enter();
  Operation operation;
  if (!result)
    result = prepare(kernel, &operation);
  return result ? result : add_node(made, graph, after, count, &operation);
}

/* CUDA_MEMSET_NODE_PARAMS. */
typedef struct MemsetNode {
  Pointer memory;
  size_t pitch;
  unsigned value, element_bytes;
  size_t width, height;
} MemsetNode;

Result cuGraphAddMemsetNode(Node **made, Graph *graph, Node *const *after,
                            size_t count, const MemsetNode *memset_node,
                            const void *context) {
  Result result = enter();
  Operation operation;
  if (result || !context || memset_node->element_bytes != 1 ||
      memset_node->height != 1)
    return result ? result : 1;
  operation = make_operation("fill");
  operation.memory = memset_node->memory;
  operation.value = (int32_t)memset_node->value;
  operation.bytes = (int64_t)memset_node->width;
  return add_node(made, graph, after, count, &operation);
}

Result cuGraphAddEmptyNode(Node **made, Graph *graph, Node *const *after,
                           size_t count) {
  Result result = enter();
  Operation operation;
  operation = make_operation("nothing");
  return result ? result : add_node(made, graph, after, count, &operation);
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

/* Of the nodes that may run, the last one does. */
Result cuGraphLaunch(const Graph *exec, Stream *stream) {
  Result result = enter();
  uint64_t done = 0;
  int i, left;
  if (!result)
    result = inject("FAKE_CUDA_LAUNCH");
  for (left = exec->count; !result && left > 0; --left) {
    for (i = exec->count - 1;
         (done >> i & 1) || (exec->nodes[i].after & ~done);)
      --i;
    done |= (uint64_t)1 << i;
    result = enqueue(stream, &exec->nodes[i].operation);
  }
  if (!result)
    note("replay\n");
  return result;
}

Result cuGraphExecDestroy(Graph *exec) {
  note("graph ends\n");
  free(exec);
  return 0;
}
