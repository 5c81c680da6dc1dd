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

Value WeightPanels::emitScale(ImplicitLocOpBuilder &, Value, Panel) {
  llvm_unreachable("only formats have scales");
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

/// A part as it lies in memory: [panels, rows, columns of a panel] where it has
/// several panels.
static Value emitPanelView(ImplicitLocOpBuilder &b, Value part) {
  auto type = cast<MemRefType>(part.getType());
  int64_t width = getPanelColumns(type);
  if (type.getRank() != 2 || width == type.getDimSize(1))
    return part;
  SmallVector<int64_t> shape = {type.getDimSize(1) / width, type.getDimSize(0),
                                width};
  SmallVector<int64_t> strides = {shape[1] * width, width, 1};
  auto view = MemRefType::get(shape, type.getElementType());
  return memref::ReinterpretCastOp::create(b, view, part, /*offset=*/0, shape,
                                           strides);
}

/// Where an element lies in a matrix, dense or in panels.
static SmallVector<Value, 3> getPosition(ImplicitLocOpBuilder &b, Value matrix,
                                         Value row, Value column) {
  auto type = cast<MemRefType>(matrix.getType());
  if (type.getRank() == 2)
    return {row, column};
  Value width = emitIndex(b, type.getDimSize(2));
  return {arith::DivUIOp::create(b, column, width), row,
          arith::RemUIOp::create(b, column, width)};
}

/// Loads a panel of a row of a matrix; lanes that do not exist are zero.
static Value emitLoad(ImplicitLocOpBuilder &b, Value matrix, Value row,
                      Panel panel, int64_t lanes) {
  Type element = cast<MemRefType>(matrix.getType()).getElementType();
  auto type = VectorType::get({lanes}, element);
  SmallVector<Value, 3> position = getPosition(b, matrix, row, panel.column);
  if (!panel.mask)
    return vector::LoadOp::create(b, type, matrix, position);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return vector::MaskedLoadOp::create(b, type, matrix, position, panel.mask,
                                      zero);
}

/// Rows of packed bytes that are asked for ahead of their use.
static constexpr int64_t kPrefetchedRows = 32;

/// A register holds the values of all codes of so many bits.
static constexpr unsigned kTableBits = 4;

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
  /// multiple of the period; vectors of i32. Where `mayKeepMore`, there may be
  /// other fields above each.
  SmallVector<Value> emit(ImplicitLocOpBuilder &b, Value slot, int64_t slots,
                          Panel panel, bool mayKeepMore) const {
    mayKeepMore &= widths.size() == 1;
    SmallVector<Value> fields(slots);
    int64_t plane = 0, shift = 0;
    for (int64_t width : widths) {
      int64_t perByte = 8 / width;
      Value base = arith::DivUIOp::create(b, slot, emitIndex(b, perByte));
      Value word;
      for (int64_t i = 0; i < slots; ++i) {
        if (i % perByte == 0)
          word = emitWord(b, base, plane + i / perByte, panel);
        Value field =
            emitField(b, word, i % perByte * width, width, shift, mayKeepMore);
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
    if (panel.number == 0 && !panel.mask)
      emitPrefetch(b, row, panel);
    Value byte = emitLoad(b, bytes, row, panel, lanes);
    return arith::ExtUIOp::create(b, VectorType::get({lanes}, b.getI32Type()),
                                  byte);
  }

  /// More than the hardware looks ahead by itself.
  void emitPrefetch(ImplicitLocOpBuilder &b, Value row, Panel panel) const {
    auto type = cast<MemRefType>(bytes.getType());
    int64_t rows = type.getDimSize(type.getRank() - 2);
    if (rows <= kPrefetchedRows)
      return;
    Value ahead = arith::MinUIOp::create(
        b, arith::AddIOp::create(b, row, emitIndex(b, kPrefetchedRows)),
        emitIndex(b, rows - 1));
    memref::PrefetchOp::create(b, bytes,
                               getPosition(b, bytes, ahead, panel.column),
                               /*isWrite=*/false, /*localityHint=*/3,
                               /*isDataCache=*/true);
  }

  /// `width` bits of the word from `at` on, moved to bit `to`.
  Value emitField(ImplicitLocOpBuilder &b, Value word, int64_t at,
                  int64_t width, int64_t to, bool mayKeepMore) const {
    Value field = word;
    if (at > 0)
      field = arith::ShRUIOp::create(b, field, emitI32Splat(b, lanes, at));
    if (at + width < 8 && !mayKeepMore)
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
    ImplicitLocOpBuilder b(op.getLoc(), op);
    SmallVector<Value> views;
    for (Value part : op.getParts())
      views.push_back(emitPanelView(b, part));
    ArrayRef<Value> parts = views;
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
    depth = dense.getDimSize(0);
    if (hasTable())
      table = emitTable(b);
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
      positions = indices->emit(b, slot, slots, panel, isPermuted(group));
    if (format)
      fields = codes->emit(b, slot, slots, panel, bool(table));
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

  int64_t getScaledDepth() const override {
    if (!format)
      return 0;
    int64_t group = format.getGroupSize();
    if (group <= 0)
      return depth;
    return group % getStep() == 0 ? group : 0;
  }

  void enterScaled(ImplicitLocOpBuilder &b, Value k, Panel panel) override {
    scaledZeroPoints[panel.number] = emitZeroPoints(b, k, 0, panel);
  }

  Value emitScale(ImplicitLocOpBuilder &b, Value k, Panel panel) override {
    return emitScales(b, k, 0, panel);
  }

  Value emitSelect(ImplicitLocOpBuilder &b, Value group,
                   Value indices) override {
    int64_t size = cast<VectorType>(group.getType()).getNumElements();
    if (isPermuted(size))
      return emitPermute(b, group, indices, size);
    return pattern.emitSelect(b, group, indices);
  }

private:
  int64_t getGroupSize() const { return pattern ? pattern.getGroupSize() : 1; }
  int64_t getSlotsPerGroup() const {
    return pattern ? pattern.getSlotsPerGroup() : 1;
  }

  /// Whether a permute selects from `size` values.
  bool isPermuted(int64_t size) const {
    return options.permute && options.lanes == 16 && size <= 16;
  }

  /// Whether a register holds the values of all codes.
  bool hasTable() const {
    return format && !zeros && format.getBits() <= kTableBits &&
           isPermuted(options.lanes);
  }

  /// The values of all codes, again and again.
  Value emitTable(ImplicitLocOpBuilder &b) {
    SmallVector<int32_t> all;
    for (int32_t lane = 0; lane < options.lanes; ++lane)
      all.push_back(lane % (1 << format.getBits()));
    auto type = VectorType::get({options.lanes}, b.getI32Type());
    Value fields = arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, ArrayRef<int32_t>(all)));
    return format.emitDecode(b, fields, Value());
  }

  Value emitDecode(ImplicitLocOpBuilder &b, Value code, Value k, int64_t offset,
                   Panel panel) {
    Value value;
    if (table)
      value = emitPermute(b, table, code, options.lanes);
    else if (!zeros || getScaledDepth() == 0)
      value = format.emitDecode(b, code, emitZeroPoints(b, k, offset, panel));
    else
      value = format.emitDecode(b, code, scaledZeroPoints[panel.number]);
    if (getScaledDepth() > 0)
      return value;
    return arith::MulFOp::create(b, value, emitScales(b, k, offset, panel));
  }

  Value emitZeroPoints(ImplicitLocOpBuilder &b, Value k, int64_t offset,
                       Panel panel) {
    if (!zeros)
      return Value();
    return arith::ExtSIOp::create(
        b, VectorType::get({options.lanes}, b.getI32Type()),
        emitScaleRow(b, zeros, k, offset, panel));
  }

  Value emitScales(ImplicitLocOpBuilder &b, Value k, int64_t offset,
                   Panel panel) {
    return format.emitDecodeScales(b,
                                   emitScaleRow(b, scales, k, offset, panel));
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
    if (type.getShape().back() != 1)
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
    // Repeated, so that what lies above an index does not matter.
    SmallVector<int64_t> repeat;
    auto period = int64_t(llvm::PowerOf2Ceil(uint64_t(size)));
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
  Value values, scales, zeros, table;
  int64_t depth = 0;
  /// Of the scaled group that is being summed, by the panel's number.
  DenseMap<int64_t, Value> scaledZeroPoints;
};
} // namespace

std::unique_ptr<WeightPanels> dither::makeWeightPanels(ContractOp op,
                                                       KernelOptions options) {
  if (!op.getDense())
    return std::make_unique<DensePanels>(op.getParts()[0], options);
  return std::make_unique<PackedPanels>(op, options);
}

int64_t dither::countDecodeOps(RankedTensorType dense,
                               FormatAttrInterface format) {
  bool isAffine = format.getScaleTypes(dense).size() > 1;
  if (!isAffine && format.getBits() <= kTableBits)
    return 1;
  MLIRContext *context = dense.getContext();
  context->loadDialect<arith::ArithDialect, vector::VectorDialect>();
  Location loc = UnknownLoc::get(context);
  Block block;
  auto type = VectorType::get({16}, IntegerType::get(context, 32));
  Value codes = block.addArgument(type, loc);
  Value zeroPoints = isAffine ? block.addArgument(type, loc) : Value();
  ImplicitLocOpBuilder b(loc, context);
  b.setInsertionPointToStart(&block);
  format.emitDecode(b, codes, zeroPoints);
  return llvm::count_if(
      block, [](Operation &op) { return !isa<arith::ConstantOp>(op); });
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
