//===- Image.h - Which code of an artifact a device runs --------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_CUDA_IMAGE_H
#define DITHER_RUNTIME_CUDA_IMAGE_H

#include "runtime/cuda/Properties.h"

#include "dither/abi.h"

namespace dither::runtime::cuda {

/// "PTX for sm_80", "a cubin for sm_90a", for messages.
std::string describe(const DitherDeviceImage &image);

/// The best image for a device and the driver that is installed: a cubin for
/// its capability, else PTX for the highest that it has; of those, one for this
/// chip alone, "sm_90a". Errors: Unsupported where none fits, Corrupt where
/// the one that fits is not what it says.
Expected<const DitherDeviceImage *> chooseImage(const DitherEmbedded &artifact,
                                                const Properties &properties);

} // namespace dither::runtime::cuda

#endif // DITHER_RUNTIME_CUDA_IMAGE_H
