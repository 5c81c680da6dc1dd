//===- EntryPoints.cpp - Functions that the runtime calls ---===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace dither {
#define GEN_PASS_DEF_ENTRYPOINTS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct EntryPoints : dither::impl::EntryPointsBase<EntryPoints> {
  void runOnOperation() override {
    for (auto function :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (function.isPrivate() || function.isExternal())
        continue;
      ++numEntries;
      addEntry(function);
    }
  }

  void addEntry(func::FuncOp function) {
    ImplicitLocOpBuilder b(function.getLoc(), function);
    auto pointer = LLVM::LLVMPointerType::get(&getContext());
    auto nothing = LLVM::LLVMVoidType::get(&getContext());
    // Upstream makes the C interface when it converts the function.
    function->setAttr("llvm.emit_c_interface", b.getUnitAttr());
    std::string interface = "_mlir_ciface_" + function.getName().str();
    auto type = LLVM::LLVMFunctionType::get(
        nothing, SmallVector<Type>(function.getNumArguments(), pointer));
    auto entry = LLVM::LLVMFuncOp::create(
        b, ("dither.entry." + function.getName()).str(),
        LLVM::LLVMFunctionType::get(nothing, {pointer, pointer}));
    Block *block = entry.addEntryBlock(b);
    b.setInsertionPointToStart(block);
    SmallVector<Value> arguments = {block->getArgument(0)};
    for (unsigned i = 1; i < function.getNumArguments(); ++i) {
      Value slot =
          LLVM::GEPOp::create(b, pointer, pointer, block->getArgument(1),
                              ArrayRef<LLVM::GEPArg>{int32_t(i - 1)});
      arguments.push_back(LLVM::LoadOp::create(b, pointer, slot));
    }
    // The callee does not exist yet: a call by name and type.
    LLVM::CallOp::create(b, type, FlatSymbolRefAttr::get(&getContext(), interface),
                         arguments);
    LLVM::ReturnOp::create(b, ValueRange());
  }
};
} // namespace
