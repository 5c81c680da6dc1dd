//===- OpenBlas.cpp - OpenBLAS as a peer ----------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include <cblas.h>

using namespace dither::bench;

// Threads: OPENBLAS_NUM_THREADS.
static RegisterPeer
    openBlas({"OpenBLAS",
              [](const Gemm &g, const Buffer &x, const Buffer &w,
                 const Buffer &y) -> Call {
                if (g.elements != Elements::f32)
                  return {};
                return [g, x = x.floats(), w = w.floats(), y = y.floats()] {
                  if (g.m == 1) // What a user of BLAS would call.
                    cblas_sgemv(CblasRowMajor, CblasTrans, g.k, g.n, 1, w, g.n,
                                x, 1, 0, y, 1);
                  else
                    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, g.m,
                                g.n, g.k, 1, x, g.k, w, g.n, 0, y, g.n);
                };
              }});
