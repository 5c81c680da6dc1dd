//===- PackedFields.cpp - Parts of a packed matrix in registers -----------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "Dither/Ops/Representation/Layout.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// Bytes of a panel that are asked for ahead of their use: more than the
/// hardware looks ahead by itself.
static constexpr int64_t kPrefetchedBytes = 4096;

Value dither::emitIndex(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

Value dither::emitI32Splat(ImplicitLocOpBuilder &b, int64_t lanes,
                           int64_t value) {
  auto type = VectorType::get({lanes}, b.getI32Type());
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getI32IntegerAttr(int32_t(value))));
}

//===- Memory -------------------------------------------------------------===//

Value dither::emitLoad(ImplicitLocOpBuilder &b, Value matrix,
                       ValueRange position, Value mask, int64_t lanes) {
  Type element = cast<MemRefType>(matrix.getType()).getElementType();
  auto type = VectorType::get({lanes}, element);
  if (!mask)
    return vector::LoadOp::create(b, type, matrix, position);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(type));
  return vector::MaskedLoadOp::create(b, type, matrix, position, mask, zero);
}

PartView::PartView(ImplicitLocOpBuilder &b, Value part, bool words)
    : words(words) {
  auto type = cast<MemRefType>(part.getType());
  columns = getPanelColumns(type, words);
  all = type.getDimSize(1);
  perWord = words ? getWordElements(type) : 1;
  rows = type.getDimSize(0) / perWord;
  if (!words && columns == type.getDimSize(1)) {
    memory = part;
    return;
  }
  int64_t panels = type.getDimSize(1) / columns;
  SmallVector<int64_t> shape = {panels * rows, columns * perWord};
  SmallVector<int64_t> strides = {shape[1], 1};
  auto view = MemRefType::get(shape, type.getElementType());
  memory = memref::ReinterpretCastOp::create(b, view, part, /*offset=*/0, shape,
                                             strides);
}

int64_t PartView::getMemoryRows() const {
  return cast<MemRefType>(memory.getType()).getDimSize(0);
}

SmallVector<Value, 2> PartView::getPosition(ImplicitLocOpBuilder &b, Value row,
                                            Value column) const {
  if (!words && getMemoryRows() == rows &&
      cast<MemRefType>(memory.getType()).getDimSize(1) == columns)
    return {row, column};
  Value width = emitIndex(b, columns);
  Value panel = arith::DivUIOp::create(b, column, width);
  Value inside = arith::RemUIOp::create(b, column, width);
  if (words)
    inside = arith::MulIOp::create(b, inside, emitIndex(b, perWord));
  Value first = arith::MulIOp::create(b, panel, emitIndex(b, rows));
  return {arith::AddIOp::create(b, first, row), inside};
}

Value PartView::emitLoad(ImplicitLocOpBuilder &b, Value row, Panel panel,
                         int64_t lanes) const {
  if (!words)
    return dither::emitLoad(b, memory, getPosition(b, row, panel.column),
                            panel.mask, lanes);
  // Columns are padded: some of a register exist, or it gets other ones.
  Value column = panel.column;
  if (panel.mask)
    column = arith::MinUIOp::create(b, column, emitIndex(b, all - lanes));
  return dither::emitLoad(b, memory, getPosition(b, row, column), Value(),
                          perWord * lanes);
}

void PartView::emitPrefetch(ImplicitLocOpBuilder &b, Value row, Panel panel,
                            int64_t ahead) const {
  if (getMemoryRows() <= ahead)
    return;
  SmallVector<Value, 2> position = getPosition(b, row, panel.column);
  position[0] = arith::MinUIOp::create(
      b, arith::AddIOp::create(b, position[0], emitIndex(b, ahead)),
      emitIndex(b, getMemoryRows() - 1));
  memref::PrefetchOp::create(b, memory, position, /*isWrite=*/false,
                             /*localityHint=*/3, /*isDataCache=*/true);
}

//===- Fields -------------------------------------------------------------===//

PackedFields::PackedFields(ImplicitLocOpBuilder &b, Value part,
                           RankedTensorType fields, int64_t bits, int64_t lanes)
    : bytes(b, part, areInWords(fields, 0, bits)), widths(planeWidths(bits)),
      count(getPaddedType(fields, 0, bits).getDimSize(0)), lanes(lanes) {}

int64_t PackedFields::getRowFields(int64_t width) const {
  return bytes.areWords() ? 32 / width : std::max<int64_t>(1, 8 / width);
}

SmallVector<Value> PackedFields::emit(ImplicitLocOpBuilder &b, Value slot,
                                      int64_t slots, Panel panel,
                                      bool mayKeepMore) const {
  mayKeepMore &= widths.size() == 1;
  SmallVector<Value> fields(slots);
  int64_t plane = 0, shift = 0;
  for (int64_t width : widths) {
    int64_t perRow = getRowFields(width);
    Value base = arith::DivUIOp::create(b, slot, emitIndex(b, perRow));
    Value row;
    for (int64_t i = 0; i < slots; ++i) {
      if (i % perRow == 0)
        row = emitRow(b, base, plane + i / perRow, panel);
      Value field = emitField(b, row, i % perRow, width, mayKeepMore);
      if (shift > 0)
        field = arith::ShLIOp::create(b, field, emitI32Splat(b, lanes, shift));
      fields[i] = fields[i]
                      ? arith::OrIOp::create(b, fields[i], field).getResult()
                      : field;
    }
    plane += llvm::divideCeil(count, perRow);
    shift += width;
  }
  return fields;
}

SmallVector<Value> PackedFields::emitBytes(ImplicitLocOpBuilder &b, Value slot,
                                           int64_t slots, Panel panel,
                                           int64_t spread, int64_t lift) const {
  assert(bytes.areWords() && "bytes need words");
  assert(spread <= getMostSpread() && "planes are put together at the bottom");
  SmallVector<Value> bytes(llvm::divideCeil(slots, 4));
  int64_t plane = 0, shift = 0;
  for (int64_t width : widths) {
    int64_t perRow = getRowFields(width), perByte = 8 / width;
    Value base = arith::DivUIOp::create(b, slot, emitIndex(b, perRow));
    Value row;
    for (auto [i, fields] : llvm::enumerate(bytes)) {
      int64_t position = int64_t(i) % perByte;
      if (position == 0)
        row = emitRow(b, base, plane + int64_t(i) / perByte, panel);
      int64_t at = position % spread * width + lift;
      Value part = row;
      if (position * width > at)
        part = arith::ShRUIOp::create(
            b, part, emitI32Splat(b, lanes, position * width - at));
      if (position * width < at)
        part = arith::ShLIOp::create(
            b, part, emitI32Splat(b, lanes, at - position * width));
      if (width < 8)
        part = arith::AndIOp::create(
            b, part,
            emitI32Splat(b, lanes,
                         int64_t(0x01010101) * (((1 << width) - 1) << at)));
      if (shift > 0)
        part = arith::ShLIOp::create(b, part, emitI32Splat(b, lanes, shift));
      fields =
          fields ? arith::OrIOp::create(b, fields, part).getResult() : part;
    }
    plane += llvm::divideCeil(count, perRow);
    shift += width;
  }
  return bytes;
}

/// Row `base + offset` as i32: its words, or its elements, widened.
Value PackedFields::emitRow(ImplicitLocOpBuilder &b, Value base, int64_t offset,
                            Panel panel) const {
  Value row = arith::AddIOp::create(b, base, emitIndex(b, offset));
  auto integers = VectorType::get({lanes}, b.getI32Type());
  int64_t rowBytes = bytes.areWords() ? 4 * kPanelColumns : kPanelColumns;
  // A cache line of bytes serves several panels.
  if (bytes.areWords() || (panel.number == 0 && !panel.mask))
    bytes.emitPrefetch(b, row, panel, kPrefetchedBytes / rowBytes);
  if (!bytes.areWords())
    return arith::ExtUIOp::create(b, integers,
                                  bytes.emitLoad(b, row, panel, lanes));
  Value word = bytes.emitLoad(b, row, panel, lanes);
  return vector::BitCastOp::create(b, integers, word);
}

Value PackedFields::emitField(ImplicitLocOpBuilder &b, Value row,
                              int64_t position, int64_t width,
                              bool mayKeepMore) const {
  // Of a word of bytes, byte b holds the fields b, b + 4 and so on.
  bool areBytes = bytes.areWords() && width < kPairBits;
  int64_t at =
      areBytes ? position % 4 * 8 + position / 4 * width : position * width;
  Value field = row;
  if (at > 0)
    field = arith::ShRUIOp::create(b, field, emitI32Splat(b, lanes, at));
  int64_t most = bytes.areWords() ? 32 : std::max<int64_t>(8, width);
  if (at + width < most && !mayKeepMore)
    field = arith::AndIOp::create(
        b, field, emitI32Splat(b, lanes, (int64_t(1) << width) - 1));
  return field;
}

//===- Scales -------------------------------------------------------------===//

Value PackedScales::emit(ImplicitLocOpBuilder &b, Value k, int64_t offset,
                         Panel panel, int64_t lanes) const {
  Value row = emitIndex(b, 0);
  if (group > 0)
    row = arith::DivUIOp::create(
        b, arith::AddIOp::create(b, k, emitIndex(b, offset)),
        emitIndex(b, group));
  if (!isScalar)
    return part.emitLoad(b, row, panel, lanes);
  Value memory = part.getMemory();
  Value element =
      memref::LoadOp::create(b, memory, ValueRange{row, emitIndex(b, 0)});
  return vector::BroadcastOp::create(
      b, VectorType::get({lanes}, element.getType()), element);
}
