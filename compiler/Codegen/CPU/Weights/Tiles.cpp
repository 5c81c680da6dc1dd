//===- Tiles.cpp - AMX tile registers -------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/Tiles.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

Value dither::emitAddress(ImplicitLocOpBuilder &b, Value memref) {
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, memref);
  return arith::IndexCastOp::create(b, b.getI64Type(), address);
}

Value dither::emitAddress(ImplicitLocOpBuilder &b, Value address, Value bytes) {
  Value offset = arith::IndexCastOp::create(b, b.getI64Type(), bytes);
  return arith::AddIOp::create(b, address, offset);
}

static Value emitConstant(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  return arith::ConstantOp::create(b, b.getIntegerAttr(type, value));
}

static Value emitPointer(ImplicitLocOpBuilder &b, Value address,
                         int64_t offset) {
  if (offset != 0)
    address = arith::AddIOp::create(b, address,
                                    emitConstant(b, b.getI64Type(), offset));
  return LLVM::IntToPtrOp::create(b, LLVM::LLVMPointerType::get(b.getContext()),
                                  address);
}

Value dither::emitLineLoad(ImplicitLocOpBuilder &b, VectorType type,
                           Value address, int64_t offset) {
  return LLVM::LoadOp::create(b, type, emitPointer(b, address, offset),
                              kTileRowBytes);
}

Value dither::emitLoadAt(ImplicitLocOpBuilder &b, VectorType type,
                         Value address, Value mask) {
  Value pointer = emitPointer(b, address, 0);
  unsigned alignment = type.getElementTypeBitWidth() / 8;
  if (!mask)
    return LLVM::LoadOp::create(b, type, pointer, alignment);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return LLVM::MaskedLoadOp::create(b, type, pointer, mask, zero, alignment);
}

void dither::emitLineStore(ImplicitLocOpBuilder &b, Value value, Value address,
                           int64_t offset) {
  LLVM::StoreOp::create(b, value, emitPointer(b, address, offset),
                        kTileRowBytes);
}

/// Calls an intrinsic of tiles.
static LLVM::CallIntrinsicOp emitCall(ImplicitLocOpBuilder &b, Type result,
                                      const Twine &name,
                                      ArrayRef<int64_t> shape,
                                      ArrayRef<Value> rest) {
  SmallVector<Value> operands;
  for (int64_t extent : shape)
    operands.push_back(emitConstant(b, b.getI16Type(), extent));
  operands.append(rest.begin(), rest.end());
  StringAttr intrinsic = b.getStringAttr("llvm.x86." + name + ".internal");
  if (!result)
    return LLVM::CallIntrinsicOp::create(b, intrinsic, operands);
  return LLVM::CallIntrinsicOp::create(b, result, intrinsic, operands);
}

static Type getTileType(ImplicitLocOpBuilder &b) {
  return LLVM::LLVMX86AMXType::get(b.getContext());
}

Value dither::emitTileZero(ImplicitLocOpBuilder &b, int64_t rows) {
  return emitCall(b, getTileType(b), "tilezero", {rows, kTileRowBytes}, {})
      .getResult(0);
}

Value dither::emitTileLoad(ImplicitLocOpBuilder &b, TileMemory memory,
                           int64_t offset) {
  return emitCall(b, getTileType(b), "tileloadd64",
                  {memory.rows, memory.rowBytes},
                  {emitPointer(b, memory.address, offset),
                   emitConstant(b, b.getI64Type(), memory.stride)})
      .getResult(0);
}

void dither::emitTileStore(ImplicitLocOpBuilder &b, Value tile,
                           TileMemory memory, int64_t offset) {
  emitCall(b, Type(), "tilestored64", {memory.rows, memory.rowBytes},
           {emitPointer(b, memory.address, offset),
            emitConstant(b, b.getI64Type(), memory.stride), tile});
}

Value dither::emitTileDot(ImplicitLocOpBuilder &b, StringRef instruction,
                          Value sum, Value x, Value w, int64_t bytes,
                          int64_t rows) {
  return emitCall(b, getTileType(b), instruction, {rows, kTileRowBytes, bytes},
                  {sum, x, w})
      .getResult(0);
}
