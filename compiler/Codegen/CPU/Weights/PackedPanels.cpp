//===- PackedPanels.cpp - Decoded panels of a packed matrix ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/Weights/BookVectors.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CPU/Weights/Permutes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <numeric>

using namespace mlir;
using namespace dither;

/// Elements of a block that a step covers, at most.
static constexpr int64_t kBlockStep = 16;
/// A register holds the values of all codes of so many bits.
static constexpr unsigned kTableBits = 4;

/// Whether one permute finds the values of codes. Two, and a choice between
/// them, take longer than arithmetic does.
static bool isDecodedByTable(FormatAttrInterface format, int64_t lanes) {
  return !format.hasZeroPoints() && format.getBits() <= kTableBits &&
         countPermuteOps(lanes, int64_t(1) << format.getBits()) == 1;
}

namespace {
/// A pattern composed with a format; either may be absent.
class PackedPanels : public WeightPanels {
public:
  PackedPanels(ContractOp op, KernelOptions options)
      : WeightPanels(op, options),
        pattern(dyn_cast_if_present<GroupPatternAttrInterface>(
            op.getPatternAttr())),
        blocks(dyn_cast_if_present<BlockPatternAttrInterface>(
            op.getPatternAttr())),
        format(dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr())) {
    auto dense = cast<RankedTensorType>(*op.getDense());
    RankedTensorType slots = getSlotType(
        dense, dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()));
    ImplicitLocOpBuilder b(op.getLoc(), op);
    OperandRange parts = op.getParts();
    if (format && format.getVectorSize() > 1) {
      vectors.emplace(b, parts, dense, format, options.lanes);
      parts = parts.drop_back();
    } else if (format) {
      codes.emplace(b, parts[0], slots, format.getBits(), options.lanes);
    } else {
      values.emplace(b, parts[0]);
    }
    parts = parts.drop_front();
    if (blocks) {
      numbers = parts[0];
      parts = parts.drop_front();
    }
    if (pattern && pattern.getIndexBits() > 0) {
      indices.emplace(b, parts[0], slots, pattern.getIndexBits(),
                      options.lanes);
      parts = parts.drop_front();
    }
    if (!parts.empty())
      scales.emplace(b, parts[0], format);
    if (parts.size() > 1)
      zeros.emplace(b, parts[1], format);
    if (options.rounds && isHalf(op.getX().getType()))
      rounded = getElementTypeOrSelf(op.getX().getType());
    if (rounded && format && format.getFloatType() == rounded)
      rounded = Type();
    depth = blocks ? slots.getDimSize(0) : dense.getDimSize(0);
    step = getDecodeStep(
        dense, dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
        format);
    if (hasTable())
      table = emitTable(b);
  }

  int64_t getStep() const override { return step; }

  std::optional<int64_t> getDepth() const override {
    return blocks ? std::optional(depth) : std::nullopt;
  }

  SmallVector<Term> emitStep(ImplicitLocOpBuilder &b, Value k, int64_t count,
                             Panel panel) override {
    return emitTerms(b, k, count, panel, isPermuted(getGroupSize()));
  }

  /// An element that does not exist is zero, and one that does is in the row of
  /// its group that the index says.
  SmallVector<Value> emitRows(ImplicitLocOpBuilder &b, Value k, int64_t count,
                              Panel panel) override {
    enterScaled(b, k, panel);
    SmallVector<Term> terms =
        emitTerms(b, k, count, panel, /*mayKeepMore=*/false);
    if (getScaledDepth() > 0) {
      Value scale = emitScale(b, k, panel);
      for (Term &term : terms)
        term.weights = arith::MulFOp::create(b, term.weights, scale);
    }
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(getFloats()));
    SmallVector<Value> rows(count, zero);
    // A slot that nothing fills is behind the others of its group, and zero for
    // its first row: those before it come later.
    for (size_t i = terms.size(); i-- > 0;) {
      const Term &term = terms[i];
      if (!term.indices) { // All of a group exist.
        rows[i] = term.weights;
        continue;
      }
      for (int64_t j = 0; j < term.length; ++j) {
        Value isHere =
            arith::CmpIOp::create(b, arith::CmpIPredicate::eq, term.indices,
                                  emitI32Splat(b, options.lanes, j));
        Value &row = rows[term.offset + j];
        row = arith::SelectOp::create(b, isHere, term.weights, row);
      }
    }
    return rows;
  }

  int64_t getScaledDepth() const override {
    if (!format || !scales || rounded)
      return 0;
    int64_t group = format.getGroupSize();
    if (group <= 0)
      return depth;
    if (blocks)
      group = std::gcd(group, blocks.getBlockRows());
    return group % getStep() == 0 ? group : 0;
  }

  void enterScaled(ImplicitLocOpBuilder &b, Value k, Panel panel) override {
    scaledZeroPoints[panel.number] = emitZeroPoints(b, k, 0, panel);
  }

  Value emitScale(ImplicitLocOpBuilder &b, Value k, Panel panel) override {
    return emitScales(b, k, 0, panel);
  }

protected:
  Value emitSelect(ImplicitLocOpBuilder &b, Value group,
                   Value indices) override {
    int64_t size = cast<VectorType>(group.getType()).getNumElements();
    if (isPermuted(size))
      return emitPermute(b, group, indices);
    return pattern.emitSelect(b, group, indices);
  }

private:
  int64_t getGroupSize() const { return pattern ? pattern.getGroupSize() : 1; }
  int64_t getSlotsPerGroup() const {
    return pattern ? pattern.getSlotsPerGroup() : 1;
  }

  /// The terms of a step; where `mayKeepMore`, there may be more above their
  /// indices.
  SmallVector<Term> emitTerms(ImplicitLocOpBuilder &b, Value k, int64_t count,
                              Panel panel, bool mayKeepMore) {
    if (vectors)
      return emitVectors(b, k, count, panel);
    int64_t group = getGroupSize(), perGroup = getSlotsPerGroup();
    int64_t slots = count / group * perGroup;
    Value slot = arith::MulIOp::create(
        b, arith::DivUIOp::create(b, k, emitIndex(b, group)),
        emitIndex(b, perGroup));
    SmallVector<Value> positions, fields;
    if (indices)
      positions = indices->emit(b, slot, slots, panel, mayKeepMore);
    if (format)
      fields = codes->emit(b, slot, slots, panel, bool(table));
    SmallVector<Term> terms;
    for (int64_t i = 0; i < slots; ++i) {
      Term term;
      term.offset = i / perGroup * group;
      term.length = group;
      if (blocks)
        std::tie(term.base, term.offset) = emitPlace(b, k, i, panel, terms);
      if (indices)
        term.indices = positions[i];
      Value weights =
          format ? emitDecode(b, fields[i], k, blocks ? i : term.offset, panel)
                 : values->emitLoad(
                       b, arith::AddIOp::create(b, slot, emitIndex(b, i)),
                       panel, options.lanes);
      term.weights = emitRounded(b, weights);
      terms.push_back(term);
    }
    return terms;
  }

  /// Whether a permute selects from `size` values.
  bool isPermuted(int64_t size) const {
    return options.permute && countPermuteOps(options.lanes, size) > 0;
  }

  /// The terms of a step of a vector format, element by element.
  SmallVector<Term> emitVectors(ImplicitLocOpBuilder &b, Value k, int64_t count,
                                Panel panel) {
    SmallVector<Term> terms;
    for (Value word : vectors->emitWords(b, k, count, panel))
      for (int64_t i = 0; i < 4; ++i) {
        Value byte = arith::ShRUIOp::create(
            b, word, emitI32Splat(b, options.lanes, 8 * i));
        byte =
            arith::AndIOp::create(b, byte, emitI32Splat(b, options.lanes, 255));
        Term term;
        term.offset = int64_t(terms.size());
        term.weights = format.emitDecode(b, byte, Value());
        if (rounded)
          term.weights = emitRounded(
              b, arith::MulFOp::create(b, term.weights,
                                       emitScales(b, k, term.offset, panel)));
        terms.push_back(term);
      }
    return terms;
  }

  /// Whether registers hold the values of all codes, which a permute finds.
  bool hasTable() const {
    return codes && options.permute && isDecodedByTable(format, options.lanes);
  }

  /// The values of all codes.
  Value emitTable(ImplicitLocOpBuilder &b) {
    int64_t size = int64_t(1) << format.getBits();
    auto all = llvm::to_vector(llvm::seq<int32_t>(0, int32_t(size)));
    auto type = VectorType::get({size}, b.getI32Type());
    Value fields = arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, ArrayRef<int32_t>(all)));
    return format.emitDecode(b, fields, Value());
  }

  Value emitDecode(ImplicitLocOpBuilder &b, Value code, Value k, int64_t offset,
                   Panel panel) {
    Value value;
    if (table)
      value = emitPermute(b, table, code);
    else if (!zeros || getScaledDepth() == 0)
      value = format.emitDecode(b, code, emitZeroPoints(b, k, offset, panel));
    else
      value = format.emitDecode(b, code, scaledZeroPoints[panel.number]);
    if (getScaledDepth() > 0 || !scales)
      return value;
    return arith::MulFOp::create(b, value, emitScales(b, k, offset, panel));
  }

  /// The nearest value of the type of x.
  Value emitRounded(ImplicitLocOpBuilder &b, Value weights) {
    if (!rounded)
      return weights;
    auto narrow = cast<VectorType>(weights.getType()).clone(rounded);
    return emitWide(b, arith::TruncFOp::create(b, narrow, weights));
  }

  /// The row of the dense matrix in which a kept element lies.
  Value emitRow(ImplicitLocOpBuilder &b, Value slot, Panel panel) {
    Value rows = emitIndex(b, blocks.getBlockRows());
    Value columns = emitIndex(b, blocks.getBlockColumns());
    Value position[] = {arith::DivUIOp::create(b, slot, rows),
                        arith::DivUIOp::create(b, panel.column, columns)};
    Value number = arith::IndexCastOp::create(
        b, b.getIndexType(), memref::LoadOp::create(b, numbers, position));
    return arith::AddIOp::create(b, arith::MulIOp::create(b, number, rows),
                                 arith::RemUIOp::create(b, slot, rows));
  }

  /// The element of x that a slot of a step meets: an offset from that of the
  /// first one, if the step is inside of a block.
  std::pair<Value, int64_t> emitPlace(ImplicitLocOpBuilder &b, Value k,
                                      int64_t i, Panel panel,
                                      ArrayRef<Term> before) {
    bool isInside = blocks.getBlockRows() % getStep() == 0;
    if (isInside && i > 0)
      return {before[0].base, i};
    Value slot = arith::AddIOp::create(b, k, emitIndex(b, i));
    return {emitRow(b, slot, panel), 0};
  }

  /// Emits the stored numbers of the group of a slot.
  Value emitGroup(ImplicitLocOpBuilder &b, const PackedScales &part, Value k,
                  int64_t offset, Panel panel) {
    if (!blocks || format.getGroupSize() <= 0)
      return part.emit(b, k, offset, panel, options.lanes);
    Value slot = arith::AddIOp::create(b, k, emitIndex(b, offset));
    return part.emit(b, emitRow(b, slot, panel), 0, panel, options.lanes);
  }

  Value emitZeroPoints(ImplicitLocOpBuilder &b, Value k, int64_t offset,
                       Panel panel) {
    if (!zeros)
      return Value();
    return arith::ExtSIOp::create(
        b, VectorType::get({options.lanes}, b.getI32Type()),
        emitGroup(b, *zeros, k, offset, panel));
  }

  Value emitScales(ImplicitLocOpBuilder &b, Value k, int64_t offset,
                   Panel panel) {
    return format.emitDecodeScales(b, emitGroup(b, *scales, k, offset, panel));
  }

  GroupPatternAttrInterface pattern;
  BlockPatternAttrInterface blocks;
  FormatAttrInterface format;
  std::optional<PackedFields> codes, indices;
  std::optional<PackedScales> scales, zeros;
  std::optional<PartView> values;
  /// Of the kept blocks.
  Value numbers;
  std::optional<BookVectors> vectors;
  Value table;
  /// The type of x, if weights are rounded to it.
  Type rounded;
  int64_t depth = 0, step = 1;
  /// Of the scaled group that is being summed, by the panel's number.
  DenseMap<int64_t, Value> scaledZeroPoints;
};
} // namespace

std::unique_ptr<WeightPanels> dither::makePackedPanels(ContractOp op,
                                                       KernelOptions options) {
  return std::make_unique<PackedPanels>(op, options);
}

int64_t dither::countDecodeOps(FormatAttrInterface format, int64_t lanes) {
  if (isDecodedByTable(format, lanes))
    return 1;
  MLIRContext *context = format.getContext();
  context->loadDialect<arith::ArithDialect, vector::VectorDialect>();
  Location loc = UnknownLoc::get(context);
  Block block;
  auto type = VectorType::get({lanes}, IntegerType::get(context, 32));
  Value codes = block.addArgument(type, loc);
  Value zeroPoints =
      format.hasZeroPoints() ? block.addArgument(type, loc) : Value();
  ImplicitLocOpBuilder b(loc, context);
  b.setInsertionPointToStart(&block);
  format.emitDecode(b, codes, zeroPoints);
  return llvm::count_if(
      block, [](Operation &op) { return !isa<arith::ConstantOp>(op); });
}

int64_t dither::getDecodeStep(RankedTensorType dense,
                              PatternAttrInterface pattern,
                              FormatAttrInterface format) {
  if (format && format.getVectorSize() > 1)
    return format.getVectorSize();
  RankedTensorType fields = getSlotType(dense, pattern);
  auto getPeriod = [&](int64_t bits) {
    int64_t row = areInWords(fields, 0, bits) ? 32 : 8;
    return std::max<int64_t>(1, row / planeWidths(bits).back());
  };
  auto groups = dyn_cast_if_present<GroupPatternAttrInterface>(pattern);
  auto blocks = dyn_cast_if_present<BlockPatternAttrInterface>(pattern);
  int64_t perGroup = groups ? groups.getSlotsPerGroup() : 1;
  int64_t slots = perGroup;
  if (format)
    slots = std::lcm(slots, getPeriod(format.getBits()));
  if (groups && groups.getIndexBits() > 0)
    slots = std::lcm(slots, getPeriod(groups.getIndexBits()));
  if (blocks)
    slots = std::lcm(slots, std::gcd(blocks.getBlockRows(), kBlockStep));
  return slots / perGroup * (groups ? groups.getGroupSize() : 1);
}
