//===- LookupSchedule.cpp - Products of vectors by tables -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row of x meets the same few vectors of a book in all columns. Their
// products with each eight elements of x are computed once, as numbers of 16
// bits: then a column looks up its sums, 64 columns at a time, instead of
// gathering weights. A byte of 256 numbers is found by two permutes of two
// registers each. See docs/rationale/kernels.md.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Schedules/LookupSchedule.h"
#include "compiler/Codegen/CPU/Weights/Intrinsics.h"
#include "compiler/Codegen/CPU/Weights/PackedFields.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace dither;

/// Bytes of a register, and columns of a panel of codes.
static constexpr int64_t kBytes = 64;
/// Rows of a book that a code of 8 bits tells apart, and registers of them.
static constexpr int64_t kRows = 256, kRegisters = kRows / kBytes;
/// Bytes of a table: the low ones of all products, then the high ones.
static constexpr int64_t kTable = 2 * kRows;
/// Makes sums of eight products of [-128, 127] and [-32, 31] unsigned.
static constexpr int64_t kOffset = 8 * 127 * 32;
static constexpr unsigned kMostBits = 6;
/// Bytes that a sum of 16 bits takes.
static constexpr int64_t kMostSummed = 65535 / 255;
/// Panels whose sums registers hold.
static constexpr int64_t kTilePanels = 4;
/// Of more rows, decoded weights serve all; of fewer columns, tables do not
/// pay.
static constexpr int64_t kMostTableRows = 2, kFewestColumns = 512;
/// Vectors whose tables one thread makes at a time.
static constexpr int64_t kSharedVectors = 64;
/// Of a panel's codes, which are asked for ahead of their use.
static constexpr int64_t kPrefetchedRows = 64;

MemRefType dither::getLookupTables(ContractOp op) {
  auto format = dyn_cast_if_present<FormatAttrInterface>(op.getFormatAttr());
  auto x = cast<ShapedType>(op.getX().getType());
  auto y = cast<ShapedType>(op.getInit().getType());
  if (!format || op.getXParts().empty() || format.getVectorSize() == 1 ||
      format.getIndexCodes() != 1 || format.getBookBits() > kMostBits ||
      x.isDynamicDim(0) || x.getDimSize(0) > kMostTableRows ||
      y.getDimSize(1) < kFewestColumns || y.getDimSize(1) % kBytes != 0)
    return {};
  auto book = cast<ShapedType>(op.getParts().back().getType());
  int64_t vectors = x.getDimSize(1) / format.getVectorSize();
  return MemRefType::get(
      {x.getDimSize(0) * vectors, book.getDimSize(0) / kRows * kTable},
      IntegerType::get(op.getContext(), 8));
}

namespace {
class LookupSchedule : public ContractEmitter {
public:
  LookupSchedule(ContractOp op, const ContractOptions &options)
      : ContractEmitter(op, options), tables(op.getScratch()[0]),
        weights(makeWeightPanels(op, options.kernel)),
        codes(b, op.getParts().front()),
        format(cast<FormatAttrInterface>(op.getFormatAttr())) {
    size = format.getVectorSize();
    vectors = *getStatic(depth) / size;
    Value book = op.getParts().back();
    books = cast<ShapedType>(book.getType()).getDimSize(0) / kRows;
    entries = memref::CollapseShapeOp::create(
        b, book, ArrayRef<ReassociationIndices>{{0, 1}});
  }

  void emit() override {
    for (int64_t row = 0; row < *getStatic(rows); ++row) {
      emitTables(row);
      emitRow(row);
    }
  }

private:
  VectorType getVector(int64_t bits) {
    return VectorType::get({8 * kBytes / bits}, b.getIntegerType(bits));
  }
  Value emitConstant(int64_t bits, int64_t value) {
    VectorType type = getVector(bits);
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, Attribute(b.getIntegerAttr(
                                            type.getElementType(), value))));
  }
  Value emitCast(VectorType type, Value x) {
    return vector::BitCastOp::create(b, type, x);
  }
  Value emitIntrinsic(StringRef name, ValueRange operands) {
    return dither::emitIntrinsic(b, operands[0].getType(), name, operands);
  }
  //===- Tables -----------------------------------------------------------===//

  void emitTables(int64_t row) {
    auto emitShare = [&](Value first) {
      Value end = arith::MinUIOp::create(b, emitAdd(first, kSharedVectors),
                                         emitIndex(vectors));
      emitLoop(first, end, 1, [&](Value vector) { emitTable(row, vector); });
    };
    if (isShared())
      emitParallelLoop(emitIndex(0), emitIndex(vectors), kSharedVectors,
                       emitShare);
    else
      emitLoop(emitIndex(0), emitIndex(vectors), kSharedVectors, emitShare);
  }

  /// sums + the products of four unsigned bytes with four signed ones.
  Value emitDot(Value fields, Value x, Value sums) {
    return emitIntrinsic("llvm.x86.avx512.vpdpbusd.512", {sums, fields, x});
  }

  /// The products of a vector of x with all rows of all books.
  void emitTable(int64_t row, Value vector) {
    Value element = arith::MulIOp::create(b, vector, emitIndex(size));
    Value x =
        vector::LoadOp::create(b, VectorType::get({size}, b.getI8Type()),
                               op.getX(), ValueRange{emitIndex(row), element});
    x = vector::ExtractOp::create(
        b, emitCast(VectorType::get({1}, b.getI64Type()), x), 0);
    x = emitCast(getVector(8),
                 vector::BroadcastOp::create(b, getVector(64), x));
    // Fields have an offset, which the sum of x takes off; of the two words of
    // a vector, one makes the products unsigned.
    Value first = emitCast(getVector(32), emitConstant(64, kOffset));
    Value offset = emitConstant(8, int64_t(1) << (format.getBookBits() - 1));
    Value start = arith::SubIOp::create(
        b, first, emitDot(offset, x, emitConstant(32, 0)));
    Value to = emitAdd(vector, row * vectors);
    for (int64_t i = 0; i < books; ++i)
      emitLoop(emitIndex(0), emitIndex(kRows), 16,
               [&](Value entry) { emitProducts(x, start, to, i, entry); });
  }

  /// Sixteen of them, from an entry of a book on.
  void emitProducts(Value x, Value start, Value to, int64_t book, Value entry) {
    Value mask = emitConstant(8, (1 << format.getBookBits()) - 1);
    SmallVector<Value> halves;
    for (int64_t half : {0, 1}) {
      Value at = emitAdd(entry, book * kRows + half * kBytes / size);
      at = arith::MulIOp::create(b, at, emitIndex(size));
      Value fields =
          vector::LoadOp::create(b, getVector(8), entries, ValueRange{at});
      fields = arith::AndIOp::create(b, fields, mask);
      halves.push_back(emitDot(fields, x, start));
    }
    SmallVector<int64_t> even, odd;
    for (int64_t i = 0; i < kBytes / 4; ++i) {
      even.push_back(2 * i);
      odd.push_back(2 * i + 1);
    }
    Value products = arith::AddIOp::create(
        b, vector::ShuffleOp::create(b, halves[0], halves[1], even),
        vector::ShuffleOp::create(b, halves[0], halves[1], odd));
    auto bytes = VectorType::get({kBytes / 4}, b.getI8Type());
    for (int64_t shift : {0, 8}) {
      Value part = arith::ShRUIOp::create(b, products, emitConstant(32, shift));
      vector::StoreOp::create(
          b, arith::TruncIOp::create(b, bytes, part), tables,
          ValueRange{to, emitAdd(entry, book * kTable + shift / 8 * kRows)});
    }
  }

  //===- Lookups ----------------------------------------------------------===//

  void emitRow(int64_t row) {
    int64_t count = *getStatic(columns), width = kTilePanels * kBytes;
    auto emitTile = [&](Value column) {
      emitColumns(row, column, kTilePanels);
    };
    Value full = emitFloor(columns, width);
    if (isShared())
      emitParallelLoop(emitIndex(0), full, width, emitTile);
    else
      emitLoop(emitIndex(0), full, width, emitTile);
    if (count % width != 0)
      emitColumns(row, full, count % width / kBytes);
  }

  /// A loop that carries sums.
  SmallVector<Value>
  emitSums(Value from, Value to, int64_t step, ValueRange starts,
           function_ref<SmallVector<Value>(Value, ValueRange)> body) {
    auto loop = scf::ForOp::create(b, from, to, emitIndex(step), starts);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    scf::YieldOp::create(
        b, body(loop.getInductionVar(), loop.getRegionIterArgs()));
    return llvm::to_vector_of<Value>(loop.getResults());
  }

  /// Of each panel of a tile: sums of 32 bits of the columns 4 i, 4 i + 1, and
  /// so on, of sums of 16 bits of even and odd ones, of low and of high bytes.
  void emitColumns(int64_t row, Value column, int64_t panels) {
    SmallVector<Value> zeros(4 * panels, emitConstant(32, 0));
    SmallVector<Value> narrow(4 * panels, emitConstant(16, 0));
    int64_t chunk = kMostSummed / books;
    SmallVector<Value> sums =
        emitSums(emitIndex(0), emitIndex(vectors), chunk, zeros,
                 [&](Value first, ValueRange before) {
                   Value end = arith::MinUIOp::create(b, emitAdd(first, chunk),
                                                      emitIndex(vectors));
                   SmallVector<Value> parts =
                       emitSums(first, end, 1, narrow,
                                [&](Value vector, ValueRange parts) {
                                  SmallVector<Value> next(parts);
                                  for (int64_t i = 0; i < books; ++i)
                                    emitLookups(row, vector, i, column, next);
                                  return next;
                                });
                   SmallVector<Value> wide(before);
                   for (int64_t i = 0; i < panels; ++i)
                     emitWiden(ArrayRef(parts).slice(4 * i, 4),
                               MutableArrayRef(wide).slice(4 * i, 4));
                   return wide;
                 });
    for (int64_t i = 0; i < panels; ++i)
      emitResults(row, emitAdd(column, i * kBytes),
                  ArrayRef(sums).slice(4 * i, 4));
  }

  /// Adds what the codes of one book look up for one vector.
  void emitLookups(int64_t row, Value vector, int64_t book, Value column,
                   MutableArrayRef<Value> sums) {
    SmallVector<Value> table;
    Value from = emitAdd(vector, row * vectors);
    for (int64_t i = 0; i < 2 * kRegisters; ++i)
      table.push_back(vector::LoadOp::create(
          b, getVector(8), tables,
          ValueRange{from, emitIndex(book * kTable + i * kBytes)}));
    Value code =
        emitAdd(arith::MulIOp::create(b, vector, emitIndex(books)), book);
    Value zero = emitConstant(8, 0);
    for (size_t p = 0; p < sums.size() / 4; ++p) {
      Panel panel{emitAdd(column, int64_t(p) * kBytes), Value(), int64_t(p)};
      codes.emitPrefetch(b, code, panel, kPrefetchedRows);
      Value index = codes.emitLoad(b, code, panel, kBytes);
      Value isHigh =
          arith::CmpIOp::create(b, arith::CmpIPredicate::slt, index, zero);
      for (int64_t byte : {0, 1}) {
        auto find = [&](int64_t i) {
          return emitIntrinsic("llvm.x86.avx512.vpermi2var.qi.512",
                               {table[i], index, table[i + 1]});
        };
        Value found = arith::SelectOp::create(
            b, isHigh, find(byte * kRegisters + 2), find(byte * kRegisters));
        found = emitCast(getVector(16), found);
        Value even = arith::AndIOp::create(b, found, emitConstant(16, 255));
        Value odd = arith::ShRUIOp::create(b, found, emitConstant(16, 8));
        Value parts[] = {even, odd};
        for (auto [parity, part] : llvm::enumerate(parts)) {
          Value &sum = sums[4 * p + 2 * byte + parity];
          sum = arith::AddIOp::create(b, sum, part);
        }
      }
    }
  }

  /// Adds sums of 16 bits to those of 32.
  void emitWiden(ArrayRef<Value> parts, MutableArrayRef<Value> sums) {
    for (int64_t parity : {0, 1})
      for (int64_t half : {0, 1}) {
        Value &sum = sums[parity + 2 * half];
        for (int64_t byte : {0, 1}) {
          Value part = emitCast(getVector(32), parts[2 * byte + parity]);
          part = half ? arith::ShRUIOp::create(b, part, emitConstant(32, 16))
                            .getResult()
                      : arith::AndIOp::create(b, part, emitConstant(32, 65535))
                            .getResult();
          if (byte)
            part = arith::ShLIOp::create(b, part, emitConstant(32, 8));
          sum = arith::AddIOp::create(b, sum, part);
        }
      }
  }

  void emitResults(int64_t row, Value column, ArrayRef<Value> sums) {
    auto interleave = [&](Value even, Value odd) {
      return vector::InterleaveOp::create(b, even, odd).getResult();
    };
    Value all =
        interleave(interleave(sums[0], sums[2]), interleave(sums[1], sums[3]));
    Value rowIndex = emitIndex(row);
    int64_t lanes = options.kernel.lanes;
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(getVectorType()));
    Value offset = emitConstant(32, kOffset * vectors * books);
    for (int64_t i = 0; i < kBytes; i += lanes) {
      Value sum = vector::ExtractStridedSliceOp::create(
          b, all, ArrayRef{i}, ArrayRef{lanes}, ArrayRef<int64_t>{1});
      sum = arith::SubIOp::create(b, sum, offset);
      Panel panel{emitAdd(column, i), Value(), 0};
      Value scale = weights->emitScale(b, emitIndex(0), panel);
      Value result = weights->emitScaled(b, sum, scale, zero);
      emitResult(rowIndex, panel, weights->emitResult(b, rowIndex, result));
    }
  }

  Value tables;
  std::unique_ptr<WeightPanels> weights;
  PartView codes;
  FormatAttrInterface format;
  Value entries;
  int64_t size, vectors, books;
};
} // namespace

std::unique_ptr<ContractEmitter>
dither::makeLookupSchedule(ContractOp op, const ContractOptions &options) {
  return std::make_unique<LookupSchedule>(op, options);
}
