//===- FloatTiles.cpp - A matrix of bf16 as tiles take it -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "compiler/Codegen/CPU/Weights/TileWeights.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

static constexpr int64_t kLanes = 16;
/// Panels of 16 columns of a cache line.
static constexpr int64_t kLinePanels = 2;
/// As far as a line takes to come.
static constexpr int64_t kPrefetchedRows = 64;

namespace {
/// A dense matrix of bf16: a word has one element in its low half, and the next
/// of the column in its high one.
class FloatTiles : public TileWeights {
public:
  explicit FloatTiles(ContractOp op)
      : op(op), type(cast<MemRefType>(op.getParts()[0].getType())) {}

  int64_t getWordElements() const override { return 2; }
  StringRef getInstruction() const override { return "tdpbf16ps"; }
  Value emitWordsInMemory(ImplicitLocOpBuilder &, Value) override {
    return Value();
  }
  SmallVector<Value> emitWords(ImplicitLocOpBuilder &b, Value k, int64_t count,
                               Panel panel) override {
    SmallVector<Value> words;
    auto type = VectorType::get({kLanes}, b.getI32Type());
    for (int64_t i = 0; i < count; i += 2) {
      Value low = emitRow(b, k, i, panel);
      Value high =
          i + 1 < count
              ? emitRow(b, k, i + 1, panel)
              : arith::ConstantOp::create(b, b.getZeroAttr(low.getType()))
                    .getResult();
      Value pairs = vector::InterleaveOp::create(b, low, high);
      words.push_back(vector::BitCastOp::create(b, type, pairs));
    }
    return words;
  }

  int64_t getScaledDepth() const override { return type.getDimSize(0); }
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

  ContractOp op;
  MemRefType type;
};
} // namespace

std::unique_ptr<TileWeights> dither::makeFloatTiles(ContractOp op) {
  return std::make_unique<FloatTiles>(op);
}
