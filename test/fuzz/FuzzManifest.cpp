//===- FuzzManifest.cpp - Fuzz target of the manifest ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/Manifest.h"

#include <cstdlib>

using namespace dither::runtime;

static void require(bool condition) {
  if (!condition)
    abort();
}

/// Everything that code behind the parser relies on.
static void checkSpec(const TensorSpec &spec, size_t dims, uint64_t dataSize) {
  require(spec.shape.size() <= maxRank && spec.element <= Element::I1);
  for (int64_t size : spec.shape)
    require(size >= -static_cast<int64_t>(dims));
  if (spec.hasData)
    require(spec.offset % 64 == 0 && spec.bytes <= dataSize &&
            spec.offset <= dataSize - spec.bytes);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  constexpr uint64_t dataSize = 1 << 20;
  Expected<Manifest> manifest = parseManifest({data, size}, dataSize);
  if (!manifest) {
    require(!manifest.error().message().empty());
    return 0;
  }
  require(!manifest->versions.empty());
  for (const TensorSpec &tensor : manifest->tensors)
    checkSpec(tensor, 0, dataSize);
  for (const FunctionSpec &function : manifest->functions) {
    require(function.arenas.size() == manifest->versions.size());
    for (const ArenaSpec &arena : function.arenas)
      require(arena.perDim.size() == function.dims.size());
    for (const Argument &argument : function.arguments) {
      checkSpec(argument.spec, function.dims.size(), dataSize);
      if (argument.spec.kind == DITHER_CONSTANT ||
          argument.spec.kind == DITHER_STATE)
        require(argument.tensor < manifest->tensors.size());
    }
    std::vector<int64_t> dims(function.dims.size(), INT64_MAX);
    for (uint32_t i = 0; i < manifest->versions.size(); ++i)
      (void)function.arenaBytes(dims.data(), i);
  }
  return 0;
}
