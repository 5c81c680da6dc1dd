//===- FormKernels.cpp - Ops on buffers as kernels of a device ------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CUDA/Kernels/DeviceOps.h"
#include "compiler/Codegen/CUDA/Kernels/ElementKernel.h"
#include "compiler/Codegen/CUDA/Kernels/Launch.h"
#include "compiler/Codegen/CUDA/Kernels/Product.h"
#include "compiler/Passes.h"
#include "compiler/Transforms/Support/Counts.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

namespace dither {
#define GEN_PASS_DEF_FORMKERNELS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// The buffer that a memref is a view of.
static Value getBuffer(Value memory) {
  while (auto view = memory.getDefiningOp<ViewLikeOpInterface>())
    memory = view.getViewSource();
  return memory;
}

/// Whether an op may write to a buffer.
static bool mayWrite(Operation *op, Value buffer) {
  auto effects = getEffectsRecursively(op);
  if (!effects)
    return true;
  return llvm::any_of(*effects, [&](const MemoryEffects::EffectInstance &e) {
    return isa<MemoryEffects::Write>(e.getEffect()) &&
           (!e.getValue() || getBuffer(e.getValue()) == buffer);
  });
}

namespace {
struct FormKernels : dither::impl::FormKernelsBase<FormKernels> {
  using FormKernelsBase::FormKernelsBase;

  void runOnOperation() override {
    kernels = warps = products = serial = kept = 0;
    loaded.clear();
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (failed(generalize(function))) {
      function.emitError("has an op that is no linalg.generic");
      return signalPassFailure();
    }
    for (Operation &op : llvm::make_early_inc_range(function.getBody().front()))
      if (failed(visit(&op)))
        return signalPassFailure();
    dropUnused(function.getBody().front());
    reportCounts(*this, function,
                 {{"kernels", kernels},
                  {"warps", warps},
                  {"products", products},
                  {"serial", serial},
                  {"kept", kept}});
  }

private:
  /// Copies and named ops become linalg.generic.
  static LogicalResult generalize(func::FuncOp function) {
    bool isGeneral = true;
    IRRewriter rewriter(function.getContext());
    function.walk([&](memref::CopyOp copy) {
      rewriter.setInsertionPoint(copy);
      linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(),
                               copy.getTarget());
      rewriter.eraseOp(copy);
    });
    function.walk([&](linalg::LinalgOp op) {
      rewriter.setInsertionPoint(op);
      if (!isa<linalg::GenericOp>(op))
        isGeneral &= succeeded(linalg::generalizeNamedOp(rewriter, op));
    });
    return success(isGeneral);
  }

  LogicalResult visit(Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      noteLoad(load);
      return success();
    }
    if (isa<memref::AllocOp>(op) || op->hasTrait<OpTrait::IsTerminator>())
      return success();
    if (isPure(op)) {
      // Of extents, the host knows it; of numbers on the device, kernels do.
      if (llvm::any_of(getUsed(op),
                       [&](Value v) { return loaded.contains(v); }))
        loaded.insert(op->result_begin(), op->result_end());
      return success();
    }
    ImplicitLocOpBuilder b(op->getLoc(), op);
    Operation *before = op->getPrevNode();
    if (failed(emitKernel(b, op)))
      return failure();
    for (Operation *each = op->getPrevNode(); each != before;
         each = each->getPrevNode())
      if (auto launch = dyn_cast<gpu::LaunchOp>(each)) {
        ++kernels;
        sinkLoads(launch);
      }
    op->erase();
    return success();
  }

  /// Leaves launches before the op.
  LogicalResult emitKernel(ImplicitLocOpBuilder &b, Operation *op) {
    if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
      warps += emitElementKernel(b, generic) != ElementKernelKind::threads;
      return success();
    }
    if (isa<ContractOp, SampledContractOp>(op)) {
      ++products;
      return emitProduct(b, op, chip);
    }
    if (auto onDevice = dyn_cast<OnDeviceOp>(op)) {
      const DeviceOp *found = findDeviceOp(onDevice.getKernel());
      if (!found)
        return op->emitOpError("names an op that has no kernels");
      found->emit(b, onDevice);
      return success();
    }
    ++serial;
    return emitSerial(b, op);
  }

  /// Numbers that the op gives get a buffer each, from which kernels load them.
  LogicalResult emitSerial(ImplicitLocOpBuilder &b, Operation *op) {
    WalkResult inner = op->walk([](memref::AllocOp alloc) {
      alloc.emitOpError("is in a loop, where no plan of memory finds it");
      return WalkResult::interrupt();
    });
    if (inner.wasInterrupted())
      return failure();
    SmallVector<std::pair<OpResult, Value>> cells;
    for (OpResult result : op->getResults()) {
      if (result.use_empty())
        continue;
      if (isa<MemRefType>(result.getType()))
        return op->emitOpError("gives a buffer of its own, which no kernel for "
                               "a device can");
      cells.push_back({result, memref::AllocOp::create(
                                   b, MemRefType::get({}, result.getType()))});
    }
    Launch launch(b, emitConstant(b, 1), /*threads=*/1);
    Operation *copy = b.clone(*op);
    for (auto [result, cell] : cells)
      memref::StoreOp::create(b, copy->getResult(result.getResultNumber()),
                              cell);
    if (failed(lowerToLoops(copy)))
      return failure();
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointAfter(op);
    for (auto [result, cell] : cells) {
      Value number = memref::LoadOp::create(b, cell);
      loaded.insert(number);
      result.replaceAllUsesWith(number);
    }
    return success();
  }

  static LogicalResult lowerToLoops(Operation *copy) {
    SmallVector<linalg::LinalgOp> inner;
    copy->walk([&](linalg::LinalgOp each) { inner.push_back(each); });
    IRRewriter rewriter(copy->getContext());
    for (linalg::LinalgOp each : inner) {
      rewriter.setInsertionPoint(each);
      if (failed(linalg::linalgOpToLoops(rewriter, each)))
        return each.emitOpError("cannot be turned into loops");
      rewriter.eraseOp(each);
    }
    return success();
  }

  /// A number stays where it is if nothing writes there as long as it is used;
  /// else it gets a buffer.
  void noteLoad(memref::LoadOp load) {
    loaded.insert(load.getResult());
    Value buffer = getBuffer(load.getMemRef());
    bool isOverwritten = false;
    // What is computed of it may be used up to the end, too. The last user
    // reads it by all of its threads: it must not write there, either.
    Operation *last = load;
    for (Operation *user : load->getUsers()) {
      user = load->getBlock()->findAncestorOpInBlock(*user);
      bool isNumber = isPure(user) || isa<memref::LoadOp>(user);
      if (isNumber || last->isBeforeInBlock(user))
        last = isNumber ? load->getBlock()->getTerminator() : user;
    }
    for (Operation *op = load->getNextNode(); op && !isOverwritten;
         op = op->getNextNode())
      if (op == last || op->isBeforeInBlock(last))
        isOverwritten = mayWrite(op, buffer);
    if (!isOverwritten)
      return;
    ++kept;
    ++kernels;
    ImplicitLocOpBuilder b(load.getLoc(), load->getBlock(),
                           std::next(load->getIterator()));
    Value cell =
        memref::AllocOp::create(b, MemRefType::get({}, load.getType()));
    gpu::LaunchOp op;
    {
      Launch launch(b, emitConstant(b, 1), /*threads=*/1);
      IRMapping mapping;
      b.clone(*load, mapping);
      memref::StoreOp::create(b, mapping.lookup(load.getResult()), cell);
      op = launch.op;
    }
    sinkLoads(op);
    Value number = memref::LoadOp::create(b, cell);
    loaded.insert(number);
    load.getResult().replaceAllUsesWith(number);
  }

  /// The operands of an op, and what its regions use from outside.
  static SetVector<Value> getUsed(Operation *op) {
    SetVector<Value> used(op->operand_begin(), op->operand_end());
    getUsedValuesDefinedAbove(op->getRegions(), used);
    return used;
  }

  /// Clones into a launch what it uses of numbers on the device.
  void sinkLoads(gpu::LaunchOp launch) {
    OpBuilder b(&launch.getBody().front(), launch.getBody().front().begin());
    IRMapping mapping;
    std::function<void(Value)> sink = [&](Value value) {
      Operation *def = value.getDefiningOp();
      if (!loaded.contains(value) || mapping.contains(value))
        return;
      for (Value operand : getUsed(def))
        sink(operand);
      b.clone(*def, mapping);
    };
    SetVector<Value> used;
    getUsedValuesDefinedAbove(launch.getBody(), used);
    for (Value value : used)
      sink(value);
    for (Value value : used)
      if (Value inner = mapping.lookupOrNull(value))
        replaceAllUsesInRegionWith(value, inner, launch.getBody());
  }

  /// Loads and arithmetic that kernels have now.
  void dropUnused(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (op.getNumResults() > 0 && loaded.contains(op.getResult(0)) &&
          op.use_empty())
        op.erase();
  }

  /// Numbers in memory of the device, and what is computed of them.
  DenseSet<Value> loaded;
  int64_t kernels = 0, warps = 0, products = 0, serial = 0, kept = 0;
};
} // namespace
