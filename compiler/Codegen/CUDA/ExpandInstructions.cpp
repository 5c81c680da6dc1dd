//===- ExpandInstructions.cpp - Instructions as inline assembly -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "compiler/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/Support/FormatVariadic.h"

namespace dither {
#define GEN_PASS_DEF_EXPANDINSTRUCTIONS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
/// The text of an instruction, its operands, and what registers they are.
class Assembly {
public:
  explicit Assembly(Operation *op) : b(op->getLoc(), op), op(op) {
    for (Type type : op->getResultTypes())
      constraints.push_back(type.isF32() ? "=f" : "=r");
  }

  /// The next operand, by its number.
  std::string add(Value value, StringRef constraint) {
    operands.push_back(value);
    constraints.push_back(constraint.str());
    return llvm::formatv("${0}", constraints.size() - 1).str();
  }

  /// Results are in the registers of `tied`, and `text` may name them by their
  /// numbers.
  void replace(StringRef text, ValueRange tied) {
    for (auto [i, value] : llvm::enumerate(tied))
      (void)add(value, std::to_string(i));
    SmallVector<Type> types(tied.getTypes());
    Type result = LLVM::LLVMStructType::getLiteral(b.getContext(), types);
    if (types.empty())
      result = LLVM::LLVMVoidType::get(b.getContext());
    else if (types.size() == 1)
      result = types[0];
    auto dialect =
        LLVM::AsmDialectAttr::get(b.getContext(), LLVM::AsmDialect::AD_ATT);
    auto code = LLVM::InlineAsmOp::create(
        b, result, operands, text, llvm::join(constraints, ","),
        /*has_side_effects=*/true, /*is_align_stack=*/false,
        LLVM::TailCallKind::None, dialect, ArrayAttr());
    for (auto [i, old] : llvm::enumerate(op->getResults())) {
      Value value = code->getResult(0);
      if (types.size() > 1)
        value = LLVM::ExtractValueOp::create(b, value,
                                             ArrayRef<int64_t>{int64_t(i)});
      old.replaceAllUsesWith(value);
    }
    op->erase();
  }

private:
  ImplicitLocOpBuilder b;
  Operation *op;
  SmallVector<Value> operands;
  SmallVector<std::string> constraints;
};

/// "{$0, $1, $2}".
std::string listResults(size_t count) {
  std::string text = "{";
  for (size_t i = 0; i < count; ++i)
    text += llvm::formatv("{0}${1}", i ? ", " : "", i).str();
  return text + "}";
}

/// The types of sums and operands.
StringRef getNames(Type element) {
  if (element.isInteger())
    return "s32.s8.s8";
  return element.isBF16() ? "f32.bf16.bf16" : "f32.f16.f16";
}

void expand(tile::WgmmaOp op) {
  Assembly assembly(op);
  std::string text =
      llvm::formatv("wgmma.mma_async{0}.sync.aligned.m64n{1}k{2}.{3} ",
                    op.getMetadata() ? ".sp" : "", op.getN(), op.getK(),
                    getNames(op.getElement()));
  text += listResults(op.getNumResults()) + ", ";
  if (op.getMatrix()) {
    text += assembly.add(op.getMatrix(), "l");
  } else {
    std::string registers;
    for (Value value : op.getRegisters())
      registers += (registers.empty() ? "" : ", ") + assembly.add(value, "r");
    text += "{" + registers + "}";
  }
  text += ", " + assembly.add(op.getB(), "l");
  if (op.getMetadata())
    text += ", " + assembly.add(op.getMetadata(), "r") + ", " +
            std::to_string(op.getSelector());
  // Sums are added to; no operand changes its sign, as those of bytes cannot.
  text += ", 1";
  if (!op.getElement().isInteger()) {
    text += ", 1, 1";
    if (op.getMatrix())
      text += op.getTransposedA() ? ", 1" : ", 0";
    text += op.getTransposedB() ? ", 1" : ", 0";
  }
  assembly.replace(text + ";", op.getSums());
}

void expand(tile::WgmmaFenceOp op) {
  Assembly(op).replace("wgmma.fence.sync.aligned;", op.getRegisters());
}

void expand(tile::WgmmaWaitOp op) {
  Assembly assembly(op);
  assembly.replace(
      llvm::formatv("wgmma.wait_group.sync.aligned {0};", op.getPending())
          .str(),
      op.getSums());
}

struct ExpandInstructions
    : dither::impl::ExpandInstructionsBase<ExpandInstructions> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      if (auto product = dyn_cast<tile::WgmmaOp>(op))
        expand(product);
      else if (auto fence = dyn_cast<tile::WgmmaFenceOp>(op))
        expand(fence);
      else if (auto wait = dyn_cast<tile::WgmmaWaitOp>(op))
        expand(wait);
    });
  }
};
} // namespace
