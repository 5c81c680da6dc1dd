//===- ExpandMasks.cpp - Masked accesses, element by element --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace dither {
#define GEN_PASS_DEF_EXPANDMASKS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct ExpandMasks : dither::impl::ExpandMasksBase<ExpandMasks> {
  void runOnOperation() override {
    getOperation()->walk([](memref::PrefetchOp prefetch) { prefetch.erase(); });
    RewritePatternSet patterns(&getContext());
    vector::populateVectorMaskedLoadStoreEmulationPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
