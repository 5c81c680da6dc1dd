//===- PlanRepresentation.cpp - Products on packed parameters -------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/WeightPanels.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"

namespace dither {
#define GEN_PASS_DEF_PLANREPRESENTATION
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

namespace {
struct PlanRepresentation
    : dither::impl::PlanRepresentationBase<PlanRepresentation> {
  void runOnOperation() override {
    packed = unpacked = 0;
    SmallVector<MatmulOp> products;
    getOperation()->walk([&](MatmulOp op) {
      if (op.getY().getDefiningOp<UnpackOp>())
        products.push_back(op);
    });
    for (MatmulOp op : products)
      plan(op, op.getY().getDefiningOp<UnpackOp>());
    getOperation()->walk([](UnpackOp op) {
      if (op->use_empty())
        op.erase();
    });
    reportCounts(*this, getOperation(),
                 {{"packed", packed}, {"unpacked", unpacked}});
  }

  void plan(MatmulOp op, UnpackOp weights) {
    auto dense = cast<RankedTensorType>(weights.getType());
    std::string reason = explainUnsupported(
        dense,
        dyn_cast_if_present<PatternAttrInterface>(weights.getPatternAttr()),
        dyn_cast_if_present<FormatAttrInterface>(weights.getFormatAttr()));
    if (op.getTransposeX() || op.getTransposeY())
      reason = "an operand is transposed";
    if (!reason.empty()) {
      ++unpacked;
      op->setAttr("dither.fallback", StringAttr::get(&getContext(), reason));
      return;
    }
    ++packed;
    ImplicitLocOpBuilder b(op.getLoc(), op);
    Value product = PackedMatmulOp::create(
        b, op.getType(), op.getX(), weights.getParts(), TypeAttr::get(dense),
        weights.getPatternAttr(), weights.getFormatAttr());
    op.replaceAllUsesWith(product);
    op.erase();
  }

  int64_t packed = 0, unpacked = 0;
};
} // namespace
