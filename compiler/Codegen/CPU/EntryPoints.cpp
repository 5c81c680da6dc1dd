//===- EntryPoints.cpp - Functions that the runtime calls -----------------===//
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
    getOperation().walk([](LLVM::LLVMFuncOp function) { strip(function); });
    static constexpr StringLiteral prefix = "_mlir_ciface_";
    for (auto function : llvm::make_early_inc_range(
             getOperation().getOps<LLVM::LLVMFuncOp>())) {
      StringRef name = function.getName();
      if (!function.isExternal() && name.consume_front(prefix))
        addEntry(function, name);
    }
  }

  /// What the arguments are is in the manifest by now; LLVM does not know it.
  static void strip(LLVM::LLVMFuncOp function) {
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      if (DictionaryAttr attributes = function.getArgAttrDict(i))
        for (NamedAttribute attribute : attributes)
          if (!attribute.getName().getValue().starts_with("llvm."))
            function.removeArgAttr(i, attribute.getName());
  }

  /// Reads the pointers to the descriptors and passes them on.
  void addEntry(LLVM::LLVMFuncOp function, StringRef name) {
    ImplicitLocOpBuilder b(function.getLoc(), function);
    auto pointer = LLVM::LLVMPointerType::get(&getContext());
    auto nothing = LLVM::LLVMVoidType::get(&getContext());
    auto entry = LLVM::LLVMFuncOp::create(
        b, ("dither.entry." + name).str(),
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
    LLVM::CallOp::create(b, function, arguments);
    LLVM::ReturnOp::create(b, ValueRange());
  }
};
} // namespace
