//===- PlaceShared.cpp - The shared memory of kernels ---------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"

namespace dither {
#define GEN_PASS_DEF_PLACESHARED
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// What tiles with the widest swizzle need, and so enough for all others; what
/// is smaller than one has less.
static constexpr int64_t sharedAlignment = 1024, leastAlignment = 128;
static constexpr unsigned sharedSpace = 3;

namespace {
struct PlaceShared : dither::impl::PlaceSharedBase<PlaceShared> {
  void runOnOperation() override {
    gpu::GPUModuleOp kernels = getOperation();
    SmallVector<LLVM::GlobalOp> globals;
    for (auto global : kernels.getOps<LLVM::GlobalOp>())
      if (global.getAddrSpace() == sharedSpace)
        globals.push_back(global);
    if (globals.empty())
      return;
    ImplicitLocOpBuilder b(kernels.getLoc(), &kernels.getBodyRegion());
    auto nothing = LLVM::LLVMArrayType::get(b.getI8Type(), 0);
    auto shared = LLVM::GlobalOp::create(
        b, nothing, /*isConstant=*/false, LLVM::Linkage::External,
        sharedSymbolName, Attribute(), sharedAlignment, sharedSpace);
    for (auto kernel : kernels.getOps<LLVM::LLVMFuncOp>())
      place(kernel, shared);
    for (LLVM::GlobalOp global : globals)
      global.erase();
  }

  static void place(LLVM::LLVMFuncOp kernel, LLVM::GlobalOp shared) {
    DataLayout layout = DataLayout::closest(kernel);
    llvm::MapVector<StringAttr, int64_t> offsets;
    int64_t bytes = 0;
    SymbolTable symbols(kernel->getParentOp());
    kernel.walk([&](LLVM::AddressOfOp address) {
      auto global = symbols.lookup<LLVM::GlobalOp>(address.getGlobalName());
      if (!global || global.getAddrSpace() != sharedSpace || global == shared)
        return;
      int64_t size = layout.getTypeSize(global.getType()).getFixedValue();
      int64_t aligned = llvm::alignTo(
          bytes, size < sharedAlignment ? leastAlignment : sharedAlignment);
      auto [entry, isNew] = offsets.insert({global.getSymNameAttr(), aligned});
      if (isNew)
        bytes = aligned + llvm::alignTo(size, leastAlignment);
      ImplicitLocOpBuilder b(address.getLoc(), address);
      Value base = LLVM::AddressOfOp::create(b, shared);
      Value moved =
          LLVM::GEPOp::create(b, base.getType(), b.getI8Type(), base,
                              ArrayRef<LLVM::GEPArg>{int32_t(entry->second)});
      address.replaceAllUsesWith(moved);
      address.erase();
    });
    if (bytes > 0)
      kernel->setAttr(sharedBytesName,
                      Builder(kernel.getContext()).getI64IntegerAttr(bytes));
  }
};
} // namespace
