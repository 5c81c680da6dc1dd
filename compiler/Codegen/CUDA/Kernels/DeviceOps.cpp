//===- DeviceOps.cpp - Ops that have kernels of their own -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/Kernels/DeviceOps.h"

using namespace mlir;
using namespace dither;

static const DeviceOp deviceOps[] = {
    {TopMaskOp::getOperationName(), DeviceOp::nothing, 0, emitTopMask},
    {ListRowsOp::getOperationName(), DeviceOp::zeros, 0, emitListRows},
    {GatherListedOp::getOperationName(), DeviceOp::zeros, 0, emitGatherListed},
    {ScatterListedOp::getOperationName(), DeviceOp::zeros, 0,
     emitScatterListed},
    {ScatterOp::getOperationName(), DeviceOp::operand, 1, emitScatter},
    {ScatterAddOp::getOperationName(), DeviceOp::operand, 1, emitScatterAdd},
};

const DeviceOp *dither::findDeviceOp(StringRef name) {
  const auto *found = llvm::find_if(
      deviceOps, [&](const DeviceOp &each) { return each.name == name; });
  return found == std::end(deviceOps) ? nullptr : found;
}
