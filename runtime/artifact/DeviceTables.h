//===- DeviceTables.h - Checks of kernels and images ------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_RUNTIME_ARTIFACT_DEVICETABLES_H
#define DITHER_RUNTIME_ARTIFACT_DEVICETABLES_H

#include "dither/abi.h"
#include "runtime/artifact/Manifest.h"

namespace dither::runtime {

/// Checks an artifact's kernels and images, so that devices can rely on them.
/// Errors: Corrupt.
Error verifyDeviceTables(const DitherEmbedded &artifact,
                         const Manifest &manifest);

} // namespace dither::runtime

#endif // DITHER_RUNTIME_ARTIFACT_DEVICETABLES_H
