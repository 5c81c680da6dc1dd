//===- LowerContract.cpp - The contraction generator ----------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/ContractEmitter.h"
#include "compiler/Codegen/CPU/IntegerPanels.h"
#include "compiler/Codegen/CPU/ListedProducts.h"
#include "compiler/Codegen/CPU/LookupSchedule.h"
#include "compiler/Codegen/CPU/TileSchedule.h"
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

/// Columns of a packed matrix that are walked down together: a panel of its
/// memory. Of a dense one, vectors of columns.
static constexpr int64_t kPackedColumns = kPanelColumns, kDensePanels = 8;
/// Sums of a packed matrix in registers, which decoding needs, too.
static constexpr int64_t kPackedSums = 8;

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
  Type init = op.getInit().getType();
  if (!getElementTypeOrSelf(init).isF32())
    return init;
  if (op.getDense())
    return {};
  for (Value operand : {Value(op.getX()), op.getParts()[0]}) {
    Type type = operand.getType();
    Type element = getElementTypeOrSelf(type);
    if (!element.isF32() && !element.isBF16())
      return type;
  }
  return {};
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
        op.emitError("the contraction generator multiplies f32 or bf16 to sums "
                     "of f32, not ")
            << type << "; convert with dither.cast";
        return signalPassFailure();
      }
      if ((op.getTransposeW() || isListed(op)) && op.getScratch().empty()) {
        op.emitError("a transposed matrix, and listed elements, are multiplied "
                     "from scratch memory; run dither-assign-scratch before");
        return signalPassFailure();
      }
      if (std::string reason = explainNoKernel(op); !reason.empty()) {
        op.emitError("no kernel multiplies these weights") << reason;
        return signalPassFailure();
      }
      if (isListed(op)) {
        ++listed;
        emitListedProduct(op, {lanes, parallelFlops});
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
  LogicalResult lowerSampled() {
    SmallVector<SampledContractOp> ops;
    getOperation()->walk([&](SampledContractOp op) { ops.push_back(op); });
    for (SampledContractOp op : ops) {
      if (!cast<ShapedType>(op.getInit().getType()).getElementType().isF32() ||
          !op.getScratch())
        return op.emitError("the generator samples products of f32, with "
                            "scratch memory; run dither-assign-scratch before");
      ++listed;
      emitSampledProduct(op, {lanes, parallelFlops});
      op.erase();
    }
    return success();
  }

  void lower(ContractOp op) {
    bool isPacked = bool(op.getDense());
    (isPacked ? packed : dense) += 1;
    ContractOptions options;
    options.kernel = {lanes, permute, dots};
    options.tileRows = rows;
    options.tilePanels = panels;
    options.directPanels = isPacked ? kPackedColumns / lanes : kDensePanels;
    options.directSums = isPacked ? kPackedSums : rows * panels;
    options.parallelFlops = parallelFlops;
    if (isPacked && !op.getScratch().empty() &&
        op.getScratch()[0].getType() == getLookupTables(op))
      return makeLookupSchedule(op, options)->emit();
    if (op.getScratch().empty())
      return makeDirectSchedule(op, options)->emit();
    bool isTiled = hasTileScratch(op);
    (isTiled ? tiled : staged) += 1;
    auto *make = isTiled ? makeTileSchedule : makeBlockedSchedule;
    // Tiles of floats round their own way, so that all rows go through them.
    if (op.getTransposeW() || (isTiled && !isPacked) ||
        !cast<MemRefType>(op.getInit().getType()).isDynamicDim(0))
      return make(op, options)->emit();
    emitByRows(op, options, isTiled ? minTileRows : minRows, make);
  }

  using Factory = std::unique_ptr<ContractEmitter>(ContractOp,
                                                   const ContractOptions &);

  /// Of an unknown number of rows, few do not pay for what a schedule prepares.
  void emitByRows(ContractOp op, const ContractOptions &options, int64_t least,
                  Factory *make) {
    ImplicitLocOpBuilder b(op.getLoc(), op);
    Value count = memref::DimOp::create(b, op.getInit(), 0);
    Value isMany =
        arith::CmpIOp::create(b, arith::CmpIPredicate::uge, count,
                              arith::ConstantIndexOp::create(b, least));
    auto branch = scf::IfOp::create(b, isMany, /*withElseRegion=*/true);
    op->moveBefore(branch.thenYield());
    make(op, options)->emit();
    op->moveBefore(branch.elseYield());
    makeDirectSchedule(op, options)->emit();
  }

  int64_t dense = 0, staged = 0, packed = 0, tiled = 0, listed = 0;
};
} // namespace
