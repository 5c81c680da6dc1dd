//===- LowerContract.cpp - The contraction generator ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/KernelPlan.h"
#include "compiler/Codegen/CPU/Schedules/ContractEmitter.h"
#include "compiler/Codegen/CPU/Schedules/ListedProducts.h"
#include "compiler/Codegen/CPU/Schedules/LookupSchedule.h"
#include "compiler/Codegen/CPU/Schedules/TileSchedule.h"
#include "compiler/Codegen/CPU/Weights/IntegerPanels.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace dither {
#define GEN_PASS_DEF_LOWERCONTRACT
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// Why no kernel multiplies a packed matrix; empty if one does.
static std::string explainNoKernel(ContractOp op) {
  if (!op.getDense())
    return "";
  auto dense = cast<RankedTensorType>(*op.getDense());
  auto pattern = dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr());
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  if (op.getTransposeX() && !op.getTransposeW())
    return ": x is transposed; unpack them";
  if (!op.getXParts().empty())
    if (std::string reason = explainNotInteger(dense, pattern, format);
        !reason.empty())
      return " by codes: " + reason + "; multiply values";
  bool isListed = isa_and_present<ListPatternAttrInterface>(pattern);
  std::string reason = op.getTransposeW() && !isListed
                           ? explainNotTransposed(dense, pattern, format)
                           : explainUnsupported(dense, pattern, format);
  return reason.empty() ? "" : ": " + reason + "; unpack them";
}

/// The type that no kernel takes; null if there is none. Packed matrices are
/// verified.
static Type findUnsupported(ContractOp op) {
  Type init = op.getInit().getType(), element = getElementTypeOrSelf(init);
  // An epilogue may narrow.
  bool isNarrow = !op.getEpilogue().empty() && !isListed(op) &&
                  (element.isBF16() || element.isF16());
  if (!element.isF32() && !isNarrow)
    return init;
  if (op.getDense())
    return {};
  for (Value operand : {Value(op.getX()), op.getParts()[0]}) {
    Type type = operand.getType();
    Type element = getElementTypeOrSelf(type);
    if (!element.isF32() && !element.isBF16() && !element.isF16())
      return type;
  }
  return {};
}

/// Whether a product has the scratch memory of its plan, or more.
static bool hasScratch(ContractOp op) {
  SmallVector<MemRefType> types = getScratchTypes(op);
  if (op.getScratch().size() < types.size())
    return false;
  for (auto [memory, wanted] : llvm::zip(op.getScratch(), types)) {
    auto type = cast<ShapedType>(memory.getType());
    if (type.getElementType() != wanted.getElementType() ||
        type.getRank() != wanted.getRank() ||
        (wanted.hasStaticShape() &&
         (!type.hasStaticShape() ||
          type.getNumElements() < wanted.getNumElements())))
      return false;
  }
  return true;
}

namespace {
struct LowerContract : dither::impl::LowerContractBase<LowerContract> {
  using LowerContractBase::LowerContractBase;

  void runOnOperation() override {
    dense = staged = packed = tiled = listed = 0;
    SmallVector<ContractOp> ops;
    getOperation()->walk([&](ContractOp op) { ops.push_back(op); });
    for (ContractOp op : ops) {
      if (Type type = findUnsupported(op)) {
        op.emitError("the contraction generator multiplies f32, bf16 or f16 to "
                     "sums of f32, not ")
            << type << "; convert with dither.cast";
        return signalPassFailure();
      }
      if (!op.getPlan()) {
        op.emitError("how this product becomes loops is not planned; run "
                     "dither-plan-kernels before");
        return signalPassFailure();
      }
      if (std::string reason = explainNoKernel(op); !reason.empty()) {
        op.emitError("no kernel multiplies these weights") << reason;
        return signalPassFailure();
      }
      if (std::string reason = explainNotPlanned(op, op.getPlan(), getLimits());
          !reason.empty()) {
        op.emitError("no kernel is as planned by ")
            << op.getPlan() << ": " << reason;
        return signalPassFailure();
      }
      if (!hasScratch(op)) {
        op.emitError("what the plan stages needs scratch memory; run "
                     "dither-assign-scratch before");
        return signalPassFailure();
      }
      if (isListed(op)) {
        ++listed;
        emitListedProduct(op, lanes);
      } else {
        lower(op);
      }
      op.erase();
    }
    if (failed(lowerSampled()))
      return signalPassFailure();
    reportCounts(*this, getOperation(),
                 {{"dense", dense},
                  {"staged", staged},
                  {"packed", packed},
                  {"tiled", tiled},
                  {"listed", listed}});
  }

private:
  /// What the plans were made for, as far as it matters here.
  KernelLimits getLimits() {
    KernelLimits limits;
    limits.lanes = lanes;
    limits.hasTiles = limits.hasFloatTiles = limits.hasLookups = true;
    return limits;
  }

  LogicalResult lowerSampled() {
    SmallVector<SampledContractOp> ops;
    getOperation()->walk([&](SampledContractOp op) { ops.push_back(op); });
    for (SampledContractOp op : ops) {
      if (!cast<ShapedType>(op.getInit().getType()).getElementType().isF32() ||
          !op.getScratch())
        return op.emitError("the generator samples products of f32, with "
                            "scratch memory; run dither-assign-scratch before");
      ++listed;
      emitSampledProduct(op, lanes, parallelFlops);
      op.erase();
    }
    return success();
  }

  void lower(ContractOp op) {
    KernelAttr plan = op.getPlan();
    (op.getDense() ? packed : dense) += 1;
    staged += plan.getSchedule() == KernelSchedule::blocked;
    tiled += plan.getSchedule() == KernelSchedule::tiles;
    ContractOptions options;
    options.kernel = {lanes, permute, dots, /*rounds=*/true};
    options.plan = plan;
    if (plan.getLeast() == 0 ||
        !cast<MemRefType>(op.getInit().getType()).isDynamicDim(0))
      return makeSchedule(op, options)->emit();
    emitByRows(op, options);
  }

  static std::unique_ptr<ContractEmitter>
  makeSchedule(ContractOp op, const ContractOptions &options) {
    switch (options.plan.getSchedule()) {
    case KernelSchedule::blocked:
      return makeBlockedSchedule(op, options);
    case KernelSchedule::tiles:
      return makeTileSchedule(op, options);
    case KernelSchedule::lookup:
      return makeLookupSchedule(op, options);
    default:
      return makeDirectSchedule(op, options);
    }
  }

  /// Of an unknown number of rows, few do not pay for what a schedule prepares.
  void emitByRows(ContractOp op, ContractOptions options) {
    ImplicitLocOpBuilder b(op.getLoc(), op);
    Value count = memref::DimOp::create(b, op.getInit(), 0);
    Value isMany = arith::CmpIOp::create(
        b, arith::CmpIPredicate::uge, count,
        arith::ConstantIndexOp::create(b, options.plan.getLeast()));
    auto branch = scf::IfOp::create(b, isMany, /*withElseRegion=*/true);
    op->moveBefore(branch.thenYield());
    makeSchedule(op, options)->emit();
    op->moveBefore(branch.elseYield());
    options.plan = planFewRows(op, options.plan, lanes);
    makeSchedule(op, options)->emit();
  }

  int64_t dense = 0, staged = 0, packed = 0, tiled = 0, listed = 0;
};
} // namespace
