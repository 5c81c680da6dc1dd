//===- OutlineKernels.cpp - Bodies of launches as functions ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CUDA/Kernels.h"
#include "compiler/Passes.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/GPU/Utils/GPUUtils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"

namespace dither {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "compiler/Passes.h.inc"
} // namespace dither

using namespace mlir;
using namespace dither;

/// A name that PTX takes: what is no letter, digit or underscore, and a digit
/// that comes first, is written as `$` and its code, so that different names
/// stay different.
static std::string getKernelName(StringRef function, unsigned number) {
  std::string name;
  for (char c : function) {
    if (llvm::isAlpha(c) || c == '_' || (llvm::isDigit(c) && !name.empty()))
      name += c;
    else
      name +=
          "$" + llvm::utohexstr(uint8_t(c), /*LowerCase=*/false, /*Width=*/2);
  }
  return name + "_" + std::to_string(number);
}

/// The host describes matrices for TMA, and hands over what it made of them.
static void hoistMaps(gpu::LaunchOp launch) {
  SmallVector<tile::DescribeOp> maps;
  launch.walk([&](tile::DescribeOp map) { maps.push_back(map); });
  for (tile::DescribeOp map : maps)
    map->moveBefore(launch);
}

/// What launches of kernels follow, by the names of the kernels.
using Orders = DenseMap<StringAttr, Attribute>;

static LogicalResult prepare(func::FuncOp function, Orders &orders) {
  unsigned number = 0;
  auto isSunk = [](Operation *op) {
    return isPure(op) && !isa<memref::AllocOp, tile::DescribeOp>(op);
  };
  WalkResult result = function.walk([&](gpu::LaunchOp launch) {
    launch.setModuleAttr(
        FlatSymbolRefAttr::get(launch.getContext(), kernelModuleName));
    launch.setFunctionAttr(FlatSymbolRefAttr::get(
        launch.getContext(), getKernelName(function.getName(), number++)));
    if (Attribute after = launch->getAttr(afterName))
      orders[launch.getFunctionAttr().getAttr()] = after;
    hoistMaps(launch);
    return failed(sinkOperationsIntoLaunchOp(launch, isSunk))
               ? WalkResult::interrupt()
               : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

namespace {
struct OutlineKernels : dither::impl::OutlineKernelsBase<OutlineKernels> {
  void runOnOperation() override {
    Orders orders;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(prepare(function, orders)))
        return signalPassFailure();
    OpPassManager pm(ModuleOp::getOperationName());
    pm.addPass(createGpuKernelOutliningPass());
    if (failed(runPipeline(pm, getOperation())))
      return signalPassFailure();
    // Upstream drops what it does not know of a launch.
    getOperation().walk([&](gpu::LaunchFuncOp launch) {
      if (Attribute after = orders.lookup(launch.getKernelName()))
        launch->setAttr(afterName, after);
    });
  }
};
} // namespace
