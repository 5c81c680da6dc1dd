//===- DeviceTables.cpp - Checks of kernels and images --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/DeviceTables.h"

#include "runtime/device/TensorMap.h"

namespace dither::runtime {

static Error corrupt(const std::string &what) {
  return Error(Code::Corrupt, concat(what, "; compile it again"));
}

/// What a kernel or an image says of its version, which begins with who it is.
static Expected<uint32_t> findVersion(const std::string &who,
                                      const char *version,
                                      const Manifest &manifest) {
  if (!version)
    return corrupt(concat(who, " of the artifact has no version"));
  std::optional<uint32_t> index = manifest.findVersion(version);
  if (!index)
    return corrupt(concat(who, " of the artifact is for the version ",
                          inQuotes(version),
                          ", which its manifest does not have"));
  return *index;
}

/// Code of the host launches kernels by their numbers, on a device.
static Error verifyKernels(const DitherEmbedded &artifact,
                           const Manifest &manifest) {
  std::vector<bool> hasKernels(manifest.versions.size());
  for (uint32_t i = 0; i < artifact.kernel_count; ++i) {
    const DitherKernelEntry &kernel = artifact.kernels[i];
    if (!kernel.name || kernel.threads[0] == 0 || kernel.threads[1] == 0 ||
        kernel.threads[2] == 0)
      return corrupt(
          concat("kernel ", i, " of the artifact has no name or no threads"));
    Expected<uint32_t> version = findVersion(
        concat("kernel ", inQuotes(kernel.name)), kernel.version, manifest);
    if (!version)
      return version.takeError();
    hasKernels[*version] = true;
    if (Error error = verifyMaps(kernel))
      return error;
  }
  for (size_t i = 0; artifact.kernel_count != 0 && i < hasKernels.size(); ++i)
    if (!hasKernels[i])
      return corrupt(concat("the artifact has kernels, and none for its "
                            "version ",
                            inQuotes(manifest.versions[i].name)));
  return Error::success();
}

static Error verifyImages(const DitherEmbedded &artifact,
                          const Manifest &manifest) {
  for (uint32_t i = 0; i < artifact.image_count; ++i) {
    const DitherDeviceImage &image = artifact.images[i];
    if (!image.chip || !image.data)
      return corrupt(concat("device code ", i, " of the artifact is empty"));
    Expected<uint32_t> version =
        findVersion(concat("device code ", i, " for ", image.chip),
                    image.version, manifest);
    if (!version)
      return version.takeError();
  }
  return Error::success();
}

Error verifyDeviceTables(const DitherEmbedded &artifact,
                         const Manifest &manifest) {
  if (artifact.kernel_count != 0 && manifest.device.empty())
    return corrupt("the artifact has kernels for a device that its manifest "
                   "does not name");
  if (Error error = verifyKernels(artifact, manifest))
    return error;
  return verifyImages(artifact, manifest);
}

} // namespace dither::runtime
