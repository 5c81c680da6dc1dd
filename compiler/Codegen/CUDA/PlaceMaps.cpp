//===- PlaceMaps.cpp - Tensor maps as arguments of kernels ----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

namespace dither {
#define GEN_PASS_DEF_PLACEMAPS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Of a CUtensorMap.
static constexpr int64_t mapBytes = 128, mapAlignment = 64;

namespace {
struct PlaceMaps : dither::impl::PlaceMapsBase<PlaceMaps> {
  void runOnOperation() override {
    Builder b(&getContext());
    Type map = LLVM::LLVMArrayType::get(b.getI64Type(), mapBytes / 8);
    for (auto kernel : getOperation().getOps<LLVM::LLVMFuncOp>()) {
      auto maps = kernel->getAttrOfType<ArrayAttr>(tensorMapsName);
      if (!maps)
        continue;
      for (auto fields : maps.getAsRange<DenseI32ArrayAttr>()) {
        unsigned argument = unsigned(fields.asArrayRef()[0]);
        kernel.setArgAttr(argument, LLVM::LLVMDialect::getByValAttrName(),
                          TypeAttr::get(map));
        kernel.setArgAttr(argument, LLVM::LLVMDialect::getAlignAttrName(),
                          b.getI64IntegerAttr(mapAlignment));
        kernel.setArgAttr(argument,
                          NVVM::NVVMDialect::getGridConstantAttrName(),
                          b.getUnitAttr());
      }
    }
  }
};
} // namespace
