//===- ContractBufferization.cpp - Bufferization of dither.contract -------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/ContractBufferization.h"
#include "Dither/IR/Dither.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace dither;

/// Whether a kernel reads what is in its destinations.
static bool readsInits(Operation *op) {
  auto onDevice = dyn_cast<OnDeviceOp>(op);
  return onDevice && onDevice.getUpdates();
}

namespace {
/// A kernel: dither.contract, or another of the same build.
template <typename Op>
struct KernelModel
    : bufferization::DstBufferizableOpInterfaceExternalModel<KernelModel<Op>,
                                                             Op> {
  /// The old contents of a destination matter to few.
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const bufferization::AnalysisState &) const {
    return !cast<Op>(op).isDpsInit(&operand) || readsInits(op);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const bufferization::BufferizationOptions &options,
                          bufferization::BufferizationState &state) const {
    SmallVector<Value> buffers;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> buffer =
          bufferization::getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    // Same operand segments, attributes and regions, no result.
    OperationState clone(op->getLoc(), op->getName(), buffers, TypeRange(),
                         op->getAttrs());
    clone.propertiesAttr = op->getPropertiesAsAttribute();
    for (Region &region : op->getRegions())
      clone.addRegion()->takeBody(region);
    SmallVector<Value> inits;
    for (OpOperand &init : cast<Op>(op).getDpsInitsMutable())
      inits.push_back(buffers[init.getOperandNumber()]);
    rewriter.create(clone);
    bufferization::replaceOpWithBufferizedValues(rewriter, op, inits);
    return success();
  }
};
} // namespace

void dither::registerContractBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, DitherDialect *) {
    ContractOp::attachInterface<KernelModel<ContractOp>>(*context);
    SampledContractOp::attachInterface<KernelModel<SampledContractOp>>(
        *context);
    OnDeviceOp::attachInterface<KernelModel<OnDeviceOp>>(*context);
  });
}
