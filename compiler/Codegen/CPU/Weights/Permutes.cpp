//===- Permutes.cpp - Elements of registers by indices --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/Permutes.h"
#include "compiler/Codegen/CPU/Weights/Intrinsics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace dither;

/// Elements that an instruction chooses from inside of 128 bits, and the most
/// that there are.
static constexpr int64_t kQuarter = 4, kMost = 16;

int64_t dither::countPermuteOps(int64_t lanes, int64_t size) {
  if ((lanes != 8 && lanes != 16) || size > kMost)
    return 0;
  // Two permutes of 8 elements, and a choice by the bit above.
  return size <= lanes ? 1 : 4;
}

/// The elements from `first` on in a register, again and again: what lies above
/// an index then does not matter.
static Value emitRepeated(ImplicitLocOpBuilder &b, Value group, int64_t first,
                          int64_t lanes) {
  int64_t size = cast<VectorType>(group.getType()).getNumElements();
  auto period = int64_t(llvm::PowerOf2Ceil(uint64_t(size)));
  SmallVector<int64_t> repeat;
  for (int64_t i = 0; i < lanes; ++i)
    repeat.push_back(std::min((first + i) % period, size - 1));
  return vector::ShuffleOp::create(b, group, group, repeat);
}

Value dither::emitPermute(ImplicitLocOpBuilder &b, Value group, Value indices) {
  auto type = cast<VectorType>(indices.getType());
  int64_t lanes = type.getNumElements();
  int64_t size = cast<VectorType>(group.getType()).getNumElements();
  Value low = emitRepeated(b, group, 0, lanes);
  bool isWide = lanes == 16;
  if (size <= kQuarter)
    return emitIntrinsic(b, low.getType(),
                         isWide ? "llvm.x86.avx512.vpermilvar.ps.512"
                                : "llvm.x86.avx.vpermilvar.ps.256",
                         {low, indices});
  StringRef name =
      isWide ? "llvm.x86.avx512.permvar.sf.512" : "llvm.x86.avx2.permps";
  Value found = emitIntrinsic(b, low.getType(), name, {low, indices});
  if (size <= lanes)
    return found;
  Value other = emitIntrinsic(b, low.getType(), name,
                              {emitRepeated(b, group, lanes, lanes), indices});
  // The sign of a lane chooses: bit 3 of its index.
  Value shift = arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getI32IntegerAttr(28)));
  Value signs = arith::BitcastOp::create(
      b, found.getType(), arith::ShLIOp::create(b, indices, shift));
  return emitIntrinsic(b, low.getType(), "llvm.x86.avx.blendv.ps.256",
                       {found, other, signs});
}
