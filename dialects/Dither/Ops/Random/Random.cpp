//===- Random.cpp - Counter-based random tensors --------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Random/Draws.h"
#include <array>
#include <cmath>

using namespace mlir;
using namespace dither;

//===- Philox4x32-10 ------------------------------------------------------===//

using PhiloxBlock = std::array<uint32_t, 4>;

static PhiloxBlock philox(PhiloxBlock counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t p0 = uint64_t(0xD2511F53) * counter[0];
    uint64_t p1 = uint64_t(0xCD9E8D57) * counter[2];
    counter = {uint32_t(p1 >> 32) ^ counter[1] ^ key[0], uint32_t(p1),
               uint32_t(p0 >> 32) ^ counter[3] ^ key[1], uint32_t(p0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

static bool hasDynamicRows(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor.getRank() > 0 && tensor.isDynamicDim(0);
}

/// Whether the elements of a type, beside those of a dynamic first extent, are
/// known and fewer than 2^32.
static bool hasFewElements(RankedTensorType type) {
  int64_t count = 1;
  for (int64_t extent : type.getShape().drop_front(hasDynamicRows(type)))
    if (ShapedType::isDynamic(extent) ||
        llvm::MulOverflow(count, extent, count))
      return false;
  return count < int64_t(1) << 32;
}

static LogicalResult verifyRandom(Operation *op, Value like, int64_t stream,
                                  bool wantsFloat) {
  auto rng = cast<RankedTensorType>(op->getOperand(0).getType());
  if (rng.getShape() != ArrayRef<int64_t>{2})
    return op->emitOpError("(C1) needs seed and step as tensor<2xi64>, got ")
           << rng;
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  bool goodElement = wantsFloat ? type.getElementType().isF32()
                                : type.getElementType().isInteger(32);
  if (!goodElement || !hasFewElements(type))
    return op->emitOpError("(C2) makes ")
           << (wantsFloat ? "f32" : "i32")
           << " tensors with fewer than 2^32 elements, of which the first "
              "extent alone may be dynamic, not "
           << type;
  if (hasDynamicRows(type) && !(like && hasDynamicRows(like.getType())))
    return op->emitOpError("(C2) makes ")
           << type
           << ", of which nothing says how many rows it has; give it a `like` "
              "tensor with as many";
  if (stream < 0 || stream >= int64_t(1) << 32)
    return op->emitOpError("(C3) needs a stream in [0, 2^32), got ") << stream;
  return success();
}

LogicalResult RandomBitsOp::verify() {
  return verifyRandom(*this, getLike(), getStream(), false);
}

LogicalResult RandomBitsOp::evaluate(ArrayRef<HostTensor> operands,
                                     MutableArrayRef<HostTensor> results) {
  uint64_t seed = operands[0].getInt(0), step = operands[0].getInt(1);
  for (int64_t i = 0; i < results[0].getNumElements(); ++i) {
    PhiloxBlock block = philox({uint32_t(i / 4), uint32_t(getStream()),
                                uint32_t(step), uint32_t(step >> 32)},
                               {uint32_t(seed), uint32_t(seed >> 32)});
    results[0].set(i, Scalar::ofInt(int32_t(block[i % 4])));
  }
  return success();
}

//===- Seeds of numbers ---------------------------------------------------===//

LogicalResult FoldInOp::verify() {
  auto rng = cast<RankedTensorType>(getRng().getType());
  if (rng.getShape() != ArrayRef<int64_t>{2})
    return emitOpError("(C1) needs seed and step as tensor<2xi64>, got ")
           << rng;
  if (getStream() >= uint64_t(1) << 32)
    return emitOpError("(C2) needs a stream in [0, 2^32), got ") << getStream();
  return success();
}

SmallVector<Value> FoldInOp::decompose(ImplicitLocOpBuilder &b) {
  auto wide = RankedTensorType::get({1}, b.getI64Type());
  auto element = [&](Value tensor, int64_t i) -> Value {
    static constexpr int64_t one[] = {1};
    return SliceOp::create(b, tensor, ArrayRef<int64_t>{i}, one, one);
  };
  // Two words make a seed, of which the first one is the lower half.
  auto buildSeed = [&](Value rng) -> Value {
    Value words = CastOp::create(
        b, RankedTensorType::get({2}, b.getI64Type()),
        RandomBitsOp::create(b, RankedTensorType::get({2}, b.getI32Type()), rng,
                             Value(), getStreamAttr()));
    Value low = AndOp::create(b, element(words, 0),
                              buildScalarLike(b, double(UINT32_MAX), words));
    Value high =
        ShlOp::create(b, element(words, 1), buildScalarLike(b, 32, words));
    return OrOp::create(b, low, high);
  };
  auto buildRng = [&](Value seed, Value step) -> Value {
    Value position = IotaOp::create(b, getType(), b.getI64IntegerAttr(0));
    Value isSeed = CompareOp::create(b, Predicate::eq, position,
                                     buildScalarLike(b, 0, position));
    return SelectOp::create(b, isSeed, seed, step);
  };
  Value number = ReshapeOp::create(b, wide, getNumber());
  Value own = buildSeed(buildRng(buildSeed(getRng()), number));
  return {buildRng(own, element(getRng(), 1))};
}

//===- Distributions ------------------------------------------------------===//

#define DITHER_DISTRIBUTION(OP)                                                \
  LogicalResult OP::verify() {                                                 \
    return verifyRandom(*this, getLike(), getStream(), true);                  \
  }
DITHER_DISTRIBUTION(UniformOp)
DITHER_DISTRIBUTION(CentredUniformOp)
DITHER_DISTRIBUTION(ExponentialOp)
DITHER_DISTRIBUTION(NormalOp)
DITHER_DISTRIBUTION(GumbelOp)
DITHER_DISTRIBUTION(RademacherOp)

template <typename Op> static RandomSource getSource(Op op) {
  return {op.getRng(), op.getLike(), op.getStream(), op.getType().getShape()};
}

static Value drawWord(ImplicitLocOpBuilder &b, const RandomSource &source) {
  return buildWords(b, source, 1).front();
}

SmallVector<Value> UniformOp::decompose(ImplicitLocOpBuilder &b) {
  return {buildUniform(b, drawWord(b, getSource(*this)))};
}

SmallVector<Value> CentredUniformOp::decompose(ImplicitLocOpBuilder &b) {
  return {drawCentred(b, getSource(*this))};
}

SmallVector<Value> ExponentialOp::decompose(ImplicitLocOpBuilder &b) {
  return {drawExponential(b, getSource(*this))};
}

SmallVector<Value> NormalOp::decompose(ImplicitLocOpBuilder &b) {
  return {drawNormal(b, getSource(*this))};
}

SmallVector<Value> GumbelOp::decompose(ImplicitLocOpBuilder &b) {
  Value exponential = drawExponential(b, getSource(*this));
  return {NegOp::create(b, LogOp::create(b, exponential))};
}

SmallVector<Value> RademacherOp::decompose(ImplicitLocOpBuilder &b) {
  Value bits = drawWord(b, getSource(*this));
  Value isNegative =
      CompareOp::create(b, Predicate::lt, bits, buildScalarLike(b, 0, bits));
  return {BroadcastOp::create(
      b,
      SelectOp::create(b, isNegative, buildScalar(b, -1, b.getF32Type()),
                       buildScalar(b, 1, b.getF32Type())),
      bits)};
}

LogicalResult BernoulliOp::verify() {
  double p = getProbability().convertToDouble();
  if (!(p >= 0 && p <= 1))
    return emitOpError("(C1) needs a probability in [0, 1], got ") << p;
  return verifyRandom(*this, getLike(), getStream(), true);
}

SmallVector<Value> BernoulliOp::decompose(ImplicitLocOpBuilder &b) {
  Value u = buildUniform(b, drawWord(b, getSource(*this)));
  Value threshold = buildScalarLike(b, getProbability().convertToDouble(), u);
  Value isOne = CompareOp::create(b, Predicate::lt, u, threshold);
  return {CastOp::create(b, getType(), isOne)};
}
