//===- Peers.h - What is timed side by side ---------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_BENCHMARKS_PEERS_H
#define DITHER_BENCHMARKS_PEERS_H

#include "dither/runtime.h"
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dither::bench {

/// Memory that begins at a cache line, filled with small numbers.
class Buffer {
public:
  explicit Buffer(size_t bytes);
  /// Fills it with positions of rows, in no order.
  void fillWithRows(int64_t count);
  float *floats() const { return static_cast<float *>(memory.get()); }
  void *data() const { return memory.get(); }
  size_t size() const { return bytes; }

private:
  struct Free {
    void operator()(void *pointer) const { free(pointer); }
  };
  size_t bytes;
  std::unique_ptr<void, Free> memory;
};

/// What a product reads: floats, or bytes whose products are summed in i32.
enum class Elements { f32, bf16, s8 };

/// y[M, N] = x[M, K] w[K, N]; y has four bytes an element.
struct Gemm {
  int64_t m, n, k;
  Elements elements = Elements::f32;
};

/// One call of what is timed; made once, called many times.
using Call = std::function<void()>;

/// A library that multiplies: makes a call, or none if it cannot. Libraries may
/// lay out weights of bf16 and s8 once, before.
struct Peer {
  std::string name;
  std::function<Call(const Gemm &, const Buffer &x, const Buffer &w,
                     const Buffer &y)>
      makeGemm;
};

/// The peers that were found when this was built. They register themselves.
std::vector<Peer> &getPeers();
struct RegisterPeer {
  explicit RegisterPeer(Peer peer) { getPeers().push_back(std::move(peer)); }
};

/// An artifact whose functions are timed.
class Ours {
public:
  Ours(const std::string &path, uint32_t threads);
  ~Ours();
  struct Tensor {
    std::vector<int64_t> shape;
    DLDataType type;
    size_t countBytes() const;
  };
  struct Function {
    std::string name;
    uint32_t index = 0;
    std::vector<Tensor> inputs;
    Tensor output;
    /// Of the constants that it reads.
    uint64_t constantBytes = 0;
  };
  const std::vector<Function> &functions() const { return all; }
  Call makeCall(const Function &function,
                const std::vector<const Buffer *> &inputs,
                const Buffer &output);

private:
  DitherArtifact *artifact = nullptr;
  DitherSession *session = nullptr;
  std::vector<Function> all;
};

/// Reads `bytes` of memory once, with `threads` threads, and does nothing else.
Call makeRead(const Buffer &buffer, uint32_t threads);

/// As many f32 multiply-adds as `flops` asks for, in registers.
Call makeMultiplyAdds(double flops, uint32_t threads);

/// Prints an error and ends the program.
[[noreturn]] void fail(const std::string &message);

} // namespace dither::bench

#endif // DITHER_BENCHMARKS_PEERS_H
