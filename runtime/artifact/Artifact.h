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

  /// `maskedFeatures`: see CpuState::maskedHost.
  static Expected<std::shared_ptr<const Artifact>>
  open(const std::string &path, const char *maskedFeatures);
  static Expected<std::shared_ptr<const Artifact>>
  openEmbedded(const DitherEmbedded &embedded, const char *maskedFeatures);

  const Manifest &manifest() const { return contents; }
  /// The index of the first version whose code runs on this CPU. Where kernels
  /// run on a device, that chooses the version, for each session.
  uint32_t version() const { return chosen; }
  /// As text, what a version needs, and what of it this CPU lacks.
  const char *features(uint32_t index) const {
    return versionTexts[index].features.c_str();
  }
  const char *missing(uint32_t index) const {
    return versionTexts[index].missing.c_str();
  }
  /// The code of the function with this index in the manifest.
  DitherFunction function(uint32_t index, uint32_t version) const {
    return functions[index * contents.versions.size() + version];
  }
  const DitherEmbedded &embedded() const { return *image; }
  const uint8_t *data() const { return image->data; }
  uint64_t dataSize() const { return image->data_size; }
  /// C strings of the names of a function's dynamic dimensions.
  const char *const *dimNames(uint32_t index) const {
    return names[index].data();
  }

private:
  Artifact() = default;
  Error load(const std::string &path, const char *maskedFeatures);
  Error adopt(const DitherEmbedded &embedded, const char *maskedFeatures);
  Error choose(const char *maskedFeatures);
  Error bindFunctions();
  Expected<DitherFunction> find(const std::string &function,
                                const std::string &version) const;
  Error verifyConstants() const;

  struct VersionText {
    std::string features, missing;
  };

  Manifest contents;
  uint32_t chosen = 0;
  std::vector<VersionText> versionTexts;
  const DitherEmbedded *image = nullptr;
  std::vector<DitherFunction> functions; // all versions of the first, ...
  std::vector<std::vector<const char *>> names;
  void *library = nullptr;
};

/// Checks the trailer of an artifact's bytes: magic, size, checksum.
Error checkTrailer(Bytes file);

/// The trailer for an image.
DitherTrailer makeTrailer(Bytes image);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_ARTIFACT_ARTIFACT_H
