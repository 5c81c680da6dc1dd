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
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// Whether a kernel reads what is in its destinations.
static bool readsInits(Operation *op) {
  auto onDevice = dyn_cast<OnDeviceOp>(op);
  return onDevice && onDevice.getUpdates();
}

/// Whether elements of the last dimension lie side by side, as vectors read
/// and write them.
static bool hasAdjacentElements(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  return type.getRank() == 0 ||
         (succeeded(type.getStridesAndOffset(strides, offset)) &&
          strides.back() == 1);
}

/// Memory of the shape of a buffer, with elements side by side.
static FailureOr<Value>
createCompact(RewriterBase &rewriter, Location loc, Value buffer,
              const bufferization::BufferizationOptions &options) {
  auto type = cast<MemRefType>(buffer.getType());
  SmallVector<Value> extents;
  for (int64_t d = 0; d < type.getRank(); ++d)
    if (type.isDynamicDim(d))
      extents.push_back(memref::DimOp::create(rewriter, loc, buffer, d));
  return options.createAlloc(
      rewriter, loc, MemRefType::get(type.getShape(), type.getElementType()),
      extents);
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
    SmallVector<Value> buffers, given;
    for (OpOperand &operand : op->getOpOperands()) {
      FailureOr<Value> buffer =
          bufferization::getBuffer(rewriter, operand.get(), options, state);
      if (failed(buffer))
        return failure();
      given.push_back(*buffer);
      if (!hasAdjacentElements(*buffer)) {
        Value strided = *buffer;
        buffer = createCompact(rewriter, op->getLoc(), strided, options);
        bool isRead = !cast<Op>(op).isDpsInit(&operand) || readsInits(op);
        if (failed(buffer) ||
            (isRead && failed(options.createMemCpy(rewriter, op->getLoc(),
                                                   strided, *buffer))))
          return failure();
      }
      buffers.push_back(*buffer);
    }
    // Same operand segments, attributes and regions, no result.
    OperationState clone(op->getLoc(), op->getName(), buffers, TypeRange(),
                         op->getAttrs());
    clone.propertiesAttr = op->getPropertiesAsAttribute();
    for (Region &region : op->getRegions())
      clone.addRegion()->takeBody(region);
    rewriter.create(clone);
    SmallVector<Value> inits;
    for (OpOperand &init : cast<Op>(op).getDpsInitsMutable()) {
      Value written = buffers[init.getOperandNumber()];
      inits.push_back(given[init.getOperandNumber()]);
      if (written != inits.back() &&
          failed(options.createMemCpy(rewriter, op->getLoc(), written,
                                      inits.back())))
        return failure();
    }
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
