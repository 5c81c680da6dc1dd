//===- ByteDots.cpp - Products of bytes, summed by fours ------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// VNNI does it in one instruction. Otherwise vpmaddubsw adds two products to 16
// bits, and vpmaddwd two of those to 32, or two sums of some of them. The
// former saturates, so that larger bytes are widened to 16 bits first.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/ByteDots.h"
#include "compiler/Codegen/CPU/Weights/Intrinsics.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace dither;

/// Two products of so large a byte with any signed one fit 16 bits.
static constexpr int64_t kMostByte = 128;

namespace {
class ByteDotEmitter {
public:
  ByteDotEmitter(ImplicitLocOpBuilder &b, const KernelOptions &options)
      : b(b), options(options),
        bytes(VectorType::get({4 * options.lanes}, b.getI8Type())),
        pairs(VectorType::get({2 * options.lanes}, b.getI16Type())),
        words(VectorType::get({options.lanes}, b.getI32Type())) {}

  /// By VNNI.
  Value emitAtOnce(Value weights, Value x, Value sum) {
    return emitIntrinsic(b, words, "llvm.x86.avx512.vpdpbusd.512",
                         {sum, as(bytes, weights), as(bytes, x)});
  }

  Value emitSmall(Value weights, Value x, Value sum, Value &pending,
                  bool isLast) {
    Value products = emitIntrinsic(b, pairs,
                                   isWide() ? "llvm.x86.avx512.pmaddubs.w.512"
                                            : "llvm.x86.avx2.pmadd.ub.sw",
                                   {as(bytes, weights), as(bytes, x)});
    if (pending)
      products = arith::AddIOp::create(b, pending, products);
    pending = isLast ? Value() : products;
    return isLast ? emitPairs(products, emitSplat(1), sum) : sum;
  }

  /// Bytes 0 and 2 of each lane, then 1 and 3.
  Value emitLarge(Value weights, Value x, Value sum) {
    Value eight = emitSplat(8);
    weights = as(pairs, weights);
    x = as(pairs, x);
    Value even = arith::AndIOp::create(b, weights, emitSplat(255));
    Value evenX =
        arith::ShRSIOp::create(b, arith::ShLIOp::create(b, x, eight), eight);
    sum = emitPairs(even, evenX, sum);
    Value odd = arith::ShRUIOp::create(b, weights, eight);
    return emitPairs(odd, arith::ShRSIOp::create(b, x, eight), sum);
  }

private:
  bool isWide() const { return options.lanes == 16; }
  Value as(VectorType type, Value value) {
    if (value.getType() == type)
      return value;
    return vector::BitCastOp::create(b, type, value);
  }
  Value emitSplat(int16_t value) {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(pairs, b.getI16IntegerAttr(value)));
  }
  /// The sum and two products of 16 bits in each lane.
  Value emitPairs(Value left, Value right, Value sum) {
    Value products = emitIntrinsic(b, words,
                                   isWide() ? "llvm.x86.avx512.pmaddw.d.512"
                                            : "llvm.x86.avx2.pmadd.wd",
                                   {left, right});
    return arith::AddIOp::create(b, sum, products);
  }
  ImplicitLocOpBuilder &b;
  const KernelOptions &options;
  VectorType bytes, pairs, words;
};
} // namespace

static bool hasDots(const KernelOptions &options) {
  return options.dots && options.lanes == 16;
}

bool dither::areByteDotsCheap(const KernelOptions &options, int64_t most) {
  return hasDots(options) || most <= kMostByte;
}

int64_t dither::countPendingDots(const KernelOptions &options, int64_t most) {
  if (hasDots(options) || most > kMostByte)
    return 1;
  // Two products with -128 each.
  return kMostByte / std::max<int64_t>(most, 1);
}

Value dither::emitByteDots(ImplicitLocOpBuilder &b,
                           const KernelOptions &options, Value weights,
                           int64_t most, Value x, Value sum, Value &pending,
                           bool isLast) {
  ByteDotEmitter emitter(b, options);
  if (hasDots(options))
    return emitter.emitAtOnce(weights, x, sum);
  if (most <= kMostByte)
    return emitter.emitSmall(weights, x, sum, pending, isLast);
  return emitter.emitLarge(weights, x, sum);
}
