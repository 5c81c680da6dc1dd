//===- Specialize.cpp - A value for the dynamic extent --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "compiler/Transforms/Specialize/Specialize.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/IR/Verifier.h"

namespace dither {
#define GEN_PASS_DEF_SPECIALIZE
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

Type dither::specializeType(Type type, int64_t batch) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || tensor.hasStaticShape())
    return type;
  SmallVector<int64_t> shape(tensor.getShape());
  llvm::replace(shape, ShapedType::kDynamic, batch);
  return tensor.clone(shape);
}

/// A slice names a dynamic dimension that it takes whole by the size -1.
static void specializeSizes(SliceOp slice) {
  SmallVector<int64_t> sizes(slice.getSizes());
  auto type = cast<RankedTensorType>(slice.getType());
  for (auto [d, size] : llvm::enumerate(sizes))
    if (size < 0)
      size = type.getDimSize(d);
  slice.setSizes(sizes);
}

LogicalResult dither::specialize(func::FuncOp function, int64_t batch,
                                 unsigned *numTypes) {
  auto convert = [&](Type type) { return specializeType(type, batch); };
  auto specializeValue = [&](Value value) {
    Type type = convert(value.getType());
    if (numTypes && type != value.getType())
      ++*numTypes;
    value.setType(type);
  };
  function.walk([&](Block *block) {
    llvm::for_each(block->getArguments(), specializeValue);
  });
  function.walk([&](Operation *op) {
    llvm::for_each(op->getResults(), specializeValue);
    if (auto slice = dyn_cast<SliceOp>(op))
      specializeSizes(slice);
  });
  FunctionType type = function.getFunctionType();
  function.setFunctionType(FunctionType::get(
      function.getContext(), llvm::map_to_vector(type.getInputs(), convert),
      llvm::map_to_vector(type.getResults(), convert)));
  return verify(function);
}

namespace {
struct SpecializePass : dither::impl::SpecializeBase<SpecializePass> {
  using SpecializeBase::SpecializeBase;

  void runOnOperation() override {
    if (batch < 0) {
      getOperation().emitError("cannot have a batch of ") << int64_t(batch);
      return signalPassFailure();
    }
    unsigned count = 0;
    if (failed(specialize(getOperation(), batch, &count)))
      return signalPassFailure();
    reportCounts(*this, getOperation(), {{"types", count}});
  }
};
} // namespace
