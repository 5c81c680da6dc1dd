//===- IntegerPanels.cpp - Products of integers of 8 bits -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/IntegerPanels.h"
#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/Weights/BookVectors.h"
#include "compiler/Codegen/CPU/Weights/ByteDots.h"
#include "compiler/Codegen/CPU/Weights/Intrinsics.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace mlir;
using namespace dither;

/// Bytes that one shuffle selects from.
static constexpr int64_t kShuffledBytes = 16;

/// Registers that hold the parts of a sum, at most, and the elements along K
/// that are worth one of them, since they are put together in the end. All sums
/// of a tile have as many registers as a vector has lanes, about half of all.
static constexpr int64_t kMostSpread = 4, kSpreadDepth = 64;

/// Words of decoded codes that wait in registers, at most.
static constexpr int64_t kMostPending = 4;

/// A sum over so many elements fits 32 bits: 2^31 / (128 * 127) and less.
static constexpr int64_t kMostDepth = 1 << 17;

namespace {
/// How the slots of a pattern meet x, four at a time.
struct Quads {
  int64_t slotsPerGroup = 1, groupSize = 1;

  explicit Quads(GroupPatternAttrInterface pattern) {
    if (!pattern)
      return;
    slotsPerGroup = pattern.getSlotsPerGroup();
    groupSize = pattern.getGroupSize();
  }

  /// The first element of the group of a slot.
  int64_t getGroupStart(int64_t slot) const {
    return slot / slotsPerGroup * groupSize;
  }
  /// The elements from the first slot's group to the last one's end.
  int64_t getLength(int64_t firstSlot) const {
    return getGroupStart(firstSlot + 3) + groupSize - getGroupStart(firstSlot);
  }
};
} // namespace

bool dither::arePlainBytes(ContractOp op) {
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  if (!format || op.getPatternAttr() || op.getXParts().empty())
    return false;
  std::optional<IntegerCodes> codes = format.getIntegerCodes();
  return format.getBits() == 8 && format.getVectorSize() == 1 && codes &&
         codes->areCodes() && getScaledElements(op) == op.getDepth();
}

int64_t dither::getWordStep(GroupPatternAttrInterface pattern,
                            FormatAttrInterface format) {
  if (format.getVectorSize() > 1)
    return format.getVectorSize();
  auto getPeriod = [](int64_t bits) { return 32 / planeWidths(bits).back(); };
  Quads quads(pattern);
  int64_t slots = std::lcm(quads.slotsPerGroup, getPeriod(format.getBits()));
  if (pattern && pattern.getIndexBits() > 0)
    slots = std::lcm(slots, getPeriod(pattern.getIndexBits()));
  return slots / quads.slotsPerGroup * quads.groupSize;
}

std::string dither::explainNotInteger(RankedTensorType dense,
                                      PatternAttrInterface anyPattern,
                                      FormatAttrInterface format) {
  auto pattern = dyn_cast_if_present<GroupPatternAttrInterface>(anyPattern);
  if (anyPattern && !pattern)
    return "the pattern has no groups";
  if (!format)
    return "the weights have no codes";
  if (dense.getNumElements() == 0)
    return "the matrix is empty";
  std::optional<IntegerCodes> codes = format.getIntegerCodes();
  if (!codes)
    return "the codes of the weights are no integers of 8 bits";
  if (!codes->areCodes() && !codes->areCodes(2) &&
      int64_t(codes->values.size()) > kShuffledBytes)
    return llvm::formatv("a shuffle decodes {0} codes, not {1}", kShuffledBytes,
                         codes->values.size());
  if ((format.getGroupSize() == 0 ? dense.getDimSize(0)
                                  : format.getGroupSize()) > kMostDepth)
    return llvm::formatv("the sum of more than {0} products may overflow",
                         kMostDepth);
  if (format.getVectorSize() > 1)
    return "";
  RankedTensorType slots = getSlotType(dense, pattern);
  if (!areInWords(slots, 0, format.getBits()) ||
      (pattern && pattern.getIndexBits() > 0 &&
       !areInWords(slots, 0, pattern.getIndexBits())))
    return "so small a matrix has no words of codes, which would pad it too "
           "much";
  int64_t step = getWordStep(pattern, format), group = format.getGroupSize();
  if (group < dense.getDimSize(0) && group % step != 0)
    return llvm::formatv("groups of {0} elements are not whole words, of {1}",
                         group, step);
  Quads quads(pattern);
  for (int64_t slot = 0; slot < 4 * quads.slotsPerGroup; slot += 4)
    if (quads.getLength(slot) > kShuffledBytes && pattern)
      return llvm::formatv("a shuffle selects from {0} elements of x, four "
                           "weights meet {1}",
                           kShuffledBytes, quads.getLength(slot));
  return "";
}

namespace {
class IntegerPanels : public WeightPanels {
public:
  IntegerPanels(ContractOp op, KernelOptions options)
      : WeightPanels(op, options),
        pattern(dyn_cast_if_present<GroupPatternAttrInterface>(
            op.getPatternAttr())),
        format(cast<FormatAttrInterface>(op.getFormatAttr())),
        integers(*format.getIntegerCodes()), quads(pattern) {
    auto dense = cast<RankedTensorType>(*op.getDense());
    RankedTensorType slots = getSlotType(dense, pattern);
    ImplicitLocOpBuilder b(op.getLoc(), op);
    OperandRange parts = op.getParts();
    if (format.getVectorSize() > 1) {
      vectors.emplace(b, parts, dense, format, options.lanes);
      parts = parts.drop_back();
    } else {
      codes.emplace(b, parts[0], slots, format.getBits(), options.lanes);
    }
    if (hasIndices())
      indices.emplace(b, parts[1], slots, pattern.getIndexBits(),
                      options.lanes);
    scales.emplace(b, parts.back(), format);
    group =
        format.getGroupSize() > 0 ? format.getGroupSize() : dense.getDimSize(0);
    step = getWordStep(pattern, format);
    if (integers.areCodes(2))
      lift = 1;
    else if (!integers.areCodes())
      table = emitTable(b);
  }

  int64_t getStep() const override { return step; }
  int64_t getScaledDepth() const override { return group; }

  /// A sum of codes that stay where they are in their bytes, and so count a
  /// power of two times, for each place. A table looks up at the bottom; the
  /// offset that a pattern needs is added at the bottom.
  int64_t startTile(int64_t sums) override {
    spread = 1;
    if (vectors)
      return spread;
    int64_t most = std::min(codes->getMostSpread(), kMostSpread);
    while (!table && !pattern && 2 * spread <= most &&
           2 * spread * sums <= options.lanes &&
           2 * spread * kSpreadDepth <= group &&
           areByteDotsCheap(options, getLargestByte(2 * spread - 1)))
      spread *= 2;
    chooseStep();
    return spread;
  }

  SmallVector<Term> emitStep(ImplicitLocOpBuilder &b, Value k, int64_t count,
                             Panel panel) override {
    if (vectors)
      return emitVectors(b, k, count, panel);
    int64_t slots = count / quads.groupSize * quads.slotsPerGroup;
    Value slot = arith::MulIOp::create(
        b, arith::DivUIOp::create(b, k, emitIndex(b, quads.groupSize)),
        emitIndex(b, quads.slotsPerGroup));
    SmallVector<Value> bytes =
        codes->emitBytes(b, slot, slots, panel, spread, lift);
    SmallVector<Value> positions;
    if (hasIndices())
      positions = indices->emitBytes(b, slot, slots, panel);
    SmallVector<Term> terms;
    for (auto [i, quad] : llvm::enumerate(bytes)) {
      Term term;
      term.weights = table ? emitShuffle(b, table, quad) : quad;
      term.part = int64_t(i) % spread;
      int64_t ofPart = int64_t(i) / spread + 1;
      term.isLast = ofPart % mostPending == 0 ||
                    int64_t(i) + spread >= int64_t(bytes.size());
      term.offset = quads.getGroupStart(4 * i);
      term.length = quads.getLength(4 * i);
      term.missing = std::max<int64_t>(0, term.offset + term.length - count);
      if (hasIndices())
        term.indices = emitControl(b, positions[i], 4 * i);
      terms.push_back(term);
    }
    return terms;
  }

  /// Four codes of x for all lanes, or a window of them for each 128 bits.
  Value emitRead(ImplicitLocOpBuilder &b, Value row, Value k,
                 const Term &term) override {
    Value codes = emitCodes(b, row, k, term);
    if (!term.indices) {
      auto word = VectorType::get({1}, b.getI32Type());
      Value element = vector::ExtractOp::create(
          b, vector::BitCastOp::create(b, word, codes), 0);
      return vector::BroadcastOp::create(b, getWords(), element);
    }
    // Repeated with a period that divides 16: positions stay right.
    auto period = int64_t(llvm::PowerOf2Ceil(uint64_t(term.length)));
    SmallVector<int64_t> repeat;
    for (int64_t i = 0; i < 4 * options.lanes; ++i)
      repeat.push_back(std::min(i % period, term.length - 1));
    Value wide = vector::ShuffleOp::create(b, codes, codes, repeat);
    return vector::BitCastOp::create(b, getWords(), wide);
  }

  Value emitMultiplyAdd(ImplicitLocOpBuilder &b, const Term &term, Value x,
                        Value sum, Value &pending) override {
    if (term.indices)
      x = emitShuffle(b, x, term.indices);
    if (!pattern)
      return emitByteDots(b, options, term.weights, getLargestByte(term.part),
                          x, sum, pending, term.isLast);
    Value none;
    sum = emitByteDots(b, options, term.weights, getLargestByte(0), x, sum,
                       none, /*isLast=*/true);
    // What the offset adds is taken off: of a byte, -q = ~q + 1, where the ones
    // are in the start.
    Value negated =
        arith::XOrIOp::create(b, x, emitI32Splat(b, options.lanes, -1));
    Value offsets =
        emitI32Splat(b, options.lanes, 0x01010101 * integers.getOffset());
    return emitByteDots(b, options, offsets, integers.getOffset(), negated, sum,
                        none, /*isLast=*/true);
  }

  SmallVector<Value> emitStart(ImplicitLocOpBuilder &b, Value row,
                               Value k) override {
    if (pattern) {
      int64_t slots = group / quads.groupSize * quads.slotsPerGroup;
      auto bytes = int64_t(llvm::alignTo(slots, 4));
      return {emitI32Splat(b, options.lanes, integers.getOffset() * bytes)};
    }
    Value number =
        arith::DivUIOp::create(b, k, emitIndex(b, group)).getResult();
    Value start =
        memref::LoadOp::create(b, op.getXParts()[1], ValueRange{row, number});
    SmallVector<Value> parts(spread, emitI32Splat(b, options.lanes, 0));
    parts[0] = vector::BroadcastOp::create(b, getWords(), start);
    return parts;
  }

  Value emitScaled(ImplicitLocOpBuilder &b, ValueRange parts, Value scale,
                   Value result) override {
    Value sum = parts[0];
    for (int64_t i = 1; i < spread; ++i) {
      Value part = arith::ShRSIOp::create(
          b, parts[i],
          emitI32Splat(b, options.lanes, i * 8 / codes->getMostSpread()));
      sum = arith::AddIOp::create(b, sum, part);
    }
    Value value = arith::SIToFPOp::create(b, getFloats(), sum);
    return vector::FMAOp::create(b, value, scale, result);
  }

  Value emitScale(ImplicitLocOpBuilder &b, Value k, Panel panel) override {
    return format.emitDecodeScales(b,
                                   scales->emit(b, k, 0, panel, options.lanes));
  }

  Value emitResult(ImplicitLocOpBuilder &b, Value row, Value sum) override {
    Value scale = memref::LoadOp::create(b, op.getXParts()[0],
                                         ValueRange{row, emitIndex(b, 0)});
    // A power of two.
    Value factor =
        arith::ConstantOp::create(b, b.getF32FloatAttr(float(integers.factor)));
    scale = arith::MulFOp::create(b, scale, factor);
    return arith::MulFOp::create(
        b, sum, vector::BroadcastOp::create(b, getFloats(), scale));
  }

private:
  /// The codes of x that a term meets; those that are missing are zero.
  Value emitCodes(ImplicitLocOpBuilder &b, Value row, Value k,
                  const Term &term) {
    int64_t count = term.length - term.missing;
    auto type = VectorType::get({count}, b.getI8Type());
    Value codes =
        vector::LoadOp::create(b, type, op.getX(), ValueRange{row, k});
    if (term.missing == 0)
      return codes;
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
    SmallVector<int64_t> order;
    for (int64_t i = 0; i < term.length; ++i)
      order.push_back(std::min(i, count));
    return vector::ShuffleOp::create(b, codes, zero, order);
  }

  bool hasIndices() const { return pattern && pattern.getIndexBits() > 0; }
  VectorType getWords() {
    return VectorType::get({options.lanes},
                           IntegerType::get(op.getContext(), 32));
  }
  VectorType getBytes() {
    return VectorType::get({4 * options.lanes},
                           IntegerType::get(op.getContext(), 8));
  }
  /// The terms of a step of a vector format.
  SmallVector<Term> emitVectors(ImplicitLocOpBuilder &b, Value k, int64_t count,
                                Panel panel) {
    SmallVector<Term> terms;
    for (Value word : vectors->emitWords(b, k, count, panel)) {
      Term term;
      term.weights = word;
      term.offset = 4 * int64_t(terms.size());
      term.length = 4;
      terms.push_back(term);
    }
    return terms;
  }

  /// The integers of all codes, with the offset, in each 128 bits.
  Value emitTable(ImplicitLocOpBuilder &b) {
    SmallVector<int8_t> bytes;
    for (int64_t i = 0; i < 4 * options.lanes; ++i)
      bytes.push_back(
          int8_t(integers.values[i % kShuffledBytes % integers.values.size()] +
                 integers.getOffset()));
    Value table = arith::ConstantOp::create(
        b, DenseElementsAttr::get(getBytes(), ArrayRef(bytes)));
    return vector::BitCastOp::create(b, getWords(), table);
  }

  /// Selects bytes inside of each 128 bits; positions are below 16.
  Value emitShuffle(ImplicitLocOpBuilder &b, Value from, Value positions) {
    StringRef name = options.lanes == 16 ? "llvm.x86.avx512.pshuf.b.512"
                                         : "llvm.x86.avx2.pshuf.b";
    Value bytes =
        emitIntrinsic(b, getBytes(), name,
                      {vector::BitCastOp::create(b, getBytes(), from),
                       vector::BitCastOp::create(b, getBytes(), positions)});
    return vector::BitCastOp::create(b, getWords(), bytes);
  }

  /// Positions inside of the window that starts with the first slot's group.
  Value emitControl(ImplicitLocOpBuilder &b, Value positions,
                    int64_t firstSlot) {
    uint32_t groups = 0;
    for (int64_t i = 0; i < 4; ++i)
      groups |= uint32_t(quads.getGroupStart(firstSlot + i) -
                         quads.getGroupStart(firstSlot))
                << (8 * i);
    if (groups == 0)
      return positions;
    return arith::AddIOp::create(
        b, positions, emitI32Splat(b, options.lanes, int32_t(groups)));
  }

  /// Several words, if products of all of them may be pending.
  void chooseStep() {
    step = getWordStep(pattern, format);
    mostPending = countPendingDots(options, getLargestByte(spread - 1));
    int64_t most = std::min(kMostPending, mostPending);
    bool isWhole =
        group == cast<RankedTensorType>(*op.getDense()).getDimSize(0);
    while (!pattern && 2 * step / 4 / spread <= most &&
           (isWhole || group % (2 * step) == 0))
      step *= 2;
  }

  /// The largest byte that codes become, in the part of a sum that has its
  /// fields furthest from the bottom.
  int64_t getLargestByte(int64_t part) const {
    int64_t most = *llvm::max_element(integers.values) + integers.getOffset();
    return vectors ? most : most << (part * 8 / codes->getMostSpread());
  }

  GroupPatternAttrInterface pattern;
  FormatAttrInterface format;
  IntegerCodes integers;
  Quads quads;
  std::optional<PackedFields> codes, indices;
  std::optional<PackedScales> scales;
  std::optional<BookVectors> vectors;
  Value table;
  int64_t group = 0;
  /// Codes times two are the integers and the offset: bits above the bottom.
  int64_t lift = 0;
  int64_t spread = 1;
  /// Elements along K of a step, and products of a part that may be pending.
  int64_t step = 1, mostPending = 1;
};
} // namespace

std::unique_ptr<WeightPanels> dither::makeIntegerPanels(ContractOp op,
                                                        KernelOptions options) {
  return std::make_unique<IntegerPanels>(op, options);
}
