//===- FloatTiles.cpp - A matrix of bf16 as tiles take it -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Ops/Representation/Layout.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CPU/Weights/PackedPanels.h"
#include "compiler/Codegen/CPU/Weights/TileWeights.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace mlir;
using namespace dither;

static constexpr int64_t kLanes = 16;
/// Elements of a row of a tile.
static constexpr int64_t kRowElements = kTileRowBytes / 2;
/// Panels of 16 columns of a cache line.
static constexpr int64_t kLinePanels = 2;
/// As far as a line takes to come.
static constexpr int64_t kPrefetchedRows = 64;
/// Of longer units, decoded words would leave the first cache; and of a
/// pattern, all of a unit are selected in code of its own, each slot among a
/// group.
static constexpr int64_t kMostUnit = 512, kMostPatternUnit = 64,
                         kMostSelected = 256;

namespace {
/// A matrix of bf16: a word has one element in its low half, and the next of
/// the column in its high one. Scales, if any, are in the elements.
class FloatTiles : public TileWeights {
public:
  explicit FloatTiles(ContractOp op) : op(op), depth(op.getDepth()) {}

  int64_t getWordElements() const override { return 2; }
  StringRef getInstruction() const override { return "tdpbf16ps"; }
  SmallVector<Value> emitWords(ImplicitLocOpBuilder &b, Value k, int64_t count,
                               Panel panel) override {
    SmallVector<Value> rows = emitRows(b, k, count, panel), words;
    auto type = VectorType::get({kLanes}, b.getI32Type());
    for (int64_t i = 0; i < count; i += 2) {
      Value low = rows[i];
      Value high =
          i + 1 < count
              ? rows[i + 1]
              : arith::ConstantOp::create(b, b.getZeroAttr(low.getType()))
                    .getResult();
      Value pairs = vector::InterleaveOp::create(b, low, high);
      words.push_back(vector::BitCastOp::create(b, type, pairs));
    }
    return words;
  }

  int64_t getScaledDepth() const override { return depth; }
  Value emitScale(ImplicitLocOpBuilder &, Value, Panel) override {
    return Value();
  }
  Value emitStart(ImplicitLocOpBuilder &, Value) override { return Value(); }
  Value emitScaled(ImplicitLocOpBuilder &b, Value sum, Value, Value) override {
    auto floats = VectorType::get({kLanes}, b.getF32Type());
    return vector::BitCastOp::create(b, floats, sum);
  }
  Value emitResult(ImplicitLocOpBuilder &, Value, Value sum) override {
    return sum;
  }

protected:
  /// The bits (vectors of i16) of `count` rows of a panel from `k` on.
  virtual SmallVector<Value> emitRows(ImplicitLocOpBuilder &b, Value k,
                                      int64_t count, Panel panel) = 0;

  ContractOp op;
  int64_t depth;
};

/// A dense matrix.
class DenseFloatTiles : public FloatTiles {
public:
  explicit DenseFloatTiles(ContractOp op)
      : FloatTiles(op), type(cast<MemRefType>(op.getParts()[0].getType())) {}

protected:
  SmallVector<Value> emitRows(ImplicitLocOpBuilder &b, Value k, int64_t count,
                              Panel panel) override {
    SmallVector<Value> rows;
    for (int64_t i = 0; i < count; ++i)
      rows.push_back(emitRow(b, k, i, panel));
    return rows;
  }

private:
  /// Row k + i of a panel.
  Value emitRow(ImplicitLocOpBuilder &b, Value k, int64_t i, Panel panel) {
    Value row = arith::AddIOp::create(b, k, emitIndex(b, i));
    Value address = emitElementAddress(b, row, panel.column);
    if (panel.number % kLinePanels == 0)
      emitPrefetch(b, address);
    return emitLoadAt(b, VectorType::get({kLanes}, b.getI16Type()), address,
                      panel.mask);
  }

  Value emitElementAddress(ImplicitLocOpBuilder &b, Value row, Value column) {
    Value element = arith::AddIOp::create(
        b, arith::MulIOp::create(b, row, emitIndex(b, type.getDimSize(1))),
        column);
    return emitAddress(b, emitAddress(b, op.getParts()[0]),
                       arith::MulIOp::create(b, element, emitIndex(b, 2)));
  }

  /// Asks for a row that comes later: rows lie on pages of their own, where the
  /// hardware does not look ahead. What lies behind the matrix is not fetched.
  void emitPrefetch(ImplicitLocOpBuilder &b, Value address) {
    int64_t ahead = 2 * kPrefetchedRows * type.getDimSize(1);
    Value later = emitAddress(b, address, emitIndex(b, ahead));
    Value pointer = LLVM::IntToPtrOp::create(
        b, LLVM::LLVMPointerType::get(b.getContext()), later);
    LLVM::Prefetch::create(b, pointer, /*rw=*/0, /*hint=*/3, /*cache=*/1);
  }

  MemRefType type;
};

/// A packed matrix, decoded and rounded to bf16; one of bf16 is read as it is.
class PackedFloatTiles : public FloatTiles {
public:
  PackedFloatTiles(ContractOp op, KernelOptions options) : FloatTiles(op) {
    options.rounds = false; // The words are.
    panels = makePackedPanels(op, options);
  }

protected:
  SmallVector<Value> emitRows(ImplicitLocOpBuilder &b, Value k, int64_t count,
                              Panel panel) override {
    SmallVector<Value> rows;
    auto narrow = VectorType::get({kLanes}, b.getBF16Type());
    auto bits = VectorType::get({kLanes}, b.getI16Type());
    for (int64_t done = 0; done < count; done += panels->getStep()) {
      Value at = arith::AddIOp::create(b, k, emitIndex(b, done));
      int64_t covered = std::min(panels->getStep(), count - done);
      for (Value row : panels->emitRows(b, at, covered, panel))
        rows.push_back(arith::BitcastOp::create(
            b, bits, arith::TruncFOp::create(b, narrow, row)));
    }
    return rows;
  }

private:
  std::unique_ptr<WeightPanels> panels;
};
} // namespace

std::unique_ptr<TileWeights> dither::makeFloatTiles(ContractOp op,
                                                    KernelOptions options) {
  if (!op.getDense())
    return std::make_unique<DenseFloatTiles>(op);
  return std::make_unique<PackedFloatTiles>(op, options);
}

bool dither::areFloatsInMemory(ContractOp op) {
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  Type element = getElementTypeOrSelf(op.getX().getType());
  return format && !op.getPatternAttr() && format.getFloatType() == element &&
         areInWords(cast<RankedTensorType>(*op.getDense()), 0, kPairBits);
}

/// Rows of a packed matrix that are decoded at a time.
static int64_t getDecodedRows(ContractOp op) {
  return getDecodeStep(
      cast<RankedTensorType>(*op.getDense()),
      dyn_cast_if_present<PatternAttrInterface>(op.getPatternAttr()),
      dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr()));
}

int64_t dither::getFloatUnit(ContractOp op) {
  return op.getDense() ? std::lcm(getDecodedRows(op), kRowElements)
                       : kRowElements;
}

/// Why the words of a packed matrix are not decoded.
static std::string explainNotDecoded(ContractOp op) {
  int64_t unit = getFloatUnit(op), most = kMostUnit;
  if (Attribute pattern = op.getPatternAttr()) {
    auto groups = dyn_cast<GroupPatternAttrInterface>(pattern);
    if (!groups)
      return "tiles have no rows that only some columns have";
    most = kMostPatternUnit;
    if (unit * groups.getSlotsPerGroup() > kMostSelected)
      return llvm::formatv("{0} elements of a group are selected for each of "
                           "{1}, more than {2} together",
                           groups.getSlotsPerGroup(), unit, kMostSelected);
  }
  if (unit > most)
    return llvm::formatv("{0} elements are decoded at a time, more than {1}",
                         unit, most);
  return "";
}

std::string dither::explainNoFloatTiles(ContractOp op) {
  if (!getElementTypeOrSelf(op.getX().getType()).isBF16())
    return "tiles multiply codes, or bf16";
  if (op.getRows())
    return "the rows of the matrix are chosen";
  if (op.getTransposeX() || op.getTransposeW())
    return "tiles multiply matrices as they are, not their transposes";
  if (op.getDense())
    return explainNotDecoded(op);
  auto w = dyn_cast<MemRefType>(op.getParts()[0].getType());
  if (!w || !w.getElementType().isBF16())
    return "tiles multiply codes, or bf16";
  if (!w.hasStaticShape() || !w.getLayout().isIdentity() ||
      w.getNumElements() == 0)
    return "the layout of the matrix is not known, or it is empty";
  return "";
}
