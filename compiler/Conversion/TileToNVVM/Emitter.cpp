//===- Emitter.cpp - What a thread computes of layouts --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/TileToNVVM/Emitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace dither::tile;

static constexpr int64_t warpSize = 32;

Value Emitter::emitInt(int64_t value) {
  return arith::ConstantIntOp::create(b, value, 32);
}

Value Emitter::emitIndex(Value value) {
  return arith::IndexCastOp::create(b, b.getIndexType(), value);
}

Value Emitter::emitThread() {
  Value thread = gpu::ThreadIdOp::create(b, gpu::Dimension::x);
  return arith::IndexCastOp::create(b, b.getI32Type(), thread);
}

Value Emitter::emitLane() {
  return arith::AndIOp::create(b, emitThread(), emitInt(warpSize - 1));
}

Value Emitter::emitWarp() {
  Value warp =
      arith::ShRUIOp::create(b, emitThread(), emitInt(llvm::Log2_64(warpSize)));
  Operation *parent = b.getInsertionBlock()->getParentOp();
  auto role = dyn_cast<RoleOp>(parent);
  if (!role)
    role = parent->getParentOfType<RoleOp>();
  if (!role || role.getFirst() == 0)
    return warp;
  return arith::SubIOp::create(b, warp, emitInt(int64_t(role.getFirst())));
}

Value Emitter::emitImages(Value index, ArrayRef<uint64_t> images) {
  Value sum;
  auto add = [&](Value term) {
    sum = sum ? arith::XOrIOp::create(b, sum, term).getResult() : term;
  };
  for (unsigned bit = 0; bit < images.size();) {
    uint64_t image = images[bit];
    // Bits that step through powers of two are moved together.
    unsigned count = 1;
    if (llvm::isPowerOf2_64(image))
      while (bit + count < images.size() && images[bit + count] == image
                                                                       << count)
        ++count;
    if (image != 0) {
      Value bits = b.createOrFold<arith::ShRUIOp>(index, emitInt(bit));
      bits = arith::AndIOp::create(b, bits, emitInt((int64_t(1) << count) - 1));
      add(b.createOrFold<arith::MulIOp>(bits, emitInt(int64_t(image))));
    }
    bit += count;
  }
  return sum ? sum : emitInt(0);
}

Value Emitter::emitCoordinate(const LinearLayout &layout,
                              ArrayRef<Input> inputs, StringRef output) {
  Value sum;
  for (const Input &input : inputs) {
    SmallVector<uint64_t> images;
    for (unsigned bit = 0; uint64_t(1) << bit < layout.getInputSize(input.name);
         ++bit)
      images.push_back(layout.getBasis(input.name, bit, output));
    Value term = emitImages(input.value, images);
    sum = sum ? arith::XOrIOp::create(b, sum, term).getResult() : term;
  }
  return sum ? sum : emitInt(0);
}

uint64_t dither::tile::getCoordinate(const LinearLayout &layout,
                                     StringRef input, uint64_t index,
                                     StringRef output) {
  uint64_t sum = 0;
  for (unsigned bit = 0; index >> bit; ++bit)
    if (index >> bit & 1)
      sum ^= layout.getBasis(input, bit, output);
  return sum;
}

Value Emitter::emitWith(Value coordinate, const LinearLayout &layout,
                        StringRef input, uint64_t index, StringRef output) {
  uint64_t image = getCoordinate(layout, input, index, output);
  return image == 0
             ? coordinate
             : arith::XOrIOp::create(b, coordinate, emitInt(int64_t(image)))
                   .getResult();
}

Value Emitter::emitInStage(SharedType tiles, Value stage, Value element) {
  Value first = arith::MulIOp::create(
      b, stage, arith::ConstantIndexOp::create(b, tiles.getCount()));
  return b.createOrFold<arith::AddIOp>(first, element);
}

Value Emitter::emitAddress(Value memory, Value element) {
  auto type = cast<MemRefType>(memory.getType());
  Value descriptor =
      UnrealizedConversionCastOp::create(b, converter.convertType(type), memory)
          .getResult(0);
  Value base =
      LLVM::ExtractValueOp::create(b, descriptor, ArrayRef<int64_t>{1});
  Value place = arith::IndexCastOp::create(b, b.getI64Type(), element);
  return LLVM::GEPOp::create(b, base.getType(), type.getElementType(), base,
                             ArrayRef<LLVM::GEPArg>{place});
}

unsigned dither::tile::countWarps(Operation *op) {
  if (auto role = op->getParentOfType<RoleOp>())
    return unsigned(role.getWarps());
  auto kernel = op->getParentOfType<gpu::GPUFuncOp>();
  std::optional<ArrayRef<int32_t>> threads =
      kernel ? kernel.getKnownBlockSize() : std::nullopt;
  if (!threads || (*threads)[0] % warpSize != 0 || (*threads)[1] != 1 ||
      (*threads)[2] != 1)
    return 0;
  return unsigned((*threads)[0] / warpSize);
}
