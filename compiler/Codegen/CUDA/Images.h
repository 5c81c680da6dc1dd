//===- Images.h - Kernels as code of devices --------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_IMAGES_H
#define DITHER_CODEGEN_CUDA_IMAGES_H

#include "compiler/Artifact/Artifact.h"

namespace dither {

/// The kernels of a module of the LLVM dialect, in the order of their numbers.
llvm::FailureOr<std::vector<ManifestKernel>>
collectKernels(mlir::ModuleOp module);

/// Checks the names of chips: "sm_80", "sm_90a".
llvm::LogicalResult verifyChips(llvm::ArrayRef<std::string> chips,
                                mlir::Location location);

/// The generation of a chip that exists: what kernels are formed for, "sm_80",
/// or "sm_90a" for that chip alone.
llvm::StringRef getGeneration(llvm::StringRef chip);

/// PTX of all kernels of a module for a chip. Fails with a diagnostic if code
/// would call a library.
llvm::FailureOr<std::string> emitPtx(mlir::ModuleOp module,
                                     llvm::StringRef chip);

/// An image of a version's kernels for each chip: PTX and, where ptxas is on
/// PATH, what it makes of it.
llvm::FailureOr<std::vector<DeviceImage>>
emitImages(mlir::ModuleOp module, llvm::ArrayRef<std::string> chips,
           llvm::StringRef version);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_IMAGES_H
