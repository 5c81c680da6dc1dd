//===- Image.cpp - Which code of an artifact a device runs ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/cuda/Image.h"

#include <algorithm>
#include <tuple>

namespace dither::runtime::cuda {

namespace {
/// What the name of a chip says.
struct Chip {
  uint32_t capability = 0; ///< 90 for 9.0, 120 for 12.0
  /// Whether a letter ends the name: the code has instructions that other
  /// chips lack.
  bool isAlone = false;
};
} // namespace

static std::optional<Chip> parseChip(std::string_view name) {
  constexpr std::string_view prefix = "sm_";
  if (name.substr(0, prefix.size()) != prefix)
    return std::nullopt;
  name.remove_prefix(prefix.size());
  Chip chip;
  size_t digits = 0;
  for (; digits < name.size() && digits < 4; ++digits) {
    if (name[digits] < '0' || name[digits] > '9')
      break;
    chip.capability = chip.capability * 10 + uint32_t(name[digits] - '0');
  }
  name.remove_prefix(digits);
  chip.isAlone = !name.empty();
  bool isLetter = name.size() == 1 && name[0] >= 'a' && name[0] <= 'z';
  if (digits < 2 || (chip.isAlone && !isLetter))
    return std::nullopt;
  return chip;
}

static uint32_t getCapability(const Properties &properties) {
  return static_cast<uint32_t>(properties.major * 10 + properties.minor);
}

/// Whether the device has what the code needs, whatever its driver.
static bool fits(const DitherDeviceImage &image, const Chip &chip,
                 uint32_t capability) {
  if (image.kind == DITHER_IMAGE_CUBIN || chip.isAlone)
    return chip.capability == capability;
  return image.kind == DITHER_IMAGE_PTX && chip.capability <= capability;
}

std::string describe(const DitherDeviceImage &image) {
  const char *kind = image.kind == DITHER_IMAGE_PTX     ? "PTX"
                     : image.kind == DITHER_IMAGE_CUBIN ? "a cubin"
                                                        : "unknown code";
  return concat(kind, " for ", image.chip ? image.chip : "no chip");
}

static std::string describeAll(const DitherEmbedded &artifact) {
  std::string list;
  for (uint32_t i = 0; i < artifact.image_count; ++i)
    list += concat(i ? ", " : "", describe(artifact.images[i]));
  return list.empty() ? "none at all" : list;
}

static Error noImage(const DitherEmbedded &artifact,
                     const Properties &properties, uint32_t leastDriver) {
  std::string cause =
      concat("the artifact has no code for ", properties.text(), ", which is ",
             properties.chip(), " with a driver for CUDA ",
             versionText(static_cast<uint32_t>(properties.driver)), "; it has ",
             describeAll(artifact));
  if (leastDriver == UINT32_MAX)
    return Error(Code::Unsupported, concat(cause, "; compile it with --chips=",
                                           properties.chip()));
  return Error(Code::Unsupported,
               concat(cause, "; that needs a driver for CUDA ",
                      versionText(leastDriver),
                      " or later: install one, or compile for an older chip"));
}

Expected<const DitherDeviceImage *> chooseImage(const DitherEmbedded &artifact,
                                                const Properties &properties) {
  using Rank = std::tuple<bool, uint32_t, bool>;
  const DitherDeviceImage *best = nullptr;
  Rank bestRank;
  uint32_t leastDriver = UINT32_MAX; // of images that fit otherwise
  for (uint32_t i = 0; i < artifact.image_count; ++i) {
    const DitherDeviceImage &image = artifact.images[i];
    std::optional<Chip> chip = parseChip(image.chip ? image.chip : "");
    if (!chip || !fits(image, *chip, getCapability(properties)))
      continue;
    if (image.driver > static_cast<uint32_t>(properties.driver)) {
      leastDriver = std::min(leastDriver, image.driver);
      continue;
    }
    Rank rank(image.kind == DITHER_IMAGE_CUBIN, chip->capability,
              chip->isAlone);
    if (!best || rank > bestRank)
      std::tie(best, bestRank) = std::tuple(&image, rank);
  }
  if (!best)
    return noImage(artifact, properties, leastDriver);
  // The driver reads a text up to its zero byte.
  if (!best->data || best->size == 0 ||
      (best->kind == DITHER_IMAGE_PTX && best->data[best->size - 1] != 0))
    return Error(Code::Corrupt, concat("the artifact's ", describe(*best),
                                       " is cut; compile the artifact anew"));
  return best;
}

} // namespace dither::runtime::cuda
