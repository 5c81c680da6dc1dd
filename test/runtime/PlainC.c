//===- PlainC.c - The public headers are C --------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dither/runtime.h"

#include <string.h>

/* A host in plain C: opens, calls once, closes. */
int dither_test_plain_c(const char *path, float *x, float *y, int64_t rows) {
  DitherArtifact *artifact = NULL;
  DitherSession *session = NULL;
  DitherStatus *status = dither_artifact_open(path, NULL, &artifact);
  int64_t shape[2];
  DLTensor in, out;
  int failed;

  shape[0] = rows;
  shape[1] = 4;
  memset(&in, 0, sizeof(in));
  in.data = x;
  in.device.device_type = kDLCPU;
  in.ndim = 2;
  in.dtype.code = kDLFloat;
  in.dtype.bits = 32;
  in.dtype.lanes = 1;
  in.shape = shape;
  out = in;
  out.data = y;
  if (!status)
    status = dither_session_create(artifact, NULL, &session);
  if (!status)
    status = dither_session_call(session, 0, &in, 1, &out, 1);
  failed = status != NULL;
  dither_status_free(status);
  dither_session_destroy(session);
  dither_artifact_close(artifact);
  return failed;
}
