//===- BookVectors.cpp - Vectors of weights from a book -------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/CPU/Weights/BookVectors.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace dither;

/// Of a panel's codes, which are asked for ahead of their use.
static constexpr int64_t kPrefetchedRows = 64;

BookVectors::BookVectors(ImplicitLocOpBuilder &b, ValueRange parts,
                         RankedTensorType dense, FormatAttrInterface format,
                         int64_t lanes)
    : codes(b, parts.front()), book(parts.back()), format(format), lanes(lanes),
      size(format.getVectorSize()) {
  auto vector = RankedTensorType::get({size, 1}, dense.getElementType());
  codesPerVector = format.getCodeType(vector).getDimSize(0);
}

SmallVector<Value> BookVectors::emitRows(ImplicitLocOpBuilder &b,
                                         ArrayRef<Value> fields) const {
  SmallVector<Value> rows;
  int64_t each = format.getIndexCodes();
  for (int64_t i = 0; i < codesPerVector; i += each) {
    Value row = fields[i];
    if (i > 0)
      row = arith::AddIOp::create(
          b, row, emitI32Splat(b, lanes, i / each << (8 * each)));
    for (int64_t j = 1; j < each; ++j) {
      Value high = arith::ShLIOp::create(b, fields[i + j],
                                         emitI32Splat(b, lanes, 8 * j));
      row = arith::OrIOp::create(b, row, high);
    }
    rows.push_back(row);
  }
  return rows;
}

Value BookVectors::emitGather(ImplicitLocOpBuilder &b, Value base, Value rows,
                              int64_t half) const {
  int64_t count = lanes / 2;
  Value some = vector::ExtractStridedSliceOp::create(
      b, rows, ArrayRef{half * count}, ArrayRef{count}, ArrayRef<int64_t>{1});
  auto pointers =
      VectorType::get({count}, LLVM::LLVMPointerType::get(b.getContext()));
  auto vectors = VectorType::get({count}, b.getI64Type());
  Value places = LLVM::GEPOp::create(b, pointers, b.getI64Type(), base,
                                     ArrayRef<LLVM::GEPArg>{some});
  auto all = VectorType::get({count}, b.getI1Type());
  Value mask = arith::ConstantOp::create(
      b, DenseElementsAttr::get(all, b.getBoolAttr(true)));
  Value none = arith::ConstantOp::create(b, b.getZeroAttr(vectors));
  Value found = LLVM::masked_gather::create(b, vectors, places, mask, none,
                                            b.getI32IntegerAttr(8));
  // Whatever is above the fields of the elements.
  auto bytes = VectorType::get({8 * count}, b.getI8Type());
  Value fields = arith::ConstantOp::create(
      b, DenseElementsAttr::get(
             bytes, b.getI8IntegerAttr((1 << format.getBookBits()) - 1)));
  return arith::AndIOp::create(b, vector::BitCastOp::create(b, bytes, found),
                               fields);
}

SmallVector<Value> BookVectors::emitWords(ImplicitLocOpBuilder &b, Value k,
                                          int64_t count, Panel panel) const {
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, book);
  address = arith::IndexCastOp::create(b, b.getI64Type(), address);
  Value base = LLVM::IntToPtrOp::create(
      b, LLVM::LLVMPointerType::get(b.getContext()), address);
  auto wide = VectorType::get({lanes}, b.getI32Type());
  Value first =
      arith::MulIOp::create(b, arith::DivUIOp::create(b, k, emitIndex(b, size)),
                            emitIndex(b, codesPerVector));
  SmallVector<Value> words;
  for (int64_t i = 0; i < count / size * codesPerVector; i += codesPerVector) {
    SmallVector<Value> fields;
    for (int64_t j = 0; j < codesPerVector; ++j) {
      Value row = arith::AddIOp::create(b, first, emitIndex(b, i + j));
      if (panel.number == 0 && !panel.mask)
        codes.emitPrefetch(b, row, panel, kPrefetchedRows);
      fields.push_back(arith::ExtUIOp::create(
          b, wide, codes.emitLoad(b, row, panel, lanes)));
    }
    SmallVector<Value> rows = emitRows(b, fields), halves;
    for (int64_t half : {0, 1}) {
      Value sum;
      for (Value row : rows) {
        Value found = emitGather(b, base, row, half);
        sum = sum ? arith::AddIOp::create(b, sum, found).getResult() : found;
      }
      halves.push_back(vector::BitCastOp::create(b, wide, sum));
    }
    // Each lane has a word of a vector: those of all lanes come together.
    for (int64_t word = 0; word < size / 4; ++word) {
      SmallVector<int64_t> places;
      for (int64_t lane = 0; lane < lanes; ++lane)
        places.push_back(lane * size / 4 + word);
      words.push_back(
          vector::ShuffleOp::create(b, halves[0], halves[1], places));
    }
  }
  return words;
}
