//===- IntegerTiles.cpp - Codes of 8 bits as tiles take them --------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/IntegerPanels.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CPU/Weights/TileWeights.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace mlir;
using namespace dither;

/// Codes of a row of a tile.
static constexpr int64_t kRowCodes = kTileRowBytes;
/// Shorter groups have more to scale than to multiply. Of longer units, decoded
/// words would leave the first cache, and some day the stack.
static constexpr int64_t kLeastGroup = 32, kMostUnit = 1024;

/// Whether each four slots begin with a group, or lie in one, and the elements
/// that they may be with a word.
static bool hasWholeWindows(GroupPatternAttrInterface pattern) {
  int64_t perGroup = pattern.getSlotsPerGroup(), size = pattern.getGroupSize();
  if (pattern.getIndexBits() == 0)
    return false;
  if (perGroup % 4 == 0)
    return size % 4 == 0;
  return 4 % perGroup == 0 && 4 / perGroup * size % 4 == 0;
}

namespace {
/// Codes of 8 bits, as IntegerPanels decodes them. Where one scale serves all
/// of them, they keep their offset, which is taken off the sums. Others are
/// signed: groups have many sums, and what a pattern leaves out is zero.
class IntegerTiles : public TileWeights {
public:
  IntegerTiles(ContractOp op, KernelOptions options)
      : op(op), panels(makeIntegerPanels(op, options)),
        pattern(dyn_cast_if_present<GroupPatternAttrInterface>(
            op.getPatternAttr())),
        integers(
            *cast<FormatAttrInterface>(op.getFormatAttr()).getIntegerCodes()),
        lanes(options.lanes) {
    keepsOffset = !pattern && panels->getScaledDepth() == getDepth();
  }

  int64_t getWordElements() const override { return 4; }
  StringRef getInstruction() const override {
    return keepsOffset ? "tdpbsud" : "tdpbssd";
  }

  SmallVector<Value> emitWords(ImplicitLocOpBuilder &b, Value k, int64_t count,
                               Panel panel) override {
    SmallVector<Value> words(llvm::divideCeil(count, 4));
    int64_t step = panels->getStep();
    for (int64_t done = 0; done < count; done += step) {
      Value at = arith::AddIOp::create(b, k, emitIndex(b, done));
      int64_t covered = std::min(step, count - done);
      for (const Term &term : panels->emitStep(b, at, covered, panel)) {
        auto place =
            MutableArrayRef(words).drop_front((done + term.offset) / 4);
        if (pattern)
          emitExpanded(b, term, place);
        else
          place.front() =
              keepsOffset ? term.weights : emitSigned(b, term.weights);
      }
    }
    return words;
  }

  int64_t getScaledDepth() const override { return panels->getScaledDepth(); }
  Value emitScale(ImplicitLocOpBuilder &b, Value k, Panel panel) override {
    return panels->emitScale(b, k, panel);
  }
  Value emitStart(ImplicitLocOpBuilder &b, Value row) override {
    return keepsOffset ? panels->emitStart(b, row, emitIndex(b, 0)).front()
                       : Value();
  }
  Value emitScaled(ImplicitLocOpBuilder &b, Value sum, Value scale,
                   Value result) override {
    return panels->emitScaled(b, sum, scale, result);
  }
  Value emitResult(ImplicitLocOpBuilder &b, Value row, Value sum) override {
    return panels->emitResult(b, row, sum);
  }

private:
  int64_t getDepth() {
    return cast<RankedTensorType>(*op.getDense()).getDimSize(0);
  }
  VectorType getWords() {
    return VectorType::get({lanes}, IntegerType::get(op.getContext(), 32));
  }

  /// Takes the offset off each byte.
  Value emitSigned(ImplicitLocOpBuilder &b, Value weights) {
    auto bytes = VectorType::get({4 * lanes}, b.getI8Type());
    Value offset = arith::ConstantOp::create(
        b, DenseElementsAttr::get(
               bytes, b.getI8IntegerAttr(int8_t(integers.getOffset()))));
    Value value = arith::SubIOp::create(
        b, vector::BitCastOp::create(b, bytes, weights), offset);
    return vector::BitCastOp::create(b, getWords(), value);
  }

  /// Moves the four bytes of a term to the positions where they meet x, over
  /// the words of the term's window.
  void emitExpanded(ImplicitLocOpBuilder &b, const Term &term,
                    MutableArrayRef<Value> words) {
    Value bytes = emitSigned(b, term.weights);
    int64_t size = pattern.getGroupSize();
    for (int64_t i = 0; i < 4; ++i) {
      // The window starts with the group of the first byte.
      int64_t start = i / pattern.getSlotsPerGroup() * size;
      Value byte = emitByte(b, bytes, i, 0);
      int64_t end = std::min<int64_t>((start + size - 1) / 4 + 1, words.size());
      for (int64_t word = start / 4; word < end; ++word) {
        Value moved = emitMoved(b, byte, term.indices, i, word);
        Value &sum = words[word];
        sum = sum ? arith::OrIOp::create(b, sum, moved).getResult() : moved;
      }
    }
  }

  /// Byte `i` of each word, times 2^left.
  Value emitByte(ImplicitLocOpBuilder &b, Value words, int64_t i,
                 int64_t left) {
    if (i * 8 > left)
      words = arith::ShRUIOp::create(b, words,
                                     emitI32Splat(b, lanes, i * 8 - left));
    else if (i * 8 < left)
      words =
          arith::ShLIOp::create(b, words, emitI32Splat(b, lanes, left - i * 8));
    return arith::AndIOp::create(b, words, emitI32Splat(b, lanes, 255 << left));
  }

  /// `byte` where its position lies in a word of the window, zero elsewhere:
  /// a variable shift by 32 and more leaves nothing.
  Value emitMoved(ImplicitLocOpBuilder &b, Value byte, Value indices, int64_t i,
                  int64_t word) {
    Value distance = emitByte(b, indices, i, 3);
    if (word > 0)
      distance =
          arith::SubIOp::create(b, distance, emitI32Splat(b, lanes, 32 * word));
    return LLVM::CallIntrinsicOp::create(
               b, getWords(), b.getStringAttr("llvm.x86.avx512.psllv.d.512"),
               ValueRange{byte, distance})
        .getResult(0);
  }

  ContractOp op;
  std::unique_ptr<WeightPanels> panels;
  GroupPatternAttrInterface pattern;
  IntegerCodes integers;
  int64_t lanes;
  bool keepsOffset;
};
} // namespace

std::unique_ptr<TileWeights> dither::makeIntegerTiles(ContractOp op,
                                                      KernelOptions options) {
  return std::make_unique<IntegerTiles>(op, options);
}

bool dither::areBytesInMemory(ContractOp op) {
  auto part = cast<ShapedType>(op.getParts()[0].getType());
  return arePlainBytes(op) && part.getDimSize(0) % kRowCodes == 0;
}

int64_t dither::getIntegerUnit(ContractOp op) {
  auto format = cast<FormatAttrInterface>(op.getFormatAttr());
  int64_t unit =
      std::lcm(getWordStep(dyn_cast_if_present<GroupPatternAttrInterface>(
                               op.getPatternAttr()),
                           format),
               kRowCodes);
  int64_t group = format.getGroupSize();
  bool isWhole = group <= 0 ||
                 group == cast<RankedTensorType>(*op.getDense()).getDimSize(0);
  return isWhole ? unit : std::lcm(unit, group);
}

std::string dither::explainNoIntegerTiles(ContractOp op) {
  auto format = cast<FormatAttrInterface>(op.getFormatAttr());
  int64_t group = format.getGroupSize();
  if (group % kLeastGroup != 0)
    return llvm::formatv("groups of {0} elements are no multiples of {1}",
                         group, kLeastGroup);
  auto pattern =
      dyn_cast_if_present<GroupPatternAttrInterface>(op.getPatternAttr());
  if (pattern && !hasWholeWindows(pattern))
    return "four slots of the pattern do not begin with a group and a word";
  if (int64_t unit = getIntegerUnit(op); unit > kMostUnit)
    return llvm::formatv("{0} elements are decoded at a time, more than {1}",
                         unit, kMostUnit);
  return "";
}
