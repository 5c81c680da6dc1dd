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

namespace {
/// A kernel: dither.contract, or another of the same build.
template <typename Op>
struct KernelModel
    : bufferization::DstBufferizableOpInterfaceExternalModel<KernelModel<Op>,
                                                             Op> {
  /// The old contents of the destination do not matter.
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const bufferization::AnalysisState &) const {
    return &operand != &cast<Op>(op).getInitMutable();
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
    Value init = buffers[cast<Op>(op).getInitMutable().getOperandNumber()];
    rewriter.create(clone);
    bufferization::replaceOpWithBufferizedValues(rewriter, op, init);
    return success();
  }
};
} // namespace

void dither::registerContractBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, DitherDialect *) {
    ContractOp::attachInterface<KernelModel<ContractOp>>(*context);
    SampledContractOp::attachInterface<KernelModel<SampledContractOp>>(
        *context);
  });
}
