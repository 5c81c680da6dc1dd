//===- OneDnn.cpp - oneDNN as a peer --------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Peers.h"
#include <cstring>
#include <dnnl.hpp>

using namespace dither::bench;
using dnnl::memory;

namespace {
struct Types {
  memory::data_type x, w, y;
};
} // namespace

static Types getTypes(Elements elements) {
  using type = memory::data_type;
  if (elements == Elements::bf16)
    return {type::bf16, type::bf16, type::f32};
  if (elements == Elements::s8)
    return {type::s8, type::s8, type::s32};
  return {type::f32, type::f32, type::f32};
}

/// Weights of `type` in the order that the kernel wants: as they are, or packed
/// once. Only their speed matters: they are zero.
static memory makeWeights(const memory::desc &type,
                          const dnnl::matmul::primitive_desc &primitive,
                          dnnl::engine &engine, dnnl::stream &stream) {
  memory plain(type, engine), packed(primitive.weights_desc(), engine);
  memset(plain.get_data_handle(), 0, type.get_size());
  dnnl::reorder(plain, packed).execute(stream, plain, packed);
  stream.wait();
  return packed;
}

// Threads: OMP_NUM_THREADS.
static Call makeMatmul(const Gemm &g, Types types, const Buffer &x,
                       const Buffer &w, const Buffer &y) {
  dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  auto describe = [](int64_t rows, int64_t columns, memory::data_type type,
                     memory::format_tag tag = memory::format_tag::ab) {
    return memory::desc({rows, columns}, type, tag);
  };
  bool isPacked = g.elements != Elements::f32;
  memory::desc xType = describe(g.m, g.k, types.x),
               wType = describe(g.k, g.n, types.w),
               yType = describe(g.m, g.n, types.y);
  dnnl::matmul::primitive_desc primitive;
  try {
    primitive = dnnl::matmul::primitive_desc(
        dnnl::matmul::desc(
            xType,
            isPacked ? describe(g.k, g.n, types.w, memory::format_tag::any)
                     : wType,
            yType),
        engine);
  } catch (const dnnl::error &) {
    return {}; // Not on this machine.
  }
  memory weights = isPacked ? makeWeights(wType, primitive, engine, stream)
                            : memory(wType, engine, w.data());
  struct State {
    dnnl::matmul matmul;
    dnnl::stream stream;
    std::unordered_map<int, memory> arguments;
  };
  auto state = std::make_shared<State>(
      State{dnnl::matmul(primitive),
            stream,
            {{DNNL_ARG_SRC, memory(xType, engine, x.data())},
             {DNNL_ARG_WEIGHTS, weights},
             {DNNL_ARG_DST, memory(yType, engine, y.data())}}});
  return [state] {
    state->matmul.execute(state->stream, state->arguments);
    state->stream.wait();
  };
}

static RegisterPeer oneDnn({"oneDNN", [](const Gemm &g, const Buffer &x,
                                         const Buffer &w, const Buffer &y) {
                              return makeMatmul(g, getTypes(g.elements), x, w,
                                                y);
                            }});

/// Instructions before AMX want unsigned x.
static RegisterPeer oneDnnUnsigned({"oneDNN u8",
                                    [](const Gemm &g, const Buffer &x,
                                       const Buffer &w,
                                       const Buffer &y) -> Call {
                                      if (g.elements != Elements::s8)
                                        return {};
                                      Types types = getTypes(g.elements);
                                      types.x = memory::data_type::u8;
                                      return makeMatmul(g, types, x, w, y);
                                    }});
