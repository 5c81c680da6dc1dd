//===- OneDnn.cpp - oneDNN as a peer --------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include <dnnl.hpp>

using namespace dither::bench;
using dnnl::memory;

// Threads: OMP_NUM_THREADS.
static Call makeMatmul(const Gemm &g, const Buffer &x, const Buffer &w,
                       const Buffer &y) {
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  auto describe = [](int64_t rows, int64_t columns) {
    return memory::desc({rows, columns}, memory::data_type::f32,
                        memory::format_tag::ab);
  };
  memory::desc xType = describe(g.m, g.k), wType = describe(g.k, g.n),
               yType = describe(g.m, g.n);
  dnnl::matmul::primitive_desc primitive(
      dnnl::matmul::desc(xType, wType, yType), engine);
  struct State {
    dnnl::matmul matmul;
    dnnl::stream stream;
    std::unordered_map<int, memory> arguments;
  };
  auto state = std::make_shared<State>(
      State{dnnl::matmul(primitive),
            dnnl::stream(engine),
            {{DNNL_ARG_SRC, memory(xType, engine, x.data())},
             {DNNL_ARG_WEIGHTS, memory(wType, engine, w.data())},
             {DNNL_ARG_DST, memory(yType, engine, y.data())}}});
  return [state] {
    state->matmul.execute(state->stream, state->arguments);
    state->stream.wait();
  };
}

static RegisterPeer oneDnn({"oneDNN", makeMatmul});
