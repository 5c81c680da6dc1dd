//===- Random.cpp - Counters and random bits to linalg --------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Conversion/DitherToLinalg/Patterns.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace dither;

namespace {
/// Philox4x32-10 on i32 values, as of `dither.random_bits`.
class PhiloxBuilder {
public:
  PhiloxBuilder(OpBuilder &b, Location loc) : b(b), loc(loc) {}

  SmallVector<Value, 4> build(SmallVector<Value, 4> counter, Value key0,
                              Value key1) {
    for (int round = 0; round < 10; ++round) {
      auto [low0, high0] = multiply(0xD2511F53, counter[0]);
      auto [low1, high1] = multiply(0xCD9E8D57, counter[2]);
      counter = {exclusiveOr(exclusiveOr(high1, counter[1]), key0), low1,
                 exclusiveOr(exclusiveOr(high0, counter[3]), key1), low0};
      key0 = arith::AddIOp::create(b, loc, key0, constant(0x9E3779B9));
      key1 = arith::AddIOp::create(b, loc, key1, constant(0xBB67AE85));
    }
    return counter;
  }

  Value constant(uint32_t value) {
    return arith::ConstantOp::create(
        b, loc, b.getIntegerAttr(b.getI32Type(), APInt(32, value)));
  }

  /// The low and the high half of an i64.
  std::pair<Value, Value> split(Value wide) {
    Value low = arith::TruncIOp::create(b, loc, b.getI32Type(), wide);
    Value shift = arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(32));
    Value upper = arith::ShRUIOp::create(b, loc, wide, shift);
    return {low, arith::TruncIOp::create(b, loc, b.getI32Type(), upper)};
  }

private:
  /// A 32 x 32 bit product through i64, which vectorizes.
  std::pair<Value, Value> multiply(uint32_t factor, Value x) {
    Value wide = arith::ExtUIOp::create(b, loc, b.getI64Type(), x);
    Value constant =
        arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(factor));
    return split(arith::MulIOp::create(b, loc, wide, constant));
  }
  Value exclusiveOr(Value x, Value y) {
    return arith::XOrIOp::create(b, loc, x, y);
  }

  OpBuilder &b;
  Location loc;
};

struct LowerRandomBits : OpRewritePattern<RandomBitsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RandomBitsOp op,
                                PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    auto extract = [&](int64_t i) -> Value {
      Value index = arith::ConstantIndexOp::create(rewriter, loc, i);
      return tensor::ExtractOp::create(rewriter, loc, op.getRng(), index);
    };
    Value seed = extract(0), step = extract(1);
    SmallVector<Value> rows;
    if (!type.hasStaticShape())
      rows.push_back(
          tensor::DimOp::create(rewriter, loc, op.getLike(), int64_t(0)));
    Value init = tensor::EmptyOp::create(rewriter, loc, type, rows);
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(type), ValueRange(), ValueRange(init),
        ArrayRef<AffineMap>{rewriter.getMultiDimIdentityMap(type.getRank())},
        getParallel(type.getRank()),
        [&](OpBuilder &b, Location loc, ValueRange) {
          Value word = buildElement(b, loc, type, seed, step, op.getStream());
          linalg::YieldOp::create(b, loc, word);
        });
    return success();
  }

  static Value buildElement(OpBuilder &b, Location loc, RankedTensorType type,
                            Value seed, Value step, uint64_t stream) {
    Value position = arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(0));
    for (int64_t d = 0; d < type.getRank(); ++d) {
      Value index = arith::IndexCastOp::create(
          b, loc, b.getI32Type(), linalg::IndexOp::create(b, loc, d));
      if (d == 0) { // Its extent may be dynamic.
        position = index;
        continue;
      }
      Value extent = arith::ConstantOp::create(
          b, loc,
          b.getIntegerAttr(b.getI32Type(),
                           APInt(64, type.getDimSize(d)).trunc(32)));
      position = arith::MulIOp::create(b, loc, position, extent);
      position = arith::AddIOp::create(b, loc, position, index);
    }
    PhiloxBuilder philox(b, loc);
    auto [key0, key1] = philox.split(seed);
    auto [step0, step1] = philox.split(step);
    Value block = arith::ShRUIOp::create(b, loc, position, philox.constant(2));
    auto words = philox.build(
        {block, philox.constant(uint32_t(stream)), step0, step1}, key0, key1);
    Value which = arith::AndIOp::create(b, loc, position, philox.constant(3));
    Value word = words[3];
    for (int i : {2, 1, 0}) {
      Value isThis = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq,
                                           which, philox.constant(i));
      word = arith::SelectOp::create(b, loc, isThis, words[i], word);
    }
    return word;
  }
};

struct LowerIota : OpRewritePattern<IotaOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(IotaOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    Value init =
        tensor::EmptyOp::create(rewriter, op.getLoc(), type, ValueRange());
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, TypeRange(type), ValueRange(), ValueRange(init),
        ArrayRef<AffineMap>{rewriter.getMultiDimIdentityMap(type.getRank())},
        getParallel(type.getRank()),
        [&](OpBuilder &b, Location loc, ValueRange) {
          Value index = linalg::IndexOp::create(b, loc, op.getDim());
          Type element = type.getElementType();
          bool isFloat = isa<FloatType>(element);
          Value value = arith::IndexCastOp::create(
              b, loc, isFloat ? b.getI64Type() : element, index);
          if (isFloat)
            value = arith::SIToFPOp::create(b, loc, element, value);
          linalg::YieldOp::create(b, loc, value);
        });
    return success();
  }
};
} // namespace

void dither::populateRandomToLinalg(RewritePatternSet &patterns) {
  patterns.add<LowerRandomBits, LowerIota>(patterns.getContext());
}
