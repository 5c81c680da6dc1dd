//===- Codebook.cpp - Vectors of weights as rows of books -----------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Dither/Formats/Support/Scales.h"

using namespace mlir;
using namespace dither;

/// Weights that are coded together.
static constexpr int64_t kVector = 8;
/// Rows of a book, or of each half of a large one.
static constexpr int64_t kRows = 256;
/// Vectors that choose a book, at least, and steps of Lloyd's algorithm.
static constexpr int64_t kSample = 16384, kSteps = 8;
/// The mean magnitude of a column in units of its scale.
static constexpr double kMean = 10;
/// Elements of books of 2^8 are between it and its negative; so is an offset.
static constexpr int64_t kLargest = 31, kOffset = 32;

LogicalResult CodebookAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   int64_t books, int64_t indexBits,
                                   ScaleKind scale) {
  bool isKnown = (books == 1 && (indexBits == 8 || indexBits == 16)) ||
                 (books == 2 && indexBits == 8);
  if (!isKnown)
    return emitError() << "(C2) there are " << books
                       << " books with indices of " << indexBits
                       << " bits; it must be 1 with 8 or 16, or 2 with 8";
  if (scale == ScaleKind::e8m0)
    return emitError() << "(C3) means have f32 or f16 scales, not e8m0";
  return success();
}

LogicalResult
CodebookAttr::verifyType(function_ref<InFlightDiagnostic()> emitError,
                         RankedTensorType type) const {
  if (type.getRank() == 2 && type.hasStaticShape() &&
      type.getElementType().isF32() && type.getDimSize(0) % kVector == 0)
    return success();
  return emitError() << "(C1) needs a matrix of f32 and static shape with a "
                        "multiple of "
                     << kVector << " rows, not " << type;
}

unsigned CodebookAttr::getBits() const { return 8; }

int64_t CodebookAttr::getIndexCodes() const { return getIndexBits() / 8; }

int64_t CodebookAttr::getVectorSize() const { return kVector; }

int64_t CodebookAttr::getGroupSize() const { return 0; }

/// A row of zeros need not be in a book.
bool CodebookAttr::hasZero() const { return false; }

ScaleGroups CodebookAttr::getColumnGroups(Type tensor) const {
  return {tensor, /*group=*/0, getScale(), /*dim=*/0};
}

RankedTensorType CodebookAttr::getCodeType(RankedTensorType type) const {
  int64_t rows = type.getDimSize(0) / kVector * getCodesPerVector();
  return RankedTensorType::get({rows, type.getDimSize(1)},
                               IntegerType::get(getContext(), 8));
}

RankedTensorType CodebookAttr::getDenseType(RankedTensorType codes) const {
  int64_t rows = codes.getDimSize(0) / getCodesPerVector() * kVector;
  return RankedTensorType::get({rows, codes.getDimSize(1)},
                               Float32Type::get(getContext()));
}

SmallVector<std::pair<std::string, RankedTensorType>>
CodebookAttr::getScaleParts(RankedTensorType type) const {
  SmallVector<PackedPart> parts =
      getColumnGroups(type).getParts(/*zeroPoints=*/false);
  int64_t rows = getBooks() << getIndexBits();
  parts.push_back(
      {"book", RankedTensorType::get({rows, kVector},
                                     IntegerType::get(getContext(), 8))});
  return parts;
}

/// Sums of two of 6 bits, whether they are made here or there, have 7.
unsigned CodebookAttr::getBookBits() const {
  return getIndexBits() == 16 ? 7 : 6;
}

/// Of the sum of the elements of all books.
static int64_t getOffset(CodebookAttr format) {
  return kOffset * format.getCodesPerVector();
}

std::optional<IntegerCodes> CodebookAttr::getIntegerCodes() const {
  IntegerCodes codes;
  int64_t offset = getOffset(*this);
  for (int64_t code = 0; code < 2 * offset; ++code)
    codes.values.push_back(code - offset);
  return codes;
}

//===- Search -------------------------------------------------------------===//

static int64_t getRows(Value matrix) {
  return cast<RankedTensorType>(matrix.getType()).getDimSize(0);
}

/// Rows `first`, `first + step` and so on.
static Value buildRows(ImplicitLocOpBuilder &b, Value matrix, int64_t first,
                       int64_t count, int64_t step) {
  auto type = cast<RankedTensorType>(matrix.getType());
  SmallVector<int64_t> offsets = {first, 0};
  SmallVector<int64_t> sizes = {count, type.getDimSize(1)};
  SmallVector<int64_t> strides = {step, 1};
  return SliceOp::create(b, matrix, offsets, sizes, strides);
}

static Value buildColumn(ImplicitLocOpBuilder &b, Value matrix,
                         int64_t column) {
  SmallVector<int64_t> offsets = {0, column}, sizes = {getRows(matrix), 1};
  SmallVector<int64_t> strides = {1, 1};
  return SliceOp::create(b, matrix, offsets, sizes, strides);
}

static Value buildIota(ImplicitLocOpBuilder &b, ArrayRef<int64_t> shape,
                       int64_t dim) {
  return IotaOp::create(b, RankedTensorType::get(shape, b.getI32Type()), dim);
}

/// - e e / 2 for each row e of a book, [1, E].
static Value buildNegativeHalves(ImplicitLocOpBuilder &b, Value book) {
  Value squares =
      ReduceOp::create(b, ReduceKind::sum, MulOp::create(b, book, book),
                       b.getDenseI64ArrayAttr({1}));
  Value halves = MulOp::create(b, squares, buildScalarLike(b, -0.5, squares));
  return buildReshape(b, halves, {1, getRows(book)});
}

/// The index (i32) of the nearest row e of `book` [E, 8] for each row v of
/// `vectors` [V, 8]: that with the largest v e - e e / 2.
static Value buildNearestOfFew(ImplicitLocOpBuilder &b, Value vectors,
                               Value book) {
  Value products = MatmulOp::create(b, vectors, book, false, true);
  return ArgmaxOp::create(
      b, AddOp::create(b, products, buildNegativeHalves(b, book)));
}

/// The same for many vectors: element by element, so that the products of all
/// with all become a part of what reduces them, and are never stored. First
/// the largest, then the first row that has it: reductions that are vectorized.
static Value buildNearest(ImplicitLocOpBuilder &b, Value vectors, Value book) {
  int64_t count = getRows(vectors), rows = getRows(book);
  Value halves = buildNegativeHalves(b, book);
  auto buildScore = [&](bool isSecond) {
    Value score = halves;
    for (int64_t i = 0; i < kVector; ++i) {
      Value element = buildColumn(b, vectors, i);
      Value entries = buildReshape(b, buildColumn(b, book, i), {1, rows});
      // In another order, or it would be the same tensor.
      if (isSecond)
        std::swap(element, entries);
      score = AddOp::create(b, MulOp::create(b, element, entries), score);
    }
    return score;
  };
  Value largest = ReduceOp::create(b, ReduceKind::max, buildScore(false),
                                   b.getDenseI64ArrayAttr({1}));
  Value isLargest = CompareOp::create(b, Predicate::eq, buildScore(true),
                                      buildReshape(b, largest, {count, 1}));
  // Not dither.iota: a position that is computed would not be vectorized.
  auto positions = llvm::to_vector(llvm::seq<int32_t>(0, int32_t(rows)));
  Value index = ConstantOp::create(
      b,
      DenseElementsAttr::get(RankedTensorType::get({1, rows}, b.getI32Type()),
                             ArrayRef<int32_t>(positions)));
  index = SelectOp::create(b, isLargest, index,
                           buildScalarLike(b, double(rows), index));
  return ReduceOp::create(b, ReduceKind::min, index,
                          b.getDenseI64ArrayAttr({1}));
}

/// What is left of vectors when their rows of a book are taken off.
static Value buildRest(ImplicitLocOpBuilder &b, Value vectors, Value book,
                       Value indices) {
  return SubOp::create(b, vectors, GatherOp::create(b, book, indices));
}

/// A book of integers for a sample of vectors [S, 8].
static Value buildBook(ImplicitLocOpBuilder &b, Value sample) {
  int64_t count = getRows(sample);
  Value starts = buildIota(b, {kRows}, 0);
  starts = MulOp::create(
      b, starts,
      buildScalarLike(b, double(std::max<int64_t>(count / kRows, 1)), starts));
  Value book = GatherOp::create(b, sample, starts);
  for (int64_t step = 0; step < kSteps; ++step) {
    Value indices =
        buildReshape(b, buildNearestOfFew(b, sample, book), {count, 1});
    Value isOf = buildCast(b,
                           CompareOp::create(b, Predicate::eq, indices,
                                             buildIota(b, {1, kRows}, 1)),
                           b.getF32Type());
    Value sums = MatmulOp::create(b, isOf, sample, true, false);
    Value sizes =
        ReduceOp::create(b, ReduceKind::sum, isOf, b.getDenseI64ArrayAttr({0}));
    sizes = buildReshape(b, sizes, {kRows, 1});
    Value one = buildScalarLike(b, 1, sizes);
    Value means = DivOp::create(b, sums, MaxOp::create(b, sizes, one));
    Value isUsed = CompareOp::create(b, Predicate::ge, sizes, one);
    book = SelectOp::create(b, isUsed, means, book);
  }
  return buildClamp(b, RoundOp::create(b, book), -kLargest, kLargest);
}

/// The vectors of a matrix over its scales, one below the other: [V, 8].
static Value buildVectors(ImplicitLocOpBuilder &b, Value x, Value scales) {
  auto type = cast<RankedTensorType>(x.getType());
  int64_t vectors = type.getDimSize(0) / kVector, columns = type.getDimSize(1);
  Value scaled = DivOp::create(b, buildFinite(b, x), scales);
  Value cut = buildReshape(b, scaled, {vectors, kVector, columns});
  cut = TransposeOp::create(b, cut, b.getDenseI64ArrayAttr({0, 2, 1}));
  return buildReshape(b, cut, {vectors * columns, kVector});
}

SmallVector<Value> CodebookAttr::buildCalibrate(ImplicitLocOpBuilder &b,
                                                Value input) const {
  auto type = cast<RankedTensorType>(input.getType());
  RankedTensorType bookType = getScaleParts(type)[1].second;
  ScaleGroups groups = getColumnGroups(type);
  Value scales = groups.buildMeanScales(b, input);
  scales = groups.buildLoad(b, scales);
  scales = groups.buildStore(
      b, DivOp::create(b, scales, buildScalarLike(b, kMean, scales)));
  int64_t count = type.getNumElements() / kVector;
  if (count == 0)
    return {scales,
            ConstantOp::create(
                b, DenseElementsAttr::get(bookType, b.getI8IntegerAttr(0)))};
  Value vectors = buildVectors(b, input, groups.buildLoad(b, scales));
  // An odd step meets all columns.
  int64_t step = (count / kSample) | 1;
  Value sample = buildRows(b, vectors, 0, llvm::divideCeil(count, step), step);
  Value book = buildBook(b, sample);
  if (getCodesPerVector() == 2) {
    Value rest = buildRest(b, sample, book, buildNearestOfFew(b, sample, book));
    Value second = buildBook(b, rest);
    Value both;
    if (getBooks() == 2) {
      Value isFirst = buildIota(b, {2, 1, 1}, 0);
      isFirst = CompareOp::create(b, Predicate::eq, isFirst,
                                  buildScalarLike(b, 0, isFirst));
      both = SelectOp::create(b, isFirst,
                              buildReshape(b, book, {1, kRows, kVector}),
                              buildReshape(b, second, {1, kRows, kVector}));
    } else {
      Value row = buildIota(b, {kRows, 1}, 0);
      Value isZero =
          CompareOp::create(b, Predicate::eq, row, buildScalarLike(b, 0, row));
      second =
          SelectOp::create(b, isZero, buildScalarLike(b, 0, second), second);
      both = AddOp::create(b, buildReshape(b, second, {kRows, 1, kVector}),
                           buildReshape(b, book, {1, kRows, kVector}));
    }
    book = buildReshape(b, both, bookType.getShape());
  }
  Value integers = buildCast(b, book, b.getI32Type());
  integers = AddOp::create(
      b, integers, buildScalarLike(b, 1 << (getBookBits() - 1), integers));
  return {scales, buildCast(b, integers, b.getI8Type())};
}

//===- Meaning ------------------------------------------------------------===//

Value CodebookAttr::buildQuantize(ImplicitLocOpBuilder &b, Value input,
                                  ValueRange scales) const {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t vectorRows = type.getDimSize(0) / kVector,
          columns = type.getDimSize(1);
  Value vectors =
      buildVectors(b, input, getColumnGroups(type).buildLoad(b, scales[0]));
  Value fields = buildUnsigned(b, scales[1], getBookBits());
  Value offset = buildScalarLike(b, 1 << (getBookBits() - 1), fields);
  Value book = buildCast(b, SubOp::create(b, fields, offset), b.getF32Type());
  Value first = buildRows(b, book, 0, kRows, 1);
  Value low = buildNearest(b, vectors, first);
  Value codes = buildReshape(b, low, {vectorRows, 1, columns});
  if (getCodesPerVector() == 2) {
    Value second = getBooks() == 2
                       ? buildRows(b, book, kRows, kRows, 1)
                       : SubOp::create(b, buildRows(b, book, 0, kRows, kRows),
                                       buildRows(b, book, 0, 1, 1))
                             .getResult();
    Value high = buildNearest(b, buildRest(b, vectors, first, low), second);
    high = buildReshape(b, high, {vectorRows, 1, columns});
    Value isHigh = buildIota(b, {1, 2, 1}, 1);
    isHigh = CompareOp::create(b, Predicate::ne, isHigh,
                               buildScalarLike(b, 0, isHigh));
    codes = SelectOp::create(b, isHigh, high, codes);
  }
  return buildReshape(b, buildCast(b, codes, b.getI8Type()),
                      getCodeType(type).getShape());
}

Value CodebookAttr::buildDequantize(ImplicitLocOpBuilder &b, Value codes,
                                    ValueRange scales) const {
  RankedTensorType type = getDenseType(cast<RankedTensorType>(codes.getType()));
  int64_t vectorRows = type.getDimSize(0) / kVector,
          columns = type.getDimSize(1);
  int64_t each = getCodesPerVector();
  Value fields =
      buildReshape(b, buildUnsigned(b, codes, 8), {vectorRows, each, columns});
  SmallVector<Value> indices;
  for (int64_t i = 0; i < each; ++i) {
    SmallVector<int64_t> offsets = {0, i, 0}, ones = {1, 1, 1};
    SmallVector<int64_t> sizes = {vectorRows, 1, columns};
    indices.push_back(
        buildReshape(b, SliceOp::create(b, fields, offsets, sizes, ones),
                     {vectorRows * columns}));
  }
  if (each == 2) {
    Value rows = buildScalarLike(b, kRows, indices[1]);
    if (getBooks() == 2) {
      indices[1] = AddOp::create(b, indices[1], rows);
    } else {
      Value high = MulOp::create(b, indices.pop_back_val(), rows);
      indices[0] = AddOp::create(b, indices[0], high);
    }
  }
  Value sum;
  for (Value index : indices) {
    Value row =
        buildUnsigned(b, GatherOp::create(b, scales[1], index), getBookBits());
    sum = sum ? AddOp::create(b, sum, row).getResult() : row;
  }
  sum = SubOp::create(b, sum, buildScalarLike(b, getOffset(*this), sum));
  Value values = buildCast(b, sum, b.getF32Type());
  values = buildReshape(b, values, {vectorRows, columns, kVector});
  values = TransposeOp::create(b, values, b.getDenseI64ArrayAttr({0, 2, 1}));
  values = buildReshape(b, values, type.getShape());
  return MulOp::create(b, values,
                       getColumnGroups(type).buildLoad(b, scales[0]));
}

//===- Registers ----------------------------------------------------------===//

Value CodebookAttr::emitDecode(ImplicitLocOpBuilder &b, Value codes,
                               Value) const {
  auto floats = cast<VectorType>(codes.getType()).clone(b.getF32Type());
  return arith::SIToFPOp::create(
      b, floats,
      arith::SubIOp::create(b, codes, emitSplat(b, getOffset(*this), codes)));
}

Value CodebookAttr::emitDecodeScales(ImplicitLocOpBuilder &b,
                                     Value scales) const {
  return emitLoadScales(b, getScale(), scales);
}
