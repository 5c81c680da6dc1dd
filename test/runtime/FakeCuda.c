//===- FakeCuda.c - Devices and contexts of a false driver ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FakeCuda.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int streams, modules, allocations, pinned, events;

static char the_context;
static int retained, depth, fault;
static void *stack[16];

long setting(const char *name, long standard) {
  const char *text = getenv(name);
  return text ? atol(text) : standard;
}

void note(const char *format, ...) {
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

Result inject(const char *name) {
  Result result = (Result)setting(name, 0);
  if (result / 100 == 7)
    fault = result;
  return result;
}

Result enter(void) {
  if (fault)
    return fault;
  return depth > 0 && stack[depth - 1] == &the_context ? 0 : 201;
}

/*===- Start and devices
 * ---------------------------------------------------===*/

Result cuInit(unsigned flags) {
  retained = streams = modules = depth = fault = events = 0;
  forget_memory();
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
  if (pinned != 0 || events != 0)
    note("context ends: %d pinned, %d events\n", pinned, events);
  fault = 0;
  end_memory(); /* it goes with the context */
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
