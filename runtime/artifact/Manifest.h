//===- Manifest.h - What an artifact says about itself ----------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/artifact.md is the specification. The manifest is checked completely
// here, so that no one behind this point has to distrust it.
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_ARTIFACT_MANIFEST_H
#define DITHER_RUNTIME_ARTIFACT_MANIFEST_H

#include "runtime/artifact/CpuFeatures.h"
#include "runtime/io/Buffer.h"
#include "runtime/io/Element.h"

#include <string>
#include <vector>

namespace dither::runtime {

/// A tensor that a session owns, or an argument of a function.
struct TensorSpec {
  std::string name; // empty for the rng and the arena
  DitherKind kind = DITHER_CONSTANT;
  Element element = Element::I8;
  /// A size, or -1 - k for the k-th dynamic dimension of the function.
  std::vector<int64_t> shape;
  uint64_t bytes = 0; // of static shapes
  std::string init;   // name of the initializer of a state tensor, or empty

  /// Where the (initial) content lies in the image's data.
  bool hasData = false;
  uint64_t offset = 0;
  uint64_t checksum = 0;

  /// The function honours the strides of the descriptor.
  bool strided = false;
};

struct Argument {
  TensorSpec spec;
  /// The tensor of the manifest that a tensor argument refers to.
  uint32_t tensor = 0;
};

/// How much scratch memory a version of a function needs.
struct ArenaSpec {
  uint64_t fixed = 0;
  std::vector<uint64_t> perDim; // one for each dynamic dimension
};

struct FunctionSpec {
  std::string name;
  std::vector<std::string> dims;
  std::vector<Argument> arguments;
  std::vector<uint32_t> inputs;  // indices of arguments
  std::vector<uint32_t> outputs; // likewise
  std::vector<ArenaSpec> arenas; // one for each version

  /// Bytes of arena of a version for the given sizes of `dims`, or nothing on
  /// overflow.
  std::optional<uint64_t> arenaBytes(const int64_t *sizes,
                                     uint32_t version) const;
};

struct Manifest {
  std::string model;
  std::string triple;
  /// What runs the kernels: "cuda", "cuda-emulator"; empty: the CPU.
  std::string device;
  std::vector<CodeVersion> versions; // at least one, the best first
  std::vector<TensorSpec> tensors;
  std::vector<FunctionSpec> functions;

  /// The index of a version.
  std::optional<uint32_t> findVersion(std::string_view name) const;
  const TensorSpec *findTensor(std::string_view name) const;
  const FunctionSpec *findFunction(std::string_view name) const;
};

/// Reads and checks a manifest whose image has `dataSize` bytes of data.
Expected<Manifest> parseManifest(Bytes json, uint64_t dataSize);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_ARTIFACT_MANIFEST_H
