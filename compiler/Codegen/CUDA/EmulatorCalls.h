//===- EmulatorCalls.h - Calls of the emulator ------------------*- C++ -*-===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DITHER_CODEGEN_CUDA_EMULATORCALLS_H
#define DITHER_CODEGEN_CUDA_EMULATORCALLS_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace dither {

/// The places of the fields of DitherEmulator (runtime/include/dither).
enum EmulatorField : int32_t {
  accessField,
  barrierField,
  arriveField,
  warpSyncField,
  shuffleField,
  ballotField,
  copyAsyncField,
  copyCommitField,
  copyWaitField,
  loadMatrixField,
  storeMatrixField,
  multiplyField,
  mbarrierInitField,
  mbarrierInvalidateField,
  mbarrierArriveField,
  mbarrierWaitField,
  fenceMbarrierInitField,
  fenceProxyField,
  copyBulkField,
  copyTensorField,
  storeTensorField,
  bulkCommitField,
  bulkWaitField,
  groupFenceField,
  groupMultiplyField,
  groupCommitField,
  groupWaitField,
  setRegistersField,
  electField
};
/// Those of DitherThread.
enum ThreadField : int32_t {
  emulatorField,
  threadField,
  threadsField,
  blockField,
  blocksField,
  sharedField
};
enum AccessKind : int32_t { readAccess, writeAccess, atomicAccess };

/// Emits calls of the emulator into a function that says what one thread of a
/// kernel does.
class EmulatorCalls {
public:
  /// Strings that say where instructions come from, by their texts.
  using Places = llvm::StringMap<mlir::LLVM::GlobalOp>;

  EmulatorCalls(mlir::ModuleOp host, mlir::Location location, Places &places);

  mlir::Value emitInt(int64_t value);
  /// A field of the thread, or what is in it.
  mlir::Value emitThreadField(mlir::Type type,
                              llvm::ArrayRef<mlir::LLVM::GEPArg> path);
  /// Calls an instruction of the emulator: the thread comes first, where it is
  /// in the model last.
  mlir::Value emitCall(EmulatorField field, mlir::Type result,
                       mlir::ValueRange operands);
  /// An address without its space.
  mlir::Value emitFlat(mlir::Value address);

  /// Memory on the stack for registers that an instruction reads or writes.
  mlir::Value createRegisters(mlir::Operation *op, int64_t count);
  mlir::Value atRegister(mlir::Value registers, int64_t i);
  mlir::Value storeRegisters(mlir::Operation *op, mlir::ValueRange values);
  /// Numbers as a constant of the artifact: a DitherMma, a DitherWgmma.
  mlir::Value createShape(llvm::StringRef kind, llvm::ArrayRef<int32_t> fields);

  mlir::ModuleOp host;
  mlir::ImplicitLocOpBuilder b;
  mlir::LLVM::LLVMPointerType pointer;
  mlir::Type i32;
  mlir::Value thread;

private:
  mlir::Value emitPlace();

  Places &places;
  mlir::LLVM::LLVMStructType threadType;
};

/// Emulates barriers in memory, TMA and `wgmma`: nothing for other ops.
std::optional<llvm::LogicalResult> emulateAsync(EmulatorCalls &calls,
                                                mlir::Operation *op);

} // namespace dither

#endif // DITHER_CODEGEN_CUDA_EMULATORCALLS_H
