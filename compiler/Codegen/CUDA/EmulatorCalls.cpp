//===- EmulatorCalls.cpp - Calls of the emulator --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CUDA/EmulatorCalls.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace dither;

EmulatorCalls::EmulatorCalls(ModuleOp host, Location location, Places &places)
    : host(host), b(location, host.getContext()), places(places) {
  pointer = LLVM::LLVMPointerType::get(host.getContext());
  i32 = b.getI32Type();
  auto three = LLVM::LLVMArrayType::get(i32, 3);
  threadType = LLVM::LLVMStructType::getLiteral(
      host.getContext(), {pointer, three, three, three, three, pointer});
}

/// The file's name without its folders, lest artifacts differ by them.
static std::string describe(Location location) {
  std::string text = "an unknown place";
  location->walk([&](Location each) {
    auto file = dyn_cast<FileLineColLoc>(each);
    if (!file)
      return WalkResult::advance();
    text = llvm::formatv("{0}:{1}:{2}",
                         llvm::sys::path::filename(file.getFilename()),
                         file.getLine(), file.getColumn());
    return WalkResult::interrupt();
  });
  return text;
}

Value EmulatorCalls::emitInt(int64_t value) {
  return LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(value));
}

Value EmulatorCalls::emitThreadField(Type type, ArrayRef<LLVM::GEPArg> path) {
  SmallVector<LLVM::GEPArg> whole = {0};
  llvm::append_range(whole, path);
  Value slot = LLVM::GEPOp::create(b, pointer, threadType, thread, whole);
  return LLVM::LoadOp::create(b, type, slot);
}

Value EmulatorCalls::emitCall(EmulatorField field, Type result,
                              ValueRange operands) {
  Value table = emitThreadField(pointer, {emulatorField});
  Value slot = LLVM::GEPOp::create(b, pointer, pointer, table,
                                   ArrayRef<LLVM::GEPArg>{int32_t(field)});
  Value callee = LLVM::LoadOp::create(b, pointer, slot);
  SmallVector<Value> all = {callee, thread};
  llvm::append_range(all, operands);
  all.push_back(emitPlace());
  SmallVector<Type> types;
  for (Value value : ArrayRef(all).drop_front())
    types.push_back(value.getType());
  auto type = LLVM::LLVMFunctionType::get(
      result ? result : LLVM::LLVMVoidType::get(b.getContext()), types);
  auto call = LLVM::CallOp::create(b, type, all);
  return result ? call.getResult() : Value();
}

Value EmulatorCalls::emitPlace() {
  std::string text = describe(b.getLoc());
  LLVM::GlobalOp &place = places[text];
  if (!place) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(host.getBody());
    std::string zero = text + '\0';
    place = LLVM::GlobalOp::create(
        b, LLVM::LLVMArrayType::get(b.getI8Type(), zero.size()),
        /*isConstant=*/true, LLVM::Linkage::Internal,
        ("dither.place." + Twine(places.size())).str(), b.getStringAttr(zero));
  }
  return LLVM::AddressOfOp::create(b, pointer, place.getSymName());
}

Value EmulatorCalls::emitFlat(Value address) {
  if (address.getType() == pointer)
    return address;
  return LLVM::AddrSpaceCastOp::create(b, pointer, address);
}

Value EmulatorCalls::createRegisters(Operation *op, int64_t count) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(
      &op->getParentOfType<LLVM::LLVMFuncOp>().getBody().front());
  return LLVM::AllocaOp::create(
      b, pointer, i32,
      LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(count)));
}

Value EmulatorCalls::atRegister(Value registers, int64_t i) {
  return LLVM::GEPOp::create(b, pointer, i32, registers,
                             ArrayRef<LLVM::GEPArg>{int32_t(i)});
}

Value EmulatorCalls::storeRegisters(Operation *op, ValueRange values) {
  Value registers = createRegisters(op, values.size());
  for (auto [i, value] : llvm::enumerate(values))
    LLVM::StoreOp::create(b, value, atRegister(registers, i));
  return registers;
}

Value EmulatorCalls::createShape(StringRef kind, ArrayRef<int32_t> fields) {
  std::string name = ("dither." + kind).str();
  for (int32_t field : fields)
    name += "." + std::to_string(field);
  auto type = LLVM::LLVMArrayType::get(i32, fields.size());
  if (!host.lookupSymbol(name)) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(host.getBody());
    LLVM::GlobalOp::create(b, type, /*isConstant=*/true,
                           LLVM::Linkage::Internal, name,
                           b.getI32TensorAttr(fields));
  }
  return LLVM::AddressOfOp::create(b, pointer, name);
}
