//===- PlanKernels.cpp - Plans for all products ---------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"

namespace dither {
#define GEN_PASS_DEF_PLANKERNELS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct PlanKernels : dither::impl::PlanKernelsBase<PlanKernels> {
  using PlanKernelsBase::PlanKernelsBase;

  void runOnOperation() override {
    planned = tuned = 0;
    measured = getOperation()
                   ->getParentOfType<ModuleOp>()
                   ->getAttrOfType<DictionaryAttr>(tunedAttrName);
    KernelLimits limits;
    limits.lanes = lanes;
    limits.rows = rows;
    limits.panels = panels;
    limits.hasTiles = tiles;
    limits.hasFloatTiles = floatTiles;
    limits.hasLookups = lookups;
    limits.firstCache = firstCache;
    limits.secondCache = secondCache;
    limits.minBytes = minBytes;
    limits.minRows = minRows;
    limits.minTileRows = minTileRows;
    limits.parallelFlops = parallelFlops;
    auto result = getOperation()->walk([&](ContractOp op) {
      if (!op.getPlan())
        plan(op, limits);
      std::string reason = explainNotPlanned(op, op.getPlan(), limits);
      if (reason.empty())
        return WalkResult::advance();
      op.emitError("no kernel is as planned by ")
          << op.getPlan() << ": " << reason;
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    reportCounts(*this, getOperation(),
                 {{"planned", planned}, {"tuned", tuned}});
  }

private:
  void plan(ContractOp op, const KernelLimits &limits) {
    ++planned;
    KernelAttr plan;
    if (measured)
      plan = measured.getAs<KernelAttr>(getProductKey(op));
    tuned += bool(plan);
    op.setKernelAttr(plan ? plan : planKernel(op, limits));
  }

  DictionaryAttr measured;
  int64_t planned = 0, tuned = 0;
};
} // namespace
