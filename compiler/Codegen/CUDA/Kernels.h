//===- Kernels.h - The kernels of a module ----------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_KERNELS_H
#define DITHER_CODEGEN_CUDA_KERNELS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace dither {

/// The `gpu.module` of all kernels.
constexpr llvm::StringLiteral kernelModuleName = "kernels";
/// Of a kernel: bytes of shared memory of a block, where it needs any.
constexpr llvm::StringLiteral sharedBytesName = "dither.shared_bytes";
/// Of a kernel: those of its arguments that are tensor maps, in their order, an
/// array of `array<i32: argument, element, rows, columns, swizzle>` each, the
/// fields of DitherTensorMap (runtime/include/dither/emulator.h). Such an
/// argument is a pointer with `llvm.byval`; the launch has a DitherMatrix
/// there.
constexpr llvm::StringLiteral tensorMapsName = "dither.tensor_maps";
/// Of a launch: an `array<i32>` of the launches before it that it follows, as
/// distances, 1 for the one right before it: `after` of DitherContext's launch
/// (runtime/include/dither/abi.h). Without it, a launch follows all before it,
/// and all behind it follow it.
constexpr llvm::StringLiteral afterName = "dither.after";
/// The shared memory that a launch gives to a block.
constexpr llvm::StringLiteral sharedSymbolName = "dither_shared";

/// What begins the name of the function that emulates a kernel.
constexpr llvm::StringLiteral emulatedPrefix = "dither.emulated.";

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_KERNELS_H
