//===- Artifact.h - Opened artifacts ----------------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_ARTIFACT_ARTIFACT_H
#define DITHER_RUNTIME_ARTIFACT_ARTIFACT_H

#include "dither/abi.h"
#include "runtime/artifact/Manifest.h"

#include <memory>
#include <string>
#include <vector>

namespace dither::runtime {

/// Code, constants and a manifest that all checks have passed. Immutable.
class Artifact {
public:
  ~Artifact();
  Artifact(const Artifact &) = delete;

  static Expected<std::shared_ptr<const Artifact>>
  open(const std::string &path);
  static Expected<std::shared_ptr<const Artifact>>
  openEmbedded(const DitherEmbedded &embedded);

  const Manifest &manifest() const { return contents; }
  /// The code of the function with this index in the manifest.
  DitherFunction function(uint32_t index) const { return functions[index]; }
  const uint8_t *data() const { return image->data; }
  uint64_t dataSize() const { return image->data_size; }
  /// C strings of the names of a function's dynamic dimensions.
  const char *const *dimNames(uint32_t index) const {
    return names[index].data();
  }

private:
  Artifact() = default;
  Error load(const std::string &path);
  Error adopt(const DitherEmbedded &embedded);
  Error bindFunctions();
  Error verifyConstants() const;

  Manifest contents;
  const DitherEmbedded *image = nullptr;
  std::vector<DitherFunction> functions;
  std::vector<std::vector<const char *>> names;
  void *library = nullptr;
};

/// Checks the trailer of an artifact's bytes: magic, size, checksum.
Error checkTrailer(Bytes file);

/// The trailer for an image.
DitherTrailer makeTrailer(Bytes image);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_ARTIFACT_ARTIFACT_H
