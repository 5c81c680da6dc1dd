//===- EmulateAsync.cpp - Barriers, TMA and wgmma, emulated ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tile/IR/Tile.h"
#include "compiler/Codegen/CUDA/EmulatorCalls.h"
#include "dither/emulator.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace dither;

namespace {
/// Makes a call of one op.
class AsyncEmulation {
public:
  explicit AsyncEmulation(EmulatorCalls &calls) : calls(calls), b(calls.b) {}

  std::optional<LogicalResult> emulate(Operation *op) {
    return llvm::TypeSwitch<Operation *, std::optional<LogicalResult>>(op)
        .Case([&](NVVM::MBarrierInitOp init) {
          return replace(init, mbarrierInitField,
                         {flat(init.getAddr()), init.getCount()});
        })
        .Case([&](NVVM::MBarrierArriveOp arrive) {
          return emitArrive(arrive, arrive.getAddr(), calls.emitInt(0));
        })
        .Case([&](NVVM::MBarrierArriveExpectTxOp expect) {
          return emitArrive(expect, expect.getAddr(), expect.getTxcount());
        })
        .Case([&](NVVM::MBarrierTryWaitParityOp wait) {
          return replace(wait, mbarrierWaitField,
                         {flat(wait.getAddr()), wait.getPhase()});
        })
        .Case([&](NVVM::FenceMbarrierInitOp fence) {
          return replace(fence, fenceMbarrierInitField, {});
        })
        .Case([&](NVVM::FenceProxyOp fence) {
          return replace(fence, fenceProxyField, {});
        })
        .Case([&](NVVM::SyncWarpOp sync) {
          return replace(sync, warpSyncField, {sync.getMask()});
        })
        .Case([&](NVVM::SetMaxRegisterOp registers) {
          bool isMore =
              registers.getAction() == NVVM::SetMaxRegisterAction::increase;
          return replace(
              registers, setRegistersField,
              {calls.emitInt(registers.getRegCount()), calls.emitInt(isMore)});
        })
        .Case([&](NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp copy) {
          return emitCopyTensor(copy);
        })
        .Case([&](tile::WgmmaFenceOp fence) {
          fence.getResults().replaceAllUsesWith(fence.getRegisters());
          return replace(fence, groupFenceField, {});
        })
        .Case([&](NVVM::WgmmaGroupSyncAlignedOp commit) {
          return replace(commit, groupCommitField, {});
        })
        .Case([&](tile::WgmmaOp product) { return emitProduct(product); })
        .Case([&](tile::WgmmaWaitOp wait) { return emitWait(wait); })
        .Default(std::optional<LogicalResult>());
  }

private:
  Value flat(Value address) { return calls.emitFlat(address); }

  LogicalResult replace(Operation *op, EmulatorField field,
                        ValueRange operands) {
    calls.emitCall(field, Type(), operands);
    op->erase();
    return success();
  }

  LogicalResult emitArrive(Operation *op, Value barrier, Value bytes) {
    if (op->getNumResults() > 0 && !op->getResult(0).use_empty())
      return op->emitOpError("whose result is used is not known to the "
                             "emulator");
    return replace(op, mbarrierArriveField, {flat(barrier), bytes});
  }

  LogicalResult
  emitCopyTensor(NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp copy) {
    if (copy.getCoordinates().size() != 2 || copy.getMulticastMask() ||
        copy.getMode() != NVVM::TMALoadMode::TILE || copy.getPredicate())
      return copy.emitOpError("of this kind is not known to the emulator");
    return replace(copy, copyTensorField,
                   {flat(copy.getDstMem()), copy.getTmaDescriptor(),
                    copy.getCoordinates()[1], copy.getCoordinates()[0],
                    flat(copy.getMbar())});
  }

  /// Gives an op's results the values of registers.
  LogicalResult replaceByRegisters(Operation *op, Value registers) {
    for (OpResult result : op->getResults())
      result.replaceAllUsesWith(LLVM::LoadOp::create(
          b, result.getType(),
          calls.atRegister(registers, result.getResultNumber())));
    op->erase();
    return success();
  }

  /// Of operands and of sums, as DitherNumber has them.
  static std::pair<int32_t, int32_t> getNumbers(Type element) {
    if (element.isInteger())
      return {DITHER_S8, DITHER_S32};
    return {element.isBF16() ? DITHER_BF16 : DITHER_F16, DITHER_F32};
  }

  LogicalResult emitProduct(tile::WgmmaOp product) {
    auto [number, accumulator] = getNumbers(product.getElement());
    Value shape = calls.createShape(
        "wgmma", {int32_t(product.getN()), int32_t(product.getK()), number,
                  number, accumulator, product.getMetadata() != nullptr,
                  int32_t(product.getSelector()), product.getTransposedA(),
                  product.getTransposedB()});
    Value none = LLVM::ZeroOp::create(b, calls.pointer);
    Value zero =
        LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(0));
    Value registers =
        product.getMatrix()
            ? none
            : calls.storeRegisters(product, product.getRegisters());
    Value sums = calls.storeRegisters(product, product.getSums());
    calls.emitCall(
        groupMultiplyField, Type(),
        {shape, registers, product.getMatrix() ? product.getMatrix() : zero,
         product.getB(),
         product.getMetadata() ? product.getMetadata() : calls.emitInt(0),
         sums});
    return replaceByRegisters(product, sums);
  }

  LogicalResult emitWait(tile::WgmmaWaitOp wait) {
    Value registers = calls.storeRegisters(wait, wait.getSums());
    calls.emitCall(groupWaitField, Type(),
                   {calls.emitInt(int64_t(wait.getPending())), registers,
                    calls.emitInt(int64_t(wait.getSums().size()))});
    return replaceByRegisters(wait, registers);
  }

  EmulatorCalls &calls;
  ImplicitLocOpBuilder &b;
};
} // namespace

std::optional<LogicalResult> dither::emulateAsync(EmulatorCalls &calls,
                                                  Operation *op) {
  return AsyncEmulation(calls).emulate(op);
}
