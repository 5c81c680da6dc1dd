//===- WeightPanels.cpp - Decoded panels of a weight matrix ---------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/WeightPanels.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <numeric>

using namespace mlir;
using namespace dither;

Value WeightPanels::emitSelect(ImplicitLocOpBuilder &, Value, Value) {
  llvm_unreachable("only patterns give terms with indices");
}

static Value emitIndex(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

static Value emitI32Splat(ImplicitLocOpBuilder &b, int64_t lanes,
                          int64_t value) {
  auto type = VectorType::get({lanes}, b.getI32Type());
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getI32IntegerAttr(value)));
}

/// Loads a panel of a row of a matrix; lanes that do not exist are zero.
static Value emitLoad(ImplicitLocOpBuilder &b, Value matrix, Value row,
                      Panel panel, int64_t lanes) {
  Type element = cast<MemRefType>(matrix.getType()).getElementType();
  auto type = VectorType::get({lanes}, element);
  SmallVector<Value, 2> position = {row, panel.column};
  if (!panel.mask)
    return vector::LoadOp::create(b, type, matrix, position);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return vector::MaskedLoadOp::create(b, type, matrix, position, panel.mask,
                                      zero);
}

namespace {
/// A dense matrix: decoding is loading.
class DensePanels : public WeightPanels {
public:
  DensePanels(Value matrix, KernelOptions options)
      : matrix(matrix), options(options) {}
  int64_t getStep() const override { return 1; }
  SmallVector<Term> emitStep(ImplicitLocOpBuilder &b, Value k, int64_t,
                             Panel panel) override {
    Term term;
    term.weights = emitLoad(b, matrix, k, panel, options.lanes);
    return {term};
  }

private:
  Value matrix;
  KernelOptions options;
};

/// Fields of a few bits, packed by `dither.pack_bits` along K.
class PackedFields {
public:
  PackedFields(Value bytes, int64_t bits, int64_t count, int64_t lanes)
      : bytes(bytes), widths(planeWidths(bits)), count(count), lanes(lanes) {}

  /// Fields that fill whole bytes in every plane.
  static int64_t getPeriod(int64_t bits) {
    return 8 / planeWidths(bits).back();
  }

  /// Emits the fields of `slots` consecutive slots from `slot` on, which is a
  /// multiple of the period; vectors of i32.
  SmallVector<Value> emit(ImplicitLocOpBuilder &b, Value slot, int64_t slots,
                          Panel panel) const {
    SmallVector<Value> fields(slots);
    int64_t plane = 0, shift = 0;
    for (int64_t width : widths) {
      int64_t perByte = 8 / width;
      Value base = arith::DivUIOp::create(b, slot, emitIndex(b, perByte));
      Value word;
      for (int64_t i = 0; i < slots; ++i) {
        if (i % perByte == 0)
          word = emitWord(b, base, plane + i / perByte, panel);
        Value field = emitField(b, word, i % perByte * width, width, shift);
        fields[i] = fields[i]
                        ? arith::OrIOp::create(b, fields[i], field).getResult()
                        : field;
      }
      plane += llvm::divideCeil(count, perByte);
      shift += width;
    }
    return fields;
  }

private:
  /// The bytes of row `base + offset`, widened to i32.
  Value emitWord(ImplicitLocOpBuilder &b, Value base, int64_t offset,
                 Panel panel) const {
    Value row = arith::AddIOp::create(b, base, emitIndex(b, offset));
    Value byte = emitLoad(b, bytes, row, panel, lanes);
    return arith::ExtUIOp::create(b, VectorType::get({lanes}, b.getI32Type()),
                                  byte);
  }

  /// `width` bits of the word from `at` on, moved to bit `to`.
  Value emitField(ImplicitLocOpBuilder &b, Value word, int64_t at,
                  int64_t width, int64_t to) const {
    Value field = word;
    if (at > 0)
      field = arith::ShRUIOp::create(b, field, emitI32Splat(b, lanes, at));
    if (at + width < 8)
      field = arith::AndIOp::create(
          b, field, emitI32Splat(b, lanes, (int64_t(1) << width) - 1));
    if (to > 0)
      field = arith::ShLIOp::create(b, field, emitI32Splat(b, lanes, to));
    return field;
  }

  Value bytes;
  SmallVector<int64_t> widths;
  int64_t count, lanes;
};

/// A pattern composed with a format; either may be absent.
class PackedPanels : public WeightPanels {
public:
  PackedPanels(ContractOp op, KernelOptions options)
      : options(options),
        pattern(dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr())),
        format(dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr())) {
    auto dense = cast<RankedTensorType>(*op.getDense());
    int64_t slots = getSlotType(dense, pattern).getDimSize(0);
    ValueRange parts = op.getParts();
    if (format)
      codes.emplace(parts[0], format.getBits(), slots, options.lanes);
    else
      values = parts[0];
    parts = parts.drop_front();
    if (pattern && pattern.getIndexBits() > 0) {
      indices.emplace(parts[0], pattern.getIndexBits(), slots, options.lanes);
      parts = parts.drop_front();
    }
    if (!parts.empty())
      scales = parts[0];
    if (parts.size() > 1)
      zeros = parts[1];
  }

  int64_t getStep() const override {
    int64_t slots = getSlotsPerGroup();
    if (format)
      slots = std::lcm(slots, PackedFields::getPeriod(format.getBits()));
    if (indices)
      slots = std::lcm(slots, PackedFields::getPeriod(pattern.getIndexBits()));
    return slots / getSlotsPerGroup() * getGroupSize();
  }

  SmallVector<Term> emitStep(ImplicitLocOpBuilder &b, Value k, int64_t count,
                             Panel panel) override {
    int64_t group = getGroupSize(), perGroup = getSlotsPerGroup();
    int64_t slots = count / group * perGroup;
    Value slot = arith::MulIOp::create(
        b, arith::DivUIOp::create(b, k, emitIndex(b, group)),
        emitIndex(b, perGroup));
    SmallVector<Value> positions, fields;
    if (indices)
      positions = indices->emit(b, slot, slots, panel);
    if (format)
      fields = codes->emit(b, slot, slots, panel);
    SmallVector<Term> terms;
    for (int64_t i = 0; i < slots; ++i) {
      Term term;
      term.offset = i / perGroup * group;
      term.length = group;
      if (indices)
        term.indices = positions[i];
      term.weights =
          format ? emitDecode(b, fields[i], k, term.offset, panel)
                 : emitLoad(b, values,
                            arith::AddIOp::create(b, slot, emitIndex(b, i)),
                            panel, options.lanes);
      terms.push_back(term);
    }
    return terms;
  }

  Value emitSelect(ImplicitLocOpBuilder &b, Value group,
                   Value indices) override {
    int64_t size = cast<VectorType>(group.getType()).getNumElements();
    if (options.permute && options.lanes == 16 && size <= 16)
      return emitPermute(b, group, indices, size);
    return pattern.emitSelect(b, group, indices);
  }

private:
  int64_t getGroupSize() const { return pattern ? pattern.getGroupSize() : 1; }
  int64_t getSlotsPerGroup() const {
    return pattern ? pattern.getSlotsPerGroup() : 1;
  }

  Value emitDecode(ImplicitLocOpBuilder &b, Value code, Value k, int64_t offset,
                   Panel panel) {
    Value zeroPoints;
    if (zeros)
      zeroPoints = arith::ExtSIOp::create(
          b, VectorType::get({options.lanes}, b.getI32Type()),
          emitScaleRow(b, zeros, k, offset, panel));
    Value value = format.emitDecode(b, code, zeroPoints);
    Value scale =
        format.emitDecodeScales(b, emitScaleRow(b, scales, k, offset, panel));
    return arith::MulFOp::create(b, value, scale);
  }

  /// The stored scales that serve element k + offset.
  Value emitScaleRow(ImplicitLocOpBuilder &b, Value matrix, Value k,
                     int64_t offset, Panel panel) {
    auto type = cast<MemRefType>(matrix.getType());
    Value row = emitIndex(b, 0);
    if (format.getGroupSize() > 0)
      row = arith::DivUIOp::create(
          b, arith::AddIOp::create(b, k, emitIndex(b, offset)),
          emitIndex(b, format.getGroupSize()));
    if (type.getDimSize(1) != 1)
      return emitLoad(b, matrix, row, panel, options.lanes);
    Value element =
        memref::LoadOp::create(b, matrix, ValueRange{row, emitIndex(b, 0)});
    return vector::BroadcastOp::create(
        b, VectorType::get({options.lanes}, type.getElementType()), element);
  }

  /// One AVX-512 permute: inside of 128-bit lanes up to 4 elements, across the
  /// register up to 16.
  Value emitPermute(ImplicitLocOpBuilder &b, Value group, Value indices,
                    int64_t size) {
    SmallVector<int64_t> repeat;
    int64_t period = size <= 4 ? 4 : 16;
    for (int64_t i = 0; i < 16; ++i)
      repeat.push_back(std::min(i % period, size - 1));
    Value wide = vector::ShuffleOp::create(b, group, group, repeat);
    StringRef name = size <= 4 ? "llvm.x86.avx512.vpermilvar.ps.512"
                               : "llvm.x86.avx512.permvar.sf.512";
    return LLVM::CallIntrinsicOp::create(b, wide.getType(),
                                         b.getStringAttr(name),
                                         ValueRange{wide, indices})
        .getResult(0);
  }

  KernelOptions options;
  PatternAttrInterface pattern;
  FormatAttrInterface format;
  std::optional<PackedFields> codes, indices;
  Value values, scales, zeros;
};
} // namespace

std::unique_ptr<WeightPanels> dither::makeWeightPanels(ContractOp op,
                                                       KernelOptions options) {
  if (!op.getDense())
    return std::make_unique<DensePanels>(op.getParts()[0], options);
  return std::make_unique<PackedPanels>(op, options);
}

std::string dither::explainUnsupported(RankedTensorType dense,
                                       PatternAttrInterface pattern,
                                       FormatAttrInterface format) {
  if (dense.getRank() != 2)
    return "not a matrix";
  if (!dense.getElementType().isF32())
    return "elements are not f32";
  if (pattern && pattern.getGroupDim() != 0)
    return "the pattern lies along the columns, across the lanes of a register";
  int64_t group = pattern ? pattern.getGroupSize() : 1;
  if (format && format.getGroupSize() > 0 && format.getGroupSize() % group != 0)
    return "a group of the pattern would need two scales";
  return "";
}
